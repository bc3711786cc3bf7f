"""The waves of a shore: when each breaks, how high it is, and how it runs along the beach.

Waves come in three trains whose periods never meet. Each has its own place in a lattice of its
train, moved by chance, so the waves of any moment are known without those before them.
"""

from functools import lru_cache
from typing import Final

import numpy as np

from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.nodes import Nodes

_TRAINS: Final = (17.9, 23.3, 31.1)
"""Seconds between the waves of each train."""
_LATE: Final = 0.4
"""How much of that a wave may come late."""
_SETS: Final = ((67.9, 0.28), (151.3, 0.15))
"""Seconds from one set of high waves to the next, and how much lower waves are in between."""
_TIDE: Final = 587.0
"""Seconds from high water to high water."""
_WANDERS: Final = 0.035
"""How far along the beach a wave may run in a second, the whole being 1."""
_EARLIEST, _LATEST = 9.0, 34.0
"""Seconds before and after it breaks that a wave is heard."""
_BREAKS, _HEIGHT, _SIZE, _PLACE, _WAY, _PACE, _SET, _TURN, _SHARE = range(9)


class Waves:
    """The waves of a seed. `closeness` (0 to 1) is how close they follow each other."""

    def __init__(self, seed: int, closeness: float) -> None:
        self._seed = seed
        self._periods = [usual * (1.25 - 0.5 * closeness) for usual in _TRAINS]
        self._wave = lru_cache(maxsize=64)(self._made)

    def powers(
        self, times: Nodes, begins: Nodes, rises: Nodes, sharp: Nodes, grows: Nodes
    ) -> Nodes:
        """What the waves bring to each of some layers, of shape (layer, side, time): power one at
        the height of the highest wave in the middle of the beach.

        Of each layer, in columns: seconds after a wave breaks that it begins, seconds to its
        height, how narrow it is, and with which power of a wave's height it grows.
        """
        found = [
            self._wave(train, k)
            for train, period in enumerate(self._periods)
            for k in range(
                int((times[0] - _LATEST) // period) - 2, int((times[-1] + _EARLIEST) // period) + 1
            )
        ]
        breaks, heights, sizes, places, paces = np.array(found).T
        since = times - breaks[:, np.newaxis]
        x = np.maximum(since - (begins * sizes)[:, :, np.newaxis], 0.0)
        x /= (rises * sizes)[:, :, np.newaxis]
        shapes = (x * np.exp(1.0 - x)) ** sharp[:, :, np.newaxis]
        shapes *= (heights**grows)[:, :, np.newaxis]
        along = places[:, np.newaxis] + paces[:, np.newaxis] * since
        angle = np.clip(along, 0.3, 0.7) * np.pi / 2
        sides = 2.0 * np.stack((np.cos(angle), np.sin(angle)), axis=1) ** 2
        tide = 1.0 + 0.3 * np.sin(2 * np.pi * (times / _TIDE + chance(self._seed, _TURN)))
        powers: Nodes = np.einsum("lwt,wst->lst", shapes**2, sides) * tide
        return powers

    def _made(self, train: int, k: int) -> tuple[float, float, float, float, float]:
        """When a wave breaks, its height and size, where on the beach, and how fast it runs."""
        seed, place = self._seed, (10 + train, k)
        late = chance(seed, _SHARE, train) + _LATE * chance(seed, *place, _BREAKS)
        breaks = (k + late) * self._periods[train]
        height = between(0.45, 1.0, seed, *place, _HEIGHT)
        for number, (period, lower) in enumerate(_SETS):
            turn = breaks / period + chance(seed, _SET, number)
            height *= 1.0 - lower + lower * float(np.sin(2 * np.pi * turn))
        size = between(0.8, 1.1, seed, *place, _SIZE) * (0.8 + 0.3 * height)
        where = between(0.15, 0.85, seed, *place, _PLACE)
        way = 1.0 if chance(seed, *place, _WAY) < 0.5 else -1.0
        return breaks, height, size, where, way * _WANDERS * between(0.4, 1.0, seed, *place, _PACE)
