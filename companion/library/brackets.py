"""Lists and mappings in brackets, `[…]` and `{…}`, with one thing in them more or fewer."""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.library.layout import Node, comments_between, newline_of

_STEP = "    "


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in brackets and the comments that stand with it."""

    body: str
    notes: tuple[str, ...] = ()


class Brackets:
    """What stands in a pair of brackets. Without comments among its rows the spaces between them
    stay as they are; with comments each row gets lines of its own, for a comment ends a line."""

    def __init__(self, text: str, node: Node) -> None:
        spans = [(item.start, item.end) for item in node.items] or [
            (key.start, value.end) for key, value in node.pairs
        ]
        edges = [node.start + 1, *(edge for span in spans for edge in span), node.end - 1]
        self._text, self._node = text, node
        self._gaps = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
        self.rows: list[Row] = []
        self.rest: tuple[str, ...] = ()
        """Comments that stand with no row: before the first on its bracket's line, or after the
        last."""
        self._read(text, edges)

    def _read(self, text: str, edges: list[int]) -> None:
        """A comment on the line on which a row ends is that row's, others are the next one's."""
        for number, (start, end) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
            turn = text.find("\n", start, end)
            turn = end if turn < 0 else turn
            same_line = comments_between(text, start, turn)
            if number and self.rows:
                last = self.rows[-1]
                self.rows[-1] = Row(last.body, (*last.notes, *same_line))
            else:
                self.rest += same_line
            after = comments_between(text, turn, end)
            if number < len(edges) // 2 - 1:
                body = text[edges[2 * number + 1] : edges[2 * number + 2]]
                self.rows.append(Row(body, after))
            else:
                self.rest += after

    @property
    def noted(self) -> bool:
        """Whether comments stand among the rows."""
        return bool(self.rest) or any(row.notes for row in self.rows)

    def without(self, index: int) -> Row:
        """Take row `index` away and return it."""
        row = self.rows.pop(index)
        del self._gaps[index if index else min(1, len(self.rows))]
        return row

    def insert(self, index: int, row: Row) -> None:
        """Put `row` before row `index`, or after the last."""
        if self.rows:
            last = len(self._gaps) - 2
            gap = self._gaps[min(max(index, 1), last)] if last else ", "
            self._gaps.insert(max(index, 1), gap)
        else:
            self._gaps = ["", ""]
        self.rows.insert(index, row)

    def written(self, pad: str) -> str:
        """The text of it, brackets included; `pad` indents the line that it begins on."""
        text = self._text
        begin, finish = text[self._node.start], text[self._node.end - 1]
        if not self.noted:
            bodies = [row.body for row in self.rows]
            inner = "".join(g + b for g, b in zip(self._gaps, [*bodies, ""], strict=True))
            return begin + inner + finish
        newline = newline_of(text)
        return newline.join((begin, *_lines(self.rows, self.rest, pad + _STEP), pad + finish))


def in_lines(row: Row, pad: str, newline: str) -> str:
    """A list of `row` alone."""
    if not row.notes:
        return f"[{row.body}]"
    return newline.join(("[", *_lines([row], (), pad + _STEP), f"{pad}]"))


def _lines(rows: Sequence[Row], rest: tuple[str, ...], pad: str) -> list[str]:
    lines = []
    for number, row in enumerate(rows):
        lines += [pad + note for note in row.notes]
        lines.append(pad + row.body + ("," if number < len(rows) - 1 else ""))
    return lines + [pad + note for note in rest]
