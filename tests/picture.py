"""What a terminal shows after the bytes that were written to it: pyte, and what pyte lacks."""

import re
from copy import deepcopy
from typing import Any, NamedTuple

import pyte

_ANSI = {
    "default": None,
    "black": "#000000",
    "red": "#cd0000",
    "green": "#00cd00",
    "brown": "#cdcd00",
    "blue": "#0000ee",
    "magenta": "#cd00cd",
    "cyan": "#00cdcd",
    "white": "#e5e5e5",
    "brightblack": "#7f7f7f",
    "brightred": "#ff0000",
    "brightgreen": "#00ff00",
    "brightbrown": "#ffff00",
    "brightblue": "#5c5cff",
    "brightmagenta": "#ff00ff",
    "brightcyan": "#00ffff",
    "brightwhite": "#ffffff",
}
_FOREGROUND, _BACKGROUND = "#e5e5e5", "#000000"
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>][\d;]*[a-zA-Z]|\x1b\\")
_UNFINISHED = re.compile(rb"\x1b(?:\[[<=>?\d;$]*)?\Z")
_ALTERNATE, MOUSE, SGR_MOUSE, UPDATE = 1049, 1000, 1006, 2026


class Cell(NamedTuple):
    """One cell: its character (empty behind a wide one) and its colours as `#rrggbb`."""

    text: str
    fg: str
    bg: str
    bold: bool


class Picture(pyte.Screen):
    """A screen of pyte with the alternate screen, broken-off sequences and private ones."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self._stream = pyte.ByteStream(self)
        self._pending = b""

    def set_mode(self, *modes: int, **options: Any) -> None:
        if options.get("private") and _ALTERNATE in modes and not self.has(_ALTERNATE):
            self._kept = deepcopy(self.buffer), deepcopy(self.cursor)
            self.erase_in_display(2)
        super().set_mode(*modes, **options)

    def reset_mode(self, *modes: int, **options: Any) -> None:
        if options.get("private") and _ALTERNATE in modes and self.has(_ALTERNATE):
            self.buffer, self.cursor = self._kept
            self.dirty.update(range(self.lines))
        super().reset_mode(*modes, **options)

    def erase_in_line(self, how: int = 0, *_more: int, private: bool = False) -> None:
        """As a terminal does: what a shell writes (`Killed`) may end a broken-off sequence, and
        a number it does not know erases nothing."""
        if how in (0, 1, 2):
            super().erase_in_line(how, private)

    def erase_in_display(self, how: int = 0, *more: int, **options: Any) -> None:
        """Likewise."""
        if how in (0, 1, 2, 3):
            super().erase_in_display(how, *more, **options)

    def has(self, mode: int) -> bool:
        """Whether a private mode is on."""
        return mode << 5 in self.mode

    def write(self, data: bytes) -> None:
        """Take what a program wrote, wherever it was cut."""
        data = self._pending + data
        cut = found.start() if (found := _UNFINISHED.search(data)) else len(data)
        data, self._pending = data[:cut], data[cut:]
        whole, *after_breaks = data.split(b"\x18")
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", whole))
        for part in after_breaks:
            self._stream = pyte.ByteStream(self)
            self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", part))

    def cells(self) -> list[list[Cell]]:
        """Every cell with its colours, by row and column."""
        return [
            [_cell(self.buffer[row][column]) for column in range(self.columns)]
            for row in range(self.lines)
        ]


def _cell(char: Any) -> Cell:
    fg = _colour(char.fg) or _FOREGROUND
    bg = _colour(char.bg) or _BACKGROUND
    if char.reverse:
        fg, bg = bg, fg
    return Cell(char.data, fg, bg, char.bold)


def _colour(name: str) -> str | None:
    return _ANSI.get(name, f"#{name}")
