"""Drops that fall at random moments: each its own, some near, most far, from all sides.

They are drawn for some seconds at a time, so those of any moment are known without those before.
How many of them are heard may change from node to node: each has its rank, and is heard where the
share of all drops lies above it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.drops import ENERGY, Drops
from companion.sound.synthesis.nodes import Nodes, Wave, drawn
from companion.sound.synthesis.ringing import lay
from companion.sound.synthesis.tables import UNIT, Tables

_CELL: Final = 8
"""Blocks whose drops are drawn together."""
_FARTHEST: Final = 0.25
"""Amplitude of the softest drop, that of the strongest being 1 …"""
_NEAR: Final = 2.0
"""… and the power of an even chance that most stay under."""
_FORCES: Final = (
    _FARTHEST**2
    + 2 * _FARTHEST * (1 - _FARTHEST) / (1 + _NEAR)
    + (1 - _FARTHEST) ** 2 / (1 + 2 * _NEAR)
)
"""Mean of the squares of all amplitudes."""
_WIDTH: Final = 0.7
"""How far from the middle drops fall, 1 being quite to one side."""
_EDGE: Final = 0.1
"""Of the share: how far above its rank a drop is heard in full."""
_LATER: Final = 14
"""Frames by which a drop quite on one side comes later to the other ear."""
_FALLING: Final = 120


@dataclass(frozen=True, slots=True)
class _Cell:
    """The drops of one cell; one value for each."""

    begins: npt.NDArray[np.int64]
    """Frames."""
    kinds: npt.NDArray[np.int64]
    places: Nodes
    """From left (-1) to right (1)."""
    forces: Nodes
    ranks: Nodes


class Falling:
    """Drops of one kind, `most` each second where all are heard."""

    def __init__(self, tables: Tables, seed: int, number: int, drops: Drops, most: float) -> None:
        self._seed, self._number = seed, number
        self._sounds = tables.get(drops)
        self._count = round(most * _CELL * BLOCK / RATE)
        self._cell = lru_cache(maxsize=4)(self._drawn)
        self.power = most * ENERGY * _FORCES
        """K-weighted, on each side on average, where all are heard."""

    def add(self, sides: Wave, number: int, share: Nodes, gain: Nodes) -> None:
        """Add to `sides` what falls in block `number`, at the amplitudes `gain`; `share` is how
        much of all is heard, from 0 to 1."""
        first, length = number * BLOCK, self._sounds.shape[1] + _LATER
        laid = np.zeros_like(sides)
        most = share.max()
        for cell in {(number * BLOCK - length) // (_CELL * BLOCK), number // _CELL}:
            each = self._cell(cell)
            sounding = (each.begins > first - length) & (each.begins < first + BLOCK)
            for drop in np.flatnonzero(sounding & (each.ranks < most)):
                heard = np.clip((share - each.ranks[drop]) / _EDGE, 0.0, 1.0)
                line = None if heard.min() == 1.0 else drawn(heard)
                self._lay(laid, first, each, int(drop), line)
        sides += laid * drawn(gain / UNIT)

    def _lay(self, laid: Wave, first: int, each: _Cell, drop: int, line: Wave | None) -> None:
        place, force = float(each.places[drop]), np.float32(each.forces[drop])
        angle = (1.0 + place) * np.pi / 4
        since = first - int(each.begins[drop])
        sound = self._sounds[each.kinds[drop]]
        later = round(_LATER * place)
        for side, turned, late in (
            (laid[0], np.cos(angle), max(later, 0)),
            (laid[1], np.sin(angle), max(-later, 0)),
        ):
            loud = force * np.float32(np.sqrt(2.0) * turned)
            lay(side, sound, since - late, float(loud) if line is None else loud * line)

    def _drawn(self, cell: int) -> _Cell:
        random = np.random.default_rng(
            int(chance(self._seed, _FALLING, self._number, cell) * 2**53)
        )
        count = self._count
        return _Cell(
            cell * _CELL * BLOCK + random.integers(0, _CELL * BLOCK, count),
            random.integers(0, len(self._sounds), count),
            random.uniform(-_WIDTH, _WIDTH, count),
            _FARTHEST + (1.0 - _FARTHEST) * random.random(count) ** _NEAR,
            (1.0 - _EDGE) * (np.arange(count) + random.random(count)) / count,
        )
