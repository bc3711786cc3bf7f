"""The sections of a playlist as text: a track taken out of one, a track put into one."""

from companion.library.brackets import Brackets, Row, in_lines
from companion.library.layout import (
    Node,
    column,
    end_of_comments_below,
    first_comment_above,
    lay_out,
    line_start,
    newline_of,
)
from companion.library.track_text import Piece, piece_of_lines, piece_of_row

ARC = ("settle", "onset", "build", "peak", "return", "recovery")
"""The sections, in their order."""


class NotFound(LookupError):  # noqa: N818 (it is what it says)
    """Raised where a section or a track of it is not there."""


def sections_of(text: str) -> Node:
    """The mapping of the sections. Raises NotFound."""
    found = lay_out(text).find("sections")
    if found is None or not found[1].pairs:
        raise NotFound("sections")
    return found[1]


def track_of(text: str, key: str, index: int) -> Node:
    """The mapping of a track. Raises NotFound."""
    found = sections_of(text).find(key)
    if found is None or not 0 <= index < len(found[1].items):
        raise NotFound(f"{key}[{index}]")
    return found[1].items[index]


def take(text: str, key: str, index: int) -> tuple[str, Piece]:
    """`text` without a track and its comments, and what was taken. A section left empty goes too,
    unless comments stand with it. Raises NotFound."""
    item = track_of(text, key, index)
    sections = sections_of(text)
    section = _value(sections, key)
    if section.flow:
        brackets = Brackets(text, section)
        piece = piece_of_row(brackets.without(index))
        if not brackets.rows:
            return _emptied(text, sections, key, section.start, section.end, brackets.rest), piece
        return _replaced(text, section, brackets.written(_pad(text, section))), piece
    start, end = _lines_of(text, section, index)
    piece = piece_of_lines(text, start, end, item)
    if len(section.items) == 1:
        return _emptied(text, sections, key, start, end, ()), piece
    return text[:start] + text[end:], piece


def put(text: str, key: str, index: int, piece: Piece) -> str:
    """`text`, which ends with the end of a line, with a track before track `index` of a section, or
    after its last. A section that is not there is made in the order of the arc. Raises NotFound."""
    sections = sections_of(text)
    if sections.find(key) is None:
        return _with_section(text, sections, key, piece)
    section = _value(sections, key)
    if not 0 <= index <= len(section.items):
        raise NotFound(f"{key}[{index}]")
    if section.text is not None:
        return _filled(text, sections, key, piece)
    if section.flow:
        brackets = Brackets(text, section)
        brackets.insert(index, piece.row)
        return _replaced(text, section, brackets.written(_pad(text, section)))
    last = index == len(section.items)
    start, end = _lines_of(text, section, index - last)
    at = end if last else start
    return text[:at] + _in_lines(text, piece, column(text, section.start)) + text[at:]


def _value(mapping: Node, key: str) -> Node:
    found = mapping.find(key)
    if found is None:
        raise NotFound(key)
    return found[1]


def _replaced(text: str, node: Node, new: str) -> str:
    return text[: node.start] + new + text[node.end :]


# --- lines ---------------------------------------------------------------------------------------


def _lines_of(text: str, section: Node, index: int) -> tuple[int, int]:
    """Where the lines of a track begin and end, with the comments right above its dash and those
    below it that are further in."""
    item, dash = section.items[index], column(text, section.start)
    at = line_start(text, item.start)
    while text[at : at + dash + 1].strip() != "-" or text[at + dash] != "-":
        at = line_start(text, at - 1)
    start = first_comment_above(text, at, dash)
    return start, end_of_comments_below(text, item.end - 1, dash + 1)


def _in_lines(text: str, piece: Piece, dash: int) -> str:
    newline = newline_of(text)
    return "".join((" " * dash + line).rstrip() + newline for line in piece.lines)


def _pad(text: str, node: Node) -> str:
    """The indentation of the line on which `node` begins."""
    line = text[line_start(text, node.start) : node.start]
    return line[: len(line) - len(line.lstrip(" "))]


