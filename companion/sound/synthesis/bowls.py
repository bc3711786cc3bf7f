"""Bowls, struck and sung, in a very large dark room over a bed hardly heard.

Each bowl is struck softly every eleven to thirty-seven seconds, in its own time; some are sung, and
swell for half a minute. They are tuned in pure ratios and beat slowly. Over ten minutes one pair of
them gives way to another.
"""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK
from companion.sound.synthesis.arc import OPENEST, Mood
from companion.sound.synthesis.bowl import Bowl
from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.choir import Choir, singer
from companion.sound.synthesis.drone import Drone
from companion.sound.synthesis.endless import Soundscape, Space, gains
from companion.sound.synthesis.nodes import Nodes, Wave
from companion.sound.synthesis.room import DOME, Room
from companion.sound.synthesis.struck import Struck
from companion.sound.synthesis.sung import Sung
from companion.sound.synthesis.tables import Tables
from companion.sound.synthesis.tones import Part
from companion.sound.synthesis.tuning import Note, notes_between

_ALWAYS: Final = (
    (("G", 0), 22.7, 0.46),
    (("C", 1), 20.3, 0.72),
    (("G", 1), 21.7, 0.31),
    (("C", 2), 18.7, 0.5),
    (("G", 2), 19.3, 0.36),
)
_PAIRS: Final = (("D", "E"), ("D", "Bb"), ("Eb", "Bb"), ("E", "A"), ("F", "A"), ("F", "Eb"))
"""Bowls of which the seed chooses two sets, which change about over some ten minutes."""
_PAIR: Final = ((20.9, 0.5), (23.3, 0.46))
"""Of each bowl that is struck: its note, the usual seconds between strokes, its amplitude."""
_SUNG: Final = ((("C", 1), 43.1, 0.45), (("G", 1), 49.3, 0.32), (("C", 2), 57.7, 0.5))
_JOINING: Final = ((("C", 0), 71.9, 0.55), (("G", 2), 77.3, 0.3))
"""Of each bowl that is sung: its note, the usual seconds from one singing to the next, its
amplitude. The last ones join where the arc is full."""
_TILT: Final = 6.5
"""dB that the shine gains from the middle to the open end of the arc."""
_COLOUR: Final = 70
_BED: Final = ((53.9, 128.0, 200.0, 0.8), (67.3, 190.0, 300.0, 0.6), (41.9, 280.0, 400.0, 0.4))
"""Of each voice of the bed: seconds from silence to silence, its range in Hz, its amplitude."""
_BEDS: Final = 0.24
"""Amplitude of the bed, all together being 1."""
_DRONE: Final[Note] = ("C", 0)
_DRY, _WET = 0.5, 0.75
_ALIKE: Final = 1.8
"""Power of both sides as one beside that of a side: they are much alike."""
_MISSING: Final = -0.7
"""dB, measured over half an hour: the room answers some of these notes more than others."""


class Bowls(Soundscape):
    """`brightness` lets the bowls shine, `density` is how often they are struck."""

    def __init__(
        self, seed: int, brightness: float, density: float, at: float, tables: Tables
    ) -> None:
        super().__init__(at, Space(Room(tables, DOME), _DRY, _WET))
        self._seed, self._brightness = seed, brightness
        pace = 1.1 - 0.2 * density
        struck = [(*bowl, 0) for bowl in _ALWAYS]
        first = int(chance(seed, _COLOUR) * len(_PAIRS))
        second = first + 1 + int(chance(seed, _COLOUR, 1) * (len(_PAIRS) - 1))
        for comes, pair in ((1, first), (-1, second)):
            for name, (usual, loud) in zip(_PAIRS[pair % len(_PAIRS)], _PAIR, strict=True):
                struck.append(((name, 2), usual, loud, comes))
        self._struck = Struck(
            seed,
            [
                Bowl(number, note, usual * pace, loud, comes)
                for number, (note, usual, loud, comes) in enumerate(struck)
            ],
            shine=float(_shine(np.array(OPENEST), brightness)),
        )
        self._sung, self._joining = (
            [
                Sung(seed, Bowl(first + number, note, usual, loud))
                for number, (note, usual, loud) in enumerate(bowls)
            ]
            for first, bowls in ((20, _SUNG), (30, _JOINING))
        )
        self._drone = Drone(_DRONE)
        self._bed = [
            singer(seed, number, period, _open_notes(low, high), amplitude)
            for number, (period, low, high, amplitude) in enumerate(_BED)
        ]
        self._choir = Choir(tables, self._bed, (Part.BODY,))

    def sound(self, number: int, mood: Mood) -> Wave:
        shine = _shine(mood.openness, self._brightness)
        joins = 0.1 + 0.9 * mood.fullness
        power = self._struck.power(shine) + sum(sung.power for sung in self._sung)
        power += joins**2 * sum(sung.power for sung in self._joining)
        level = gains(power * (_DRY**2 + _ALIKE * _WET**2), mood, _MISSING)
        sides = np.zeros((2, BLOCK), np.float32)
        self._struck.add(sides, number, level, shine)
        for sung in self._sung:
            sung.add(sides, number, level)
        for sung in self._joining:
            sung.add(sides, number, level * joins)
        bed = gains(1.0, mood) * _BEDS
        for voice in self._bed:
            self._choir.sing(sides, number, voice, ((Part.BODY, bed),))
        self._drone.add(sides, number, bed * 0.7)
        return sides


def _shine(openness: Nodes, brightness: float) -> Nodes:
    """Amplitude of the bowls' shine beside their body, one in the middle."""
    shine: Nodes = 10.0 ** (_TILT * (openness + brightness - 1.0) / 10.0)
    return shine


def _open_notes(low: float, high: float) -> tuple[Note, ...]:
    """The notes of an open fifth and its second: they suit every bowl."""
    return tuple(note for note in notes_between(low, high) if note[0] in ("C", "D", "G"))
