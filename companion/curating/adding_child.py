"""`companion add` as a child of the screen process, which must load no decoder.

The child hears every file to its end and tells what it found, asks which of them are wanted, and
takes these into the library, each whole or not at all. To end it at any moment leaves nothing half
done.
"""

import json
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.processes.command_child import Child

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
    mark: str
    """`good`, `flagged` or `refused`."""
    sentence: str

    @property
    def refused(self) -> bool:
        return self.mark == "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file that was wanted."""

    file: str
    sentence: str
    done: bool


class AddingChild(Child):
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
        super().__init__(home)
        self._begun, self._judged, self._asked, self._taken = begun, judged, asked, taken
        self._now = ""
        self.took = False
        """Whether anything was taken into the library."""

    async def run(self, wish: Wish) -> bool:
        """Until the child has ended; False where it did not come to its own end."""
        words = self._words(wish)
        with suppress(OSError, ValueError):
            async with self._started(
                *words, stdin=PIPE, stderr=DEVNULL, longest_line=_LONGEST_LINE
            ) as child:
                return await self._follow(child)
        return False

    async def _follow(self, child: Process) -> bool:
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

    def _words(self, wish: Wish) -> list[str]:
        words = ["add", "--json-lines", "--playlist", wish.playlist, "--section", wish.section]
        words += ["--licence", wish.licence] if wish.licence else []
        if wish.words_sung is not None:
            words += ["--words-sung", "yes" if wish.words_sung else "no"]
        return [*words, "--", *map(str, wish.files)]

    def _hand_on(self, told: dict[str, Any]) -> None:
        match told:
            case {"kind": "hearing" | "copying", "file": file} if file != self._now:
                self._now = file
                self._begun(file)
            case {"kind": "verdict", "file": file, "mark": mark, "sentence": sentence}:
                self._judged(Verdict(file, mark, sentence))
            case {"kind": "asks"}:
                self._now = ""
                self._asked()
            case {"kind": "taken", "file": file, "fields": fields, "sentence": sentence}:
                self.took = self.took or bool(fields)
                self._taken(Taken(file, sentence, bool(fields)))
