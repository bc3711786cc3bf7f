"""A deep tone that sounds on: few harmonics, each beating so slowly that it seems to breathe.

No two harmonics beat alike, so it never comes back to where it was.
"""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.bells import Mode, Partials
from companion.sound.synthesis.chance import between
from companion.sound.synthesis.nodes import Nodes, Wave, drawn
from companion.sound.synthesis.tuning import Note, hertz

_HARMONICS: Final = 7
_FALL: Final = 1.7
"""Harmonic n has the amplitude n ** -fall."""
_BEATS: Final = (0.05, 0.23)
"""Hz."""
_DEPTH: Final = 0.35
"""Of the weaker of two that beat."""


class Drone:
    """The tone of one note, at a K-weighted power of one."""

    def __init__(self, note: Note) -> None:
        lowest = hertz(note)
        place = round(lowest * 100)
        self._partials = Partials(
            [
                Mode(n * lowest, between(*_BEATS, place, n), np.inf, float(n) ** -_FALL)
                for n in range(1, _HARMONICS + 1)
            ]
        )
        places = np.array([between(-0.5, 0.5, place, n, 1) for n in range(_HARMONICS)])
        places[0] = 0.0
        power = self._partials.powers().sum()
        turns = np.array([between(0.0, 1.0, place, n, 2) for n in range(2 * _HARMONICS)])
        phases = np.exp(2j * np.pi * turns)
        self._amplitudes = self._partials.spread(_DEPTH, places) * phases / np.sqrt(power)

    def add(self, sides: Wave, number: int, gain: Nodes) -> None:
        """Add block `number` of it to `sides`, at the amplitudes `gain`."""
        start = number * BLOCK / RATE
        turned = self._amplitudes * np.exp(self._partials.rates * start)
        sides += self._partials.sound(turned) * drawn(gain)
