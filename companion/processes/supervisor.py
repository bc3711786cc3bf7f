"""`companion run`: starts the sound and the screen, restarts whichever dies, ends the day.

It knows nothing of sessions and draws nothing. It is small so that it does not fail, and when it
is killed nevertheless, the next one takes over the sound as it plays.
"""

import os
import select
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from companion.processes import adoption, locks
from companion.processes.notify import notify
from companion.processes.screen_child import Screen
from companion.processes.sound_child import Sound
from companion.processes.terminal import NoTerminal, Terminal

_DEAF_TO = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTSTP,
    signal.SIGTTIN,
    signal.SIGTTOU,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGPIPE,
)
"""Ignored here, and so in the screen, which inherits it."""
_ENDED_BY = (signal.SIGTERM, signal.SIGHUP)
_LAST_ONE_LEAVES = 1.0
"""Seconds that a supervisor killed a moment ago may take to let go of its lock."""
_SOUND_FADES = 3.0
"""Seconds that the sound has to end in."""


def run(
    home: Path, screen: list[str], sound: list[str], plain: list[str], runtime: Path | None = None
) -> int:
    """Keep the two processes of `home` alive until a person ends the day; its exit code.

    `screen`, `sound` and `plain` are commands. Added are `--socket PATH --beat-fd N --life-fd N`
    to the screen, `--beat-fd N --life-fd N` to the plain screen that stands in for it, and
    `--home H --listen-fd N --beat-fd N --life-fd N` to the sound. The socket stands in `runtime`.
    """
    try:
        terminal = Terminal()
        lock = locks.take(home / "companion.lock", _LAST_ONE_LEAVES)
        if lock is None:
            return _refuse(f"Companion runs already in {home}: end that one first.")
        address = adoption.address(home, runtime)
        return _Supervisor(
            terminal,
            Screen(
                [*screen, "--socket", str(address)], plain, home / "companion.screen.lock", terminal
            ),
            Sound(sound, home, address, home / "companion.sound.lock"),
        ).run()
    except NoTerminal as problem:
        return _refuse(str(problem))
    except OSError as problem:
        return _refuse(f"Companion cannot run in {home}: {problem.strerror or problem}.")


class _Supervisor:
    """The loop around the two processes."""

    def __init__(self, terminal: Terminal, screen: Screen, sound: Sound) -> None:
        self._terminal, self._screen, self._sound = terminal, screen, sound
        self._ready = False
        self._ended_by: int | None = None
        self._woken, wake = os.pipe()
        for end in (self._woken, wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for number in _DEAF_TO:
            signal.signal(number, signal.SIG_IGN)
        for number in _ENDED_BY:
            signal.signal(number, self._end)

    def run(self) -> int:
        try:
            return self._loop()
        finally:
            notify("STOPPING=1")
            self._screen.end()
            self._terminal.restore()
            self._sound.end(_SOUND_FADES)

    def _loop(self) -> int:
        while True:
            now = time.monotonic()
            if self._terminal.gone():
                return 128 + signal.SIGHUP
            code = self._screen.tend(now)
            if code is not None:
                return code
            self._sound.tend(now)
            self._tell()
            if self._ended_by is not None:
                return 128 + self._ended_by
            self._sleep(min(self._screen.due(now), self._sound.due()))

    def _tell(self) -> None:
        """Tell the service manager of heartbeats."""
        if self._screen.take_beat():
            notify("WATCHDOG=1" if self._ready else "READY=1\nWATCHDOG=1")
            self._ready = True

    def _sleep(self, until: float) -> None:
        poll = select.poll()
        for fd in (self._woken, *self._screen.watched(), *self._sound.watched()):
            poll.register(fd, select.POLLIN)
        for fd, _ in poll.poll(max(0.0, until - time.monotonic()) * 1000 + 1):
            if fd == self._woken:
                os.read(fd, 4096)

    def _end(self, number: int, _frame: FrameType | None) -> None:
        self._ended_by = number


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1
