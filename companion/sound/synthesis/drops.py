"""Drops and bubbles: many small sounds of a few kinds, each with a small resonance of its own."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from companion.sound.synthesis.bells import Mode
from companion.sound.synthesis.ringing import energy_of, kept, ring
from companion.sound.synthesis.tables import Array

ENERGY: Final = 0.01
"""K-weighted, of each drop: power times seconds."""
_UNLIKE: Final = 0.12
"""How far the resonances of two drops of a kind differ, the whole being 1."""


@dataclass(frozen=True, slots=True)
class Drops:
    """The recipe of all drops of one kind, of shape (count, frames), the lowest first."""

    name: str
    count: int
    low: float
    high: float
    """Hz between which their lowest modes lie."""
    modes: tuple[tuple[float, float, float], ...]
    """Of each mode: its frequency, its time to fall and its amplitude beside the first."""
    rings: float
    """Seconds in which the first mode of the lowest drop falls by 60 dB."""
    attack: float
    """Seconds in which it comes up."""
    bend: float = 0.0
    """How far above its pitch, the whole being 1, it begins."""

    @property
    def seconds(self) -> float:
        """Of the longest."""
        return 1.2 * self.rings

    def made(self) -> Array:
        chance = np.random.default_rng(list(self.name.encode()))
        drops = []
        for lowest in np.geomspace(self.low, self.high, self.count):
            shorter = (self.low / lowest) ** 0.5
            unlike = 1.0 + _UNLIKE * chance.uniform(-1.0, 1.0, (len(self.modes), 2))
            modes = [
                Mode(lowest * ratio * other, 0.0, self.rings * shorter * falls * longer, strength)
                for (ratio, falls, strength), (other, longer) in zip(
                    self.modes, unlike, strict=True
                )
            ]
            waves = ring(modes, self.seconds, self.attack, self.bend, self.rings / 4, chance)
            drops.append(waves * np.sqrt(ENERGY / energy_of(waves)))
        return kept(np.array(drops))


LEAF: Final = Drops(
    "leaf", 40, 300.0, 900.0, ((1.0, 1.0, 1.0), (1.73, 0.7, 0.5), (2.9, 0.5, 0.2)), 0.075, 0.005
)
"""On a broad leaf: short and soft."""
ROOF: Final = Drops(
    "roof", 40, 150.0, 420.0, ((1.0, 1.0, 1.0), (2.32, 0.6, 0.45), (4.25, 0.4, 0.15)), 0.17, 0.007
)
"""On a wooden roof, which booms a little."""
POOL: Final = Drops(
    "pool", 40, 420.0, 1150.0, ((1.0, 1.0, 1.0), (2.01, 0.5, 0.1)), 0.15, 0.006, -0.28
)
"""Into a pool: the bubble it leaves sings upwards."""
BUBBLE: Final = Drops(
    "bubble", 48, 170.0, 620.0, ((1.0, 1.0, 1.0), (2.0, 0.6, 0.12)), 0.3, 0.012, -0.22
)
"""Deep under water."""
DROPS: Final = (LEAF, ROOF, POOL, BUBBLE)
