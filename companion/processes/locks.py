"""Locks that end with the process that holds them: one of each kind of process per home."""

import fcntl
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_LOOK_AGAIN = 0.01


def take(path: Path, patience: float = 0.0) -> int | None:
    """A descriptor that holds the lock at `path`, or None while somebody else holds it.

    Waits up to `patience` seconds. A process that inherits the descriptor keeps the lock until it
    dies, whatever becomes of the one that took it. Raises OSError where no file can be opened.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(fd)
                return None
            time.sleep(_LOOK_AGAIN)
        else:
            os.ftruncate(fd, 0)
            return fd


def claim(path: Path, patience: float) -> int | None:
    """Take the lock from a process that does not leave by itself within `patience` seconds.

    It is asked to end, and after another second made to. None: not even that helped.
    """
    for end in (signal.SIGTERM, signal.SIGKILL):
        fd = take(path, patience)
        if fd is not None:
            return fd
        with suppress(OSError, ValueError):
            os.kill(int(path.read_text()), end)
        patience = 1.0
    return take(path, patience)


def hand_over(fd: int, pid: int) -> None:
    """Leave the lock to the child `pid`, which inherited it."""
    os.pwrite(fd, str(pid).encode(), 0)
    os.close(fd)
