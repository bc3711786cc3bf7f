"""Choir-like tones as loops without a seam, after Nasca's PADsynth.

Each harmonic is not a line but a narrow hill of the spectrum with random phases; one inverse
transform of it sounds like many voices at once. Read from two places it is wide in stereo. A sung
tone is two loops, its body and its air, so that it opens and closes by how much of each sounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import RATE
from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.tables import Array, whole
from companion.sound.synthesis.tuning import Note, hertz, notes_between
from companion.sound.synthesis.weighting import loop

_FRAMES: Final = 225_000
"""Of one loop: 4.7 s."""
_Hertz = npt.NDArray[np.floating]


class Part(StrEnum):
    """What a loop is for."""

    BODY = "body"
    """Of a sung tone, up to some 800 Hz …"""
    AIR = "air"
    """… and what lies above."""
    GLIMMER = "glimmer"
    """High and thin."""


@dataclass(frozen=True, slots=True)
class _Shape:
    width: float
    """Cents of a hill, from shoulder to shoulder."""
    fall: float
    """Harmonic n has the amplitude n ** -fall, before the mouth shapes it."""
    vowel: tuple[tuple[float, float, float], ...]
    """Hz, width in Hz and height of each hollow of the mouth."""
    low: float
    high: float
    """Hz between which it sounds."""


_OO: Final = ((320.0, 120.0, 1.0), (760.0, 180.0, 0.5))
_AH: Final = ((660.0, 200.0, 1.0), (1120.0, 260.0, 0.8), (2600.0, 500.0, 0.35))
_SHAPES: Final[Mapping[Part, _Shape]] = {
    Part.BODY: _Shape(17.0, 1.4, _OO, 60.0, 850.0),
    Part.AIR: _Shape(26.0, 1.1, _AH, 850.0, 4200.0),
    Part.GLIMMER: _Shape(15.0, 2.6, (), 400.0, 4200.0),
}
RANGE: Final[Mapping[Part, tuple[Note, ...]]] = {
    Part.BODY: notes_between(128.0, 576.0),
    Part.AIR: notes_between(128.0, 576.0),
    Part.GLIMMER: notes_between(576.0, 1080.0),
}
"""The notes that each part has, the lowest first."""


@dataclass(frozen=True, slots=True)
class Tone:
    """The recipe of one loop, at a K-weighted power of one."""

    part: Part
    note: Note

    @property
    def name(self) -> str:
        return f"{self.part}-{self.note[0]}{self.note[1]}"

    def made(self) -> Array:
        shape, frequency = _SHAPES[self.part], hertz(self.note)
        magnitudes = np.zeros(_FRAMES // 2 + 1)
        bin_width = RATE / _FRAMES
        for harmonic in range(1, int(1.4 * shape.high / frequency) + 1):
            centre = frequency * harmonic
            spread = max(centre * (2.0 ** (shape.width / 1200.0) - 1.0) / 2.0, 1.5 * bin_width)
            first = max(1, int((centre - 4 * spread) / bin_width))
            last = int((centre + 4 * spread) / bin_width) + 1
            hills = np.exp(-0.5 * ((np.arange(first, last) * bin_width - centre) / spread) ** 2)
            magnitudes[first:last] += hills / np.sqrt(spread) * harmonic**-shape.fall
        magnitudes *= _mouth(np.arange(len(magnitudes)) * bin_width, shape)
        place = int(frequency * 1000)
        seed = int(chance(place, *self.part.encode()) * 2**53)
        return whole(loop(magnitudes, np.random.default_rng(seed)))


TONES: Final = tuple(Tone(part, note) for part in Part for note in RANGE[part])
"""All of them."""


def _mouth(frequencies: _Hertz, shape: _Shape) -> _Hertz:
    """How loud each frequency comes out."""
    hollows = np.full(len(frequencies), 0.2 if shape.vowel else 1.0)
    for centre, width, height in shape.vowel:
        hollows += height / (1.0 + ((frequencies - centre) / width) ** 2)
    below = (np.maximum(frequencies, 1.0) / shape.low) ** -8
    edges: _Hertz = 1.0 / np.sqrt((1.0 + below) * (1.0 + (frequencies / shape.high) ** 8))
    return hollows * edges
