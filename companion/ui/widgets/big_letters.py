"""Letters that are read from two metres away, three or five rows high."""

import textwrap
import unicodedata
from itertools import chain
from typing import Literal

from rich.segment import Segment
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from companion.cleaning import clean
from companion.ui.widgets.block_font import GLYPHS, HEIGHT

Rows = Literal[3, 5]


class BigLetters(Widget):
    """Words in a block font; where they do not fit in it they are smaller, or plain and bold."""

    text: reactive[str] = reactive("", init=False, layout=True)

    def __init__(
        self,
        text: str = "",
        rows: Rows = 3,
        *,
        id: str | None = None,  # noqa: A002
        classes: str = "",
    ) -> None:
        super().__init__(id=id, classes=f"-rows-{rows} {classes}")
        self._rows = rows
        self.set_reactive(BigLetters.text, text)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Columns that the words take, for `width: auto`."""
        return max(map(len, letters(self.text, self._rows, container.width)), default=0)

    def render_line(self, y: int) -> Strip:
        """One row of the words, where the style's `text-align` puts them."""
        width, height = self.size
        lines = letters(self.text, self._rows if height >= 5 else 3, width)
        line = lines[y] if y < len(lines) else ""
        indent = {"center": (width - len(line)) // 2, "right": width - len(line)}
        put = " " * max(0, indent.get(self.styles.text_align, 0)) + line
        return Strip([Segment(put[:width].ljust(width), self.rich_style)], width)


def letters(text: str, rows: int, width: int) -> list[str]:
    """`text` in letters `rows` high that take at most `width` columns; lines of equal length."""
    cleaned = clean(text)
    pixels = _pixels(cleaned)
    if pixels is not None and len(pixels[0]) <= width:
        if rows == 3:
            return _half_blocks(pixels)
        columns = 2 if 2 * len(pixels[0]) <= width else 1
        return ["".join(columns * ("█" if on else " ") for on in row) for row in pixels]
    lines = textwrap.wrap(cleaned, max(1, width))
    longest = max(map(len, lines), default=0)
    return [line.ljust(longest) for line in lines]


def _pixels(text: str) -> list[list[bool]] | None:
    """The rows of pixels of `text`; None where the font lacks a letter."""
    decomposed = unicodedata.normalize("NFKD", text.upper())
    wanted = [letter for letter in decomposed if not unicodedata.combining(letter)]
    if not wanted or any(letter not in GLYPHS for letter in wanted):
        return None
    glyphs = [GLYPHS[letter] for letter in wanted]
    rows = ([[*map("#".__eq__, glyph[row]), False] for glyph in glyphs] for row in range(HEIGHT))
    return [list(chain.from_iterable(row))[:-1] for row in rows]


def _half_blocks(pixels: list[list[bool]]) -> list[str]:
    """Two rows of pixels to one of cells."""
    padded = [*pixels, [False] * len(pixels[0])] if len(pixels) % 2 else pixels
    marks = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    return [
        "".join(marks[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(padded[::2], padded[1::2], strict=True)
    ]
