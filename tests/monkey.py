"""A monkey at the tablet: it touches, types, turns the window and lets time pass, all by chance
from a seed. Now and then it knows a PIN, as a nurse does. Whatever it does is judged."""

import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from random import Random
from typing import Any

from cells import text
from stage_props import PIN
from textual import events
from ui_stage import Stage

from companion.moment import Instant
from companion.record.keeping import Kept
from companion.session import book
from companion.session import commands as c
from companion.session.view import Place
from companion.ui.place import GUARD, PlaceScreen
from companion.ui.screens.fault import FaultScreen
from companion.ui.screens.staff import StaffScreen, UnlockedScreen
from companion.ui.screens.unlock import UnlockScreen
from companion.ui.screens.wipe import WipeScreen
from companion.ui.widgets.call_bar import ROWS, CallBar
from companion.ui.widgets.key_pad import KeyPad

STAFF = ("ZQ", "XW", "QJ")
"""Initials that no word contains."""
SIZES = ((80, 24), (64, 20), (120, 40), (80, 24), (100, 30), (200, 60), (40, 16))
KEYS = (
    *"abcdefghijklmnopqrstuvwxyz0123456789",
    *("enter", "space", "escape", "tab", "shift+tab", "backspace", "delete", "f1", "f12", "f13"),
    *("up", "down", "home", "pagedown", "ctrl+c", "ctrl+q", "ctrl+p", "ctrl+z", "ctrl+d"),
)
JUMPS = (0.1, 0.5, 1.0, 2.0, 5.0, 21.0, 61.0, 61.0, 300.0, 900.0)
STRANGE = (
    events.Key("\ufffd", "\ufffd"),
    events.Key("\x00", "\x00"),
    events.Key("ctrl+@", None),
    events.Key("\U0001f600", "\U0001f600"),
    events.Paste("\x1b[2J[@click=app.quit]x[/]" * 50),
    events.Paste(""),
)
REPORTS = (
    c.ReportSoundLost("unplugged"),
    c.ReportSoundReturned("Headphones"),
    c.ReportOutput("Headphones"),
    c.ReportOutput("Speaker"),
    c.ReportSystemVolume(0, True),
    c.ReportSystemVolume(60, False),
    c.ReportTrack("Shore"),
)
_LATELY = 4
"""Actions for which an accepted PIN may still wait for its screen."""


class Book(Kept):
    """The real journal, and a list of all that it was handed."""

    kept: list[tuple[str, Any]]

    def __init__(self, writer: Any) -> None:
        super().__init__(writer)
        self.kept = []

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> Awaitable[bool]:
        self.kept += [(stream, event) for event in events]
        return super().submit(stream, first_seq, moment, events)

    def count(self, kind: type) -> int:
        return sum(isinstance(event, kind) for _, event in self.kept)


