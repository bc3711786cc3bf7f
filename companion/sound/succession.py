"""Which track comes in next, and when.

Tracks follow each other as the schedule of their section says. What fails, comes too late or ends
too early gives way to the one after it, and a whole section that fails to a soundscape, which needs
no file.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from companion.session.plan import Track
from companion.session.wanted import Music
from companion.sound.curves import BLOCK, RATE
from companion.sound.read_ahead import ReadAhead
from companion.sound.schedule import Schedule, Slot, schedule
from companion.sound.shelf import Shelf, close_opened
from companion.sound.source import Source, Unplayable
from companion.sound.wire import Notice, TrackFailed

_OPEN_AHEAD = 20.0
"""Seconds before it is needed that the next track is opened."""
_NOTICE: Final = BLOCK / RATE
"""Seconds from asking for a track at once until it comes in: the next block, which is rendered
later. So what sounds when does not hang on how quickly a file was opened."""
_PATIENCE = 5.0
"""Seconds that a track may be late before the next one is tried …"""
_LAST = 3.0
"""… and seconds of what sounds that must not be used up in waiting for it."""
_TAKEN_OVER = 10.0
"""Seconds before an early end at which the next track is asked for: time for a crossfade."""
_EARLY = 1.0
"""Seconds that a file may be shorter than it said."""
_SETTLED = 30.0
"""A track that played this long was no failure, even if it ended early."""
_FALLBACK = Track("Shore", soundscape="shore", seed=1, seconds=300.0)
"""What plays when a whole section failed; then the section is tried again."""
_AGAIN = 30.0
"""Seconds after which a fallback that failed is tried again."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What sounds at a moment."""

    time: float
    """Session second."""
    left: float | None
    """Seconds until the newest track ends, once that is known; 0 where nothing sounds."""
    silent: bool
    """Whether nothing sounds and nothing has for a while."""

    @property
    def running_out(self) -> bool:
        """Whether it will soon be over, or is."""
        return self.left is not None and self.left < _LAST


@dataclass(slots=True)
class Coming:
    """The track that comes in next. Moments are session seconds."""

    slot: Slot
    opening: Future[Source]
    begins: float
    crossfade: float


@dataclass(slots=True)
class _Current:
    """The track that came in last."""

    slot: Slot
    source: Source
    since: float
    """Session second."""
    ends_early: bool = False
    """Whether the next one was asked for because of that."""


