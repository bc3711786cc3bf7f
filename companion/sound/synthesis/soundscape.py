"""What all soundscapes share: blocks counted from their own beginning, and the slow arc."""

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

from companion.session.plan import Phase
from companion.sound.curves import BLOCK, RATE, Block

LEVEL = -22.0
"""LUFS as rendered."""
_ARC = {
    Phase.SETTLE: (0.25, 0.30),
    Phase.ONSET: (0.30, 0.50),
    Phase.BUILD: (0.50, 0.80),
    Phase.PEAK: (0.80, 0.80),
    Phase.RETURN: (0.75, 0.40),
    Phase.RECOVERY: (0.30, 0.20),
}
"""Intensity at the beginning and the end of each phase."""
_FOLLOWS = 1.0 / 90.0 * BLOCK / RATE
"""How much intensity may change in one block: the whole way takes 90 s at least."""


_NODES = 10
"""Points of an envelope in one block: one each 25 ms."""

Nodes = npt.NDArray[np.float64]


class Soundscape(ABC):
    """An endless source. Block `n` is a function of seed, knobs, n and the arc."""

    def __init__(self, at: float) -> None:
        self._number = int(at * RATE) // BLOCK
        self._rest = np.empty((0, 2), np.float32)
        self._aim: float | None = None
        self.intensity = 0.5
        """0: least; 1: the height of the session."""

    @abstractmethod
    def block(self, number: int) -> Block:
        """The `BLOCK` frames of block `number`; called with consecutive numbers."""

    def read(self, frames: int) -> Block:
        parts, ready = [self._rest], len(self._rest)
        while ready < frames:
            parts.append(self.block(self._number))
            ready += BLOCK
            self._number += 1
            self._move()
        whole = parts[-1] if len(parts[0]) == 0 and len(parts) == 2 else np.concatenate(parts)
        block, self._rest = whole[:frames], whole[frames:]
        return block

    def follow(self, phase: Phase, position: float) -> None:
        begins, ends = _ARC[phase]
        aim = begins + (ends - begins) * position
        if self._aim is None:
            self.intensity = aim
        self._aim = aim

    def left(self) -> float | None:
        return None

    def close(self) -> None:  # noqa: B027 (there is nothing to do)
        """What is large is shared with the next one and stays."""

    def _move(self) -> None:
        if self._aim is not None:
            step = self._aim - self.intensity
            self.intensity += min(max(step, -_FOLLOWS), _FOLLOWS)


def node_times(number: int) -> Nodes:
    """The seconds at which the envelopes of block `number` have their nodes."""
    return (number * BLOCK + np.arange(_NODES + 1) * (BLOCK // _NODES)) / RATE


def drawn(nodes: Nodes) -> npt.NDArray[np.float32]:
    """Straight lines between the nodes of one block, one value a frame."""
    way = np.arange(BLOCK // _NODES, dtype=np.float32) / np.float32(BLOCK // _NODES)
    starts = nodes[:-1, np.newaxis].astype(np.float32)
    steps = np.diff(nodes)[:, np.newaxis].astype(np.float32)
    lines: npt.NDArray[np.float32] = (starts + steps * way).reshape(-1)
    return lines
