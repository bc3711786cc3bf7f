"""Where samples come from: 48 kHz stereo float32, read in order."""

import traceback
from typing import Protocol

import numpy as np

from companion.session.plan import Phase
from companion.sound.curves import RATE, Block, amplitude, scale

_END = RATE // 20
"""Frames at the end of a source in which it goes: 50 ms."""


class Unplayable(Exception):  # noqa: N818 (it is what it says)
    """Something cannot be played; the message says in plain words why."""


class Source(Protocol):
    """Something that sounds."""

    def read(self, frames: int) -> Block:
        """The next `frames` frames, or fewer: then it has ended. Never raises. Whoever reads may
        write into what it is given."""
        ...

    def follow(self, phase: Phase, position: float) -> None:
        """Be told that the session is `position` (0 to 1) through `phase`. Only soundscapes
        care; they follow slowly."""
        ...

    def left(self) -> float | None:
        """Seconds until it ends, once that is known; None before, and always of the endless."""
        ...

    def close(self) -> None:
        """Let go of files and memory. It is not read after."""
        ...


def read_to_end(source: Source, frames: int) -> Block:
    """What `source` gives, without a click at an end that is known beforehand. One that fails has
    ended, and its fault stands in the log."""
    left = source.left()
    try:
        samples = source.read(frames)
    except Exception:
        traceback.print_exc()
        return np.empty((0, 2), np.float32)
    if left is not None and left * RATE < frames + _END:
        still = np.float32(left * RATE) - np.arange(len(samples), dtype=np.float32)
        scale(samples, np.clip(still / np.float32(_END), 0.0, 1.0)[:, np.newaxis])
    return samples


class Tone:
    """A steady sine at `frequency` Hz and `level` dBFS (peak); endless, or `seconds` long."""

    def __init__(self, frequency: float, level: float, seconds: float | None = None) -> None:
        self._step = 2 * np.pi * frequency / RATE
        self._peak = amplitude(level)
        self._at = 0
        self._end = None if seconds is None else round(seconds * RATE)

    def read(self, frames: int) -> Block:
        if self._end is not None:
            frames = min(frames, self._end - self._at)
        angle = (self._at + np.arange(frames)) * self._step
        self._at += frames
        wave = (self._peak * np.sin(angle)).astype(np.float32)
        return np.repeat(wave[:, np.newaxis], 2, axis=1)

    def follow(self, phase: Phase, position: float) -> None:
        """A tone has no arc."""

    def left(self) -> float | None:
        return None if self._end is None else (self._end - self._at) / RATE

    def close(self) -> None:
        """A tone holds nothing."""


class Silence(Tone):
    """Nothing, endless or `seconds` long."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__(0.0, -120.0, seconds)
