"""Sources sounding together on the music bus, each one coming in over those before it.

The whole state of every crossfade is the list of strands, oldest first, and how far each has come
in. A strand sounds with its own coming-in times the going-out of all that came after it, so the
powers add up to one at every moment, also in a crossfade that begins inside another.
"""

from dataclasses import dataclass

import numpy as np

from companion.sound.curves import RATE, Block, Gain, equal_power
from companion.sound.source import Source


@dataclass(slots=True)
class _Strand:
    source: Source
    gain: float
    """Amplitude."""
    length: int
    """Frames of its coming-in."""
    done: int = 0
    ended: bool = False

    def read(self, frames: int) -> Block:
        """Silence after the end."""
        samples = self.source.read(frames)
        self.ended = len(samples) < frames
        if not self.ended:
            return samples
        return np.concatenate((samples, np.zeros((frames - len(samples), 2), np.float32)))


class Mixer:
    """Any number of strands; the newest replaces the others."""

    def __init__(self) -> None:
        self._strands: list[_Strand] = []

    @property
    def sounding(self) -> bool:
        return any(not strand.ended for strand in self._strands)

    @property
    def crossfading(self) -> bool:
        return len(self._strands) > 1

    def add(self, source: Source, gain: float, crossfade: float) -> None:
        """Bring `source` in at amplitude `gain`, over `crossfade` seconds if anything sounds."""
        if not self.sounding:
            self.clear()
        length = round(crossfade * RATE) if self._strands else 0
        self._strands.append(_Strand(source, gain, length))

    def render(self, frames: int) -> Block:
        """The next `frames` frames; what ended is silent until something comes in over it."""
        mixed: Block | None = None
        rest: Gain = 1.0
        for strand in reversed(self._strands):
            coming, going = equal_power(strand.done, strand.length, frames)
            if not strand.ended:
                heard = strand.read(frames) * (np.float32(strand.gain) * coming * rest)
                mixed = heard if mixed is None else mixed + heard
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
        alone = max(
            (i for i, strand in enumerate(self._strands) if strand.done >= strand.length),
            default=0,
        )
        for strand in self._strands[:alone]:
            strand.source.close()
        del self._strands[:alone]
        if self._strands and not self.sounding:
            self.clear()
