"""What sea, rain and wind are mixed from: loops of coloured noise, some smooth and some of many
small grains.

Their timbre never changes; it moves by how much of each sounds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import RATE
from companion.sound.synthesis.tables import Array, whole
from companion.sound.synthesis.weighting import loop, power_of

_HIGHEST = 9000.0
"""Hz above which nothing sounds."""
_UNLIKE = 0.35
"""How unlike the sizes of grains are: the standard deviation of their logarithms."""
_STRUCK = 0.0004
"""Seconds in which a grain begins to ring."""
_AT_ONCE = 1 << 18
"""Samples of grains that are reckoned at a time."""


@dataclass(frozen=True, slots=True)
class Grains:
    """Bubbles and pebbles: short tones at random moments, each of its own strength."""

    each_second: float
    low: float
    high: float
    """Hz between which they ring."""
    seconds: float
    """In which one falls by 60 dB."""
    share: float
    """Of the power of the loop; the rest is smooth."""


@dataclass(frozen=True, slots=True)
class Colour:
    """The recipe of one loop, at a K-weighted power of one."""

    name: str
    seconds: float
    low: float
    high: float
    """Hz between which it sounds."""
    fall: float
    """Its amplitude is frequency ** -fall between them."""
    grains: Grains | None = None

    def made(self) -> Array:
        frames = int(self.seconds * RATE) // 2000 * 2000
        hertz = np.maximum(np.fft.rfftfreq(frames, 1 / RATE), 1.0)
        edges = 1.0 / ((1.0 + (self.low / hertz) ** 4) * (1.0 + (hertz / self.high) ** 4))
        colour = hertz**-self.fall * edges * (hertz < _HIGHEST)
        chance = np.random.default_rng(list(self.name.encode()))
        waves = loop(colour, chance)
        if self.grains is not None:
            smooth, rough = np.sqrt(1.0 - self.grains.share), np.sqrt(self.grains.share)
            waves = smooth * waves + rough * _grains(self.grains, frames, chance)
        return whole(waves)


def _grains(grains: Grains, frames: int, chance: np.random.Generator) -> npt.NDArray[np.float32]:
    """A loop of grains at a K-weighted power of one."""
    count = int(grains.each_second * frames / RATE)
    places = chance.integers(0, frames, count)
    pitches = np.geomspace(grains.low, grains.high, count)
    sizes = np.exp(_UNLIKE * chance.standard_normal(count)) * (grains.low / pitches)
    tail = np.arange(int(1.5 * grains.seconds * RATE)) / RATE
    shape = np.minimum(tail / _STRUCK, 1.0) * 10.0 ** (-3.0 * tail / grains.seconds)
    waves = np.zeros(frames)
    for some in np.array_split(np.arange(count), max(1, count * len(tail) // _AT_ONCE)):
        turns = pitches[some, np.newaxis] * tail + chance.random((len(some), 1))
        rings = sizes[some, np.newaxis] * shape * np.sin(2 * np.pi * turns)
        at = (places[some, np.newaxis] + np.arange(len(tail))) % frames
        waves += np.bincount(at.ravel(), rings.ravel(), minlength=frames)
    spectrum = np.fft.rfft(waves) * (np.fft.rfftfreq(frames, 1 / RATE) < _HIGHEST)
    rough: npt.NDArray[np.float32] = np.fft.irfft(spectrum).astype(np.float32)
    return rough / np.float32(np.sqrt(power_of(np.abs(spectrum))))


SEA: Final = Colour("sea", 31.7, 55.0, 180.0, 0.6)
"""Far away."""
SWELL: Final = Colour("swell", 29.3, 90.0, 420.0, 0.7)
"""A wave that comes."""
BREAK: Final = Colour("break", 27.1, 160.0, 1100.0, 0.8)
"""A wave that breaks."""
WASH: Final = Colour("wash", 23.3, 600.0, 3800.0, 0.85)
"""The water that runs up."""
FOAM: Final = Colour(
    "foam", 19.1, 2300.0, 7500.0, 1.2, Grains(1400.0, 2300.0, 6600.0, 0.0025, 0.45)
)
"""What it leaves, and what fizzes away."""
PEBBLES: Final = Colour(
    "pebbles", 21.7, 700.0, 2600.0, 0.9, Grains(220.0, 800.0, 2900.0, 0.012, 0.45)
)
"""What the water draws down again."""
SURF: Final = (SEA, SWELL, BREAK, WASH, FOAM, PEBBLES)
WIND: Final = Colour("wind", 9.7, 110.0, 480.0, 0.9)
"""In trees."""
PATTER: Final = Colour("patter", 9.6, 150.0, 620.0, 0.7, Grains(140.0, 160.0, 600.0, 0.05, 0.2))
"""Rain on a roof, not near."""
RAIN: Final = Colour("rain", 9.5, 260.0, 1300.0, 0.7, Grains(700.0, 300.0, 1500.0, 0.014, 0.2))
"""Rain all round."""
FALL: Final = Colour("fall", 9.4, 700.0, 3600.0, 1.0, Grains(1200.0, 900.0, 4200.0, 0.005, 0.35))
"""Rain on leaves."""
MIST: Final = Colour("mist", 9.3, 3600.0, 8000.0, 1.2, Grains(1500.0, 3600.0, 7200.0, 0.002, 0.4))
"""The finest of it."""
COLOURS: Final = (*SURF, WIND, PATTER, RAIN, FALL, MIST)
"""All of them."""
