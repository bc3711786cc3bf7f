"""Which track of a section sounds at a moment: a pure function of the section and the time.

Each track plays its `seconds`, the next begins one crossfade before its end, and after the last
the first begins again. A track without `seconds` plays without end. So whoever asks anew, after
whatever fault, lands at the same place of the music.
"""

import math
from dataclasses import dataclass, replace

from companion.session.plan import Track
from companion.session.wanted import Music

_SHORTEST = 2.0
"""Seconds that any track counts for at least."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One playing of one track. Moments are session seconds."""

    number: int
    """Counts on through the repeats of the section."""
    track: Track
    begins: float
    overlap: float
    """Seconds of the crossfade from the slot before it."""
    ends: float
    """Infinite for a track without end."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The tracks one after another, slot `number` beginning at `origin`."""

    tracks: tuple[Track, ...]
    crossfade: float
    origin: float
    number: int = 0

    def at(self, t: float) -> Slot:
        """The slot that began last at `t`; the first one before all of them."""
        number, begins = self.number, self.origin
        cycle = sum(self._step(k) for k in range(len(self.tracks)))
        if math.isfinite(cycle):
            turns = max(0, math.floor((t - begins) / cycle))
            number, begins = number + turns * len(self.tracks), begins + turns * cycle
        while begins + self._step(number) <= t:
            begins += self._step(number)
            number += 1
        return self._slot(number, begins)

    def after(self, slot: Slot) -> Slot | None:
        """The slot that follows; None after a track without end."""
        begins = slot.begins + self._step(slot.number)
        return self._slot(slot.number + 1, begins) if math.isfinite(begins) else None

    def moved(self, number: int, t: float) -> "Schedule":
        """The same tracks, slot `number` beginning at `t`."""
        return replace(self, number=number, origin=t)

    def _slot(self, number: int, begins: float) -> Slot:
        track = self._track(number)
        return Slot(number, track, begins, self._overlap(number), begins + _length(track))

    def _step(self, number: int) -> float:
        """Seconds from the beginning of slot `number` to that of the next."""
        return _length(self._track(number)) - self._overlap(number + 1)

    def _overlap(self, number: int) -> float:
        """Seconds that slot `number` shares with the one before: at most half of either."""
        shorter = min(_length(self._track(number - 1)), _length(self._track(number)))
        return min(self.crossfade, shorter / 2)

    def _track(self, number: int) -> Track:
        return self.tracks[number % len(self.tracks)]


def schedule(music: Music) -> Schedule:
    """The schedule of a section from its own beginning."""
    return Schedule(music.section.tracks, music.crossfade, music.began - music.offset)


def _length(track: Track) -> float:
    return math.inf if track.seconds is None else max(track.seconds, _SHORTEST)
