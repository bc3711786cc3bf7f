"""What is wrong in the clinic's files, told to whoever can mend it."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.session.view import View
from companion.ui.screens.staff import StaffScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_AT_ONCE = 3


class ProblemsScreen(StaffScreen):
    """A few at a time, each with its file and line."""

    def __init__(self) -> None:
        super().__init__()
        self._first = 0

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(words.problems_title, classes="question")
        yield Sentence(id="problems-told")
        with Horizontal(classes="tiles"):
            yield Tile(words.back, weight="quiet", id="back")
            yield Tile(words.more, id="next")

    def show(self, view: View | None) -> None:
        problems = self.companion.desk.problems
        self.query_one("#next").visible = len(problems) > _AT_ONCE
        shown = problems[self._first : self._first + _AT_ONCE]
        self.query_one("#problems-told", Sentence).say("\n\n".join(map(str, shown)))

    @on(Tile.Tapped, "#next")
    def _next(self) -> None:
        following = self._first + _AT_ONCE
        self._first = following if following < len(self.companion.desk.problems) else 0
        self.show(self.view)

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        self.companion.leave_staff()
