"""After the return: the minutes, quiet, and no hurry."""

from collections.abc import Iterator

from textual import on
from textual.widget import Widget

from companion.session.commands import OpenRating, Quieter, Soften
from companion.session.view import View
from companion.ui.screens.session import SessionScreen
from companion.ui.widgets.tile import Tile


class RecoveryScreen(SessionScreen):
    """The questions open when she says so, never by themselves."""

    def tiles(self) -> Iterator[Widget]:
        words = self.words
        yield Tile(words.quieter, Quieter(), classes="sounding")
        yield Tile(words.softer, Soften(), id="softer")
        yield Tile(words.sound_off, id="sound")
        yield Tile(words.ready_to_answer, OpenRating(), id="answer")

    def _unit(self, view: View) -> str:
        return self.words.recovering if view.minutes is None else super()._unit(view)

    @on(Tile.Tapped, "#answer")
    def _answer(self) -> None:
        self.carry_out(OpenRating())
