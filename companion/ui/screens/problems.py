"""What is wrong in the clinic's files, told to whoever can mend it."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Act, Unlocked
from companion.review.told import standing_told
from companion.session.view import View
from companion.ui.screens.staff import StaffScreen
from companion.ui.screens.unlock import UnlockScreen
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
            yield Tile("", id="review")

    def show(self, view: View | None) -> None:
        problems = self._told()
        self.query_one("#next").visible = len(problems) > _AT_ONCE
        review, waiting = self.query_one("#review", Tile), self.companion.desk.review.waiting
        review.visible = bool(waiting)
        review.label = self.staff_words.to_review.format(count=len(waiting))
        shown = problems[self._first : self._first + _AT_ONCE]
        self.query_one("#problems-told", Sentence).say("\n\n".join(shown))

    def _told(self) -> list[str]:
        """Every problem; then what of the library cannot be used, and what is offered instead."""
        desk, words = self.companion.desk, self.staff_words
        reviews = desk.review.reviews
        return [
            *map(str, desk.problems),
            *(
                f"{one.title} ({words.kinds[one.kind]}): {standing_told(one, reviews, words)}"
                for one in desk.review.standings
                if one.now is None
            ),
        ]

    @on(Tile.Tapped, "#next")
    def _next(self) -> None:
        following = self._first + _AT_ONCE
        self._first = following if following < len(self._told()) else 0
        self.show(self.view)

    @on(Tile.Tapped, "#review")
    def _review(self) -> None:
        ask_reviewer(self)

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        self.companion.leave_staff()


def ask_reviewer(
    screen: StaffScreen, who: str | None = None, back: Callable[[], None] | None = None
) -> None:
    """Show what waits to be read to somebody who may accept it: `who`, or whoever names herself."""
    from companion.ui.screens.review import ReviewScreen

    leave, purpose = back or screen.companion.leave_staff, screen.staff_words.reviewing

    def reviewed(unlocked: Unlocked) -> None:
        screen.go_to(ReviewScreen(unlocked, leave))

    screen.go_to(UnlockScreen(who, reviewed, act=Act.CURATE, purpose=purpose))
