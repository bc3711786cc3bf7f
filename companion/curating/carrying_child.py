"""`companion library` as a child of the screen process: the library to a stick, or from one.

To end it at any moment, or to pull the stick, leaves all as it was.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from companion.processes.command_child import CommandChild

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
        self._child = CommandChild(home)

    async def run(self, way: Way, folder: Path) -> Outcome:
        """Until the child has ended. Without a line it did not come to its own end."""
        files_only = ("--files-only",) if way is Way.FROM else ()
        ended = await self._child.run("library", way.value, *files_only, "--", str(folder))
        lines = (line.replace(_AT_A_SHELL, "") for line in ended.lines)
        return Outcome(ended.good, tuple(filter(None, lines)))

    def end(self) -> None:
        """End it, whatever it does."""
        self._child.end()
