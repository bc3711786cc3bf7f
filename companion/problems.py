"""What is wrong in a file that a person wrote, told so that she can mend it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands and what to do.

    Lines and columns count from 1; 0 means the whole file.
    """

    file: str
    line: int
    column: int
    path: str
    """The key, dotted: `sections.peak[1].file`."""
    message: str
    hint: str = ""

    @property
    def place(self) -> str:
        """The file and, where one is known, the line, in words."""
        return f"{self.file}, line {self.line}" if self.line else self.file

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}:{self.column}"
        text = f"{place}: {self.path + ': ' if self.path else ''}{self.message}"
        return f"{text} ({self.hint})" if self.hint else text


class BadContent(Exception):  # noqa: N818 (it is what it says)
    """Raised where a file cannot be used; carries every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, valid: Iterable[str]) -> str:
    """A hint naming the valid word closest to `word`, or all of them when none is close."""
    choices = sorted(set(valid))
    close = difflib.get_close_matches(word, choices, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"one of: {', '.join(choices)}" if choices else ""
