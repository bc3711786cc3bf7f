"""The terminal that the screen is shown on: how it was found, kept quiet, and given back."""

import ctypes
import os
import resource
import select
import termios
from contextlib import suppress
from typing import Any

_SETTLED = (
    "\x18\x1b\\"  # breaks off whatever a killed screen had begun to write
    "\x1b[?2026l"  # shows what a killed screen had held back
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    "\x1b[?1004l\x1b[?2004l\x1b[?2048l"  # focus, paste and size reports
    "\x1b[<99u\x1b[?7h\x1b[0m"  # extended keys, line wrap, colours
)
_LEFT = "\x1b[?1049l\x1b[?25h"
_PR_SET_DUMPABLE = 4
_COOKED = termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN


class NoTerminal(Exception):  # noqa: N818 (it is what it says)
    """Raised where there is no terminal to show the screen on; says so in one plain sentence."""


def harden() -> None:
    """Close what reaches into the process from outside. Call it before Textual is imported.

    Textual obeys a dozen variables of the environment: they name code to load, keys to press and
    files to write the screen into, and two more a size of the terminal to believe for ever. New
    files are for their owner alone, nothing dumps core, and no other process of this user's may
    read this one's memory or environment.
    """
    for name in list(os.environ):
        if name.startswith("TEXTUAL") or name in ("COLUMNS", "LINES"):
            del os.environ[name]
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def is_sane(attributes: list[Any]) -> bool:
    """Whether a shell could be used with these termios attributes."""
    return bool(attributes[3] & _COOKED == _COOKED)


def sane(attributes: list[Any]) -> list[Any]:
    """`attributes` as they were before an unclean end left them raw, as `stty sane` guesses."""
    if is_sane(attributes):
        return attributes
    iflag, oflag, cflag, lflag, *rest = attributes
    iflag = (iflag | termios.ICRNL | termios.IXON) & ~(termios.INLCR | termios.IGNCR)
    oflag |= termios.OPOST | termios.ONLCR
    lflag |= _COOKED | termios.ECHOE | termios.ECHOK
    return [iflag, oflag, cflag, lflag, *rest]


def quieten(fd: int) -> None:
    """Typed bytes are neither shown nor made into signals, and wait for no end of line.

    Raises termios.error when the terminal is gone.
    """
    iflag, oflag, cflag, lflag, *rest = termios.tcgetattr(fd)
    iflag &= ~(termios.ICRNL | termios.IXON)
    lflag &= ~_COOKED
    termios.tcsetattr(fd, termios.TCSANOW, [iflag, oflag, cflag, lflag, *rest])


def abandon(fd: int = 0) -> None:
    """Give the terminal back from a screen whose supervisor is gone.

    Where a shell has taken the terminal back already, its settings are left to that shell.
    """
    _write(fd, _SETTLED + _LEFT)
    with suppress(termios.error):
        if _in_foreground(fd):
            termios.tcsetattr(fd, termios.TCSANOW, sane(termios.tcgetattr(fd)))
            termios.tcflush(fd, termios.TCIFLUSH)


class Terminal:
    """The terminal behind a descriptor, with the settings it was found with."""

    def __init__(self, fd: int = 0) -> None:
        """Raises NoTerminal when `fd` is none, or another program has the foreground."""
        if not os.isatty(fd):
            raise NoTerminal("Companion needs a terminal: start it in one, not in a pipe.")
        if not _in_foreground(fd):
            raise NoTerminal("Companion needs the terminal for itself: start it without '&'.")
        self.fd = os.open(os.ttyname(fd), os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        found = termios.tcgetattr(self.fd)
        self._found = sane(found)
        self.untidy = not is_sane(found)
        """Whether the last screen ended without leaving its picture."""

    def hush(self) -> None:
        """Between two screens: the picture stays, typed bytes are not shown, waiting ones go."""
        _write(self.fd, _SETTLED)
        with suppress(termios.error):
            quieten(self.fd)
            termios.tcflush(self.fd, termios.TCIFLUSH)

    def restore(self) -> None:
        """Back to how it was found; nothing typed until now reaches the shell."""
        _write(self.fd, _SETTLED + _LEFT if self.untidy else _SETTLED)
        with suppress(termios.error):
            termios.tcsetattr(self.fd, termios.TCSANOW, self._found)
            termios.tcflush(self.fd, termios.TCIFLUSH)

    def gone(self) -> bool:
        """Whether its window was closed."""
        try:
            termios.tcgetattr(self.fd)
        except termios.error:
            return True
        return False


def _in_foreground(fd: int) -> bool:
    """True too where the terminal is not the controlling one: nobody else has it then."""
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:
        return True


def _write(fd: int, text: str) -> None:
    """Write, unless the terminal takes nothing at the moment: better untidy than stuck."""
    poll = select.poll()
    poll.register(fd, select.POLLOUT)
    with suppress(OSError):
        if poll.poll(200):
            os.write(fd, text.encode())
