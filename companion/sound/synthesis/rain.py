"""Rain on a roof and on broad leaves, with far rain all round and a chord hardly heard.

Near drops fall one by one, each with a small resonance of its own, and a large room behind them
answers. Far rain is a bed of loops of fixed colours that pass over into each other. Gusts shake the
trees: the rain grows finer and thicker with each, and the leaves drip after it. Over ten minutes a
shower comes near and goes.
"""

from dataclasses import astuple, dataclass
from typing import Final

import numpy as np

from companion.sound.curves import BLOCK
from companion.sound.synthesis.arc import Mood
from companion.sound.synthesis.bed import Bed
from companion.sound.synthesis.choir import Choir, singer
from companion.sound.synthesis.colours import FALL, MIST, PATTER, RAIN, WIND, Colour
from companion.sound.synthesis.drone import Drone
from companion.sound.synthesis.drops import LEAF, POOL, ROOF
from companion.sound.synthesis.endless import Soundscape, Space, gains
from companion.sound.synthesis.falling import Falling
from companion.sound.synthesis.gusts import Gusts
from companion.sound.synthesis.nodes import Wave, node_times
from companion.sound.synthesis.room import YARD, Room
from companion.sound.synthesis.tables import Tables
from companion.sound.synthesis.tides import tide
from companion.sound.synthesis.tones import Part
from companion.sound.synthesis.tuning import Note, notes_between


@dataclass(frozen=True, slots=True)
class _Layer:
    """How one colour sounds in the rain."""

    colour: Colour
    strength: float
    """Amplitude."""
    gusts: float
    """dB that a strong gust adds."""
    shower: float
    """dB that it gains from the thinnest to the thickest rain."""
    tilt: float
    """dB that it gains from the middle to the open end of the arc."""
    flutters: float
    """How far it flutters."""


_LAYERS: Final = (
    _Layer(WIND, 0.16, 9.0, 1.0, -3.0, 0.6),
    _Layer(PATTER, 0.42, 0.4, 4.0, -2.0, 0.45),
    _Layer(RAIN, 0.44, 1.4, 5.0, -0.5, 0.5),
    _Layer(FALL, 0.27, 4.0, 6.0, 3.5, 0.6),
    _Layer(MIST, 0.17, 6.0, 4.0, 6.0, 0.65),
)
_STRENGTH, _GUSTS, _SHOWER, _TILT = (
    np.array([[layer[place]] for layer in map(astuple, _LAYERS)]) for place in range(1, 5)
)
_DROPS: Final = ((LEAF, 9.0, 0.9), (ROOF, 5.0, 1.3), (POOL, 4.0, 0.95))
"""Of each kind of near drops: how many fall each second at most, and its amplitude."""
_DRIPS: Final = 2.5
"""Seconds by which the leaves drip after a gust."""
_SHOWERS: Final = ((587.0, 0.15), (379.0, 0.12), (97.0, 0.08))
"""Seconds from one shower to the next, and how much it is heard."""
_PASSES: Final = ((23.0, 4.1, 0.15), (43.0, 7.3, 0.15))
"""Seconds in which the first colour comes and goes, by how many more each one after it, how far."""
_CHORD: Final = ((39.7, 128.0, 200.0, 1.0), (51.1, 180.0, 300.0, 0.8), (63.7, 250.0, 390.0, 0.6))
"""Of each far voice: seconds from silence to silence, its range in Hz, its amplitude."""
_DRONE: Final[tuple[Note, float]] = (("C", 0), 0.5)
_FAR: Final = 0.2
"""Amplitude of the chord, all of the rain being 1."""
_DRY, _WET = 0.9, 0.4
_MISSING: Final = -1.2
"""dB, measured over half an hour."""
_SHOWERING, _PASSING = 140, 141


class Rain(Soundscape):
    """`brightness` moves from the roof to the fine rain, `density` is how thick it falls."""

    def __init__(
        self, seed: int, brightness: float, density: float, at: float, tables: Tables
    ) -> None:
        super().__init__(at, Space(Room(tables, YARD), _DRY, _WET))
        self._seed, self._brightness, self._density = seed, brightness, density
        self._gusts = Gusts(seed)
        self._beds = [
            Bed(tables, seed, number, layer.colour, layer.flutters)
            for number, layer in enumerate(_LAYERS)
        ]
        self._drops = [
            (Falling(tables, seed, number, kind, most), loud)
            for number, (kind, most, loud) in enumerate(_DROPS)
        ]
        self._voices = [
            singer(seed, number, period, notes_between(low, high), amplitude)
            for number, (period, low, high, amplitude) in enumerate(_CHORD)
        ]
        self._choir = Choir(tables, self._voices, (Part.BODY,))
        note, self._droning = _DRONE
        self._drone = Drone(note)

    def sound(self, number: int, mood: Mood) -> Wave:
        times = node_times(number)
        opened = mood.openness + self._brightness - 1.0
        shower = tide(self._seed, _SHOWERING, times, _SHOWERS) - 1.0
        thick = 0.9 * (mood.fullness - 0.5) + 0.9 * (self._density - 0.5)
        wind = self._gusts.heights(times)
        layers = _STRENGTH * 10.0 ** ((_TILT * opened * 2 + _SHOWER * thick) / 20.0)
        share = np.clip(0.5 + 0.5 * thick, 0.1, 0.9)
        power = np.sum(layers**2, axis=0)
        power += share * sum(fall.power * loud**2 for fall, loud in self._drops)
        level = gains(power * (_DRY**2 + _WET**2), mood, _MISSING)
        moved = layers * 10.0 ** ((_GUSTS * (wind - 0.3) + _SHOWER * shower) / 20.0) * level
        sides = np.zeros((2, BLOCK), np.float32)
        for place, (bed, gain) in enumerate(zip(self._beds, moved, strict=True)):
            passes = [(first + place * more, far) for first, more, far in _PASSES]
            bed.add(sides, number, gain * tide(self._seed + place, _PASSING, times, passes))
        dripping = self._gusts.heights(times - _DRIPS)
        falls = np.clip(share * (0.75 + 0.5 * shower) + 0.3 * (dripping - 0.3), 0.0, 1.0)
        for fall, loud in self._drops:
            fall.add(sides, number, falls, level * loud)
        far = gains(1.0, mood) * _FAR
        for voice in self._voices:
            self._choir.sing(sides, number, voice, ((Part.BODY, far),))
        self._drone.add(sides, number, far * self._droning)
        return sides
