"""The few shapes that a picture of ours is drawn with, as SVG.

Rectangles, lines, curves and words need no plotting library: the ones that exist weigh more than
the whole program. Lengths are pixels, from the upper left corner.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

_FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace"
LETTER = 7.3
"""Width of a letter of the usual size."""

Point = tuple[float, float]


class Drawing:
    """A picture of `width` by `height`, on one ground."""

    def __init__(self, width: float, height: float, ground: str, title: str) -> None:
        self._head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
            f'width="{width:g}" height="{height:g}" font-family="{_FONT}" font-size="12">'
            f"<title>{escape(title)}</title>"
        )
        self._parts: list[str] = []
        self.box(0, 0, width, height, ground)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle."""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{fill}"/>'
        )

    def line(self, begin: Point, end: Point, stroke: str, dashed: bool = False) -> None:
        """A thin straight line."""
        dashes = ' stroke-dasharray="3 4"' if dashed else ""
        self._parts.append(
            f'<path d="M{begin[0]:.1f} {begin[1]:.1f}L{end[0]:.1f} {end[1]:.1f}" '
            f'stroke="{stroke}"{dashes}/>'
        )

    def curve(self, points: Iterable[Point], stroke: str) -> None:
        """A thin line through all `points`."""
        self._parts.append(
            f'<polyline points="{_points(points)}" fill="none" stroke="{stroke}" '
            f'stroke-width="1.2" stroke-linejoin="round"/>'
        )

    def shape(self, points: Iterable[Point], fill: str, stroke: str, told: str) -> None:
        """A filled polygon that tells `told` when it is pointed at."""
        self._parts.append(
            f'<polygon points="{_points(points)}" fill="{fill}" stroke="{stroke}">'
            f"<title>{escape(told)}</title></polygon>"
        )

    def text(
        self, x: float, y: float, said: str, fill: str, anchor: str = "start", size: int = 12
    ) -> None:
        """One line of words with its foot at `y`."""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" text-anchor={quoteattr(anchor)} '
            f'font-size="{size}">{escape(said)}</text>'
        )

    def svg(self) -> str:
        """All of it; it needs no other file."""
        return "\n".join((self._head, *self._parts, "</svg>\n"))


def fitting(said: str, width: float) -> str:
    """`said`, cut so that it fits into `width`; empty where hardly a letter would."""
    most = int(width / LETTER)
    if len(said) <= most:
        return said
    return f"{said[: most - 1].rstrip()}…" if most > 4 else ""


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
