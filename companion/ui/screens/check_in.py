"""The one thing a check-in asks. It makes no sound and goes by itself."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.session.commands import AnswerCheckIn
from companion.ui.place import PlaceScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class CheckInScreen(PlaceScreen):
    """Comfortable, not so comfortable, or the call below."""

    def furnish(self) -> Iterator[Widget]:
        words = self.words
        with Horizontal(classes="head"):
            yield Tile(words.staff, weight="quiet", id="staff")
            yield Sentence(words.how_are_you, classes="title")
        yield Vertical(classes="middle")
        with Horizontal(classes="tiles tall"):
            yield Tile(words.comfortable, AnswerCheckIn(True))
            yield Tile(words.not_so_comfortable, AnswerCheckIn(False))

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        if isinstance(answer := event.tile.value, AnswerCheckIn):
            self.carry_out(answer)
