"""What every screen has in common: where touches count, how it rests, and the one call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from companion.session.commands import Call, Command
from companion.session.view import View
from companion.ui.widgets.call_bar import ROWS, CallBar
from companion.ui.widgets.tile import Tile
from companion.words import patient_words

if TYPE_CHECKING:
    from companion.ui.app import CompanionApp
    from companion.words.patient import PatientWords

GUARD = 0.7
"""Seconds after a change of the screen in which a touch counts for nothing, but for a call."""

UNTOUCHED = 20.0
"""Seconds without a touch after which a screen rests."""

_LETTERS = "abcdefghijklmnopqrsuvwxyz"
"""The keys of the tiles in reading order; `t` is the ten of a scale."""


class PlaceScreen(Screen[None], inherit_bindings=False):
    """A place. It is furnished once and then shows one View after the other."""

    AUTO_FOCUS = None
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-usual"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-middle"), (40, "-high")]

    CALL_BAR: ClassVar[bool] = True
    """Whether the bottom five rows call; only where no session can be open they do not."""
    RESTS: ClassVar[bool] = False

    view: reactive[View | None] = reactive(None, init=False)
    resting: reactive[bool] = reactive(False, init=False, toggle_class="-resting")

    def __init__(self, view: View | None = None) -> None:
        super().__init__()
        self.set_reactive(PlaceScreen.view, view)
        self._appeared = self._touched = 0.0
        self._heeding = False

    @property
    def companion(self) -> CompanionApp:
        """The app, as what it is."""
        return cast("CompanionApp", self.app)

    @property
    def words(self) -> PatientWords:
        """The patient's sentences, in the language of the open session."""
        return self.companion.words if self.view is None else patient_words(self.view.language)

    # --- what a screen of its own gives ----------------------------------------------------------

    def furnish(self) -> Iterable[Widget]:
        """The widgets of this place, above the call bar."""
        return ()

    def show(self, view: View | None) -> None:
        """Make the widgets show `view`. Called once they are there, and for every new View."""

    def typed(self, event: events.Key) -> bool:
        """Whether this place takes the key as writing."""
        return False

    # --- the common part -------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with Container(id="place"):
            yield from self.furnish()
        if self.CALL_BAR:
            yield CallBar()

    def on_mount(self) -> None:
        self.changed()
        self._show()

    def watch_view(self) -> None:
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        if self.CALL_BAR:
            called = self.companion.called_lost or (
                self.view is not None and self.view.calling is not None
            )
            bar = self.query_one(CallBar)
            bar.say(self.words.call_shows if called else self.words.call)
            bar.set_class(called, "-called")
        if self.resting and not self.may_rest():
            self.wake()
        self.show(self.view)

    def changed(self) -> None:
        """Something else stands here now: touches meant for what was here count for nothing."""
        self._appeared = self._touched = self._now()

    def reveal(self, selector: str, shown: bool) -> None:
        """Show the widgets that match, or put them away."""
        for widget in self.query(selector):
            widget.set_class(not shown, "-away")

    def carry_out(self, command: Command) -> None:
        """Ask the conductor for `command`; the next View shows what came of it."""
        self.companion.carry_out(command)

    def call(self, source: str) -> None:
        """Call the nurse."""
        if self.view is None and self.companion.desk.asks_nurse:
            self.companion.call_lost()
        else:
            self.carry_out(Call(source))

    @on(Tile.Tapped, "#staff")
    def _staff(self) -> None:
        self.companion.ask_staff()

    # --- resting ---------------------------------------------------------------------------------

    def may_rest(self) -> bool:
        """Never while words of a script stand here."""
        return self.RESTS and self.view is not None and self.view.words is None

    def tend(self) -> None:
        """Rest when nobody touched it for long. The app asks once a second."""
        untouched = self._now() - self._touched >= UNTOUCHED
        if not self.resting and untouched and self.may_rest():
            self.resting = True

    def wake(self) -> None:
        """Show everything again."""
        self.resting = False
        self.changed()

    # --- touches and keys ------------------------------------------------------------------------

    def _forward_event(self, event: events.Event) -> None:
        """Every touch passes here first: one on the bar calls, whatever else is so."""
        if isinstance(event, events.MouseEvent):
            if isinstance(event, events.MouseDown):
                calls = self.CALL_BAR and event.screen_y >= self.size.height - ROWS
                if calls:
                    self.call("screen")
                self._heeding = self._heed() and not calls
            elif not isinstance(event, events.MouseUp | events.Click):
                return
            if not self._heeding:
                return
        super()._forward_event(event)

    def on_key(self, event: events.Key) -> None:
        """A keyboard can do what a finger can, and a key pressed twice calls."""
        event.stop()
        if event.key == self.companion.call_button:
            self.call("button")
            return
        heeded = self._heed()
        if self.typed(event):
            return
        if (tile := self._tile(event)) is not None:
            if heeded:
                tile.tap(event.time)
        elif (event.key == "space" or not event.is_printable) and self.companion.twice(event.key):
            self.call("key")

    def _heed(self) -> bool:
        """Whether a touch counts now. At rest it only wakes."""
        if self.resting:
            self.wake()
            return False
        self._touched = self._now()
        return self._touched - self._appeared >= GUARD

    def _tile(self, event: events.Key) -> Tile | None:
        """The tile that this key taps."""
        shown = sorted(
            (tile for tile in self.query(Tile) if tile.region),
            key=lambda tile: (tile.region.y, tile.region.x),
        )
        own = {tile.key: tile for tile in shown if tile.key}
        lettered = zip(_LETTERS, (tile for tile in shown if not tile.key), strict=False)
        return {**dict(lettered), **own}.get(event.character or event.key) or own.get(event.key)

    def _now(self) -> float:
        return self.companion.clock.now().boot