class Succession:
    """Follows one section after another. Notices of what fails go to `tell`."""

    def __init__(self, shelf: Shelf, tell: Callable[[Notice], None]) -> None:
        self._shelf = shelf
        self._tell = tell
        self._music: Music | None = None
        self._schedule: Schedule | None = None
        self._coming: Coming | None = None
        self._current: _Current | None = None
        self._failures = 0

    def begin(self, music: Music, now: Heard) -> None:
        """Go over to the section of `music`, at the place it has now."""
        self._music, self._current = music, None
        self._begin_section(now)

    def stop(self) -> None:
        self._forget_coming()
        self._music = self._schedule = self._current = None

    def advance(self, now: Heard) -> Coming | None:
        """Ask for what will be needed; returns what comes in next, if it is ready."""
        self._look_ahead(now)
        while self._coming and (why := _fault(self._coming, now)):
            slot, late = self._coming.slot, not self._coming.opening.done()
            self._forget_coming()
            self._failures += 1
            self._tell(TrackFailed(slot.track.title, why))
            if late and now.running_out:
                self._fall_back(now.time, now)
            else:
                self._go_on(slot, max(now.time, slot.begins), now)
        return self._coming if self._coming and self._coming.opening.done() else None

    def came_in(self, coming: Coming, time: float) -> None:
        """`coming` is what sounds now."""
        self._current = _Current(coming.slot, coming.opening.result(), time)
        self._coming = None

    def _begin_section(self, now: Heard) -> None:
        self._failures = 0
        if self._music and self._music.section.tracks:
            plan, soonest = schedule(self._music), now.time + _NOTICE
            self._schedule = plan if plan.origin <= soonest else plan.moved(0, soonest)
            self._ask_for(self._schedule.at(soonest), self._music.crossfade, now)
        else:
            self._fall_back(now.time, now)

    def _look_ahead(self, now: Heard) -> None:
        if not self._current or not self._schedule:
            return
        slot, left = self._current.slot, now.left
        if left is not None and left < min(_TAKEN_OVER, slot.ends - now.time - _EARLY):
            if not self._current.ends_early:
                self._take_over(self._current, left, now)
        elif not self._coming and (following := self._schedule.after(slot)):
            if now.time < following.begins - _OPEN_AHEAD:
                return
            if slot.track == _FALLBACK:
                self._begin_section(now)
                return
            self._failures = 0
            soonest = now.time + _NOTICE
            if following.begins < soonest:
                self._schedule = self._schedule.moved(following.number, soonest)
                following = self._schedule.at(soonest)
            self._ask_for(following, following.overlap, now)

    def _take_over(self, current: _Current, left: float, now: Heard) -> None:
        """The current track ends before its time: the next one takes over while it still sounds."""
        current.ends_early = True
        if now.time - current.since < _SETTLED:
            self._failures += 1
        if current.slot.track.seconds is not None or not left:
            slow = isinstance(current.source, ReadAhead) and current.source.stalled
            why = "it cannot be read in time" if slow else "it ended before its time"
            self._tell(TrackFailed(current.slot.track.title, why))
        assert self._schedule
        begins = now.time + (left and max(_NOTICE, left - self._schedule.crossfade))
        if self._coming:
            self._schedule = self._schedule.moved(self._coming.slot.number, begins)
            self._coming.slot, self._coming.begins = self._schedule.at(begins), begins
        else:
            self._go_on(current.slot, begins, now)

    def _go_on(self, slot: Slot, t: float, now: Heard) -> None:
        """The track after `slot` at `t`, or the fallback when the whole section failed."""
        assert self._schedule
        if slot.track == _FALLBACK:
            self._fall_back(now.time + _AGAIN, now)
        elif self._failures >= len(self._schedule.tracks):
            self._fall_back(now.time, now)
        else:
            self._schedule = self._schedule.moved(slot.number + 1, t)
            self._ask_for(self._schedule.at(t), self._schedule.crossfade, now)

    def _fall_back(self, t: float, now: Heard) -> None:
        """What needs no file, from `t` on; if it sounds already, it goes on."""
        crossfade = self._music.crossfade if self._music else 0.0
        self._schedule = Schedule((_FALLBACK,), crossfade, t)
        slot = self._schedule.at(t)
        if self._current and self._current.slot.track == _FALLBACK and now.left is None:
            self._current.slot = slot
        else:
            self._ask_for(slot, crossfade, now)

    def _ask_for(self, slot: Slot, crossfade: float, now: Heard) -> None:
        self._forget_coming()
        gone = now.left == 0.0 and not now.silent
        begins = max(now.time + (0.0 if gone else _NOTICE), slot.begins)
        opening = self._shelf.track(slot.track, begins - slot.begins)
        self._coming = Coming(slot, opening, begins, crossfade)

    def _forget_coming(self) -> None:
        """Whatever is being opened is closed as soon as it is open."""
        if self._coming:
            self._coming.opening.add_done_callback(close_opened)
            self._coming = None


def _fault(coming: Coming, now: Heard) -> str:
    """Why what comes cannot be played; empty if it can, or may."""
    fallback, late = coming.slot.track == _FALLBACK, now.time - coming.begins
    if coming.opening.done():
        error = coming.opening.exception()
        return "" if error is None or (fallback and late < 0) else _reason(error)
    patience = 0.0 if now.running_out and not now.silent else _PATIENCE
    return "it takes too long to open" if late >= patience and not fallback else ""


def _reason(error: BaseException) -> str:
    if isinstance(error, Unplayable):
        return str(error)
    return f"it cannot be played ({type(error).__name__})"
