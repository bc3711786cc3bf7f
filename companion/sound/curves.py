"""How levels move: straight in dB, or at equal power."""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

RATE: Final = 48_000
"""Frames a second, everywhere inside the sound."""
BLOCK: Final = 24_000
"""Frames rendered at a time: half a second."""
FLOOR: Final = -60.0
"""dB. Fades start and end here; a level at or under it is silence."""

_PER_DB = math.log(10.0) / 20.0
"""What a factor's logarithm changes by with each dB."""

_MUSIC_RISES = 38.0
"""dB from -60 dBFS to the music, which is at -22 LUFS."""
_FOOT = 10.0 ** (-_MUSIC_RISES / 20.0)

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

    @property
    def left(self) -> int:
        """Frames until it has arrived."""
        return 0 if self.arrived else math.ceil((self.target - self.level) / self._slope)

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
        path = self.level + self._slope * np.arange(1, frames + 1)
        if self.left <= frames:
            path[self.left - 1 :] = self.target
        self.level = float(path[-1])
        gains = np.exp((path * _PER_DB).astype(np.float32))
        gains[path <= FLOOR] = 0.0
        return gains[:, np.newaxis]


def out_of_silence(gain: Gain) -> Gain:
    """The amplitude for music that is as far on its way from silence as `gain` is on a way of 60
    dB: straight in dB from where the music is at -60 dBFS, and from there down to nothing, so that
    the whole of a fade can be heard and none of it is sudden."""
    rest = (gain ** (_MUSIC_RISES / -FLOOR) - _FOOT) / (1.0 - _FOOT)
    return max(rest, 0.0) if isinstance(rest, float) else np.maximum(rest, np.float32(0.0))


class Coming(NamedTuple):
    """How music comes from silence by a fade of its own."""

    level: float = 0.0
    """dB on a way of 60 dB, as `out_of_silence` takes it …"""
    seconds: float = 0.0
    """… and the seconds until it is at 0."""

    def earlier(self, seconds: float) -> "Coming":
        """What it was `seconds` before, on the same straight line."""
        if self.seconds <= 0.0:
            return self
        left = self.seconds + seconds
        return Coming(max(self.level * left / self.seconds, FLOOR), left)


def coming(presence: Glide) -> Coming:
    """The course of `presence`, if that is on its way to 0 dB."""
    if presence.target < 0.0 or presence.arrived:
        return Coming()
    return Coming(presence.level, presence.left / RATE)


def equal_power(done: int, length: int, frames: int) -> tuple[Gain, Gain]:
    """Gains of the coming and the going side, for `frames` frames of a crossfade of `length`
    frames of which `done` are over: sine and cosine, so that their powers add up to one."""
    if done >= length:
        return 1.0, 0.0
    way = np.minimum(np.arange(done + 1, done + frames + 1) / length, 1.0)
    angle = (way * (math.pi / 2)).astype(np.float32)[:, np.newaxis]
    return np.sin(angle), np.cos(angle)


def scale(block: Block, gain: Gain) -> None:
    """`block` by `gain`, in place. Every block passes several of these, and mostly nothing is to
    be done."""
    if not isinstance(gain, float) or gain != 1.0:
        block *= gain
