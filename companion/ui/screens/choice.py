"""One question to staff, and its answers as tiles."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.access import Unlocked
from companion.session.view import View
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.pages import Choice, Pages
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class ChoiceScreen(UnlockedScreen):
    """Asks, and hands the answer to `then`, which shows what comes next or returns why not."""

    def __init__(
        self,
        unlocked: Unlocked,
        question: str,
        choices: Iterable[Choice],
        then: Callable[[Any], Awaitable[str | None]],
        back: Callable[[], None],
        *,
        long: bool = False,
    ) -> None:
        """`long` gives each answer a wider tile, two beside each other."""
        super().__init__(unlocked)
        self._question = question
        self._choices = tuple(choices)
        self._then = then
        self._back = back
        self._long = long

    def furnish(self) -> Iterator[Widget]:
        yield Sentence(self._question, classes="question")
        yield self.saying()
        across, down = (2, 3) if self._long else (3, 2)
        with Horizontal(classes="choices -long" if self._long else "choices"):
            yield Pages(self._choices, more=self.staff_words.more, across=across, down=down)
            with Vertical(classes="side -one"):
                yield Tile(self.staff_words.back, weight="quiet", id="back")

    def show(self, view: View | None) -> None:
        """The choices stand whatever happens in the session."""

    @on(Pages.Chosen)
    async def _chosen(self, event: Pages.Chosen) -> None:
        if refusal := await self._then(event.value):
            self.say(refusal)

    @on(Tile.Tapped, "#back")
    def _go_back(self) -> None:
        self._back()
