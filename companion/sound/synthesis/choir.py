"""Voices that swell and pass, each in its own time and from its own place.

Three movements lie in each: a breath of some seconds, its swell of about half a minute, and the
height of each swell, which is never the same. The loops they sing with are read in passages from
places chosen by chance, one passing over into the other, so that no loop is ever heard to repeat.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from companion.sound.curves import BLOCK
from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.harmony import Voice
from companion.sound.synthesis.nodes import Nodes, Wave, drawn, node_times
from companion.sound.synthesis.passages import passages, starts
from companion.sound.synthesis.tables import UNIT, Array, Tables, pour
from companion.sound.synthesis.tones import Part, Tone
from companion.sound.synthesis.tuning import Note

SWELL: Final = 1 / 2 * 0.69
"""Mean power of a swell: that of a sine, at its mean height."""
_LOWEST: Final = 0.65
"""Of the heights; the greatest is 1."""
_BREATH: Final = 0.12
"""How far a voice rises and sinks with each breath."""
_WIDTH: Final = 0.55
"""How far from the middle the outermost voices stand, 1 being quite to one side."""
_PASSAGE: Final = (3.9, 4.5)
"""Seconds of the passages of a voice, which no loop is shorter than …"""
_PASSING: Final = 0.9
"""… and in which one passes over into the next."""
_SHARE, _HEIGHT, _BREATHES, _PLACE, _START, _PASSES = range(40, 46)


@dataclass(frozen=True, slots=True)
class Singer:
    """One of the voices."""

    voice: Voice
    amplitude: float
    place: float
    """From left (-1) to right (1)."""
    breath: float
    passage: float
    """Seconds of each."""

    def swells(self, number: int) -> Iterator[tuple[Note, Nodes]]:
        """Each note that it sings in block `number`, with its amplitudes."""
        voice = self.voice
        times = node_times(number)
        ways = times / voice.period + voice.share
        swell = np.abs(np.sin(np.pi * ways)) * self.amplitude
        swell *= 1.0 + _BREATH * np.sin(2 * np.pi * times / self.breath)
        for turn in range(int(np.floor(ways[0])), int(np.floor(ways[-1])) + 1):
            height = between(_LOWEST, 1.0, voice.seed, _HEIGHT, voice.number, turn)
            yield voice.note(turn), swell * height * (np.floor(ways) == turn)


def singer(
    seed: int,
    number: int,
    period: float,
    notes: tuple[Note, ...],
    amplitude: float,
    bass: bool = False,
) -> Singer:
    """The voice `number` of a seed, which swells every `period` seconds within `notes`."""
    voice = Voice(seed, number, period, chance(seed, _SHARE, number), notes, bass)
    side = 1.0 if number % 2 else -1.0
    return Singer(
        voice,
        amplitude,
        place=side * between(0.15, 1.0, seed, _PLACE, number),
        breath=between(5.1, 8.7, seed, _BREATHES, number),
        passage=between(*_PASSAGE, seed, _PASSES, number),
    )


class Choir:
    """The loops that some voices sing with."""

    def __init__(self, tables: Tables, singers: Iterable[Singer], parts: Sequence[Part]) -> None:
        tones = {
            Tone(part, note) for each in singers for note in each.voice.notes for part in parts
        }
        self._loops: dict[Tone, Array] = {tone: tables.get(tone) for tone in tones}

    def sing(
        self, sides: Wave, number: int, singer: Singer, parts: Iterable[tuple[Part, Nodes]]
    ) -> None:
        """Add what `singer` sings in block `number` to `sides`, each part of the tone with the
        amplitudes of its nodes."""
        angle = (1.0 + _WIDTH * singer.place) * np.pi / 4
        left_right = np.array([[np.cos(angle)], [np.sin(angle)]]) * (np.sqrt(2.0) / UNIT)
        for note, swell in singer.swells(number):
            for passage, fade in passages(number, singer.passage, _PASSING):
                begins = starts(singer.voice.seed, _START, singer.voice.number, passage)
                for part, gains in parts:
                    loop = self._loops[Tone(part, note)]
                    both = drawn(left_right * (swell * fade * gains))
                    for side, start, gain in zip(sides, begins, both, strict=True):
                        pour(side, loop, number * BLOCK + start, gain)
