"""What a terminal would show, cell by cell, and how bright it is."""

import colorsys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.color import Color

_BLACK = Color(0, 0, 0)
_WHITE = Color(255, 255, 255)

_INK_SHARE = {"▀": 0.5, "▄": 0.5, "█": 1.0, "●": 0.35, "━": 0.3, "┃": 0.3}
"""How much of a cell a mark covers; letters and thin lines about a quarter."""


@dataclass(frozen=True)
class Cell:
    x: int
    y: int
    character: str
    ink: Color
    ground: Color
    bold: bool

    @property
    def contrast(self) -> float:
        """WCAG 2 contrast of the ink on its ground."""
        return contrast(self.ink, self.ground)

    @property
    def brightness(self) -> float:
        """Relative luminance of the whole cell, 0 to 1."""
        share = 0.0 if self.character == " " else _INK_SHARE.get(self.character, 0.25)
        return share * luminance(self.ink) + (1 - share) * luminance(self.ground)


def cells(app: App[Any]) -> list[list[Cell]]:
    """The rows of cells of the screen that shows now."""
    rows = []
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        row: list[Cell] = []
        for segment in strip:
            style = segment.style
            ink = Color.from_rich_color(style.color) if style and style.color else _WHITE
            ground = Color.from_rich_color(style.bgcolor) if style and style.bgcolor else _BLACK
            if style and style.reverse:
                ink, ground = ground, ink
            for character in segment.text:
                row.append(Cell(len(row), y, character, ink, ground, bool(style and style.bold)))
        rows.append(row)
    return rows


def every_cell(app: App[Any]) -> Iterator[Cell]:
    for row in cells(app):
        yield from row


def text(app: App[Any]) -> str:
    """The screen as lines of characters."""
    return "\n".join("".join(cell.character for cell in row) for row in cells(app))


def luminance(color: Color) -> float:
    """Relative luminance (WCAG 2.2), 0 to 1."""

    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def contrast(a: Color, b: Color) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    lighter, darker = sorted((luminance(a), luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mean_luminance(app: App[Any]) -> float:
    """Mean relative luminance of the screen, 0 to 1."""
    shown = list(every_cell(app))
    return sum(cell.brightness for cell in shown) / len(shown)


def is_warm_or_cyan(color: Color) -> bool:
    """Whether a person would call it red, yellow, amber or cyan."""
    hue, light, saturation = colorsys.rgb_to_hls(color.r / 255, color.g / 255, color.b / 255)
    coloured = saturation > 0.25 and 0.08 < light < 0.95
    degrees = hue * 360
    return coloured and (degrees < 75 or degrees > 330 or 165 < degrees < 200)
