"""A private key as it goes to paper: its letters, and a QR code of them."""

import io
import os
from collections.abc import Callable
from pathlib import Path

from companion.durable import sync_folder
from companion.journal.files import create_private

_ALONE, _BACK = "\x1b[?1049h\x1b[2J\x1b[H", "\x1b[2J\x1b[H\x1b[?1049l"
"""A page of the terminal that is not scrolled back to, and the way back from it."""
_FOURS = 4
_WIDE, _LINE, _SIDE = 1000, 34, 560
"""Of the sheet, in its own units: its width, a line of text, a side of the code."""


def shown(private: str, write: Callable[[str], None], wait: Callable[[], object]) -> None:
    """Show the key on a page of its own until `wait` returns; nothing of it is left there."""
    try:
        write(_ALONE + page(private))
        wait()
    finally:
        write(_BACK)


def page(private: str) -> str:
    """The key for a terminal of 80x24: a QR code in half blocks and the letters in fours."""
    import segno

    code = io.StringIO()
    segno.make(private, error="l", micro=False).terminal(code, border=2, compact=True)
    return f"{code.getvalue()}\n{private}\n{in_fours(private)}\n"


def in_fours(private: str) -> str:
    """The letters in groups, in two lines, to be copied by hand."""
    begins, digit, rest = private.partition("1")
    groups = [rest[at : at + _FOURS] for at in range(0, len(rest), _FOURS)]
    half = len(groups) // 2
    return f"{begins}{digit} {' '.join(groups[:half])}\n{' '.join(groups[half:])}"


def write_sheet(private: str, public: str, path: Path) -> None:
    """Write a sheet to be printed (SVG) to a new file, its owner's alone. Raises OSError."""
    import segno

    code = segno.make(private, error="q", micro=False)
    scale = _SIDE / code.symbol_size(border=4)[0]
    lines = (
        "Companion: the private key of this clinic",
        *in_fours(private).split("\n"),
        f"It fits {public}",
        "Whoever holds it can read what patients answered. Lost, the answers are lost.",
    )
    told = "".join(
        f'<text x="{_WIDE / 2}" y="{_SIDE + _LINE * (at + 2)}" text-anchor="middle"'
        f' font-family="monospace" font-size="20">{line}</text>'
        for at, line in enumerate(lines)
    )
    drawn = code.svg_inline(scale=scale, border=4, omitsize=False)
    sheet = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_SIDE + _LINE * 8}">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<g transform="translate({(_WIDE - _SIDE) / 2} 0)">{drawn}</g>{told}</svg>\n'
    )
    with os.fdopen(create_private(path), "w", encoding="utf-8") as file:
        file.write(sheet)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
