"""Far down in warm water: slow drones that beat, songs far off, pressure that swells, bubbles.

Waves pass overhead and are felt as slow swells; every half minute or so a song is heard and perhaps
answered; bubbles rise in small clusters. The chords change over minutes, and with the arc light
comes down from above.
"""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK
from companion.sound.synthesis import choir
from companion.sound.synthesis.arc import Mood
from companion.sound.synthesis.bed import Bed
from companion.sound.synthesis.choir import Choir, singer
from companion.sound.synthesis.clusters import Clusters
from companion.sound.synthesis.colours import SEA, SWELL
from companion.sound.synthesis.drone import Drone
from companion.sound.synthesis.drops import BUBBLE
from companion.sound.synthesis.endless import Soundscape, Space, gains
from companion.sound.synthesis.falling import Falling
from companion.sound.synthesis.nodes import Nodes, Wave, node_times
from companion.sound.synthesis.room import DOME, Room
from companion.sound.synthesis.song import Song
from companion.sound.synthesis.tables import Tables
from companion.sound.synthesis.tides import tide
from companion.sound.synthesis.tones import RANGE, Part
from companion.sound.synthesis.tuning import DEEP, Note, notes_between

_BASSES: Final = ((37.3, 0.46), (53.9, 0.46))
_VOICES: Final = (
    (43.3, 128.0, 200.0, 0.8),
    (57.1, 150.0, 260.0, 0.75),
    (33.7, 190.0, 310.0, 0.55),
)
"""Of each: seconds from silence to silence, its range in Hz, its amplitude."""
_SONGS: Final = ((41.9, 160.0, 260.0, 0.85), (59.3, 210.0, 350.0, 0.7), (77.7, 256.0, 400.0, 0.5))
"""Of each that sings: the usual seconds from call to call, its range in Hz, its amplitude."""
_GLIMMERS: Final = ((29.9, 0.6), (45.7, 0.55))
_DRONE: Final[tuple[Note, float]] = (("C", 0), 0.36)
_PRESSURE: Final = ((SEA, 0.5, 0.2), (SWELL, 0.4, 0.35))
"""Of each bed: its amplitude, and how far it flutters."""
_SWELLS: Final = ((13.7, 0.24), (9.1, 0.14), (21.1, 0.2), (67.0, 0.15))
"""Seconds from one wave overhead to the next, and how much pressure it brings."""
_TIDES: Final = ((641.0, 0.1), (457.0, 0.08))
_BUBBLES: Final = 26.0
"""Bubbles each second in the middle of a cluster."""
_BUBBLE: Final = 0.3
_DRY, _WET = 0.45, 0.85
_MISSING: Final = -2.0
"""dB, measured over half an hour."""
_SWELLING, _TIDE = 160, 161


class DeepWater(Soundscape):
    """`brightness` lets more light down and opens the songs, `density` is how much sings."""

    def __init__(
        self, seed: int, brightness: float, density: float, at: float, tables: Tables
    ) -> None:
        super().__init__(at, Space(Room(tables, DOME), _DRY, _WET))
        self._seed, self._brightness, self._density = seed, brightness, density
        self._drones = {note: Drone(note) for note in DEEP}
        self._basses = [
            singer(seed, 20 + number, period, DEEP, amplitude, bass=True)
            for number, (period, amplitude) in enumerate(_BASSES)
        ]
        self._voices = [
            singer(seed, number, period, notes_between(low, high), amplitude)
            for number, (period, low, high, amplitude) in enumerate(_VOICES)
        ]
        self._glimmers = [
            singer(seed, 30 + number, period, RANGE[Part.GLIMMER], amplitude)
            for number, (period, amplitude) in enumerate(_GLIMMERS)
        ]
        self._choir = Choir(tables, self._voices, (Part.BODY,))
        self._high = Choir(tables, self._glimmers, (Part.GLIMMER,))
        self._songs = [
            (Song(seed, 40 + number, usual, notes_between(low, high)), loud)
            for number, (usual, low, high, loud) in enumerate(_SONGS)
        ]
        self._beds = [
            (Bed(tables, seed, number, colour, flutters), loud)
            for number, (colour, loud, flutters) in enumerate(_PRESSURE)
        ]
        self._clusters = Clusters(seed)
        self._bubbles = Falling(tables, seed, 0, BUBBLE, _BUBBLES)

    def sound(self, number: int, mood: Mood) -> Wave:
        times = node_times(number)
        opened = np.clip(mood.openness + self._brightness - 0.5, 0.0, 1.0)
        songs = 0.7 + 0.5 * (mood.fullness - 0.5) + 0.6 * (self._density - 0.5)
        glimmer = 0.5 * opened**2
        level = gains(self._power(songs, glimmer), mood, _MISSING)
        level *= tide(self._seed, _TIDE, times, _TIDES)
        sides = np.zeros((2, BLOCK), np.float32)
        for bass in self._basses:
            for note, swell in bass.swells(number):
                self._drones[note].add(sides, number, level * swell)
        note, droning = _DRONE
        self._drones[note].add(sides, number, level * droning)
        for voice in self._voices:
            self._choir.sing(sides, number, voice, ((Part.BODY, level),))
        for high in self._glimmers:
            self._high.sing(sides, number, high, ((Part.GLIMMER, level * glimmer),))
        for song, loud in self._songs:
            song.add(sides, number, level * songs * loud, 0.3 + 1.3 * opened)
        pressure = level * tide(self._seed, _SWELLING, times, _SWELLS)
        for bed, loud in self._beds:
            bed.add(sides, number, pressure * loud)
        rising = self._clusters.heights(times)
        self._bubbles.add(sides, number, rising, level * _BUBBLE * (0.6 + 0.8 * opened))
        return sides

    def _power(self, songs: Nodes, glimmer: Nodes) -> Nodes:
        """K-weighted, of all that sounds and of the room's answer to it."""
        deep = sum(a**2 for _, a in _BASSES) * choir.SWELL + _DRONE[1] ** 2
        voices = sum(a**2 for *_, a in _VOICES) * choir.SWELL
        voices += sum(a**2 for _, a, _ in _PRESSURE)
        high = glimmer**2 * sum(a**2 for _, a in _GLIMMERS) * choir.SWELL
        called = songs**2 * sum(song.power * a**2 for song, a in self._songs)
        sung: Nodes = (voices + high + called) * (_DRY**2 + _WET**2)
        return sung + deep * (_DRY**2 + 2.0 * _WET**2)
