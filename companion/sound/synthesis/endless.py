"""What all soundscapes share: blocks counted from their own beginning, a room, and the arc.

A block is a function of seed, knobs, its number and the mood of the arc, and of what came before it
only as far as the room still rings. So a soundscape that starts somewhere first lets the room hear
what would have sounded: from then on it gives the same bytes as if it had played all along, where
the arc stood still for as long as the room rings.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

import numpy as np

from companion.session.plan import Phase
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.synthesis.arc import Course, Mood
from companion.sound.synthesis.nodes import Nodes, Wave
from companion.sound.synthesis.room import Room
from companion.sound.synthesis.weighting import power_for

LEVEL: Final = -22.0
"""LUFS in the middle of the arc …"""
_SPAN: Final = 5.0
"""… and dB from its least to its greatest fullness."""


@dataclass(frozen=True, slots=True)
class Space:
    """A room, and how much of a sound and of its answer is heard."""

    room: Room
    dry: float
    wet: float


class Soundscape(ABC):
    """An endless source."""

    def __init__(self, at: float, space: Space | None = None) -> None:
        """From second `at` on, to the frame."""
        self._number, self._skip = divmod(round(at * RATE), BLOCK)
        self._space = space
        self._course = Course()
        self._rest: Block | None = None

    @abstractmethod
    def sound(self, number: int, mood: Mood) -> Wave:
        """What sounds in block `number`, without the room; shape (2, BLOCK). A number may be
        negative: that is what would have sounded before the beginning."""

    def read(self, frames: int) -> Block:
        if self._rest is None:
            self._rest = self._begin()
        parts, ready = [self._rest], len(self._rest)
        while ready < frames:
            parts.append(self._next())
            ready += BLOCK
        whole = parts[-1] if len(parts[0]) == 0 and len(parts) == 2 else np.concatenate(parts)
        block, self._rest = whole[:frames], whole[frames:]
        return block

    def follow(self, phase: Phase, position: float) -> None:
        self._course.follow(phase, position)

    def left(self) -> float | None:
        return None

    def close(self) -> None:  # noqa: B027 (there is nothing to do)
        """What is large is shared with the next one and stays."""

    def _begin(self) -> Block:
        """Let the room hear what would have sounded; the rest of the block it begins in."""
        if self._space:
            mood = self._course.here()
            for number in range(self._number - self._space.room.parts, self._number):
                self._space.room.hear(number, _both(self.sound(number, mood)))
        return self._next()[self._skip :] if self._skip else np.empty((0, 2), np.float32)

    def _next(self) -> Block:
        number, self._number = self._number, self._number + 1
        sides = self.sound(number, self._course.onwards())
        if self._space:
            self._space.room.hear(number, _both(sides))
            sides *= np.float32(self._space.dry)
            sides += np.float32(self._space.wet) * self._space.room.answer(number)
        return np.ascontiguousarray(sides.T)


def gains(power: Nodes | float, mood: Mood, missing: float = 0.0) -> Nodes:
    """What brings sound of a K-weighted `power` on each side to the level of the mood. `missing`
    are the dB by which what is measured stays under what is reckoned."""
    level = LEVEL + _SPAN * (mood.fullness - 0.5) + missing
    return np.sqrt(power_for(0.0) * 10.0 ** (level / 10.0) / power)


def _both(sides: Wave) -> Wave:
    """Two sides that differ, as one of the same power."""
    mono: Wave = (sides[0] + sides[1]) * np.float32(np.sqrt(0.5))
    return mono
