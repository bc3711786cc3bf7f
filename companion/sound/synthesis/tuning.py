"""The notes that every soundscape is made of, in pure ratios over one root.

All soundscapes stand on the same root, so that any of them may come in over any other. The notes
are those of just intonation in C; which of them may sound together is read from their ratios.
"""

from fractions import Fraction
from typing import Final

ROOT: Final = 64.0
"""Hz of the lowest C."""

RATIOS: Final = {
    "C": Fraction(1),
    "D": Fraction(9, 8),
    "Eb": Fraction(6, 5),
    "E": Fraction(5, 4),
    "F": Fraction(4, 3),
    "G": Fraction(3, 2),
    "Ab": Fraction(8, 5),
    "A": Fraction(5, 3),
    "Bb": Fraction(9, 5),
    "B": Fraction(15, 8),
}
_CALM: Final = frozenset(
    Fraction(*ratio)
    for ratio in ((1, 1), (10, 9), (9, 8), (6, 5), (5, 4), (4, 3), (3, 2), (8, 5), (5, 3))
) | frozenset((Fraction(16, 9), Fraction(9, 5)))
"""Intervals that neither beat nor rub: no semitone, no tritone, no impure fifth."""

Note = tuple[str, int]
"""A name and an octave, the lowest C being ("C", 0)."""


def hertz(note: Note) -> float:
    """The frequency of a note."""
    name, octave = note
    return ROOT * float(RATIOS[name]) * 2.0**octave


def agree(one: str, other: str) -> bool:
    """Whether notes of these names may sound together."""
    interval = RATIOS[one] / RATIOS[other]
    return (interval * 2 if interval < 1 else interval) in _CALM


def notes_between(low: float, high: float) -> tuple[Note, ...]:
    """The notes from `low` up to and including `high` Hz, the lowest first."""
    found = [(name, octave) for octave in range(5) for name in RATIOS]
    return tuple(sorted((n for n in found if low <= hertz(n) <= high), key=hertz))


DEEP: Final = notes_between(64.0, 107.0)
"""What drones and basses sound on."""
