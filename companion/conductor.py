"""The shell of a session: command, decide, append, evolve, wanted sound, view.

It has no rule of its own. What it shows is committed first; only a call, its take-back, sound
off and quieter show at once and are committed alongside, so that no slow disk stands before them.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from companion.calling import Channel, spread
from companion.faults import name_of
from companion.moment import Clock, Instant, seconds_between
from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Decision, Refused, Why, decide
from companion.session.due import due, next_change
from companion.session.plan import Plan
from companion.session.state import State
from companion.session.view import View, view
from companion.session.wanted import Wanted, wanted_sound
from companion.stream import Keeping, Record, Stream

__all__ = ["Conductor", "Keeping", "Record", "Sound"]

_AT_LEAST_EVERY = 20.0
"""Seconds after which an open session is looked at again, whatever is expected: the loop's own
timers stand still while the tablet sleeps. It is also how often a sign of life is written."""

_ASLEEP = 3.0
"""Seconds between two looks, due every second, after which the tablet must have slept."""

_BREATH = 1.0
"""Seconds of pause after a fault in keeping time."""


class Sound(Protocol):
    """Where the wanted sound goes; `now` tells the session's seconds at any moment."""

    def want(self, wanted: Wanted, now: Callable[[], float]) -> None: ...


class Conductor:
    """One tablet's session, from the journal to the screens and the sound."""

    def __init__(
        self, clock: Clock, keeping: Keeping, sound: Sound, channels: Iterable[Channel] = ()
    ) -> None:
        self._clock = clock
        self._sound = sound
        self.channels = tuple(channels)
        self._stream = Stream(clock, keeping, changed=self._refresh, failed=self._fault)
        self._state: State | None = None
        self._saved = True
        self._damaged = False
        self._view: View | None = None
        self._wanted: Wanted | None = None
        self._tried: Wanted | None = None
        """What staff want to hear while no session is open."""
        self._no_sound: str | None = None
        self._output: c.ReportOutput | None = None
        self._volume: c.ReportSystemVolume | None = None
        self._power: c.ReportPower | None = None
        self._looked = clock.now()
        """When `keep_up` was asked last."""
        self._turn = asyncio.Lock()
        self._woken = asyncio.Event()
        self._listeners: list[Callable[[View | None], None]] = []
        self._tasks: set[asyncio.Future[None]] = set()
        self._faults: set[str] = set()

    # --- what the shell around it may know -------------------------------------------------------

    @property
    def view(self) -> View | None:
        """What the screens may know now."""
        return self._view

    @property
    def code(self) -> str | None:
        """The code of this session's patient, for the nurse's card."""
        return None if self._state is None else self._state.code

    @property
    def plan(self) -> Plan | None:
        """What this session was prepared with, its music and script as last changed."""
        return None if self._state is None else self._state.plan

    @property
    def no_sound(self) -> str | None:
        """Why there is no sound on this tablet, whether or not a session is open."""
        return self._no_sound

    def listen(self, listener: Callable[[View | None], None]) -> None:
        """Call `listener` with every new View."""
        self._listeners.append(listener)

    def seconds(self) -> float:
        """The session's seconds now; they never run backwards."""
        return self._stream.seconds()

    def wall(self, at: float) -> datetime:
        """The local time of day at session second `at`."""
        return datetime.fromtimestamp(self._clock.now().wall - (self.seconds() - at)).astimezone()

    # --- what it is told -------------------------------------------------------------------------

    async def handle(self, command: c.Command) -> Refused | None:
        """Do what `command` wants, or say why not. Returns once it is committed."""
        if c.acts_at_once(command):
            return self._at_once(command)
        async with self._turn:
            if isinstance(command, c.PrepareSession):
                return await self._prepare(command)
            t = await self._catch_up()
            return await self._commit(decide(self._stream.decided, command, t))

    async def resume(self, stream: str, records: Sequence[Record], alive: Instant | None) -> None:
        """Take up the open session in `records`; `alive` is its last sign of life besides them."""
        async with self._turn:
            self._restore(stream, records)
            now = self._clock.now()
            gap = seconds_between(records[-1].moment, now)
            if alive is not None:
                gap = min(gap, seconds_between(alive, now))
            back = decide(self._stream.decided, c.ReportReturn(*gap), self.seconds())
            if await self._commit(back) is not None:
                self._stream.forget()
            await self._catch_up()
        self._refresh()
        self._report_what_lasts()
        self._tell_channels()

    async def open_late(self, stream: str, records: Sequence[Record], by: e.By) -> Refused | None:
        """Open the rating that the session in `records` left for later."""
        async with self._turn:
            if self._stream.id:
                return Refused(Why.SESSION_OPEN)
            self._restore(stream, records)
            opened = decide(self._stream.decided, c.OpenRating(by), self.seconds())
            refused = await self._commit(opened)
            if refused is not None:
                self._stream.forget()
            return refused

    def reach_by(self, channels: Iterable[Channel]) -> None:
        """From now on calls go out by `channels` too; one that shows already goes at once."""
        self.channels = tuple(channels)
        self._tell_channels()

    def hear(self, report: c.Command) -> None:
        """Take in what the tablet and its sound report; what lasts, for the next session too."""
        match report:
            case c.ReportSoundLost(why=why):
                self._no_sound = why
            case c.ReportSoundReturned():
                self._no_sound = None
            case c.ReportOutput():
                self._output = report
            case c.ReportSystemVolume():
                self._volume = report
            case c.ReportPower():
                self._power = report
        self._start(self._take(report))

    def try_out(self, wanted: Wanted) -> None:
        """Let `wanted` sound as long as no session is open; the next one ends it for good."""
        if self._state is None:
            self._tried = wanted
            self._refresh()

    def saving(self, saved: bool) -> None:
        """The journal takes events, or no longer does."""
        self._saved = saved
        self._refresh()

    def keep_up(self) -> None:
        """Notice that the tablet slept, for in the meantime the loop's own timers stood still and
        so did the sound's time: look again, and tell the sound anew. Asked every second."""
        now = self._clock.now()
        slept = seconds_between(self._looked, now)[0] > _ASLEEP
        self._looked = now
        if slept:
            self._wanted = None
            self._woken.set()

    def record_damaged(self, so: bool = True) -> None:
        """The journal was damaged, and a nurse must read so; not `so`: she has."""
        self._damaged = so
        self._refresh()

    def call_out(self, room: str, still_open: Callable[[], bool]) -> None:
        """Send a call by every channel where no session is known to be under way."""
        at = datetime.fromtimestamp(self._clock.now().wall).astimezone()
        for channel in self.channels:
            self._start(
                spread(channel, room, at, still_open=still_open, sent=_unheard, failed=_unheard)
            )

    async def run(self) -> None:
        """Bring about what time alone brings about, for as long as the program runs."""
        while True:
            try:
                async with self._turn:
                    await self._catch_up()
                self._refresh()
                await self._wait()
            except Exception as error:
                self._fault(error)
                await asyncio.sleep(_BREATH)

    # --- how a command travels -------------------------------------------------------------------

    async def _prepare(self, command: c.PrepareSession) -> Refused | None:
        decision = decide(self._stream.decided, command, 0.0)
        if not isinstance(decision, Refused) and not await self._stream.can_save():
            return Refused(Why.NOT_SAVED)
        if not isinstance(decision, Refused):
            self._stream.begin()
            self._damaged = False  # before it began; the ready screen told
            self._faults.clear()
        refused = await self._commit(decision)
        if refused is None:
            self._report_what_lasts()
        return refused

    def _report_what_lasts(self) -> None:
        """Tell a session how sound and battery stand, which was told before it was open."""
        lost = None if self._no_sound is None else c.ReportSoundLost(self._no_sound)
        for report in (lost, self._output, self._volume, self._power):
            if report is not None:
                self._start(self._take(report))

    def _restore(self, stream: str, records: Sequence[Record]) -> None:
        self._stream.restore(stream, records)
        self._faults.clear()

    def _at_once(self, command: c.Command) -> Refused | None:
        decision = decide(self._stream.decided, command, self.seconds())
        if isinstance(decision, Refused):
            return decision
        if decision:
            self._start(self._stream.append(decision, at_once=True))
            self._refresh()
            if isinstance(command, c.Call):
                self._tell_channels()
        return None

    async def _commit(self, decision: Decision) -> Refused | None:
        """What was decided is kept, then shown; a caller that is cancelled changes neither."""
        if isinstance(decision, Refused):
            return decision
        if decision:
            await asyncio.shield(self._stream.append(decision, at_once=False))
        return None

    async def _catch_up(self) -> float:
        """Fold in whatever is due; the moment up to which that was done."""
        while events := due(self._stream.decided, t := self.seconds()):
            await self._commit(events)
        return t

    async def _wait(self) -> None:
        """Until the next change, or until something happened."""
        self._woken.clear()
        t = self.seconds()
        change = next_change(self._state, t)
        wait = _AT_LEAST_EVERY if change is None else min(change - t + 0.01, _AT_LEAST_EVERY)
        try:
            await asyncio.wait_for(self._woken.wait(), wait if self._stream.id else None)
        except TimeoutError:
            await self._stream.mark_alive()

    def _refresh(self) -> None:
        """Work out what is so now, and tell whom it concerns if it changed."""
        self._state = self._stream.state
        t = self.seconds()
        if self._state is not None:
            self._tried = None
        wanted = self._tried or wanted_sound(self._state, t)
        if wanted != self._wanted:
            self._wanted = wanted
            with self._noting_faults():
                self._sound.want(wanted, self.seconds)
        seen = view(self._state, t, self._saved and not self._stream.lost, self._damaged)
        if seen != self._view:
            self._view = seen
            for listener in self._listeners:
                with self._noting_faults():
                    listener(seen)
        self._woken.set()

    # --- the channels of a call ------------------------------------------------------------------

    def _tell_channels(self) -> None:
        """Send the call that shows by every channel that has not taken it."""
        state = self._state
        if state is None or state.call is None:
            return
        called = state.call.at
        for channel in self.channels:
            if channel.name in state.call.sent:
                continue
            self._start(
                spread(
                    channel,
                    state.room,
                    self.wall(called),
                    still_open=lambda: self._shows(called),
                    sent=partial(self._sent, self._stream.id),
                    failed=partial(self._not_sent, self._stream.id),
                )
            )

    def _shows(self, called: float) -> bool:
        call = None if self._state is None else self._state.call
        return call is not None and call.at == called

    async def _sent(self, stream: str, channel: str) -> None:
        if stream == self._stream.id:
            await self.handle(c.ReportCallSent(channel))

    async def _not_sent(self, stream: str, channel: str, why: str) -> None:
        if stream == self._stream.id:
            await self.handle(c.ReportCallNotSent(channel, why))

    # --- what runs alongside ---------------------------------------------------------------------

    async def _take(self, report: c.Command) -> None:
        await self.handle(report)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._fault(error)

    @contextlib.contextmanager
    def _noting_faults(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._fault(error)

    def _fault(self, error: Exception) -> None:
        """Note a fault in the session, each of them once."""
        what = name_of(error)
        if what not in self._faults:
            self._faults.add(what)
            self._start(self._take(c.ReportFault(what)))


async def _unheard(*told: str) -> None:
    """There is no session to write it down in."""
