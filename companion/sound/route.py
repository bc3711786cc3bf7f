"""Where the sound goes: what the output calls itself, and what a probe sees of it."""

import time
from collections.abc import Callable

from companion.sound.probe import Probe, Seen
from companion.sound.wire import Notice, OutputChanged, SoundFound, SoundLost, SystemVolume

_PATIENCE = 2.0
"""Seconds that a fresh output waits for its true name."""


class Route:
    """Everything but the probe's own looking happens in one thread.

    An output counts as found once its true name is known, or it is known that nobody can tell it:
    until then nobody could say whether it is the one that was agreed to.
    """

    def __init__(
        self,
        probe: Probe | None,
        tell: Callable[[Notice], None],
        lose: Callable[[str], None],
    ) -> None:
        """`lose` is called when an output is open and the server knows nothing of it."""
        self._probe = probe
        self._tell = tell
        self._lose = lose
        self._own_name: str | None = None
        """What the output calls itself; None while there is none."""
        self._last_name = ""
        self._lost: SoundLost | None = None
        self._volume: SystemVolume | None = None
        self.output = ""
        """The name of the output; empty while there is none, or its name is not known."""
        self.due: float | None = None
        """The moment of the monotonic clock until which the name of the output is waited for."""

    def known(self) -> tuple[Notice, ...]:
        """What a new client is told."""
        told = SoundFound(self.output) if self.output else self._lost
        return tuple(notice for notice in (told, self._volume) if notice is not None)

    def open(self, own_name: str) -> None:
        """The output has been opened."""
        self._own_name, self._lost = own_name, None
        if self._probe is None:
            self._find(own_name)
        else:
            self.due = time.monotonic() + _PATIENCE
            self._probe.look()

    def lose(self, lost: SoundLost) -> None:
        """The output is gone."""
        self._lost, self.output = lost, ""
        self._own_name = self._volume = self.due = None
        self._tell(lost)

    def see(self, seen: Seen | None) -> None:
        """What the probe tells."""
        if self._own_name is None:
            return
        if seen is None:
            if not self.output:
                self._find(self._own_name)
            return
        if not seen.output:
            self._lose("the sound server does not play our sound")
            return
        if not self.output:
            self._find(seen.output)
        elif seen.output != self.output:
            self.output = self._last_name = seen.output
            self._tell(OutputChanged(seen.output))
        volume = SystemVolume(seen.percent, seen.muted)
        if volume != self._volume:
            self._volume = volume
            self._tell(volume)

    def tend(self, now: float) -> None:
        """Nobody answers: the output probably still has the name that it had."""
        if self.due is not None and now >= self.due and self._own_name is not None:
            self._find(self._last_name or self._own_name)

    def _find(self, name: str) -> None:
        self.output = self._last_name = name
        self.due = None
        self._tell(SoundFound(name))
