"""Tides: what swells and sinks slowly, in many periods that never meet."""

from collections.abc import Sequence

import numpy as np

from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.nodes import Nodes


def tide(seed: int, place: int, times: Nodes, waves: Sequence[tuple[float, float]]) -> Nodes:
    """The height about one at each of `times`, in seconds. Of each wave: the seconds from high
    water to high water, and how far it rises; where each begins belongs to `seed` and `place`."""
    height = np.ones(len(times))
    for number, (seconds, depth) in enumerate(waves):
        turn = times / seconds + chance(seed, place, number)
        height += depth * np.sin(2 * np.pi * turn)
    return height
