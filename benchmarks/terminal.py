"""A real terminal's worth of picture for the benchmarks, and the ways to start Companion on it."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from pty_screen import PtyScreen

PYTHON = (sys.executable, "-P")
BARE_CLOCK = (*PYTHON, str(Path(__file__).with_name("bare_clock.py")))

_WITH_PIPES = 'exec 3>/dev/null 4<>"$0"; exec "$@"'
"""A heart that nobody listens to on 3, and on 4 a supervisor that never dies."""


@contextmanager
def on_terminal(command: Sequence[str]) -> Iterator[PtyScreen]:
    """`command` on a terminal of 80x24, its sound going to a device that is not there.

    At the end it is asked to end and waited for, so that it leaves no process behind.
    """
    with PtyScreen(command, env={"SDL_AUDIODRIVER": "dummy"}) as terminal:
        try:
            yield terminal
        finally:
            terminal.kill(signal.SIGTERM)
            terminal.wait_end()


def companion(home: Path) -> tuple[str, ...]:
    """The whole program: supervisor, screen and sound."""
    return (*PYTHON, "-m", "companion", "--home", str(home), "run")


def screen_alone(home: Path) -> tuple[str, ...]:
    """The screen process as its supervisor starts it, by way of a shell that opens its pipes."""
    life = home / "life"
    if not life.exists():
        os.mkfifo(life)
    wired = ("--socket", str(home / "no.sock"), "--beat-fd", "3", "--life-fd", "4")
    screen = (*PYTHON, "-m", "companion", "--home", str(home), "screen", *wired)
    return ("sh", "-c", _WITH_PIPES, str(life), *screen)


def bare_clock(folder: Path) -> tuple[str, ...]:
    """The bare app, by way of the same shell."""
    life = folder / "life"
    if not life.exists():
        os.mkfifo(life)
    return ("sh", "-c", _WITH_PIPES, str(life), *BARE_CLOCK)
