"""How far a device can have come, judged from nothing but when its chunks began to play."""

import math
from collections import deque
from typing import Final

from companion.sound.curves import RATE

_MARGIN: Final = 2
"""Buffers that it may be ahead of an even pace: the one that it takes in the very moment in which
it is asked, and one more where a sound server wants two at once."""
_REMEMBERED: Final = 4
"""Chunks of which the earliest counts."""
_EARLY: Final = 0.01
"""Seconds by which a chunk may begin earlier than those before it made expect. So a device whose
clock is ahead of ours is followed."""
_UNKNOWN: Final = 1 << 62


class Pace:
    """Of a device that takes buffers of `buffer` frames, one after another, the first of them when
    it begins from rest.

    So a chunk that is seen to play has been taken up to the end of the buffer in which it begins.
    Moments are of the monotonic clock; frames count on from wherever it began.
    """

    def __init__(self, buffer: int) -> None:
        self._buffer = buffer
        self._origin = 0
        self._not_before = 0.0
        self._lines: deque[float] = deque(maxlen=_REMEMBERED)
        """For the last chunks, when frame 0 would have been taken at the earliest."""

    def begin(self, frame: int, now: float) -> None:
        """It begins from rest with `frame`. Until the next chunk plays it may be anywhere, for many
        devices take much at the beginning."""
        self._origin, self._not_before = frame, now
        self._lines.clear()

    def expected(self, frame: int) -> float:
        """The earliest moment at which the chunk that begins with `frame` can play."""
        if not self._lines:
            return self._not_before
        return max(self._not_before, min(self._lines) + self._end_of_buffer(frame) / RATE)

    def not_yet(self, now: float) -> None:
        """The next chunk does not play yet."""
        self._not_before = now

    def plays(self, frame: int) -> None:
        """The chunk that begins with `frame` has begun to play since it was looked for last."""
        earliest = max(self._not_before, self.expected(frame) - _EARLY)
        self._lines.append(earliest - self._end_of_buffer(frame) / RATE)
        self._not_before = 0.0

    def taken(self, now: float) -> int:
        """The frame before which everything may have been taken."""
        if not self._lines:
            return _UNKNOWN
        even = (now - min(self._lines)) * RATE - self._origin
        return self._origin + (math.floor(even / self._buffer) + _MARGIN) * self._buffer

    def _end_of_buffer(self, frame: int) -> int:
        """Of the buffer in which `frame` lies, or before which it begins."""
        return self._origin + -(-(frame - self._origin) // self._buffer) * self._buffer
