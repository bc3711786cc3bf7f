"""What the screens of the library have in common: what they let hear, which goes with them."""

from collections.abc import Callable

from textual import on

from companion.access import Unlocked
from companion.curating import audition
from companion.curating.audition import Alone, Audible, Piece
from companion.session.plan import Levels, Phase
from companion.session.view import Place, View
from companion.session.wanted import Wanted
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.tile import Tile

_SPARE = 10.0
"""Seconds after which what is heard ends by itself, should no screen be left to end it."""


class LibraryPlace(UnlockedScreen):
    """A screen of the library; none of them stands while a session is open."""

    LOCKS_AFTER = audition.LASTS

    def __init__(self, unlocked: Unlocked, back: Callable[[], None]) -> None:
        super().__init__(unlocked)
        self._back = back
        self._heard: Audible | None = None
        """What is heard now."""
        self._output = ""
        self._until = 0.0
        self._sent: Wanted | None = None

    def show(self, view: View | None) -> None:
        if view is not None and view.place is not Place.READY:
            self.leave("session open")

    def back_tile(self) -> Tile:
        """The way back, to be furnished by the screen."""
        return Tile(self.staff_words.back, weight="quiet", id="back")

    def go_back(self) -> None:
        """What the tile *Back* does."""
        self._back()

    @on(Tile.Tapped, "#back")
    def _back_tapped(self) -> None:
        self.go_back()

    # --- hearing ---------------------------------------------------------------------------------

    @property
    def hears(self) -> bool:
        """Whether anything is heard now."""
        return self._heard is not None

    def hear_tile(self) -> Tile:
        """What starts and stops the hearing, to be furnished by the screen."""
        return Tile(self.staff_words.library.hear, weight="strong", id="hear")

    def hear_piece(self, piece: Piece, phase: Phase) -> None:
        """Let `piece` be heard as it sounds in `phase`, or tell why it cannot be."""
        self.hear(Alone(piece, phase, self.companion.conductor.seconds()))

    def piece_changed(self, piece: Piece) -> None:
        """Go over to `piece` where one is heard; it goes on from where it is."""
        if isinstance(self._heard, Alone):
            self._sound(Alone(piece, self._heard.phase, self._heard.began))

    def hear(self, what: Audible) -> None:
        """Let `what` be heard, instead of what is; or tell why it cannot be."""
        desk, words = self.companion.desk, self.staff_words
        if self.companion.conductor.view is not None:
            self.say(words.refused["session open"])
        elif not desk.output_in_use:
            self.say(words.library.not_heard)
        elif desk.muted:
            self.say(words.library.muted_not_heard)
        else:
            self._output = desk.output_in_use
            self.say("")
            self._sound(what)

    def stop(self) -> None:
        """Let nothing be heard any more."""
        what, self._heard = self._heard, None
        if what is not None:
            conductor = self.companion.conductor
            conductor.try_out(audition.silence(what, self._level(), conductor.seconds()))
        self._label()

    def _sound(self, what: Audible) -> None:
        self._heard, self._sent = what, None
        self._until = min(what.over, self.companion.conductor.seconds() + audition.LASTS)
        self._go_on()
        self._label()

    def _go_on(self) -> None:
        """Ask for what should sound by now, where it is something else than before."""
        conductor, what = self.companion.conductor, self._heard
        assert what is not None
        now = conductor.seconds()
        until = self._until + _SPARE
        wanted = audition.heard(what, self._output, self._level(), now, until)
        if wanted != self._sent:
            self._sent = wanted
            conductor.try_out(wanted)

    def _level(self) -> float:
        """The level at which the clinic's sessions start."""
        desk = self.companion.desk
        levels = Levels() if desk.content is None else desk.content.config.levels
        return desk.levels(levels).start

    def _label(self) -> None:
        words = self.staff_words
        for tile in self.query("#hear").results(Tile):
            tile.label = words.stop if self.hears else words.library.hear

    def tend(self) -> None:
        super().tend()
        if not self.is_attached or not self.hears:
            return
        if self.companion.desk.output_in_use != self._output:
            self.stop()
            lost = not self.companion.desk.output_in_use
            self.say(
                self.staff_words.library.not_heard
                if lost
                else self.staff_words.library.heard_elsewhere
            )
        elif self.companion.conductor.seconds() >= self._until:
            self.stop()
        else:
            self._go_on()

    def on_unmount(self) -> None:
        """However this screen is left, what is heard goes with it."""
        self.stop()
