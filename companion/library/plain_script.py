"""A script as plain text: one paragraph is one sentence to be said, a blank line its pause.

    title: The Quiet Shore

    Let the chair carry you.

    There is nothing to hold up.
    [pause 30]

    # return

    The sea grows quiet.

It becomes a Source like that of a YAML file, with the lines of the text, so that every mistake is
found by the same rules and told where the person wrote it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from companion.library.fields import shown
from companion.library.reading import Location, Place, Source, Value, text_of
from companion.library.scripts import PARTS
from companion.problems import Problem, nearest

HEAD = ("title", "about", "language", "author", "licence")
"""What may stand above the first sentence, each in a line of its own."""
_HEAD_LINE = re.compile(r"([A-Za-z]+)\s*:(.*)")
_PAUSE = re.compile(r"\[\s*pause\b\s*:?([^\[\]]*)\]", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(\.\d+)?")
_INVISIBLE = ("Cf", "Co", "Cn", "Cs", "Zl", "Zp")
_NAMES = {"say": "sentence", "parts": ""}


def read_plain(data: bytes, file: str, usual: Mapping[str, str]) -> Source:
    """Read the text in `data`; what its head leaves out is as `usual`. Raises BadContent where it
    is no text at all."""
    text = text_of(data, file).replace("\r\n", "\n").replace("\r", "\n")
    return _Reading(file, usual).source(text.split("\n"), hashlib.sha256(data).hexdigest())


def in_plain_words(problems: tuple[Problem, ...]) -> list[Problem]:
    """Problems of such a Source, without the paths that only a YAML file has."""
    return [replace(problem, path=_named(problem.path)) for problem in problems]


def _named(path: str) -> str:
    last = re.sub(r"\[\d+\]", "", path.rsplit(".", 1)[-1])
    return _NAMES.get(last, last)


def as_yaml(source: Source) -> str:
    """The text of a YAML file that says the same. `source` has no problems."""
    return yaml.dump(
        source.data, Dumper=_Indented, allow_unicode=True, sort_keys=False, width=1_000_000
    )


class _Indented(yaml.SafeDumper):
    """Lists stand further in than their key, as in the scripts that are shipped."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


class _Reading:
    """One text on its way, line by line."""

    def __init__(self, file: str, usual: Mapping[str, str]) -> None:
        self._file = file
        self._head: dict[str, Value] = dict(usual)
        self._parts: dict[str, list[dict[str, Any]]] = {}
        self._begun: dict[str, int] = {}
        self._values: dict[Location, Place] = {(): (1, 1), ("parts",): (1, 1)}
        self._problems: list[Problem] = []
        self._part, self._in_head = PARTS[0], True
        self._words: list[str] = []
        self._words_begin = 0

    def source(self, lines: list[str], digest: str) -> Source:
        for number, line in enumerate(lines, 1):
            self._look_for_the_invisible(number, line)
            self._line(number, " ".join(line.split()))
        self._end_of_sentence()
        for part, number in self._begun.items():
            if not self._parts.get(part):
                self._tell(number, "this part has no sentence")
        if not self._begun:
            self._tell(1, "has no sentence")
        data: Value = {**self._head, "parts": self._parts}
        found = tuple(self._problems)
        return Source(self._file, data, self._values, {}, found, digest)

    def _look_for_the_invisible(self, number: int, line: str) -> None:
        for column, character in enumerate(line, 1):
            if unicodedata.category(character) in _INVISIBLE and character != "\u200d":
                told = f"has an invisible character here (U+{ord(character):04X})"
                self._tell(number, told, "take it out", column)

    def _line(self, number: int, line: str) -> None:
        if not line:
            self._end_of_sentence()
        elif (
            self._in_head
            and (found := _HEAD_LINE.fullmatch(line))
            and self._head_line(number, found[1], found[2].strip())
        ):
            return
        elif line.startswith("#"):
            self._heading(number, line.strip("# "))
        elif line.startswith("["):
            self._pause(number, line)
        else:
            self._sentence(number, line)

    def _head_line(self, number: int, key: str, value: str) -> bool:
        """Whether this is a line of the head, though perhaps with a mistake in it."""
        key = key.lower()
        if key not in HEAD:
            hint = nearest(key, HEAD)
            if not hint.startswith("did you mean"):
                return False
            self._tell(number, f"{shown(key)} is no line of the head", hint)
        elif (key,) in self._values:
            first = self._values[(key,)][0]
            self._tell(number, f"{key} is written twice; first in line {first}", "keep one")
        else:
            self._values[(key,)] = (number, 1)
            self._head[key] = value or None
        return True

    def _heading(self, number: int, name: str) -> None:
        self._end_of_sentence()
        self._in_head = False
        part = name.lower()
        if part not in PARTS:
            told = f"{shown(name)} is no part of a script"
            self._tell(number, told, "write # settle or # return")
        elif part in self._begun:
            self._tell(number, f"# {part} begins twice; first in line {self._begun[part]}")
        else:
            self._begin(part, number)

    def _begin(self, part: str, number: int) -> None:
        self._part = part
        self._begun[part] = number
        self._values["parts", part] = (number, 1)

    def _sentence(self, number: int, line: str) -> None:
        self._in_head = False
        if inside := _PAUSE.search(line):
            self._tell(number, f"{shown(inside[0])} stands in a sentence", "give it its own line")
        if not self._words:
            self._words_begin = number
        self._words.append(line)

    def _end_of_sentence(self) -> None:
        if not self._words:
            return
        if self._part not in self._begun:
            self._begin(self._part, self._words_begin)
        cues = self._parts.setdefault(self._part, [])
        where: Location = ("parts", self._part, len(cues))
        self._values[where] = self._values[*where, "say"] = (self._words_begin, 1)
        cues.append({"say": " ".join(self._words)})
        self._words = []

    def _pause(self, number: int, line: str) -> None:
        self._end_of_sentence()
        self._in_head = False
        found = _PAUSE.fullmatch(line)
        cues = self._parts.get(self._part)
        if not found or not (length := found[1].strip()):
            self._tell(number, f"expected a pause such as [pause 30]; found {shown(line)}")
        elif not cues:
            self._tell(number, "a pause stands before the first sentence of its part")
        elif "pause" in cues[-1]:
            self._tell(number, "a second pause after the same sentence", "write one of them")
        else:
            self._values["parts", self._part, len(cues) - 1, "pause"] = (number, 1)
            cues[-1]["pause"] = f"{length}s" if _NUMBER.fullmatch(length) else length

    def _tell(self, number: int, message: str, hint: str = "", column: int = 1) -> None:
        self._problems.append(Problem(self._file, number, column, "", message, hint))
