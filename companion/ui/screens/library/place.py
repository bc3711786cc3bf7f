"""What the screens of the library have in common: what they let hear, which goes with them."""

from collections.abc import Callable

from textual import on

from companion import audition
from companion.access import Unlocked
from companion.audition import Piece
from companion.session.plan import Levels, Phase
from companion.session.view import Place, View
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.tile import Tile


class LibraryPlace(UnlockedScreen):
    """A screen of the library; none of them stands while a session is open."""

    LOCKS_AFTER = audition.LASTS

    def __init__(self, unlocked: Unlocked, back: Callable[[], None]) -> None:
        super().__init__(unlocked)
        self._back = back
        self._piece: Piece | None = None
        """What is heard now."""
        self._phase = Phase.SETTLE
        self._output = ""
        self._began = self._until = 0.0

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
        return self._piece is not None

    def hear_tile(self) -> Tile:
        """What starts and stops the hearing, to be furnished by the screen."""
        return Tile(self.staff_words.hear, weight="strong", id="hear")

    def hear(self, piece: Piece, phase: Phase) -> None:
        """Let `piece` be heard as it sounds in `phase`, or tell why it cannot be."""
        desk, words = self.companion.desk, self.staff_words
        if self.companion.conductor.view is not None:
            self.say(words.refused["session open"])
        elif not desk.output_in_use:
            self.say(words.not_heard)
        elif desk.muted:
            self.say(words.muted_not_heard)
        else:
            self._began = self.companion.conductor.seconds()
            self._output = desk.output_in_use
            self.say("")
            self._sound(piece, phase)

    def hear_changed(self, piece: Piece) -> None:
        """Go over to `piece` where something is heard; it goes on from where it is."""
        if self.hears:
            self._sound(piece, self._phase)

    def stop(self) -> None:
        """Let nothing be heard any more."""
        piece, self._piece = self._piece, None
        if piece is not None:
            conductor = self.companion.conductor
            conductor.try_out(audition.silence(piece, self._level(), conductor.seconds()))
        self._label()

    def _sound(self, piece: Piece, phase: Phase) -> None:
        conductor = self.companion.conductor
        now, began = conductor.seconds(), self._began
        self._piece, self._phase = piece, phase
        self._until = min(audition.over(piece, began), now + audition.LASTS)
        level = self._level()
        conductor.try_out(audition.heard(piece, phase, self._output, level, began, now))
        self._label()

    def _level(self) -> float:
        """The level at which the clinic's sessions start."""
        desk = self.companion.desk
        levels = Levels() if desk.content is None else desk.content.config.levels
        return desk.levels(levels).start

    def _label(self) -> None:
        words = self.staff_words
        for tile in self.query("#hear").results(Tile):
            tile.label = words.stop if self.hears else words.hear

    def tend(self) -> None:
        super().tend()
        if not self.is_attached or not self.hears:
            return
        if self.companion.desk.output_in_use != self._output:
            self.stop()
            lost = not self.companion.desk.output_in_use
            self.say(self.staff_words.not_heard if lost else self.staff_words.heard_elsewhere)
        elif self.companion.conductor.seconds() >= self._until:
            self.stop()

    def on_unmount(self) -> None:
        """However this screen is left, what is heard goes with it."""
        self.stop()
