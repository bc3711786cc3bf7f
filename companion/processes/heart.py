"""The heart of a child as its supervisor hears it: a pipe on which the child beats."""

import os
from contextlib import suppress

_FIRST_BEAT = 20.0
"""Seconds that a child may take to its first heartbeat."""
_NEXT_BEAT = 5.0
"""Seconds between two heartbeats after which a child counts as frozen."""


class Heart:
    """All moments are of the monotonic clock, in seconds."""

    def __init__(self, now: float) -> None:
        """Raises OSError."""
        self._beats: int | None
        self._beats, self.child_end = os.pipe()
        """`child_end` is to be handed to the child, and closed here by `handed_over`."""
        os.set_blocking(self._beats, False)
        os.set_blocking(self.child_end, False)
        self.deadline = now + _FIRST_BEAT
        """When the child counts as frozen, unless it beats before."""

    def handed_over(self) -> None:
        """The child has its end, or never will."""
        os.close(self.child_end)

    def listen(self, now: float) -> None:
        """Take in what has beaten. A child that let go of its end is not expected to beat."""
        with suppress(BlockingIOError):
            while self._beats is not None:
                if os.read(self._beats, 4096):
                    self.deadline = now + _NEXT_BEAT
                else:
                    self.forget()

    def forget(self) -> None:
        """Nobody beats here any more."""
        if self._beats is not None:
            os.close(self._beats)
            self._beats = None
        self.deadline = float("inf")

    def watched(self) -> list[int]:
        """Descriptors that become readable when it beats."""
        return [] if self._beats is None else [self._beats]
