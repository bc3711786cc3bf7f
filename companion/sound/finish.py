"""The last stage before the output: the patient's own level, sound off and on, dither.

It is applied as late as possible, so that what a person asks for at the screen is heard at once.
"""

from threading import Lock

import numpy as np

from companion.sound.curves import FLOOR, Block, Gain, Glide, decibels

_OFF = 0.65
"""Seconds of the fade when sound is switched off: with what the output holds already, all is gone
within a second of the order."""
_STEP_DOWN = 0.5
"""Seconds in which the level comes down …"""
_SLOPE_UP = 6.0
"""… and dB a second by which it goes up at most."""
_BACK = 10.0
"""Seconds of the fade after the output came back: straight in dB, 6 dB a second."""
_HIGHEST = 0.0
"""dB: the hard bound of the level."""
_NOISE = 1 << 17
"""Length of the dither that is used again and again from places drawn by chance."""


class Finish:
    """Orders come from one thread, blocks are made in another."""

    def __init__(self, seed: int | None = None) -> None:
        """`seed` makes the dither repeatable."""
        self._lock = Lock()
        self._level: Glide | None = None
        self._door = Glide(0.0)
        """Sound off and on."""
        self._chance = np.random.default_rng(seed)
        noise = self._chance.random((2, _NOISE, 2), np.float32)
        self._dither = noise[0] - noise[1]
        self.peak = -120.0
        """dBFS, the highest sample of the block made last."""

    @property
    def silent(self) -> bool:
        """Whether the sound is off, and its fade over."""
        return self._door.level <= FLOOR

    def aim(self, level: float, on: bool, fade: float) -> None:
        """Go to the patient's `level` in dB, and be on or off; `fade` seconds from silence."""
        level = min(level, _HIGHEST)
        with self._lock:
            if self._level is None:
                self._level = Glide(level)
            rise = level - self._level.level
            self._level.to(level, max(_STEP_DOWN, rise / _SLOPE_UP))
            if on:
                self._door.fade(0.0, fade)
            else:
                self._door.fade(FLOOR, _OFF)

    def end(self, seconds: float) -> None:
        """Fade everything away within `seconds`."""
        with self._lock:
            self._door.fade(FLOOR, seconds)

    def come_back(self) -> None:
        """The output was away: if the sound is on, let it come from silence."""
        with self._lock:
            target = self._door.target
            self._door.jump(FLOOR)
            self._door.fade(target, _BACK)

    def make(self, block: Block) -> bytes:
        """`block`, which is under the ceiling, as dithered 16-bit samples, interleaved."""
        samples = block * self._gain(len(block))
        peak = max(float(samples.max()), -float(samples.min()))
        self.peak = decibels(peak)
        if peak == 0.0:
            return bytes(len(block) * 4)
        start = int(self._chance.integers(_NOISE - len(block)))
        samples *= np.float32(32767.0)
        samples += self._dither[start : start + len(block)]
        np.rint(samples, out=samples)
        return samples.astype("<i2").tobytes()

    def _gain(self, frames: int) -> Gain:
        with self._lock:
            door = self._door.gains(frames)
            return 0.0 if self._level is None else door * self._level.gains(frames)
