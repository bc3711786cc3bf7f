"""The ruler: how suddenly a sound rises, measured.

L is the level of each 100 ms: the RMS over both channels, in dBFS. R is the loudest L between
10 s and 1 s before it, and never under -50. Calm music never has L more than 6 dB above R.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import RATE, Block

FRAME: Final = RATE // 10
"""Frames of one level: 100 ms."""
MUSIC_RISE: Final = 6.0
"""dB that L may be above R in music alone …"""
VOICE_RISE: Final = 10.0
"""… and where a voice speaks."""
_LOWEST = -50.0
_EARLIEST, _LATEST = 100, 10

Levels = npt.NDArray[np.float64]


class Levels100ms:
    """Takes samples as they come and keeps the level of each whole 100 ms, in dBFS."""

    def __init__(self) -> None:
        self._rest = np.empty((0, 2), np.float32)
        self._powers: list[Levels] = []

    def add(self, samples: Block) -> None:
        """Any number of frames, of shape (frames, 2)."""
        joined = np.concatenate((self._rest, samples))
        whole = len(joined) // FRAME * FRAME
        self._rest = joined[whole:]
        pieces = joined[:whole].reshape(-1, FRAME * 2)
        self._powers.append(np.einsum("ij,ij->i", pieces, pieces, dtype=np.float64) / (FRAME * 2))

    @property
    def levels(self) -> Levels:
        """One value for each 100 ms so far; -120 for digital silence."""
        powers = np.concatenate(self._powers) if self._powers else np.empty(0)
        return 10.0 * np.log10(np.maximum(powers, 1e-12))


def levels(samples: Block) -> Levels:
    """The level in dBFS of each whole 100 ms of `samples`."""
    meter = Levels100ms()
    meter.add(samples)
    return meter.levels


def rises(levels: Levels) -> Levels:
    """L - R in dB for each 100 ms. Before the first second of sound R is -50."""
    quiet = np.full(_EARLIEST, _LOWEST)
    before = np.concatenate((quiet, np.maximum(levels, _LOWEST)))
    window = _EARLIEST - _LATEST + 1
    loudest = np.lib.stride_tricks.sliding_window_view(before, window).max(axis=1)
    above: Levels = levels - loudest[: len(levels)]
    return above
