"""A level in dB as a function of the frame number."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import FLOOR, RATE

Levels = npt.NDArray[np.float64]

_AT_ONCE: Final = 1 / RATE


class Course:
    """Stands still, or moves in a straight line to where it was last sent.

    It knows nothing of the frames before its last turn: turns come in the order of their frames.
    """

    def __init__(self, level: float) -> None:
        self.target = level
        self._level = level
        self._turned = 0
        self._slope = 0.0
        self.arrives = 0
        """The first frame at which it stands still at the target."""

    def at(self, frame: int) -> float:
        """The level at `frame`."""
        if frame >= self.arrives:
            return self.target
        return self._level + self._slope * (frame - self._turned)

    def stands(self, frame: int) -> bool:
        """Whether it stands still at `frame`."""
        return frame >= self.arrives

    def over(self, first: int, end: int) -> Levels | float:
        """The levels from `first` until before `end`, neither of which lies on the other side of
        the arrival."""
        if first >= self.arrives:
            return self.target
        return self._level + self._slope * np.arange(
            first - self._turned, end - self._turned, dtype=np.float64
        )

    def to(self, frame: int, target: float, seconds: float) -> bool:
        """From `frame` on, go to `target` within `seconds`. The same target again changes nothing;
        tells whether it is another."""
        if target == self.target:
            return False
        self._level, self._turned, self.target = self.at(frame), frame, target
        frames = max(seconds, _AT_ONCE) * RATE
        self._slope = (target - self._level) / frames
        self.arrives = frame + math.ceil(frames)
        return True

    def fade(self, frame: int, target: float, seconds: float) -> bool:
        """As `to`, at the pace of a whole fade, floor to 0 dB, of `seconds`."""
        return self.to(frame, target, seconds * abs(target - self.at(frame)) / -FLOOR)

    def jump(self, frame: int, level: float) -> None:
        """Be at `level` from `frame` on."""
        self.target, self.arrives = level, frame
