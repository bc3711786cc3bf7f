"""Envelopes: known at nodes 25 ms apart, straight lines between them."""

from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE

STEP: Final = RATE // 40
"""Frames from node to node."""
NODES: Final = BLOCK // STEP
"""Steps in one block; an envelope has one value more."""

Nodes = npt.NDArray[np.float64]
"""Values whose last axis is time: one at each node of a block."""
Wave = npt.NDArray[np.float32]
"""Samples whose last axis is time."""

_WAY = np.arange(STEP, dtype=np.float32) / np.float32(STEP)
_LINES: Final = np.stack((1.0 - _WAY, _WAY))
"""How much of the node before and of the node after each frame has."""


def node_times(number: int) -> Nodes:
    """The seconds at which block `number` has its nodes, its end being the last."""
    return (number * BLOCK + np.arange(NODES + 1) * STEP) / RATE


def drawn(nodes: Nodes) -> Wave:
    """The frames of one block for envelopes of shape (…, NODES + 1)."""
    pairs = np.stack((nodes[..., :-1], nodes[..., 1:]), axis=-1).astype(np.float32)
    lines: Wave = (pairs @ _LINES).reshape(*nodes.shape[:-1], BLOCK)
    return lines