class Monkey:
    """One monkey on one stage."""

    def __init__(self, stage: Stage, seed: int, secrets: Collection[str]) -> None:
        """`secrets` are what no screen may show that no PIN has opened."""
        self.stage = stage
        self.secrets = tuple(secrets)
        self.covered: Counter[str] = Counter()
        self.did: list[str] = []
        self._chance = Random(seed)
        self._accepted: deque[int] = deque([0], maxlen=_LATELY)
        """How many PINs had been accepted, in the last moments in which none was in use."""
        self._words: str = "|".join(STAFF)
        stage.app.end_day = self._day_ended  # type: ignore[method-assign]

    async def act(self) -> None:
        """Do one thing, and look at what has come of it."""
        kinds: tuple[tuple[Callable[[], Awaitable[str]], int], ...] = (
            (self._touch_anywhere, 28),
            (self._touch_a_tile, 7),
            (self._press, 20),
            (self._let_time_pass, 15),
            (self._turn, 4),
            (self._send_something_strange, 4),
            (self._hear_of_the_sound, 4),
            (self._call, 4),
            (self._be_a_nurse, 10),
        )
        acts, weights = zip(*kinds, strict=True)
        (act,) = self._chance.choices(acts, weights)
        self.did.append(await act())
        await self._settle()
        self.judge()

    # --- what it does ----------------------------------------------------------------------------

    async def _touch_anywhere(self) -> str:
        width, height = self.stage.app.size
        x, y = self._chance.randrange(width), self._chance.randrange(height)
        self.stage.put_finger(x, y)
        return f"touched {x},{y}"

    async def _touch_a_tile(self) -> str:
        self.stage.clock.advance(self._chance.choice((0.0, GUARD + 0.1, GUARD + 0.1)))
        shown = self.stage.tiles()
        if not shown:
            return "found no tile"
        tile = self._chance.choice(shown)
        x, y = tile.region.center
        self.stage.put_finger(int(x), int(y))
        return f"touched {tile.label!r}"

    async def _press(self) -> str:
        key = self._chance.choice(KEYS)
        for _ in range(self._chance.choice((1, 1, 2))):
            await self.stage.pilot.press(key)
        return f"pressed {key}"

    async def _let_time_pass(self) -> str:
        seconds = self._chance.choice(JUMPS)
        self.stage.clock.advance(seconds)
        self.stage.conductor.saving(True)
        await self.stage.pilot.pause()
        self.stage.app.tick()
        return f"waited {seconds}"

    async def _turn(self) -> str:
        size = self._chance.choice(SIZES)
        await self.stage.pilot.resize_terminal(*size)
        return f"turned to {size}"

    async def _send_something_strange(self) -> str:
        if self._chance.random() < 0.5:
            x, y = self._chance.choice(((-5, -5), (9999, 3), (3, 9999), (0, 0)))
            self.stage.put_finger(x, y)
            return f"touched {x},{y}"
        strange = self._chance.choice(STRANGE)
        self.stage.app.post_message(strange)
        return f"sent {strange!r}"

    async def _hear_of_the_sound(self) -> str:
        report = self._chance.choice(REPORTS)
        self.stage.conductor.hear(report)
        return f"heard {report}"

    async def _call(self) -> str:
        """At the first touch, whatever stands there."""
        if self.stage.conductor.view is None:
            return "had nobody to call"
        await self._settle()
        width, height = self.stage.app.size
        self.stage.put_finger(width // 2, height - 3)
        await self._settle()
        assert self.stage.view.place is Place.CALLED, self._story()
        return "called"

    async def _be_a_nurse(self) -> str:
        """She enters her PIN where one is asked for; elsewhere she looks for the next tile."""
        screen = self.stage.app.screen
        if not isinstance(screen, UnlockScreen) or not screen.query(KeyPad):
            return await self._touch_a_tile()
        right = self._chance.random() < 0.8
        self.stage.clock.advance(61.0 if self._chance.random() < 0.3 else GUARD + 0.1)
        for digit in PIN if right else "135790":
            await self.stage.pilot.press(digit)
        return f"entered a {'right' if right else 'wrong'} PIN"

    def _day_ended(self) -> None:
        """Staff may end the day; the test goes on."""
        assert self.stage.keeping.count(book.PinAccepted) > self._accepted[0], self._story()
        self.covered["the day's end"] += 1
        self.stage.app.leave_staff()

    # --- what holds ------------------------------------------------------------------------------

    def judge(self) -> None:
        """Look at the screen as it stands now."""
        app, view = self.stage.app, self.stage.conductor.view
        screen = app.screen
        self.covered[type(screen).__name__] += 1
        assert app.is_running, self._story()
        assert self.stage.faults == [], self._story()
        assert isinstance(screen, PlaceScreen), self._story()
        assert not isinstance(screen, FaultScreen), self._story()
        if view is not None:
            self._calls(screen)
        shown = text(app)
        accepted = self.stage.keeping.count(book.PinAccepted)
        if isinstance(screen, UnlockedScreen):
            assert accepted > self._accepted[0], self._story()
            return
        if not app._staff_open:
            self._accepted.append(accepted)
        for secret in self.secrets:
            assert secret not in shown, (secret, self._story())
        if not isinstance(screen, StaffScreen) and not screen.has_class("-naming"):
            assert not re.search(rf"\b({self._words})\b", shown), self._story()

    def _calls(self, screen: PlaceScreen) -> None:
        """The call bar is there, in the bottom five rows; not while a cloth wipes the screen."""
        (bar,) = screen.query(CallBar)
        if isinstance(screen, WipeScreen):
            assert not bar.display, self._story()
            return
        width, height = self.stage.app.size
        assert screen.CALL_BAR, self._story()
        assert (bar.region.y, bar.region.bottom) == (height - ROWS, height), self._story()
        assert bar.region.width == width, self._story()

    async def _settle(self) -> None:
        """Everything that was begun is done, and shown."""
        app = self.stage.app
        await self.stage.pilot.pause()
        await self.stage.until(lambda: len(app._tasks) <= 1 and app.screen.is_attached)
        await self.stage.pilot.pause()

    def _story(self) -> str:
        """What it did last, for a person who reads a failed test."""
        screen = type(self.stage.app.screen).__name__
        return "\n".join([screen, *self.did[-12:], text(self.stage.app)])
