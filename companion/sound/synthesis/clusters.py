"""When bubbles rise: in small clusters, some seconds long, with calm between them."""

from typing import Final

import numpy as np

from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.nodes import Nodes

_USUAL: Final = (13.3, 29.9)
"""Seconds from one cluster to the next, in each of two rows."""
_LATE: Final = 0.6
"""How much of that one may come late."""
_LONG: Final = (1.6, 4.5)
"""Seconds of a cluster."""
_TIME, _LENGTH, _HEIGHT, _SHARE = range(170, 174)


class Clusters:
    """The clusters of a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def heights(self, times: Nodes) -> Nodes:
        """How thickly they rise at each of `times`, in seconds, from 0 to 1."""
        heights = np.zeros(len(times))
        for row, usual in enumerate(_USUAL):
            share = chance(self._seed, _SHARE, row)
            for k in range(int((times[0] - _LONG[1]) // usual) - 1, int(times[-1] // usual) + 1):
                begins = (k + share + _LATE * chance(self._seed, _TIME, row, k)) * usual
                seconds = between(*_LONG, self._seed, _LENGTH, row, k)
                height = between(0.3, 1.0, self._seed, _HEIGHT, row, k)
                way = np.clip((times - begins) / seconds, 0.0, 1.0)
                heights = np.maximum(heights, height * np.sin(np.pi * way) ** 2)
        return heights
