"""Where every value of a YAML file stands in its text, so that one can be changed and all else stay
as the person wrote it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_COMMENT = re.compile(r"#[^\r\n]*")


@dataclass(frozen=True, slots=True)
class Node:
    """One value. `start` and `end` count characters of the text; a value written over lines by
    indentation ends with the last thing in it."""

    start: int
    end: int
    flow: bool = False
    """Whether it is a list or a mapping in brackets."""
    text: str | None = None
    """What a scalar says; None: it is a list or a mapping."""
    plain: bool = False
    """A scalar on one line without quotes."""
    items: tuple["Node", ...] = ()
    pairs: tuple[tuple["Node", "Node"], ...] = ()

    def find(self, key: str) -> "tuple[Node, Node] | None":
        """The key and the value of `key` in a mapping."""
        return next((pair for pair in self.pairs if pair[0].text == key), None)

    def scalars(self) -> Iterator["Node"]:
        """Every scalar within, in the order of the text."""
        if self.text is not None:
            yield self
        for item in self.items:
            yield from item.scalars()
        for key, value in self.pairs:
            yield key
            yield from value.scalars()


def lay_out(text: str) -> Node:
    """The document in `text`, which `reading.read` has taken. Raises yaml.YAMLError."""
    events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
    next(events)
    next(events)
    return _node(next(events), events, text)


def _node(event: Any, events: Iterator[Any], text: str) -> Node:
    start, end = _index(event.start_mark), _index(event.end_mark)
    if isinstance(event, yaml.ScalarEvent):
        written = text[start:end].rstrip()
        plain = not event.style and "\n" not in written
        return Node(start, start + len(written), text=event.value, plain=plain)
    items: list[Node] = []
    flow = bool(event.flow_style)
    mapping = isinstance(event, yaml.MappingStartEvent)
    while not isinstance(event := next(events), (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
        items.append(_node(event, events, text))
    end = _index(event.end_mark) if flow else max((item.end for item in items), default=start)
    if mapping:
        return Node(start, end, flow, pairs=tuple(zip(items[::2], items[1::2], strict=True)))
    return Node(start, end, flow, items=tuple(items))


def _index(mark: Any) -> int:
    return int(mark.index)


# --- lines and comments --------------------------------------------------------------------------


def line_start(text: str, at: int) -> int:
    """Where the line of `at` begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the line after that of `at` begins, or the end of the text."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def newline_of(text: str) -> str:
    """How lines end in `text`."""
    return "\r\n" if "\r\n" in text else "\n"


def column(text: str, at: int) -> int:
    """How far from the beginning of its line `at` is."""
    return at - line_start(text, at)


def comments_between(text: str, start: int, end: int) -> tuple[str, ...]:
    """The comments in a stretch of text that holds no value."""
    return tuple(found.rstrip() for found in _COMMENT.findall(text[start:end]))


def comments_in(text: str, start: int, end: int, nodes: Iterator[Node]) -> tuple[str, ...]:
    """The comments from `start` to `end` around the scalars in `nodes`."""
    found: list[str] = []
    for node in nodes:
        found += comments_between(text, start, node.start)
        start = node.end
    return (*found, *comments_between(text, start, end))


def comment_line(text: str, at: int) -> int | None:
    """The column of the comment that the line of `at` is and nothing else; None: it is not."""
    line = text[line_start(text, at) : line_end(text, at)]
    shown = line.lstrip(" \t")
    return len(line) - len(shown) if shown.startswith("#") else None


def first_comment_above(text: str, at: int, most: int) -> int:
    """Where the comment lines that stand right above the line of `at` begin, none of them further
    in than column `most`."""
    start = line_start(text, at)
    while start > 0:
        inside = comment_line(text, start - 1)
        if inside is None or inside > most:
            break
        start = line_start(text, start - 1)
    return start


def end_of_comments_below(text: str, at: int, least: int) -> int:
    """Where the comment lines that follow right below the line of `at` end, all of them in column
    `least` or further in."""
    end = line_end(text, at)
    while end < len(text):
        inside = comment_line(text, end)
        if inside is None or inside < least:
            break
        end = line_end(text, end)
    return end
