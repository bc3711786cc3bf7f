"""A soft pulse: one low note that swells and goes some fifty to sixty times a minute.

It has no edge: its rise takes an eighth of a second, and each beat is over before the next.
"""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.nodes import Wave
from companion.sound.synthesis.tuning import ROOT
from companion.sound.synthesis.weighting import k_weighting

_RISE: Final = 0.125
_FALL: Final = 0.65
"""Seconds."""
_OCTAVE: Final = 0.35
"""Amplitude of the note an octave above, which small headphones still give."""


class Pulse:
    """Beats `per_minute` times a minute, at a K-weighted power of one while it sounds on."""

    def __init__(self, per_minute: float) -> None:
        self._period = 60.0 / per_minute
        weights = k_weighting(np.array([ROOT, 2 * ROOT])) * np.array([1.0, _OCTAVE**2]) / 2
        mean = 3 / 8 * (_RISE + _FALL) / self._period
        self._gain = np.float32(1.0 / np.sqrt(weights.sum() * mean))

    def block(self, number: int) -> Wave:
        """Block `number`, one channel. A beat begins at second 0."""
        frames = number * BLOCK + np.arange(BLOCK)
        since = frames / RATE % self._period
        rising = np.clip(since / _RISE, 0.0, 1.0)
        falling = np.clip((since - _RISE) / _FALL, 0.0, 1.0)
        swell = (np.sin(rising * np.pi / 2) * np.cos(falling * np.pi / 2)) ** 2
        turns = frames % (RATE // int(ROOT)) * (2 * np.pi * ROOT / RATE)
        note = np.sin(turns) + _OCTAVE * np.sin(2 * turns)
        beats: Wave = (swell * note).astype(np.float32) * self._gain
        return beats
