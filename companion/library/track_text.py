"""One track of a playlist as text: how it is written, taken out with its comments, and changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from companion.library.brackets import Brackets, Row
from companion.library.layout import (
    Node,
    column,
    comment_line,
    comments_between,
    comments_in,
    line_end,
    line_start,
    newline_of,
)

Value = str | int | float
_PLAIN = re.compile(r"[^\W_](?:[\w ./()'&+-]*[\w./()'&+-])?")
"""Texts that mean themselves without quotes wherever they stand; YAML would take more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A track on its way, written both ways."""

    lines: tuple[str, ...]
    """For a list by indentation, with its dash and its comments; the dash in column 0."""
    row: Row
    """For a list in brackets."""


def plain(value: Value) -> str:
    """The text that the loader reads for `value`."""
    return value if isinstance(value, str) else f"{value:.10g}"


def written(value: Value) -> str:
    """`value` as it may stand anywhere in YAML."""
    text = plain(value)
    if not isinstance(value, str) or (_PLAIN.fullmatch(text) and text != "null"):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in text)
    return f'"{escaped}"'


def new_piece(fields: Mapping[str, Value], in_braces: bool) -> Piece:
    """A track with these fields; by indentation it stands in braces too if `in_braces`."""
    pairs = [f"{key}: {written(value)}" for key, value in fields.items()]
    braces = "{" + ", ".join(pairs) + "}"
    marks = ["- ", *("  " for _ in pairs[1:])]
    lines = [f"- {braces}"] if in_braces else [m + p for m, p in zip(marks, pairs, strict=True)]
    return Piece(tuple(lines), Row(braces))


def piece_of_lines(text: str, start: int, end: int, item: Node) -> Piece:
    """The track `item` with its dash and comments, whose lines are those from `start` to `end`."""
    if item.flow:
        braces = text[item.start : item.end]
        notes = comments_between(text, start, item.start)
        notes += comments_between(text, item.end, end)
    else:
        pairs = [f"{_in_flow(text, key)}: {_in_flow(text, value)}" for key, value in item.pairs]
        braces = "{" + ", ".join(pairs) + "}"
        notes = comments_in(text, start, end, item.scalars())
    dash = column(text, text.index("-", _after_comments(text, start)))
    lines = text[start:end].splitlines()
    return Piece(tuple(_dedented(line, dash) for line in lines), Row(braces, notes))


def piece_of_row(row: Row) -> Piece:
    """A track that stood in brackets."""
    first, *others = row.body.splitlines()
    return Piece((*row.notes, f"- {first}", *(f"    {one.strip()}" for one in others)), row)


def _in_flow(text: str, node: Node) -> str:
    """A scalar as it may stand in braces: as the person wrote it, where that means the same."""
    raw = text[node.start : node.end]
    if "\n" in raw or (node.plain and set(raw) & set(",[]{}")):
        return written(node.text or "")
    return raw


def _after_comments(text: str, start: int) -> int:
    while comment_line(text, start) is not None:
        start = line_end(text, start)
    return start


def _dedented(line: str, by: int) -> str:
    return line[by:] if not line[:by].strip() else line.lstrip()


# --- fields --------------------------------------------------------------------------------------


def with_field(text: str, item: Node, key: str, value: Value | None) -> str:
    """`text`, which ends with the end of a line, with the field `key` of the track `item` made
    `value`, or taken away for None. Comments stay: that beside a field taken away gets a line of
    its own."""
    pair = item.find(key)
    if pair and value is not None:
        node = pair[1]
        gap = " " if text[node.start - 1] == ":" else ""
        return text[: node.start] + gap + written(value) + text[node.end :]
    if pair is None and value is None:
        return text
    if item.flow:
        return _other_row(text, item, key, value)
    if pair is None:
        last = item.pairs[-1][1].end
        end = line_end(text, last - 1)
        pad = " " * column(text, item.start)
        newline = newline_of(text)
        return f"{text[:end]}{pad}{key}: {written(value or 0)}{newline}{text[end:]}"
    return _without_line(text, item, pair)


def _other_row(text: str, item: Node, key: str, value: Value | None) -> str:
    """A mapping in braces with one field more or fewer."""
    braces = Brackets(text, item)
    if value is not None:
        braces.insert(len(braces.rows), Row(f"{key}: {written(value)}"))
    else:
        index = next(n for n, (one, _) in enumerate(item.pairs) if one.text == key)
        braces.rest += braces.without(index).notes
    pad = re.match(r"[ ]*", text[line_start(text, item.start) :])
    return text[: item.start] + braces.written(pad[0] if pad else "") + text[item.end :]


def _without_line(text: str, item: Node, pair: tuple[Node, Node]) -> str:
    """A mapping by indentation without this field."""
    key, value = pair
    after = next((other for other, _ in item.pairs if other.start > key.start), None)
    pad = " " * column(text, item.start)
    newline = newline_of(text)
    if key.start == item.start and after:
        notes = comments_between(text, value.end, after.start)
        following = item.pairs[1][1].end
        end = line_end(text, following - 1)
        told = "".join(pad + note + newline for note in notes)
        return text[: key.start] + text[after.start : end] + told + text[end:]
    begin, end = line_start(text, key.start), line_end(text, value.end - 1)
    notes = comments_between(text, value.end, end)
    return text[:begin] + "".join(pad + note + newline for note in notes) + text[end:]
