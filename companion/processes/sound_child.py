"""The sound process as its supervisor sees it: started, adopted, listened to, started again, never
doubled."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from socket import socket

from companion.processes import adoption, child, locks
from companion.processes.heart import Heart

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
"""Seconds before a dead one is started again; doubled as long as it keeps dying."""
_SETTLED_AFTER = 30.0
"""Seconds of life after which a death is a first one again."""
_LOG_BYTES = 1_000_000
_LOG_EVERY = 60.0


class Sound:
    """The one sound process of a home. All moments are of the monotonic clock, in seconds."""

    def __init__(self, command: list[str], home: Path, address: Path, lock: Path) -> None:
        self._command = [*command, "--home", str(home)]
        self._address, self._lock = address, lock
        self._log = home / "logs" / "sound.log"
        self._listener: socket | None = None
        self._child: child.Child | None = None
        self._heart: Heart | None = None
        self._since = 0.0
        self._pause = _FIRST_PAUSE
        self._next = 0.0
        self._log_next = 0.0

    def tend(self, now: float) -> None:
        """Do what is due."""
        if self._child is not None and self._heart is not None:
            self._heart.listen(now)
            if now >= self._heart.deadline:
                self._child.send(signal.SIGKILL)
                self._heart.forget()
        if self._child is not None and self._child.ended():
            self._bury(now)
        if self._child is None and now >= self._next:
            self._next = now + _LONGEST_PAUSE
            with suppress(OSError):
                self._bring(now)
        if now >= self._log_next:
            self._log_next = now + _LOG_EVERY
            shorten(self._log, _LOG_BYTES)

    def due(self) -> float:
        """When it wants to be tended next, if nothing happens before."""
        if self._child is None or self._heart is None:
            return min(self._next, self._log_next)
        return min(self._heart.deadline, self._log_next)

    def watched(self) -> list[int]:
        """Descriptors that become readable when something happens."""
        if self._child is None or self._heart is None:
            return []
        return [self._child.pidfd, *self._heart.watched()]

    def end(self, patience: float) -> None:
        """End it with the supervisor: at once it is asked to, after `patience` seconds made to."""
        if self._child is not None:
            self._child.end(patience)
            self._child = None
            self._deafen()
        self._address.unlink(missing_ok=True)

    def _bury(self, now: float) -> None:
        assert self._child is not None
        self._child.bury()
        self._child = None
        self._deafen()
        if now - self._since > _SETTLED_AFTER:
            self._pause = _FIRST_PAUSE
        self._next = now + self._pause
        self._pause = min(_LONGEST_PAUSE, self._pause * 2)

    def _bring(self, now: float) -> None:
        """Start one, or adopt the one that an earlier supervisor left. Raises OSError."""
        self._since = now
        self._heart = Heart(now)
        try:
            self._take_over_or_start(self._heart.child_end)
        finally:
            self._heart.handed_over()
            if self._child is None:
                self._deafen()

    def _take_over_or_start(self, beat: int) -> None:
        lock = locks.take(self._lock)
        if lock is None:
            adopted = adoption.adopt(self._address, beat)
            if adopted is not None:
                self._child, self._listener = adopted
                return
            lock = locks.claim(self._lock, 0.0)
        if lock is None:
            return
        try:
            self._listener = self._listener or adoption.listen(self._address)
            self._child = self._start(self._listener.fileno(), lock, beat)
        except OSError:
            os.close(lock)
            raise
        locks.hand_over(lock, self._child.pid)

    def _deafen(self) -> None:
        if self._heart is not None:
            self._heart.forget()
            self._heart = None

    def _start(self, listener: int, lock: int, beat: int) -> child.Child:
        log = _open(self._log)
        try:
            return child.start(
                [*self._command, "--listen-fd", str(listener), "--beat-fd", str(beat)],
                keep=(listener, lock, beat),
                stdin=subprocess.DEVNULL,
                output=log,
                own_session=True,
            )
        finally:
            os.close(log)


def shorten(log: Path, longest: int) -> None:
    """Keep the last `longest` bytes of a longer log beside it and begin it anew.

    Its writers append, so that they go on at the new end.
    """
    with suppress(OSError):
        if log.stat().st_size > longest:
            with log.open("rb") as old:
                old.seek(-longest, os.SEEK_END)
                log.with_suffix(".log.1").write_bytes(old.read())
            os.truncate(log, 0)


def _open(log: Path) -> int:
    """The log for appending, or nothing where none can be kept: the sound matters more."""
    with suppress(OSError):
        log.parent.mkdir(mode=0o700, exist_ok=True)
        return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
