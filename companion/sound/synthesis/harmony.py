"""Chords that follow each other over minutes, and the note that each voice takes in them.

A chord stays for more than a minute. Every ten minutes or so the harmony comes home to an open
fifth and leaves on its bright or on its dark side. A voice whose note sounds across a change takes
a note that belongs to both chords: so common notes are held, and nothing ever rubs.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.tuning import Note, agree, hertz

STAY: Final = 79.0
"""Seconds of one chord."""
_JOURNEY: Final = 8
"""Chords from one coming home to the next."""
_BRIDGE: Final = 2
"""Notes at least that lead from a chord to the one after it."""
_MEMORY: Final = 6
"""Notes after which a voice starts again from the middle of its range."""
_STEP: Final = 0.65
"""How often a voice goes to the nearest note, not to the second nearest."""
_SOFT: Final = 0.06
"""Of a swell at either end: too soft there to rub."""
_CHORD, _VOICE, _SIDE = range(3)


@dataclass(frozen=True, slots=True)
class Chord:
    """The names of its notes, the bass first."""

    bass: str
    tones: frozenset[str]


def _chord(names: str) -> Chord:
    bass, *others = names.split()
    return Chord(bass, frozenset((bass, *others)))


_HOME: Final = tuple(map(_chord, ("C D G", "F C G")))
_BRIGHT: Final = tuple(
    map(_chord, ("C D E G", "C E G", "A C E G", "F A C G", "E G B D", "G B D E"))
)
_DARK: Final = tuple(
    map(_chord, ("C Eb G Bb", "Eb G Bb C", "Ab C Eb Bb", "F Ab C Eb", "Ab C Eb F"))
)


@lru_cache(maxsize=256)
def chord(seed: int, number: int) -> Chord:
    """Chord `number`, which stays from `number * STAY` seconds on."""
    journey, step = divmod(number, _JOURNEY)
    if step == 0:
        return _HOME[int(2 * chance(seed, _CHORD, number))]
    before = chord(seed, number - 1)
    bright = (journey + int(2 * chance(seed, _SIDE))) % 2 == 0
    ways = [
        following
        for following in (*_HOME, *(_BRIGHT if bright else _DARK))
        if following != before and len(_common((before, following))) >= _BRIDGE
    ]
    return ways[int(len(ways) * chance(seed, _CHORD, number))]


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that swells every `period` seconds and takes another note each time."""

    seed: int
    number: int
    period: float
    share: float
    """How far it is in its swell at second 0, from 0 to 1."""
    notes: tuple[Note, ...]
    """Its range, the lowest first."""
    bass: bool = False
    """It goes with the basses of the chords."""

    def begins(self, turn: int) -> float:
        """The second at which swell `turn` begins."""
        return (turn - self.share) * self.period

    def note(self, turn: int) -> Note:
        """What it sings in swell number `turn`."""
        return _note(self, turn)

    def allowed(self, turn: int) -> frozenset[str]:
        """The names of the notes that fit into swell number `turn`."""
        first = self.begins(turn) + _SOFT * self.period
        last = self.begins(turn + 1) - _SOFT * self.period
        numbers = range(math.floor(first / STAY), math.floor(last / STAY) + 1)
        chords = tuple(chord(self.seed, number) for number in numbers)
        common = _common(chords)
        return (self.bass and common & {each.bass for each in chords}) or common


@lru_cache(maxsize=1024)
def _note(voice: Voice, turn: int) -> Note:
    allowed = voice.allowed(turn)
    ways = [note for note in voice.notes if note[0] in allowed] or list(voice.notes)
    if turn % _MEMORY == 0:
        return ways[int(len(ways) * chance(voice.seed, _VOICE, voice.number, turn))]
    before = math.log(hertz(_note(voice, turn - 1)))
    ways.sort(key=lambda note: abs(math.log(hertz(note)) - before))
    nearest = chance(voice.seed, _VOICE, voice.number, turn) < _STEP
    return ways[0 if nearest else min(1, len(ways) - 1)]


def _common(chords: tuple[Chord, ...]) -> frozenset[str]:
    """The notes of `chords` that agree with every note of all of them; never none."""
    names = frozenset[str]().union(*(each.tones for each in chords))
    common = frozenset(name for name in names if all(agree(name, other) for other in names))
    return common or frozenset("G")
