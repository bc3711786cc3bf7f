"""Two ways to live with the real program on a terminal: by keys alone, and by taps alone.

Both see what a person sees: a tile is a frame with words in it. Its letter is its place in
reading order, tiles with a key of their own (digits, delete) left out.
"""

import re
import time
from typing import NamedTuple

from patience import PATIENCE
from pty_screen import PtyScreen

from companion.ui.place import GUARD
from companion.words import patient_words

_CORNERS = {"╭": ("╮", "╰"), "┏": ("┓", "┗")}
"""Upper left: upper right and lower left."""
_OWN_KEY = re.compile(r"\d+|delete")
_WORDS = patient_words("en")
_BAR = (_WORDS.call, _WORDS.call_shows)


class Tile(NamedTuple):
    """A frame on the screen: the row and column of its middle, and what it says."""

    row: int
    column: int
    label: str


def tiles(lines: list[str]) -> list[Tile]:
    """Every tile that shows, in reading order; the call bar is none."""
    found = (
        _tile(lines, row, column)
        for row, line in enumerate(lines)
        for column, corner in enumerate(line)
        if corner in _CORNERS
    )
    return [tile for tile in found if tile is not None and tile.label not in _BAR]


def _tile(lines: list[str], top: int, left: int) -> Tile | None:
    right_corner, lower_corner = _CORNERS[lines[top][left]]
    right = lines[top].find(right_corner, left)
    below = (row for row in range(top + 1, len(lines)) if lines[row][left] == lower_corner)
    bottom = next(below, -1)
    if right < 0 or bottom < 0:
        return None
    inside = (line[left + 1 : right].strip() for line in lines[top + 1 : bottom])
    return Tile((top + bottom) // 2, (left + right) // 2, " ".join(filter(None, inside)))


class Hand:
    """A person at the screen, who touches nothing before it has stood there for a moment."""

    def __init__(self, term: PtyScreen) -> None:
        self.term = term
        self._stood: list[str] = []
        self._since = 0.0

    def choose(self, label: str, deadline: float = PATIENCE) -> None:
        """Choose the tile whose words begin with `label`, once it is there."""
        self.term.wait_for(lambda lines: self._stands(lines, label), deadline)
        self._do(_called(tiles(self.term.screen()), label))

    def see(self, words: str, deadline: float = PATIENCE) -> None:
        """Wait until the words are read on the screen, and take it for a new one."""
        self.term.wait_for(words, deadline)
        self._stood = []

    def enter(self, pin: str) -> None:
        """Enter a PIN on the pad, each digit once the dot of the one before shows."""
        for entered, digit in enumerate(pin):
            dots = "● " * entered + "·"
            self.term.wait_for(dots)
            self.choose(digit)

    def call(self) -> None:
        """Call the nurse."""
        raise NotImplementedError

    def _do(self, tile: Tile) -> None:
        raise NotImplementedError

    def _stands(self, lines: list[str], label: str) -> bool:
        labels = [tile.label for tile in tiles(lines)]
        if labels != self._stood:
            self._stood, self._since = labels, time.monotonic()
        there = any(one.startswith(label) for one in labels)
        return there and time.monotonic() - self._since > GUARD + 0.2


class Taps(Hand):
    """A finger on the glass."""

    def call(self) -> None:
        self.term.tap_text(_WORDS.call)

    def _do(self, tile: Tile) -> None:
        self.term.tap(tile.row, tile.column)


class Keys(Hand):
    """Letters choose tiles in reading order, digits answer, the same key twice calls."""

    def call(self) -> None:
        self.term.press("enter", "enter")

    def _do(self, tile: Tile) -> None:
        lettered = [one for one in tiles(self.term.screen()) if not _OWN_KEY.fullmatch(one.label)]
        own = tile.label.isdigit()
        self.term.keys(tile.label if own else chr(ord("a") + lettered.index(tile)))


def _called(shown: list[Tile], label: str) -> Tile:
    """The tile that says `label`, or else the shortest that begins with it."""
    fitting = [tile for tile in shown if tile.label.startswith(label)]
    return min(fitting, key=lambda tile: len(tile.label))
