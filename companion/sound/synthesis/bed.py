"""Beds: a colour that sounds on, its loop never heard to come round."""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK
from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.colours import Colour
from companion.sound.synthesis.nodes import Nodes, Wave, drawn, node_times
from companion.sound.synthesis.passages import passages, starts
from companion.sound.synthesis.tables import UNIT, Tables, pour

_PASSAGE, _PASSING = 7.3, 2.4
"""Seconds of a passage, and in which one passes over into the next …"""
_LONGER: Final = 0.37
"""… and by which the passages of each bed are longer than those of the one before it. No loop is
shorter than a passage."""
_PACES: Final = np.array((0.29, 0.67, 1.13, 1.87))
"""Hz at which a bed flutters."""
_START, _FLUTTER = 110, 111


class Bed:
    """The bed `number` of a seed, at a K-weighted power of one. It flutters as far as `flutters`,
    on each side in its own way."""

    def __init__(
        self, tables: Tables, seed: int, number: int, colour: Colour, flutters: float
    ) -> None:
        self._seed, self._number = seed, number
        self._loop = tables.get(colour)
        self._flutters = flutters
        self._seconds = _PASSAGE + _LONGER * number
        places = np.ndindex(2, len(_PACES), 1)
        turns = [chance(seed, _FLUTTER, number, *place) for place in places]
        self._turns = np.array(turns).reshape(2, len(_PACES), 1)

    def add(self, sides: Wave, number: int, gain: Nodes) -> None:
        """Add block `number` of it to `sides`, at the amplitudes `gain`: one for each node, or
        one for each side and node."""
        turns = self._turns + np.multiply.outer(_PACES, node_times(number))
        moved = gain * (1.0 + self._flutters * np.sin(2 * np.pi * turns).mean(axis=1)) / UNIT
        for passage, fade in passages(number, self._seconds, _PASSING):
            begins = starts(self._seed, _START, self._number, passage)
            for side, start, line in zip(sides, begins, drawn(moved * fade), strict=True):
                pour(side, self._loop, number * BLOCK + start, line)
