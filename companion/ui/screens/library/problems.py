"""What is wrong in the files of the library, told to whoever can mend it."""

from collections.abc import Callable, Iterator, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Unlocked
from companion.session.view import View
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_AT_ONCE = 2


class FileProblemsScreen(LibraryPlace):
    """Two at a time, each with its file and line; `told` is what there is to say."""

    def __init__(
        self,
        unlocked: Unlocked,
        title: str,
        told: Sequence[str],
        back: Callable[[], None],
    ) -> None:
        super().__init__(unlocked, back)
        self._title = title
        self._told = tuple(told)
        self._first = 0

    def furnish(self) -> Iterator[Widget]:
        yield Sentence(self._title, classes="question")
        yield Sentence(id="problems-told")
        with Horizontal(classes="tiles"):
            yield self.back_tile()
            yield Tile(self.staff_words.more, id="next")

    def show(self, view: View | None) -> None:
        super().show(view)
        self.query_one("#next").visible = len(self._told) > _AT_ONCE
        shown = self._told[self._first : self._first + _AT_ONCE]
        self.query_one("#problems-told", Sentence).say("\n\n".join(shown))

    @on(Tile.Tapped, "#next")
    def _next(self) -> None:
        following = self._first + _AT_ONCE
        self._first = following if following < len(self._told) else 0
        self.show(self.view)