# --- whole sections ------------------------------------------------------------------------------


def _end_of(text: str, key: Node, section: Node) -> int:
    """Where the lines of a section end, with the comments below that are further in."""
    last = max(section.end - 1, key.end)
    return end_of_comments_below(text, last, column(text, key.start) + 1)


def _emptied(
    text: str, sections: Node, name: str, first: int, last: int, notes: tuple[str, ...]
) -> str:
    """Without a section whose only track stands from `first` to `last`. With a comment of its own
    its key stays, and so does the only key there is."""
    key, section = next(pair for pair in sections.pairs if pair[0].text == name)
    newline, alone = newline_of(text), len(sections.pairs) == 1
    if sections.flow:
        brackets = Brackets(text, sections)
        if not (alone or notes or brackets.noted):
            brackets.without([one.start for one, _ in sections.pairs].index(key.start))
            return _replaced(text, sections, brackets.written(""))
        told = "".join(f" {note}{newline}{_pad(text, sections)} " for note in notes)
        return text[:first] + "null" + told + text[last:]
    start = first_comment_above(text, key.start, column(text, key.start))
    end = _end_of(text, key, section)
    if not (alone or notes or "#" in text[start:first] + text[last:end]):
        return text[: line_start(text, key.start)] + text[end:]
    pad = newline + _pad(text, key) + "    "
    return text[:first].rstrip(" ") + "".join(pad + note for note in notes) + text[last:]


def _with_section(text: str, sections: Node, name: str, piece: Piece) -> str:
    """With a new section, after those that come before it in the arc."""
    before = [p for p in sections.pairs if ARC.index(p[0].text or "") < ARC.index(name)]
    if sections.flow:
        brackets = Brackets(text, sections)
        index = sections.pairs.index(before[-1]) + 1 if before else 0
        brackets.insert(index, Row(f"{name}: {in_lines(piece.row, '', newline_of(text))}"))
        return _replaced(text, sections, brackets.written(_pad(text, sections)))
    inside = column(text, sections.start)
    if before:
        at = _end_of(text, *before[-1])
    else:
        at = first_comment_above(text, sections.pairs[0][0].start, inside)
    pad = " " * inside
    new = f"{pad}{name}:" + _as_others(text, sections, piece, pad)
    return text[:at] + new + text[at:]


def _filled(text: str, sections: Node, name: str, piece: Piece) -> str:
    """With a track in a section whose key stands there alone."""
    key, section = next(pair for pair in sections.pairs if pair[0].text == name)
    if sections.flow:
        new = " " + in_lines(piece.row, _pad(text, sections), newline_of(text))
        return _replaced(text, section, new if section.start == key.end + 1 else new[1:])
    text = text[: section.start].rstrip(" ") + text[section.end :]
    if _all_in_brackets(sections):
        new = " " + in_lines(piece.row, _pad(text, key), newline_of(text))
        return text[: key.end + 1] + new + text[key.end + 1 :]
    at = end_of_comments_below(text, key.end, column(text, key.start) + 1)
    return text[:at] + _in_lines(text, piece, _dash(text, sections)) + text[at:]


def _as_others(text: str, sections: Node, piece: Piece, pad: str) -> str:
    """What stands after a new section's colon: in brackets where all other sections are."""
    newline = newline_of(text)
    if _all_in_brackets(sections):
        return f" {in_lines(piece.row, pad, newline)}{newline}"
    return newline + _in_lines(text, piece, _dash(text, sections))


def _all_in_brackets(sections: Node) -> bool:
    kinds = {section.flow for _, section in sections.pairs if section.items}
    return kinds == {True}


def _dash(text: str, sections: Node) -> int:
    """The column in which the dashes of other sections stand."""
    found = [s for _, s in sections.pairs if s.items and not s.flow]
    inside = column(text, sections.start)
    return column(text, found[0].start) if found else inside + 2
