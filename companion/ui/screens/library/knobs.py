"""What is turned on a track, and how far it goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from companion.ui.widgets.tile import Tile
from companion.words.staff import StaffWords

Knob = Literal["level", "brightness", "density"]

_STEPS: dict[Knob, float] = {"level": 1.0, "brightness": 0.1, "density": 0.1}
_FROM_TO: dict[Knob, tuple[float, float]] = {
    "level": (-24.0, 6.0),
    "brightness": (0.0, 1.0),
    "density": (0.0, 1.0),
}
LAST_SEED = 9999
"""Seeds that a tile gives are short enough to be read out."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of a knob, up or down."""

    knob: Knob
    way: Literal[-1, 1]

    def of(self, value: float) -> float | None:
        """`value` after the step; None: it does not go so far."""
        low, high = _FROM_TO[self.knob]
        turned = round(value + self.way * _STEPS[self.knob], 2)
        return turned if low <= turned <= high else None


def level_tiles(words: StaffWords) -> Iterator[Tile]:
    """What turns the level."""
    yield Tile(words.quieter, Turn("level", -1), classes="turn")
    yield Tile(words.louder, Turn("level", 1), classes="turn")


def soundscape_tiles(words: StaffWords) -> Iterator[Tile]:
    """What turns the knobs that only a soundscape has."""
    yield Tile(words.library.darker, Turn("brightness", -1), classes="turn soundscape")
    yield Tile(words.library.brighter, Turn("brightness", 1), classes="turn soundscape")
    yield Tile(words.library.sparser, Turn("density", -1), classes="turn soundscape")
    yield Tile(words.library.fuller, Turn("density", 1), classes="turn soundscape")
    yield Tile(words.library.another_seed, id="seed", classes="soundscape")
