"""Passages: how a loop is read so that it is never heard to repeat.

It is read for some seconds from a place chosen by chance, then from another, the one passing over
into the other.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.nodes import Nodes, node_times

_FAR: Final = 1 << 24
"""Frames within which passages begin."""


def passages(number: int, seconds: float, passing: float) -> Iterator[tuple[int, Nodes]]:
    """The passages of `seconds` that sound in block `number`, and how loud each is at the nodes.

    One passes over into the next in `passing` seconds: the powers of the two add up to one.
    """
    times = node_times(number)
    step = seconds - passing
    for passage in range(int((times[0] - seconds) // step) + 1, int(times[-1] // step) + 1):
        since = times - passage * step
        way = np.clip(np.minimum(since, seconds - since) / passing, 0.0, 1.0)
        yield passage, np.sin(way * (np.pi / 2))


def starts(seed: int, *place: int) -> tuple[int, int]:
    """From which frame on a passage is read, on the left and on the right."""
    left, right = (chance(seed, *place, side) for side in range(2))
    return int(left * _FAR), int(right * _FAR)
