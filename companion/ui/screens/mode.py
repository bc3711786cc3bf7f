"""Music and voice, music, or silence: three equal choices."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.session.commands import ChooseMode
from companion.session.plan import Mode
from companion.session.view import View
from companion.ui.place import PlaceScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class ModeScreen(PlaceScreen):
    """What would you like to hear?"""

    def furnish(self) -> Iterator[Widget]:
        words = self.words
        with Horizontal(classes="head"):
            yield Tile(words.staff, weight="quiet", id="staff")
            yield Sentence(words.what_to_hear, classes="title")
        yield Vertical(classes="middle")
        with Horizontal(classes="tiles"):
            for mode in Mode:
                yield Tile(words.modes[mode], mode, id=mode.name.lower())

    def show(self, view: View | None) -> None:
        if view is not None:
            self.reveal("#voice", view.script is not None)
            self.query_one("#voice", Tile).second = view.script or ""
            self.query_one("#music", Tile).second = view.playlist

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        if isinstance(mode := event.tile.value, Mode):
            self.carry_out(ChooseMode(mode))
