"""The child's end of what ties it to the supervisor: a pipe that ends with it, and a heartbeat."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress

from companion.processes.terminal import abandon

LEFT_ALONE = 75
"""Exit code of a screen whose supervisor or terminal is gone."""


def leave_when_alone(life_fd: int, leave: Callable[[], None] | None = None) -> None:
    """Call `leave` from a thread of its own when the supervisor dies.

    Without one, the terminal is given back and the process ends at once: what was to be kept is
    kept already, and the next supervisor waits for the old screen to be gone.
    """
    threading.Thread(
        target=_wait, args=(life_fd, leave or _leave_at_once), name="lifeline", daemon=True
    ).start()


def beat(beat_fd: int) -> None:
    """One heartbeat, due every second from the loop that must be alive. Never blocks or raises."""
    with suppress(OSError):
        os.write(beat_fd, b".")


def _wait(life_fd: int, leave: Callable[[], None]) -> None:
    with suppress(OSError):
        while os.read(life_fd, 1):
            pass
    leave()


def _leave_at_once() -> None:
    abandon()
    os._exit(LEFT_ALONE)
