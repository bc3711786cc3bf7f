"""A rehearsed session as a strip: what there is when, row by row, and where one is. It stands
still."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from companion.cleaning import clean
from companion.ui.cut import cut


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something from second `begins` to second `ends`; without a name it is drawn as a line."""

    begins: float
    ends: float
    name: str = ""


class Timeline(Widget):
    """As wide as its place; a row below the others marks the second `at`."""

    def __init__(self, seconds: float, rows: Iterable[Sequence[Stretch]], at: float) -> None:
        """`seconds` is the length of the whole."""
        super().__init__(id="timeline")
        self._seconds = seconds
        self._rows = tuple(rows)
        self._at = at

    def mark(self, at: float) -> None:
        """Mark the second `at` from now on."""
        self._at = at
        self.refresh()

    def render(self) -> Content:
        width = self.size.width
        rows = [self._row(row, width) for row in self._rows]
        mark = min(self._cell(self._at, width), width - 1)
        return Content("\n".join([*rows, " " * mark + "▲"]), strip_control_codes=False)

    def _row(self, stretches: Sequence[Stretch], width: int) -> str:
        cells = [" "] * width
        for stretch in stretches:
            left, right = self._cell(stretch.begins, width), self._cell(stretch.ends, width)
            right = min(max(right, left + 1), width)
            name = clean(stretch.name, 80)
            drawn = f"│{cut(name, right - left - 1)}" if name else "━" * (right - left)
            cells[left:right] = drawn.ljust(right - left)[: right - left]
        return "".join(cells)

    def _cell(self, second: float, width: int) -> int:
        return int(width * min(max(second / self._seconds, 0.0), 1.0))
