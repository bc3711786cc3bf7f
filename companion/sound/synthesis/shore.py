"""Surf on a wide beach: each wave its own, over a steady far sea and a chord hardly heard.

A wave comes, breaks, runs up, leaves its foam and draws pebbles down again, and wanders along the
beach as it does. The timbre moves by mixing loops of fixed colours, not by filters. A wave lasts
some twenty seconds, sets of higher waves come about every minute, the tide turns in ten.
"""

from dataclasses import astuple, dataclass
from typing import Final

import numpy as np

from companion.sound.curves import BLOCK
from companion.sound.synthesis.arc import Mood
from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.choir import Choir, singer
from companion.sound.synthesis.colours import SURF
from companion.sound.synthesis.drone import Drone
from companion.sound.synthesis.endless import Soundscape, gains
from companion.sound.synthesis.nodes import Nodes, Wave, drawn, node_times
from companion.sound.synthesis.tables import UNIT, Tables, pour
from companion.sound.synthesis.tones import Part
from companion.sound.synthesis.tuning import Note, notes_between
from companion.sound.synthesis.waves import Waves


@dataclass(frozen=True, slots=True)
class _Layer:
    """How one colour sounds in the sea."""

    begins: float
    """Seconds after a wave breaks …"""
    rises: float
    """… and from then to its height."""
    sharp: float
    """How narrow it is in time."""
    strength: float
    """Amplitude at the height of a wave …"""
    grows: float
    """… and with which power of the wave's height it grows."""
    bed: float
    """Amplitude between the waves."""
    tilt: float
    """dB that it gains from the middle to the open end of the arc."""
    flutters: float
    """How far it flutters."""


_LAYERS: Final = (
    _Layer(-2.8, 3.6, 2.0, 0.15, 1.3, 0.17, -3.5, 0.05),
    _Layer(-7.0, 6.0, 2.5, 0.45, 0.6, 0.13, -2.5, 0.06),
    _Layer(-2.4, 2.6, 2.0, 0.68, 1.5, 0.06, -1.0, 0.12),
    _Layer(-0.8, 4.2, 1.8, 0.57, 1.0, 0.07, 2.0, 0.20),
    _Layer(1.2, 5.5, 1.6, 0.32, 1.2, 0.035, 5.0, 0.28),
    _Layer(4.5, 4.5, 2.2, 0.21, 1.6, 0.0, 4.0, 0.35),
)
"""In the order of the colours."""
_BEGINS, _RISES, _SHARP, _STRENGTH, _GROWS, _BED, _TILT, _FLUTTERS = (
    np.array([[value] for value in values]) for values in zip(*map(astuple, _LAYERS), strict=True)
)
_MOST: Final = 0.35
"""Power that waves upon waves come near to, but do not reach."""
_PACES: Final = np.array((0.43, 0.97, 1.61, 2.57))
"""Hz at which colours flutter."""
_CHORD: Final = ((37.7, 128.0, 200.0, 1.0), (47.9, 180.0, 300.0, 0.8), (61.3, 250.0, 390.0, 0.6))
"""Of each far voice: seconds from silence to silence, its range in Hz, its amplitude."""
_DRONE: Final[tuple[Note, float]] = (("C", 0), 0.7)
_FAR: Final = 0.17
"""Amplitude of the chord, all of the sea being 1."""
_SURVEY: Final = 900
"""Seconds over which the mean is taken, to know the level."""
_START, _FLUTTER = 50, 51


class Shore(Soundscape):
    """`brightness` moves from deep to wash, `density` makes the waves higher and closer."""

    def __init__(
        self, seed: int, brightness: float, density: float, at: float, tables: Tables
    ) -> None:
        super().__init__(at)
        self._brightness, self._density = brightness, density
        self._waves = Waves(seed, density)
        self._loops = [tables.get(colour) for colour in SURF]
        self._starts = [
            [int(chance(seed, _START, c, side) * len(loop)) for side in range(2)]
            for c, loop in enumerate(self._loops)
        ]
        shape = len(SURF), 2, len(_PACES), 1
        places = [chance(seed, _FLUTTER, *place) for place in np.ndindex(shape)]
        self._turns = np.array(places).reshape(shape)
        self._voices = [
            singer(seed, number, period, notes_between(low, high), amplitude)
            for number, (period, low, high, amplitude) in enumerate(_CHORD)
        ]
        self._choir = Choir(tables, self._voices, (Part.BODY,))
        note, self._droning = _DRONE
        self._drone = Drone(note)
        surveyed = [
            self._powers(np.arange(start, start + 30, dtype=np.float64)).mean(axis=(1, 2))
            for start in range(0, _SURVEY, 30)
        ]
        self._mean: Nodes = np.mean(surveyed, axis=0)[:, np.newaxis]
        """Power that waves bring to each colour on average."""

    def sound(self, number: int, mood: Mood) -> Wave:
        times = node_times(number)
        opened = mood.openness + self._brightness - 1.0
        tilt = 10.0 ** (_TILT * opened / 10.0)
        height = (0.6 + 0.5 * self._density) * (0.9 + 0.2 * mood.fullness)
        level = gains(np.sum(tilt**2 * (_BED**2 + height**2 * self._mean), axis=0), mood)
        sea = np.sqrt(_BED[:, np.newaxis] ** 2 + height**2 * self._powers(times))
        sea *= self._flutter(times) * (level * tilt)[:, np.newaxis] / UNIT
        sides = np.zeros((2, BLOCK), np.float32)
        for loop, starts, both in zip(self._loops, self._starts, drawn(sea), strict=True):
            for side, start, gain in zip(sides, starts, both, strict=True):
                pour(side, loop, number * BLOCK + start, gain)
        far = gains(1.0, mood) * _FAR
        for voice in self._voices:
            self._choir.sing(sides, number, voice, ((Part.BODY, far),))
        self._drone.add(sides, number, far * self._droning)
        return sides

    def _powers(self, times: Nodes) -> Nodes:
        """Power that all waves together bring to each colour: (colour, side, time)."""
        powers = self._waves.powers(times, _BEGINS, _RISES, _SHARP, _GROWS)
        powers *= _STRENGTH[:, np.newaxis] ** 2
        limited: Nodes = powers / (1.0 + powers / _MOST)
        return limited

    def _flutter(self, times: Nodes) -> Nodes:
        """How each colour flutters on each side: (colour, side, time)."""
        turns = self._turns + np.multiply.outer(_PACES, times)
        moved: Nodes = 1.0 + _FLUTTERS[:, np.newaxis] * np.sin(2 * np.pi * turns).mean(axis=2)
        return moved
