"""Samples that wait in the order in which they came."""

from collections import deque

import numpy as np

from companion.sound.curves import Block


class Reel:
    """First in, first out; for one thread at a time."""

    def __init__(self) -> None:
        self._pieces: deque[Block] = deque()
        self.frames = 0
        """How many wait."""

    def put(self, samples: Block) -> None:
        """Behind all the others. They are not copied."""
        if len(samples):
            self._pieces.append(samples)
            self.frames += len(samples)

    def take(self, frames: int) -> Block:
        """The first `frames` frames, or all there are; a copy only where pieces must be joined."""
        missing = min(frames, self.frames)
        self.frames -= missing
        parts: list[Block] = []
        while missing:
            first = self._pieces.popleft()
            if len(first) > missing:
                self._pieces.appendleft(first[missing:])
                first = first[:missing]
            parts.append(first)
            missing -= len(first)
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.empty((0, 2), np.float32)

    def clear(self) -> None:
        self._pieces.clear()
        self.frames = 0
