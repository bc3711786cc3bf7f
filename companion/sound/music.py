"""The music bus: the tracks of a section, each following the other without a hole."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from companion.session.plan import Phase, Track
from companion.session.wanted import Music
from companion.sound.curves import Block, amplitude
from companion.sound.mixer import Mixer
from companion.sound.schedule import Schedule, Slot, schedule
from companion.sound.shelf import Shelf, close_opened
from companion.sound.source import Source, Unplayable
from companion.sound.wire import Notice, TrackFailed, TrackStarted

_OPEN_AHEAD = 10.0
"""Seconds before it is needed that the next track is opened."""
_PATIENCE = 5.0
"""Seconds that a track may be late before the next one is tried."""
_SETTLED = 30.0
"""A track that played this long was no failure, even if it ended early."""
_EARLY = 1.0
"""Seconds that a file may be shorter than it said."""
_MOST_GAIN = 6.0
"""dB."""
_FALLBACK = Track("Shore", soundscape="shore", seed=1)


@dataclass(slots=True)
class _Coming:
    """The track that comes in next."""

    slot: Slot
    opening: Future[Source]
    crossfade: float
    late: float
    """The moment from which it is too late."""


@dataclass(slots=True)
class _Current:
    """The track that came in last."""

    slot: Slot
    source: Source


class MusicBus:
    """Follows one `Music` value after another."""

    def __init__(self, shelf: Shelf, tell: Callable[[Notice], None]) -> None:
        self._shelf = shelf
        self._tell = tell
        self._mixer = Mixer()
        self._music: Music | None = None
        self._schedule: Schedule | None = None
        self._coming: _Coming | None = None
        self._current: _Current | None = None
        self._failures = 0

    @property
    def sounding(self) -> bool:
        return self._mixer.sounding

    @property
    def title(self) -> str:
        """Of the track that came in last; empty in silence."""
        return self._current.slot.track.title if self._current and self.sounding else ""

    def play(self, music: Music, t: float) -> None:
        """Go over to `music` at the place it has at `t`. The same value again changes nothing."""
        if music == self._music:
            return
        self.forget_coming()
        self._music, self._schedule = music, schedule(music)
        self._current, self._failures = None, 0
        if music.section.tracks:
            self._open(self._schedule.at(t), t, music.crossfade)
        else:
            self._fall_back(t)

    def render(self, t: float, frames: int) -> Block:
        """The next `frames` frames, `t` being the moment of the first."""
        self._look_ahead(t)
        self._bring_in(t)
        return self._mixer.render(frames)

    def follow(self, phase: Phase, position: float) -> None:
        """Tell the newest track where the session is in its arc."""
        if self._current:
            self._current.source.follow(phase, position)

    def stop(self) -> None:
        """Close everything; the next `play` begins anew."""
        self.forget_coming()
        self._mixer.clear()
        self._music = self._schedule = self._current = None

    def forget_coming(self) -> None:
        """Whatever is being opened is closed as soon as it is open."""
        if self._coming:
            self._coming.opening.add_done_callback(close_opened)
            self._coming = None

    def _look_ahead(self, t: float) -> None:
        if self._coming or not self._current or not self._schedule:
            return
        slot, left = self._current.slot, self._current.source.left()
        following = self._schedule.after(slot)
        if left is not None and left < slot.ends - t - _EARLY:
            if t - slot.begins < _SETTLED:
                self._failures += 1
            if slot.track.seconds is not None:
                self._tell(TrackFailed(slot.track.title, "it ended before its time"))
            self._go_on(slot, t)
        elif following and t >= following.begins - _OPEN_AHEAD:
            self._failures = 0
            self._open(following, t, following.overlap)

    def _bring_in(self, t: float) -> None:
        coming = self._coming
        if not coming:
            return
        if not coming.opening.done():
            if t > coming.late:
                self.forget_coming()
                self._fail(coming.slot, "it takes too long to open", t)
            return
        error = coming.opening.exception()
        if error is not None:
            self._coming = None
            self._fail(coming.slot, _reason(error), max(t, coming.slot.begins))
        elif t >= coming.slot.begins:
            self._coming = None
            self._start(coming, coming.opening.result())

    def _start(self, coming: _Coming, source: Source) -> None:
        track = coming.slot.track
        left = self._current.source.left() if self._current and self.sounding else None
        crossfade = coming.crossfade if left is None else min(coming.crossfade, left)
        self._mixer.add(source, amplitude(min(track.gain, _MOST_GAIN)), crossfade)
        self._current = _Current(coming.slot, source)
        if self._music:
            self._tell(TrackStarted(track.title, self._music.section.phase))

    def _fail(self, slot: Slot, why: str, t: float) -> None:
        """`slot` does not play; what comes instead begins at `t`."""
        self._failures += 1
        self._tell(TrackFailed(slot.track.title, why))
        if slot.track != _FALLBACK:
            self._go_on(slot, t)

    def _go_on(self, slot: Slot, t: float) -> None:
        """The track after `slot` at `t`, or the fallback when the whole section failed."""
        if not self._schedule:
            return
        if self._failures >= len(self._schedule.tracks):
            self._fall_back(t)
            return
        self._schedule = self._schedule.brought_forward(slot, t)
        self._open(self._schedule.at(t), t, self._schedule.crossfade)

    def _fall_back(self, t: float) -> None:
        crossfade = self._music.crossfade if self._music else 0.0
        self._schedule = Schedule((_FALLBACK,), crossfade, t)
        self._open(self._schedule.at(t), t, crossfade)

    def _open(self, slot: Slot, t: float, crossfade: float) -> None:
        opening = self._shelf.track(slot.track, max(0.0, t - slot.begins))
        self._coming = _Coming(slot, opening, crossfade, max(t, slot.begins) + _PATIENCE)


def _reason(error: BaseException) -> str:
    if isinstance(error, Unplayable):
        return str(error)
    return f"it cannot be played ({type(error).__name__})"
