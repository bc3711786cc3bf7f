"""How memory is shared by the threads of a process."""

import ctypes
from contextlib import suppress

_ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's <malloc.h>."""


def share_one_arena() -> None:
    """Let what one thread frees be used again by another, before there is a second thread. Of
    itself glibc gives each its own share, and threads that come and go with some megabytes of
    sound would make the process half as large again. Other C libraries stay as they are."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
