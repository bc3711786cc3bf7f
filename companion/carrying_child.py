"""`companion library` as a child of the screen process: the library to a stick, or from one.

To end it at any moment, or to pull the stick, leaves all as it was.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_AT_A_SHELL = " (--again replaces it)"
"""What is said to somebody at a shell alone."""


class Way(StrEnum):
    """Where the library is carried."""

    TO = "to"
    FROM = "from"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done: a sentence for all of it, and before it one for each file that stayed."""

    good: bool
    """Whether nothing was left out and nothing stayed as it was."""
    lines: tuple[str, ...]
    reviews: int | None = None
    """How many reviews of another tablet were taken in; None: none came along."""


class CarryingChild:
    """One run of the child."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._child: Process | None = None
        self._ended = False

    async def run(self, way: Way, folder: Path) -> Outcome:
        """Until the child has ended. Without a line it did not come to its own end."""
        command = [sys.executable, "-P", "-m", "companion", "--home", str(self._home)]
        command += ["library", way.value]
        command += ["--files-only"] if way is Way.FROM else []
        command += ["--", str(folder)]
        try:
            self._child = child = await asyncio.create_subprocess_exec(
                *command, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
            )
        except OSError:
            return Outcome(good=False, lines=())
        try:
            if self._ended:
                self._kill()
            told, _ = await child.communicate()
        finally:
            self._kill()
        lines = told.decode(errors="replace").replace(_AT_A_SHELL, "").splitlines()
        return Outcome(child.returncode == 0, tuple(filter(None, lines)))

    def end(self) -> None:
        """End it, whatever it does."""
        self._ended = True
        self._kill()

    def _kill(self) -> None:
        if self._child is not None and self._child.returncode is None:
            with suppress(ProcessLookupError):
                self._child.kill()
