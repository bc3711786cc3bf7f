"""A frame drum under a soft mallet, and low bars of wood.

Where a skin is struck decides what it sings with: in the middle the modes that swing round it as a
whole, near its edge those that swing in halves and quarters. So a stroke is laid from a body and an
edge, each in several takes of which no two are alike, and the touch of the felt.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from companion.sound.synthesis.bells import Mode
from companion.sound.synthesis.ringing import Ring, energy_of, kept, ring
from companion.sound.synthesis.tables import Array
from companion.sound.synthesis.tuning import ROOT, Note, hertz, notes_between

ENERGY: Final = 0.02
"""K-weighted, of each sound: power times seconds."""
TAKES: Final = 3
_UNLIKE: Final = 0.006
"""How far the modes of two takes differ, the whole being 1."""
_BEAT: Final = 0.9
"""Hz at which a mode of the edge beats at most."""
SECONDS: Final = 1.5
"""Of the longest sound."""
_FELT: Final = 0.024
"""Seconds in which a stroke on the skin comes up …"""
_MALLET: Final = 0.018
"""… and one on wood."""
_TIGHT: Final = 0.03
"""How far above its pitch a skin begins, the whole being 1 …"""
_LOOSENS: Final = 0.09
"""… and in how many seconds it goes there."""


class Spot(StrEnum):
    """What of a stroke."""

    BODY = "body"
    EDGE = "edge"
    TOUCH = "touch"


_LONG: Final = {Spot.BODY: SECONDS, Spot.EDGE: 1.3, Spot.TOUCH: 0.3}
"""Seconds."""
_MODES: Final = {
    Spot.BODY: ((1.0, 1.1, 1.0), (2.3, 0.45, 0.3), (3.6, 0.25, 0.1)),
    Spot.EDGE: ((1.5, 0.95, 1.0), (2.0, 0.7, 0.6), (2.65, 0.45, 0.32), (2.92, 0.4, 0.25)),
    Spot.TOUCH: ((4.2, 0.16, 1.0), (5.3, 0.13, 0.9), (6.7, 0.1, 0.8), (8.4, 0.08, 0.6)),
}
"""Of each mode: its frequency beside the lowest C, the seconds in which it falls by 60 dB, its
amplitude."""
_BAR: Final = ((1.0, 1.3, 1.0), (3.93, 0.3, 0.09), (9.2, 0.1, 0.015))
"""The same of a bar of wood, beside its note."""


@dataclass(frozen=True, slots=True)
class Skin:
    """The recipe of all takes of one part of a stroke, of shape (takes, sides, frames)."""

    spot: Spot

    @property
    def name(self) -> str:
        return f"skin-{self.spot}"

    def made(self) -> Array:
        chance = np.random.default_rng(list(self.name.encode()))
        return kept(np.array([[self._take(chance) for _ in range(2)] for _ in range(TAKES)]))

    def _take(self, chance: np.random.Generator) -> Ring:
        modes = [
            Mode(
                ROOT * ratio * (1.0 + _UNLIKE * chance.uniform(-1.0, 1.0)),
                _BEAT * chance.uniform(0.4, 1.0) if self.spot is Spot.EDGE else 0.0,
                seconds,
                strength * chance.uniform(0.8, 1.0),
            )
            for ratio, seconds, strength in _MODES[self.spot]
        ]
        waves = ring(modes, _LONG[self.spot], _FELT, _TIGHT, _LOOSENS, chance)
        take: Ring = waves * np.sqrt(ENERGY / energy_of(waves))
        return take


@dataclass(frozen=True, slots=True)
class Wood:
    """The recipe of one bar."""

    note: Note

    @property
    def name(self) -> str:
        return f"wood-{self.note[0]}{self.note[1]}"

    def made(self) -> Array:
        chance = np.random.default_rng(list(self.name.encode()))
        modes = [
            Mode(hertz(self.note) * ratio, 0.0, seconds * (128.0 / hertz(self.note)) ** 0.5, loud)
            for ratio, seconds, loud in _BAR
        ]
        waves = ring(modes, SECONDS, _MALLET, 0.0, 1.0, chance)
        return kept(waves * np.sqrt(ENERGY / energy_of(waves)))


BARS: Final = notes_between(95.0, 217.0)
"""The notes of the wood."""
STROKES: Final[tuple[Skin | Wood, ...]] = (
    *(Skin(spot) for spot in Spot),
    *(Wood(note) for note in BARS),
)
"""All of them."""
