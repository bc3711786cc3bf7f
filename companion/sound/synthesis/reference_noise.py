"""What calibration plays: steady pink noise, as loud as the music bus.

Noise and not a sine: a room and the air in a headphone add up the reflections of one frequency or
cancel them, so that the reading of a sine depends on millimetres. Over six octaves that evens out.
The two sides are noises of their own, for two equal ones would do the same between two speakers;
each alone reads the same, so that a meter at one cup and one at the pillow tell the same story.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from companion.session.plan import Phase
from companion.sound.curves import RATE, Block
from companion.sound.synthesis.weighting import loop, power_for

_LEVEL = -22.0
"""LUFS: those of the music bus."""
_FRAMES = 1 << 19
"""Of the loop: 10.9 s."""
_LOWEST, _HIGHEST = 100.0, 6000.0
"""Hz between which it sounds; beyond, it falls 24 dB an octave."""


class ReferenceNoise:
    """A source without end. It is not in the catalogue: nobody makes music of it."""

    def __init__(self, at: float) -> None:
        self._at = round(at * RATE)

    def read(self, frames: int) -> Block:
        loop_frames = np.arange(self._at, self._at + frames)
        self._at += frames
        return np.take(_noise(), loop_frames, axis=0, mode="wrap")

    def follow(self, phase: Phase, position: float) -> None:
        """It stays as it is, wherever a session is."""

    def left(self) -> float | None:
        return None

    def close(self) -> None:
        """Its loop stays for the next one."""


@lru_cache(maxsize=1)
def _noise() -> npt.NDArray[np.float32]:
    """One loop of shape (frames, 2), at its level."""
    hertz = np.fft.rfftfreq(_FRAMES, 1 / RATE)
    hertz[0] = hertz[1]
    edges = (1.0 + (_LOWEST / hertz) ** 8) * (1.0 + (hertz / _HIGHEST) ** 8)
    magnitudes = 1.0 / np.sqrt(hertz * edges)
    sides = [loop(magnitudes, np.random.default_rng((22, side))) for side in range(2)]
    return np.stack(sides, axis=1) * np.float32(np.sqrt(power_for(_LEVEL)))
