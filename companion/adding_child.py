"""`companion add` as a child of the screen process, which must load no decoder.

The child hears every file to its end and tells what it found, asks which of them are wanted, and
takes these into the library, each whole or not at all. To end it at any moment leaves nothing half
done.
"""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What a curator wants to add, and what she says of it."""

    files: tuple[Path, ...]
    playlist: str
    """Stem of its file."""
    section: str
    licence: str
    """Empty: the files name it themselves."""
    words_sung: bool | None
    """None: she does not know."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about one file."""

    file: str
    standing: str
    """`good`, `flagged` or `refused`."""
    sentence: str

    @property
    def refused(self) -> bool:
        return self.standing == "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file that was wanted."""

    file: str
    sentence: str
    done: bool


class AddingChild:
    """One run of the child. What it tells goes to the functions given, in the order it happens."""

    def __init__(
        self,
        home: Path,
        *,
        begun: Callable[[str], None],
        judged: Callable[[Verdict], None],
        asked: Callable[[], None],
        taken: Callable[[Taken], None],
    ) -> None:
        """`begun` is told the file that is heard or copied now; at `asked` it waits for
        `answer`."""
        self._home = home
        self._begun, self._judged, self._asked, self._taken = begun, judged, asked, taken
        self._child: Process | None = None
        self._now = ""
        self._ended = False
        self.took = False
        """Whether anything was taken into the library."""

    async def run(self, wish: Wish) -> bool:
        """Until the child has ended; False where it did not come to its own end."""
        with suppress(OSError, ValueError):
            self._child = child = await asyncio.create_subprocess_exec(
                *self._command(wish), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LONGEST_LINE
            )
            try:
                return await self._follow(child)
            finally:
                self._kill()
        return False

    async def _follow(self, child: Process) -> bool:
        if self._ended:
            self._kill()
        done = False
        assert child.stdout is not None
        async for line in child.stdout:
            told = json.loads(line)
            self._hand_on(told)
            done = told.get("kind") == "done"
        await child.wait()
        return done

    def answer(self, files: Sequence[str]) -> None:
        """These files are wanted, and no others."""
        if self._child is not None and self._child.stdin is not None:
            with suppress(OSError):
                self._child.stdin.write(json.dumps({"take": list(files)}).encode() + b"\n")

    def end(self) -> None:
        """End it, whatever it does; what was taken stays."""
        self._ended = True
        self._kill()

    def _kill(self) -> None:
        if self._child is not None and self._child.returncode is None:
            with suppress(ProcessLookupError):
                self._child.kill()

    def _command(self, wish: Wish) -> list[str]:
        command = [sys.executable, "-P", "-m", "companion", "--home", str(self._home), "add"]
        command += ["--json-lines", "--playlist", wish.playlist, "--section", wish.section]
        command += ["--licence", wish.licence] if wish.licence else []
        if wish.words_sung is not None:
            command += ["--words-sung", "yes" if wish.words_sung else "no"]
        return [*command, "--", *map(str, wish.files)]

    def _hand_on(self, told: dict[str, Any]) -> None:
        match told:
            case {"kind": "hearing" | "copying", "file": file} if file != self._now:
                self._now = file
                self._begun(file)
            case {"kind": "verdict", "file": file, "standing": standing, "sentence": sentence}:
                self._judged(Verdict(file, standing, sentence))
            case {"kind": "asks"}:
                self._now = ""
                self._asked()
            case {"kind": "taken", "file": file, "fields": fields, "sentence": sentence}:
                self.took = self.took or bool(fields)
                self._taken(Taken(file, sentence, bool(fields)))
