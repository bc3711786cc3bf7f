"""Where nobody knows whether a session is under way: the record was damaged, or cannot be read.

Never the tablet at rest, as though nothing had been: it asks for a nurse, and it calls.
"""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.session.view import View
from companion.ui.place import PlaceScreen
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.words.staff import StaffWords


class LostScreen(PlaceScreen):
    """It stays until somebody of staff has entered her PIN, or the record can be read again."""

    def furnish(self) -> Iterator[Widget]:
        with Horizontal(classes="head"):
            yield Tile(self.words.staff, weight="quiet", id="come-in")
            yield BigLetters(id="state")
        with Vertical(classes="middle"):
            yield Sentence(id="lost", classes="said")
            yield Sentence(id="lost-staff", classes="said")

    def show(self, view: View | None) -> None:
        desk, words = self.companion.desk, self.staff_words
        called = self.companion.called_lost
        unreadable = desk.record_unreadable is not None
        self.query_one("#state", BigLetters).text = self.words.call_word if called else ""
        said = self.words.call_told if called else self.words.lost_place
        self.query_one("#lost", Sentence).say(said)
        told = words.record_unreadable if unreadable else words.lost_place
        self.query_one("#lost-staff", Sentence).say(told)
        self.query_one("#come-in").visible = not unreadable

    @property
    def staff_words(self) -> StaffWords:
        """The staff's sentences."""
        return self.companion.staff_words

    @on(Tile.Tapped, "#come-in")
    def _come_in(self) -> None:
        if self.companion.desk.staff:
            from companion.ui.screens.unlock import UnlockScreen

            self.companion.open_staff(
                UnlockScreen(None, lambda unlocked: self.companion.leave_staff())
            )
        else:
            from companion.ui.screens.set_up import SetUpScreen

            self.companion.open_staff(SetUpScreen())
