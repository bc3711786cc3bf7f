"""Gusts of wind: each comes up in some seconds and dies away in more, none like another."""

from functools import lru_cache
from typing import Final

import numpy as np

from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.nodes import Nodes

_TRAINS: Final = (31.3, 43.7)
"""Seconds between the gusts of each train."""
_LATE: Final = 0.5
"""How much of that a gust may come late."""
_SHARP: Final = 2.0
"""How narrow a gust is in time."""
_LONGEST: Final = 60.0
"""Seconds after which one is felt no more."""
_TIME, _HEIGHT, _RISE, _SHARE = range(130, 134)


class Gusts:
    """The gusts of a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._gust = lru_cache(maxsize=32)(self._made)

    def heights(self, times: Nodes) -> Nodes:
        """How strong the wind is at each of `times`, in seconds: a strong gust comes
        near to 1, and so do gusts upon gusts."""
        found = [
            self._gust(train, k)
            for train, period in enumerate(_TRAINS)
            for k in range(int((times[0] - _LONGEST) // period) - 1, int(times[-1] // period) + 1)
        ]
        begins, rises, tops = np.array(found).T[:, :, np.newaxis]
        x = np.maximum(times - begins, 0.0) / rises
        heights = np.sum(tops * (x * np.exp(1.0 - x)) ** _SHARP, axis=0)
        limited: Nodes = heights / (1.0 + heights**4) ** 0.25
        return limited

    def _made(self, train: int, k: int) -> tuple[float, float, float]:
        """When a gust begins, the seconds to its height, and that."""
        seed, place = self._seed, (train, k)
        late = chance(seed, _SHARE, train) + _LATE * chance(seed, _TIME, *place)
        height = between(0.3, 1.0, seed, _HEIGHT, *place)
        return (
            (k + late) * _TRAINS[train],
            between(4.5, 8.0, seed, _RISE, *place) * (0.8 + 0.3 * height),
            height,
        )
