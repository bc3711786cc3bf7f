"""After a long gap: silent and neutral, until a nurse chooses how to go on."""

from collections.abc import Iterator

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.ui.place import PlaceScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class WaitingScreen(PlaceScreen):
    """The choice itself stands behind the PIN."""

    def furnish(self) -> Iterator[Widget]:
        with Horizontal(classes="head"):
            yield Tile(self.words.staff, weight="quiet", id="staff")
        with Vertical(classes="middle"):
            yield Sentence(self.words.waiting, classes="said")
