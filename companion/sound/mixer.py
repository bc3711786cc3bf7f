"""Sources sounding together on the music bus, each one coming in over those before it.

The whole state of every crossfade is the list of strands, oldest first, and how far each has come
in. A strand sounds with its own coming-in times the going-out of all that came after it, so the
powers add up to one at every moment, also in a crossfade that begins inside another.
"""

from dataclasses import dataclass

import numpy as np

from companion.session.plan import Phase
from companion.sound.curves import RATE, Block, Gain, equal_power, scale
from companion.sound.source import Source, read_to_end


@dataclass(slots=True)
class Strand:
    """One source and how far it has come in."""

    source: Source
    gain: float
    """Amplitude."""
    length: int
    """Frames of its coming-in …"""
    done: int = 0
    """… and how many of them are over."""
    ended: bool = False

    @property
    def settled(self) -> bool:
        return self.done >= self.length

    def read(self, frames: int) -> Block:
        """Silence after the end."""
        samples = read_to_end(self.source, frames)
        self.ended = len(samples) < frames
        if not self.ended:
            return samples
        return np.concatenate((samples, np.zeros((frames - len(samples), 2), np.float32)))


class Mixer:
    """Any number of strands; the newest replaces the others."""

    def __init__(self) -> None:
        self._strands: list[Strand] = []

    @property
    def sounding(self) -> bool:
        return any(not strand.ended for strand in self._strands)

    def left(self) -> float | None:
        """Seconds until the newest ends, once that is known; 0 where nothing sounds."""
        if not self._strands or self._strands[-1].ended:
            return 0.0
        return self._strands[-1].source.left()

    def follow(self, phase: Phase, position: float) -> None:
        """Tell the newest where the session is in its arc."""
        if self._strands:
            self._strands[-1].source.follow(phase, position)

    def add(self, source: Source, gain: float, seconds: float) -> None:
        """Bring `source` in at amplitude `gain`, within `seconds`."""
        self._strands.append(Strand(source, gain, round(seconds * RATE)))

    def render(self, frames: int) -> Block:
        """The next `frames` frames; what ended is silent until something comes in over it. A
        source that is alone is passed on as it is."""
        mixed: Block | None = None
        rest: Gain = 1.0
        for strand in reversed(self._strands):
            coming, going = equal_power(strand.done, strand.length, frames)
            if not strand.ended:
                heard = strand.read(frames)
                scale(heard, strand.gain * coming * rest)
                mixed = heard if mixed is None else np.add(mixed, heard, out=mixed)
            rest = rest * going
            strand.done += frames
        self._drop_the_replaced()
        return np.zeros((frames, 2), np.float32) if mixed is None else mixed

    def clear(self) -> None:
        """Close every source."""
        for strand in self._strands:
            strand.source.close()
        self._strands.clear()

    def _drop_the_replaced(self) -> None:
        alone = max((i for i, strand in enumerate(self._strands) if strand.settled), default=0)
        for strand in self._strands[:alone]:
            strand.source.close()
        del self._strands[:alone]
