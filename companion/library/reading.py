"""YAML, read within bounds, with the place of every value.

The file is read as events, not as objects: every value stays the text that the person wrote, so
`no`, `12:30` and `2026-13-45` are words like any other and nothing is built, looked up or
repeated. What a text means is decided later, by the field it stands in.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from companion.cleaning import clean
from companion.problems import BadContent, Problem

BYTES = 256 * 1024
"""The largest file that is read, in bytes."""
_BREAK = re.compile("\r\n|[\n\r\u2028\u2029]")
"""What YAML takes for the end of a line."""
_NODES = 20_000
_DEPTH = 20

Value = str | None | list[Any] | dict[str, Any]
Location = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says. `places` has line and column, from 1, of every value and of every key."""

    file: str
    data: Value
    values: Mapping[Location, Place]
    keys: Mapping[Location, Place]
    problems: tuple[Problem, ...]
    """Mistakes that did not stop the reading: a key written twice, a tag."""
    hash: str

    def problem(self, where: Location, message: str, hint: str = "") -> Problem:
        """A problem at `where`, or at the nearest place around it that the file has."""
        return Problem(self.file, *self.place(where), dotted(where), message, hint)

    def key_problem(self, where: Location, message: str, hint: str = "") -> Problem:
        """A problem with the key at `where` itself."""
        return Problem(self.file, *self.keys[where], dotted(where), message, hint)

    def place(self, where: Location) -> Place:
        """Line and column of the value at `where`, or of what it stands in."""
        for end in range(len(where), -1, -1):
            if where[:end] in self.values:
                return self.values[where[:end]]
        return 1, 1


def dotted(where: Location) -> str:
    """`sections.peak[1].file`"""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{clean(part, 60)}" if text else part
    return clean(text, 200)


def read(data: bytes, file: str) -> Source:
    """Read the YAML in `data`; `file` is its name in messages. Raises BadContent."""
    return _Reading(file, text_of(data, file)).source(hashlib.sha256(data).hexdigest())


def text_of(data: bytes, file: str) -> str:
    """The characters of `data`. Raises BadContent where it is too large or not plain UTF-8 text."""
    if len(data) > BYTES:
        told = f"is too large: {len(data) // 1024} kB, and 256 kB is the most"
        raise BadContent([Problem(file, 0, 0, "", told)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        told, hint = "is not UTF-8 text here", "save the file as UTF-8"
        raise BadContent([_at(file, before, told, hint)]) from None
    for index, character in enumerate(text):
        if not (character.isprintable() or character in "\t\r\n\xa0") and character < "\xa0":
            told = f"has a control character here (U+{ord(character):04X})"
            hint = "take it out" if character != "\0" else "take it out, or save the file as UTF-8"
            raise BadContent([_at(file, text[:index], told, hint)])
    return text


def _at(file: str, before: str, told: str, hint: str) -> Problem:
    lines = _BREAK.split(before)
    return Problem(file, len(lines), len(lines[-1]) + 1, "", told, hint)


class _Reading:
    """One file on its way from events to a Source."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
        self._values: dict[Location, Place] = {}
        self._keys: dict[Location, Place] = {}
        self._problems: list[Problem] = []
        self._nodes = 0

    def source(self, digest: str) -> Source:
        """The whole file; raises BadContent where reading cannot go on."""
        try:
            data = self._document()
        except yaml.MarkedYAMLError as error:
            raise BadContent([*self._problems, self._syntax(error)]) from None
        except yaml.YAMLError as error:
            told = f"cannot be read as YAML: {clean(str(error), 120)}"
            raise BadContent([Problem(self._file, 0, 0, "", told)]) from None
        found = tuple(self._problems)
        return Source(self._file, data, self._values, self._keys, found, digest)

    def _syntax(self, error: yaml.MarkedYAMLError) -> Problem:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        told = f"cannot be read as YAML: {clean(str(error.problem), 120)}"
        return Problem(self._file, *place, "", told, "look at indentation, quotes and colons here")

    def _document(self) -> Value:
        next(self._events)  # the stream begins
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise BadContent([Problem(self._file, 1, 1, "", "is empty")])
        data = self._value(next(self._events), ())
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._tell(after, (), "a second document begins here", "one file holds one document")
        return data

    def _value(self, event: Any, where: Location) -> Value:
        self._nodes += 1
        if self._nodes > _NODES:
            self._stop(event, where, f"has more than {_NODES} values")
        if len(where) > _DEPTH:
            self._stop(event, where, f"is nested more than {_DEPTH} deep")
        if isinstance(event, yaml.AliasEvent):
            self._stop(event, where, "repeats another value (`*`)", "write it out again")
        self._values.setdefault(where, _place(event))
        if event.tag is not None:
            self._tell(event, where, "has a tag (`!`)", "take the tag away")
        if isinstance(event, yaml.ScalarEvent):
            plain = not event.style
            return None if plain and event.value in ("", "~", "null") else str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(where)
        return self._mapping(where)

    def _list(self, where: Location) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*where, len(items))))
        return items

    def _mapping(self, where: Location) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(event, where, "has a key that is not one word")
            key = str(event.value)
            inner = (*where, key)
            if key in found:
                first = self._keys[inner][0]
                self._tell(event, inner, f"is written twice; first in line {first}", "keep one")
                self._value(next(self._events), inner)
                continue
            self._keys[inner] = _place(event)
            found[key] = self._value(next(self._events), inner)
        return found

    def _tell(self, event: Any, where: Location, told: str, hint: str = "") -> None:
        self._problems.append(Problem(self._file, *_place(event), dotted(where), told, hint))

    def _stop(self, event: Any, where: Location, told: str, hint: str = "") -> None:
        self._tell(event, where, told, hint)
        raise BadContent(self._problems)


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1
