"""What stands where a screen of ours failed. The session itself goes on."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.ui.place import PlaceScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class FaultScreen(PlaceScreen):
    """As simple as can be: were it to fail too, the process would start afresh."""

    def furnish(self) -> Iterator[Widget]:
        with Horizontal(classes="head"):
            yield Tile(self.words.staff, weight="quiet", id="staff")
        with Vertical(classes="middle"):
            yield Sentence(self.words.fault, classes="said")
        with Horizontal(classes="tiles"):
            yield Tile(self.words.fault_again, id="again")

    @on(Tile.Tapped, "#again")
    def _again(self) -> None:
        self.companion.leave_staff()
