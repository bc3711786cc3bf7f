"""A command of ours as a child of the screen process: slow work that nobody has to wait for."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """What the command said. Without a line it did not come to its own end."""

    good: bool
    """Whether its exit code was 0."""
    lines: tuple[str, ...] = ()


class Child:
    """One run of a command in `home`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._child: Process | None = None
        self._ended = False

    @asynccontextmanager
    async def _started(
        self, *words: str, stdin: int, stderr: int, longest_line: int = 1 << 16
    ) -> AsyncIterator[Process]:
        """The child, which ends with this at the latest. Raises OSError."""
        command = [sys.executable, "-P", "-m", "companion", "--home", str(self._home), *words]
        self._child = child = await asyncio.create_subprocess_exec(
            *command, stdin=stdin, stdout=PIPE, stderr=stderr, limit=longest_line
        )
        try:
            if self._ended:
                self._kill()
            yield child
        finally:
            self._kill()

    def end(self) -> None:
        """End it, whatever it does."""
        self._ended = True
        self._kill()

    def _kill(self) -> None:
        if self._child is not None and self._child.returncode is None:
            with suppress(ProcessLookupError):
                self._child.kill()


class CommandChild(Child):
    """A command that is only waited for."""

    async def run(self, *words: str) -> Ended:
        """Until the child has ended."""
        try:
            async with self._started(*words, stdin=DEVNULL, stderr=STDOUT) as child:
                told, _ = await child.communicate()
        except OSError:
            return Ended(good=False)
        lines = told.decode(errors="replace").splitlines()
        return Ended(child.returncode == 0, tuple(filter(None, lines)))
