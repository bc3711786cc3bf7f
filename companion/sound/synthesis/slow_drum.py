"""A slow soft drum in a warm hall: a frame drum under felt, low wood, a choir and a deep tone.

The strokes are those of a hand, about fifty a minute at most. Where the arc is full the drum comes
near and nearly every stroke is played; in the return it thins away, and the choir and the deep tone
are left. The choir's chords change over minutes, and the wood takes its notes from them.
"""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK
from companion.sound.synthesis.arc import Mood
from companion.sound.synthesis.choir import SWELL, Choir, singer
from companion.sound.synthesis.drone import Drone
from companion.sound.synthesis.drum import Drum
from companion.sound.synthesis.endless import Soundscape, Space, gains
from companion.sound.synthesis.nodes import Nodes, Wave, node_times
from companion.sound.synthesis.room import HALL, Room
from companion.sound.synthesis.tables import Tables
from companion.sound.synthesis.tides import tide
from companion.sound.synthesis.tones import Part
from companion.sound.synthesis.tuning import DEEP, Note, notes_between

_VOICES: Final = (
    (31.3, 128.0, 200.0, 0.9),
    (38.9, 160.0, 260.0, 0.8),
    (27.1, 190.0, 310.0, 0.7),
    (45.1, 250.0, 390.0, 0.6),
    (53.3, 300.0, 470.0, 0.45),
)
"""Of each voice: seconds from silence to silence, its range in Hz, its amplitude."""
_BASSES: Final = ((35.9, 0.21), (49.1, 0.21))
_DRONE: Final[tuple[Note, float]] = (("C", 0), 0.14)
_SKIN: Final = 0.36
_WOOD: Final = 0.24
"""Amplitudes in the middle of the arc, the loudest voice being 0.9."""
_FULLER: Final = 0.45
"""How much more of the drum is heard from the least to the greatest fullness."""
_DRY, _WET = 0.7, 0.6
_TIDES: Final = ((571.0, 0.08), (823.0, 0.07), (131.0, 0.05))
"""Seconds in which the drum comes near and goes, and how far."""
_MISSING: Final = -0.75
"""dB, measured over half an hour."""
_TIDE: Final = 200


class SlowDrum(Soundscape):
    """`brightness` opens the choir, `density` is how many of the strokes are played."""

    def __init__(
        self, seed: int, brightness: float, density: float, at: float, tables: Tables
    ) -> None:
        super().__init__(at, Space(Room(tables, HALL), _DRY, _WET))
        self._seed, self._brightness, self._density = seed, brightness, density
        self._drum = Drum(tables, seed)
        self._voices = [
            singer(seed, number, period, notes_between(low, high), amplitude)
            for number, (period, low, high, amplitude) in enumerate(_VOICES)
        ]
        self._choir = Choir(tables, self._voices, (Part.BODY, Part.AIR))
        self._basses = [
            singer(seed, 20 + number, period, DEEP, amplitude, bass=True)
            for number, (period, amplitude) in enumerate(_BASSES)
        ]
        self._drones = {note: Drone(note) for note in DEEP}

    def sound(self, number: int, mood: Mood) -> Wave:
        opened = np.clip(mood.openness + self._brightness - 0.5, 0.0, 1.0)
        air = 10.0 ** ((16.0 * opened - 21.0) / 20.0)
        share, near = self._drumming(mood.fullness)
        steadier = self._drumming(0.15 + 0.7 * mood.fullness)
        level = gains(self._power(*steadier, air), mood, _MISSING)
        near = near * tide(self._seed, _TIDE, node_times(number), _TIDES)
        sides = np.zeros((2, BLOCK), np.float32)
        self._drum.add(sides, number, share, level * near * _SKIN, level * near * _WOOD)
        for voice in self._voices:
            self._choir.sing(sides, number, voice, ((Part.BODY, level), (Part.AIR, level * air)))
        for bass in self._basses:
            for note, swell in bass.swells(number):
                self._drones[note].add(sides, number, level * swell)
        note, amplitude = _DRONE
        self._drones[note].add(sides, number, level * amplitude)
        return sides

    def _drumming(self, fullness: Nodes) -> tuple[Nodes, Nodes]:
        """How many of the strokes are played, and how near the drum is."""
        share = np.clip(1.25 * fullness + 0.4 * (self._density - 0.5), 0.16, 1.2)
        return share, 1.0 + _FULLER * (fullness - 0.5)

    def _power(self, share: Nodes, near: Nodes, air: Nodes) -> Nodes:
        """K-weighted, of all that sounds and of the room's answer to it."""
        sung = sum(a**2 for *_, a in _VOICES) * SWELL * (1.0 + air**2)
        deep = sum(a**2 for _, a in _BASSES) * SWELL + _DRONE[1] ** 2
        power: Nodes = sung * (_DRY**2 + _WET**2) + deep * (_DRY**2 + 2.0 * _WET**2)
        struck = near**2 * self._drum.power(share) * (_SKIN**2 + 0.5 * _WOOD**2)
        return power + struck * (_DRY**2 + 2.0 * _WET**2)
