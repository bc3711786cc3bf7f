"""What a bowl is: its note, its modes, and how it is played. No two bowls are alike."""

from dataclasses import dataclass
from typing import Final

from companion.sound.synthesis.bells import Mode
from companion.sound.synthesis.chance import between
from companion.sound.synthesis.tuning import Note, hertz

MODES: Final = (
    (1.0, 1.0, 1.0, 0.45),
    (2.71, 0.5, 0.5, 1.1),
    (5.18, 0.24, 0.17, 1.9),
    (8.3, 0.13, 0.06, 2.6),
)
"""Of each mode of a bowl: its frequency, its time to fall and its amplitude beside the first, and
the Hz at which it beats."""
BODY: Final = 1
"""So many modes are the bowl's body, the others its shine."""
_RINGS: Final = 38.0
"""Seconds in which the first mode of a bowl at 128 Hz falls by 60 dB."""


@dataclass(frozen=True, slots=True)
class Bowl:
    """One bowl."""

    number: int
    note: Note
    usual: float
    """Seconds from one playing to the next."""
    loud: float
    """Amplitude."""
    comes: int = 0
    """0: it is always there; 1 and -1: two sets that change about, with none in between."""

    def modes(self) -> list[Mode]:
        """Its modes when it is struck, the lowest first, at their amplitudes beside the first."""
        lowest = hertz(self.note)
        rings = _RINGS * (128.0 / lowest) ** 0.45
        return [
            Mode(
                lowest * ratio * (between(0.985, 1.015, self.number, mode, 0) if mode else 1.0),
                beat * between(0.7, 1.3, self.number, mode, 1),
                rings * falls,
                strength,
            )
            for mode, (ratio, falls, strength, beat) in enumerate(MODES)
        ]
