"""A long dark room: convolution with decaying noise, by partitioned overlap-save.

One channel in, two out. The low end rings for six seconds, the high end for two.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE, Block

_Spectra = npt.NDArray[np.complex64]

_PARTS = 22
"""Blocks of the room's answer: 5.5 s."""
_PRE_DELAY = 0.04
"""Seconds before the room answers."""
_BANDS = ((50.0, 300.0, 6.0), (300.0, 1200.0, 4.5), (1200.0, 3500.0, 2.8), (3500.0, 8000.0, 1.6))
"""From which to which Hz each band of the room reaches, and the seconds in which it falls 60 dB."""
TAIL = _PARTS
"""Blocks after which nothing of a block is heard any more."""


class Reverb:
    """The room; each instance has its own memory of what sounded in it."""

    def __init__(self) -> None:
        self._answer = _answer()
        self._heard = np.zeros((_PARTS, BLOCK + 1), np.complex64)
        """Spectra of the last blocks; the newest at `_newest`."""
        self._newest = 0
        self._last = np.zeros(BLOCK, np.float32)

    def process(self, mono: npt.NDArray[np.float32]) -> Block:
        """What the room answers while one block of `mono` sounds in it, without delay."""
        self._newest = (self._newest - 1) % _PARTS
        self._heard[self._newest] = np.fft.rfft(np.concatenate((self._last, mono)))
        self._last = mono
        split = _PARTS - self._newest
        spectra = np.empty((2, BLOCK + 1), np.complex64)
        for side in range(2):
            answer = self._answer[side]
            newer = np.einsum("pf,pf->f", self._heard[self._newest :], answer[:split])
            older = np.einsum("pf,pf->f", self._heard[: self._newest], answer[split:])
            spectra[side] = newer + older
        waves = np.fft.irfft(spectra, axis=1)[:, BLOCK:]
        return np.ascontiguousarray(waves.T, dtype=np.float32)


@lru_cache(maxsize=1)
def _answer() -> _Spectra:
    """The spectra of the room's answer, of shape (2, parts, bins); between 100 and 800 Hz it
    answers with as much power as it hears."""
    frames = _PARTS * BLOCK
    chance = np.random.default_rng(4141)
    hertz = np.fft.rfftfreq(frames, 1 / RATE)
    hertz[0] = hertz[1]
    times = np.arange(frames) / RATE
    answer = np.zeros((2, frames))
    for low, high, decay in _BANDS:
        band = 1.0 / np.sqrt((1.0 + (low / hertz) ** 6) * (1.0 + (hertz / high) ** 6))
        fall = 10.0 ** (-3.0 * times / decay)
        for side in range(2):
            noise = np.fft.irfft(np.fft.rfft(chance.standard_normal(frames)) * band)
            answer[side] += noise * fall / np.sqrt(decay)
    pause = int(_PRE_DELAY * RATE)
    bloom = np.clip((times - _PRE_DELAY) / 0.12, 0.0, 1.0)
    answer = np.roll(answer, pause, axis=1) * bloom
    told = (hertz > 100.0) & (hertz < 800.0)
    answer /= np.sqrt(np.mean(np.abs(np.fft.rfft(answer, axis=1)[:, told]) ** 2))
    parts = answer.reshape(2, _PARTS, BLOCK)
    padded = np.concatenate((parts, np.zeros_like(parts)), axis=2)
    return np.fft.rfft(padded, axis=2).astype(np.complex64)
