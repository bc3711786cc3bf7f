"""The screen process as its supervisor sees it: started, listened to, replaced when it fails."""

import os
import signal
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from companion.processes import child, locks
from companion.processes.terminal import Terminal

_FIRST_BEAT = 20.0
"""Seconds that a screen may take to its first heartbeat."""
_NEXT_BEAT = 5.0
"""Seconds between two heartbeats after which a screen counts as frozen."""
_DEATHS, _WITHIN = 3, 10.0
"""So many deaths in so many seconds bring the plain screen."""
_PLAIN_FOR = 60.0
"""Seconds of the plain screen before the real one is tried again."""
_OLD_LEAVES = 0.5
"""Seconds that the screen of an earlier supervisor has to leave by itself."""
_AGAIN = 1.0
"""Seconds before another try where a process could not be started, or would not die."""
_DAY_ENDED, _BAD_CONFIGURATION = 0, 2


class Screen:
    """The one screen of a terminal. All moments are of the monotonic clock, in seconds."""

    def __init__(self, real: list[str], plain: list[str], lock: Path, terminal: Terminal) -> None:
        self._real, self._plain = real, plain
        self._lock, self._terminal = lock, terminal
        self._child: child.Child | None = None
        self._beats: int | None = None
        self._beaten = False
        self._deadline = 0.0
        self._deaths: deque[float] = deque(maxlen=_DEATHS)
        self._is_plain = False
        self._plain_until = 0.0

    def tend(self, now: float) -> int | None:
        """Do what is due; an exit code when a person ended the day or must mend the files."""
        if self._child is not None:
            self._listen(now)
            if self._child.ended():
                code = self._bury(now)
                if code is not None:
                    return code
            elif now >= self._deadline or (self._is_plain and now >= self._plain_until):
                self._child.send(signal.SIGKILL)
                self._deadline = now + _AGAIN
        if self._child is None and now >= self._deadline:
            self._start(now)
        return None

    def due(self, now: float) -> float:
        """When it wants to be tended next, if nothing happens before."""
        return min(self._deadline, self._plain_until) if now < self._plain_until else self._deadline

    def take_beat(self) -> bool:
        """Whether its heart has beaten since this was asked last."""
        beaten, self._beaten = self._beaten, False
        return beaten

    def watched(self) -> list[int]:
        """Descriptors that become readable when something happens."""
        fds = [self._beats] if self._beats is not None else []
        return [*fds, self._child.pidfd] if self._child else fds

    def end(self) -> None:
        """End it with the supervisor."""
        if self._child is not None:
            self._child.end(1.0)
            self._terminal.untidy = True
            self._child = None

    def _start(self, now: float) -> None:
        command = self._choose(now)
        self._deadline = now + _AGAIN
        lock = locks.claim(self._lock, _OLD_LEAVES)
        if lock is None:
            return
        self._terminal.hush()
        self._beats, beat = os.pipe()
        os.set_blocking(self._beats, False)
        os.set_blocking(beat, False)
        tty = self._terminal.fd
        try:
            self._child = child.start(
                [*command, "--beat-fd", str(beat)],
                keep=(beat, lock),
                stdin=tty,
                output=tty,
                own_session=False,
            )
        except OSError:
            os.close(lock)
            self._deafen()
        else:
            locks.hand_over(lock, self._child.pid)
            self._deadline = time.monotonic() + _FIRST_BEAT
        finally:
            os.close(beat)

    def _choose(self, now: float) -> list[str]:
        if len(self._deaths) == _DEATHS and self._deaths[-1] - self._deaths[0] <= _WITHIN:
            self._deaths.clear()
            self._plain_until = now + _PLAIN_FOR
        self._is_plain = now < self._plain_until
        return self._plain if self._is_plain else self._real

    def _listen(self, now: float) -> None:
        if self._beats is None:
            return
        with suppress(BlockingIOError):
            if os.read(self._beats, 4096):
                self._deadline = now + _NEXT_BEAT
                self._beaten = True
            else:
                self._deafen()

    def _deafen(self) -> None:
        if self._beats is not None:
            os.close(self._beats)
            self._beats = None

    def _bury(self, now: float) -> int | None:
        assert self._child is not None
        code = self._child.bury()
        self._child = None
        self._deafen()
        if code in (_DAY_ENDED, _BAD_CONFIGURATION) and not self._is_plain:
            return code
        self._terminal.untidy = True
        self._deadline = now
        if not self._is_plain:
            self._deaths.append(now)
        elif now < self._plain_until:
            self._deadline = now + _AGAIN
        return None
