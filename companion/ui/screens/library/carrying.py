"""The library goes to a stick, or comes from one; what was done is told file by file."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Refusal, Unlocked
from companion.cleaning import clean
from companion.curating.carrying_child import CarryingChild, Outcome, Way
from companion.curating.sticks import Stick
from companion.session.view import View
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_AT_ONCE = 2
"""Sentences that stand together."""


class CarryingScreen(LibraryPlace):
    """While it copies it does not lock. To leave it ends that, and all is as it was."""

    def __init__(
        self, unlocked: Unlocked, way: Way, stick: Stick, back: Callable[[], None]
    ) -> None:
        super().__init__(unlocked, back)
        self._way = way
        self._stick = stick
        self._child: CarryingChild | None = None
        self._outcome: Outcome | Refusal | None = None
        """None: it is under way."""
        self._first = 0

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(id="title", classes="question")
        yield Sentence(id="lines-told")
        with Horizontal(classes="tiles"):
            yield Tile(words.more, id="next")
            yield self.back_tile()

    @property
    def under_way(self) -> bool:
        return self._outcome is None

    def show(self, view: View | None) -> None:
        super().show(view)
        if self._child is None:
            self._child = CarryingChild(self.companion.desk.home)
            self.companion.begin(self._run(self._child))
        self._write()

    async def _run(self, child: CarryingChild) -> None:
        curating, by = self.companion.curating, self.unlocked.by
        self._outcome = await curating.carry(child, self._way, self._stick, by)
        self._write()

    def _write(self) -> None:
        if not self.is_attached:
            return
        words, lines = self.staff_words, self._lines()
        self.query_one("#title", Sentence).say(self._title())
        shown = lines[self._first : self._first + _AT_ONCE]
        self.query_one("#lines-told", Sentence).say("\n\n".join(shown))
        self.query_one("#next").visible = len(lines) > _AT_ONCE
        self.query_one("#back", Tile).label = words.cancel if self.under_way else words.back

    def _title(self) -> str:
        words, name = self.staff_words, self._stick.name
        match self._outcome:
            case None if self._way is Way.TO:
                return words.library.carrying_to.format(stick=name)
            case None:
                return words.library.carrying_from.format(stick=name)
            case Refusal():
                return words.library.not_curator
            case Outcome(lines=()):
                return words.library.carrying_broke
            case Outcome(good=True):
                return words.library.carried
        return words.library.not_all_carried

    def _lines(self) -> list[str]:
        """What there is to say, the sentence for all of it first."""
        if not isinstance(self._outcome, Outcome):
            return []
        lines = [clean(line, 300) for line in reversed(self._outcome.lines)]
        reviews = self._outcome.reviews
        return (
            [*lines, self.staff_words.library.reviews_taken_in.format(count=reviews)]
            if reviews
            else lines
        )

    @on(Tile.Tapped, "#next")
    def _next(self) -> None:
        following = self._first + _AT_ONCE
        self._first = following if following < len(self._lines()) else 0
        self._write()

    def on_unmount(self) -> None:
        super().on_unmount()
        if self._child is not None:
            self._child.end()
