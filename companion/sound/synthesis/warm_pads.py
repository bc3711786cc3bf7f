"""Long warm chords over a deep steady tone, in a large hall.

Eight voices swell and pass in periods that never meet again, and each takes its next note while it
is silent. Chords change over minutes, their common notes held; a bass goes with them, and high
tones glimmer where the arc is open.
"""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK
from companion.sound.synthesis.arc import Mood
from companion.sound.synthesis.choir import SWELL, Choir, singer
from companion.sound.synthesis.drone import Drone
from companion.sound.synthesis.endless import Soundscape, Space, gains
from companion.sound.synthesis.nodes import Nodes, Wave, node_times
from companion.sound.synthesis.room import HALL, Room
from companion.sound.synthesis.tables import Tables
from companion.sound.synthesis.tides import tide
from companion.sound.synthesis.tones import RANGE, Part
from companion.sound.synthesis.tuning import DEEP, Note, notes_between

_VOICES: Final = (
    (29.9, 128.0, 200.0, 1.0),
    (25.9, 160.0, 260.0, 0.95),
    (33.1, 190.0, 310.0, 0.9),
    (23.5, 250.0, 390.0, 0.8),
    (37.7, 210.0, 345.0, 0.85),
    (41.3, 300.0, 460.0, 0.65),
    (19.9, 150.0, 240.0, 0.8),
    (47.9, 340.0, 576.0, 0.55),
)
"""Of each voice: seconds from silence to silence, its range in Hz, its amplitude."""
_BASSES: Final = ((31.7, 0.34), (43.1, 0.34), (53.3, 0.34))
_GLIMMERS: Final = ((31.3, 0.9), (43.7, 0.8), (59.1, 0.7))
"""Of each: seconds from silence to silence, amplitude."""
_DRONE: Final[tuple[Note, float]] = (("C", 0), 0.18)
_FEWEST: Final = 5.0
"""Voices that always sing."""
_DRY, _WET = 0.55, 0.8
_TIDES: Final = ((613.0, 0.07), (887.0, 0.06))
"""Seconds in which everything swells and sinks, and how far."""
_TIDE: Final = 60
_MISSING: Final = -1.65
"""dB, measured over half an hour: the room answers some of these notes more than others."""


class WarmPads(Soundscape):
    """`brightness` opens the tones and lets high ones glimmer, `density` is how many sing."""

    def __init__(
        self, seed: int, brightness: float, density: float, at: float, tables: Tables
    ) -> None:
        super().__init__(at, Space(Room(tables, HALL), _DRY, _WET))
        self._seed, self._brightness, self._density = seed, brightness, density
        self._drones = {note: Drone(note) for note in DEEP}
        self._voices = [
            singer(seed, number, period, notes_between(low, high), amplitude)
            for number, (period, low, high, amplitude) in enumerate(_VOICES)
        ]
        self._basses = [
            singer(seed, 20 + number, period, DEEP, amplitude, bass=True)
            for number, (period, amplitude) in enumerate(_BASSES)
        ]
        self._glimmers = [
            singer(seed, 30 + number, period, RANGE[Part.GLIMMER], amplitude)
            for number, (period, amplitude) in enumerate(_GLIMMERS)
        ]
        self._choir = Choir(tables, self._voices, (Part.BODY, Part.AIR))
        self._high = Choir(tables, self._glimmers, (Part.GLIMMER,))

    def sound(self, number: int, mood: Mood) -> Wave:
        sides = np.zeros((2, BLOCK), np.float32)
        opened = np.clip(mood.openness + self._brightness - 0.5, 0.0, 1.0)
        air = 10.0 ** ((16.0 * opened - 21.0) / 20.0)
        glimmer = 0.3 * opened**2
        singing = _FEWEST + 1.5 * (self._density + mood.fullness)
        heard = [np.clip(singing - voice, 0.0, 1.0) for voice in range(len(self._voices))]
        power = self._power(heard, air, glimmer)
        level = gains(power, mood, _MISSING) * tide(self._seed, _TIDE, node_times(number), _TIDES)
        for voice, loud in zip(self._voices, heard, strict=True):
            if loud.any():
                body = level * loud
                self._choir.sing(sides, number, voice, ((Part.BODY, body), (Part.AIR, body * air)))
        for bass in self._basses:
            for note, swell in bass.swells(number):
                self._drones[note].add(sides, number, level * swell)
        for high in self._glimmers:
            self._high.sing(sides, number, high, ((Part.GLIMMER, level * glimmer),))
        note, amplitude = _DRONE
        self._drones[note].add(sides, number, level * amplitude)
        return sides

    def _power(self, sounding: list[Nodes], air: Nodes, glimmer: Nodes) -> Nodes:
        """K-weighted, of all that sounds and of the room's answer to it."""
        voices = sum(loud**2 * a**2 for loud, (*_, a) in zip(sounding, _VOICES, strict=True))
        sung = voices * (1.0 + air**2) + glimmer**2 * sum(a**2 for _, a in _GLIMMERS)
        deep = sum(a**2 for _, a in _BASSES) * SWELL + _DRONE[1] ** 2
        power: Nodes = sung * SWELL * (_DRY**2 + _WET**2) + deep * (_DRY**2 + 2.0 * _WET**2)
        return power
