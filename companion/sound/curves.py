"""How levels move: straight in dB, or at equal power."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

RATE: Final = 48_000
"""Frames a second, everywhere inside the sound."""
BLOCK: Final = 12_000
"""Frames rendered at a time: a quarter of a second."""
FLOOR: Final = -60.0
"""dB. Fades start and end here; a level at or under it is silence."""

Block = npt.NDArray[np.float32]
"""Samples of shape (frames, 2)."""
Gain = float | npt.NDArray[np.float32]
"""An amplitude for a whole block, or one for each frame in the shape (frames, 1)."""


def amplitude(level: float) -> float:
    """The factor for a level in dB; 0 at the floor."""
    return 0.0 if level <= FLOOR else float(10.0 ** (level / 20.0))


def decibels(factor: float) -> float:
    """The level of a factor, in dB; never under -120."""
    return 20.0 * math.log10(max(abs(factor), 1e-6))


class Glide:
    """A level in dB that moves in a straight line to where it is sent."""

    def __init__(self, level: float) -> None:
        self.level = level
        self.target = level
        self._slope = 0.0

    @property
    def arrived(self) -> bool:
        return self.level == self.target

    def to(self, target: float, seconds: float) -> None:
        """Go to `target` within `seconds`. The same target again changes nothing."""
        if target != self.target:
            self.target = target
            self._slope = (target - self.level) / (max(seconds, 1 / RATE) * RATE)

    def fade(self, target: float, seconds: float) -> None:
        """Go to `target` at the pace of a whole fade, floor to 0 dB, of `seconds`."""
        self.to(target, seconds * abs(target - self.level) / -FLOOR)

    def jump(self, level: float) -> None:
        """Be at `level` at once."""
        self.level = self.target = level

    def gains(self, frames: int) -> Gain:
        """The amplitudes of the next `frames` frames."""
        if self.arrived:
            return amplitude(self.level)
        path = self.level + self._slope * np.arange(1, frames + 1, dtype=np.float64)
        path = np.minimum(path, self.target) if self._slope > 0 else np.maximum(path, self.target)
        self.level = float(path[-1])
        if self.level == self.target:
            self._slope = 0.0
        gains = np.power(10.0, path / 20.0, dtype=np.float64)
        gains[path <= FLOOR] = 0.0
        return gains.astype(np.float32)[:, np.newaxis]


def equal_power(done: int, length: int, frames: int) -> tuple[Gain, Gain]:
    """Gains of the coming and the going side, for `frames` frames of a crossfade of `length`
    frames of which `done` are over: sine and cosine, so that their powers add up to one."""
    if done >= length:
        return 1.0, 0.0
    way = np.arange(done + 1, done + frames + 1, dtype=np.float64) / length
    angle = np.minimum(way, 1.0)[:, np.newaxis] * (math.pi / 2)
    return np.sin(angle).astype(np.float32), np.cos(angle).astype(np.float32)
