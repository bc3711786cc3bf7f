"""Can you hear this? On the loudest passage of the playlist."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.session.commands import AnswerHearing, Louder, Quieter
from companion.session.view import View
from companion.ui.place import PlaceScreen
from companion.ui.widgets.level import Level
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class HearingScreen(PlaceScreen):
    """The patient finds her own level, or says that she hears nothing."""

    def furnish(self) -> Iterator[Widget]:
        words = self.words
        with Horizontal(classes="head"):
            yield Tile(words.staff, weight="quiet", id="staff")
            yield Sentence(words.can_you_hear, classes="title")
        with Vertical(classes="middle"):
            yield Level()
            yield Sentence(words.tell_nurse_no_sound, id="not-heard")
        with Horizontal(classes="tiles"):
            yield Tile(words.quieter, Quieter())
            yield Tile(words.louder, Louder())
            yield Tile(words.hear_well, AnswerHearing(True))
            yield Tile(words.hear_nothing, AnswerHearing(False))

    def show(self, view: View | None) -> None:
        if view is not None:
            self.query_one(Level).follow(view)
            self.reveal("#not-heard", view.hearing_failed)

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        match event.tile.value:
            case AnswerHearing() | Louder() | Quieter() as command:
                self.carry_out(command)
