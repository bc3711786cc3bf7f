"""The one warm, dim mark on the screen. It stands still."""

import math
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget


class Glow(Widget):
    """A soft ring, drawn two pixels to a cell, between the colours of the widget's own style."""

    def render_line(self, y: int) -> Strip:
        """One row of cells: the upper pixel is the colour of `▀`, the lower its ground."""
        width, height = self.size
        _, _, ground, ember = self.colors
        segments = [
            Segment("▀", _style(ground, ember, *_heat(x, y, width, height))) for x in range(width)
        ]
        return Strip(segments, width)


@lru_cache(maxsize=4096)
def _heat(x: int, y: int, width: int, height: int) -> tuple[float, float]:
    """How warm the two pixels of a cell are, each 0 to 1 in sixteenths."""
    return _warmth(x, 2 * y, width, 2 * height), _warmth(x, 2 * y + 1, width, 2 * height)


def _warmth(x: float, y: float, width: int, height: int) -> float:
    """A ring at two thirds of the smaller half, with a faint inside; a little warmer above."""
    half = min(width, height) / 2
    across, down = (x + 0.5 - width / 2) / half, (y + 0.5 - height / 2) / half
    distance = math.hypot(across, down)
    ring = math.exp(-(((distance - 0.66) / 0.13) ** 2))
    inside = 0.22 * max(0.0, 1.0 - distance)
    return round(16 * min(1.0, ring * (0.86 - 0.14 * down) + inside)) / 16


@lru_cache(maxsize=1024)
def _style(ground: Color, ember: Color, upper: float, lower: float) -> Style:
    return Style(
        color=ground.blend(ember, upper).rich_color, bgcolor=ground.blend(ember, lower).rich_color
    )
