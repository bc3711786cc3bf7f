"""Songs far off under water: long calls that glide from one note to another, and answer.

A call is one tone whose pitch is a curve that can be summed up in closed form, so that its phase at
any moment is known without those before. Its notes belong to the harmony of its time.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.harmony import Voice
from companion.sound.synthesis.nodes import Nodes, Wave, drawn, node_times
from companion.sound.synthesis.tuning import Note, hertz
from companion.sound.synthesis.weighting import k_weighting

_LONG: Final = (8.0, 13.5)
"""Seconds of a call."""
_LATE: Final = 0.35
"""How much of a voice's time a call may begin late."""
_ARCH: Final = (-0.03, 0.07)
"""How far the pitch swings out between its two notes, the whole being 1."""
_SOFTEST: Final = 0.6
"""Of the heights of calls; the greatest is 1."""
_HARMONICS: Final = (1.0, 0.42, 0.16, 0.06)
"""Amplitudes; all but the first come and go with the opening of the call."""
_TREMBLES: Final = ((0.9, 1.5), 0.004)
"""Hz, and how far the pitch trembles, the whole being 1."""
_TWIN: Final = 0.35
"""Amplitude of a second singer, whose pitch lies a little beside."""
_APART: Final = (0.21, 0.47)
"""Hz between the two."""
_WANDERS: Final = 0.5
"""How far from the middle a call may begin and end, 1 being quite to one side."""
_FINE: Final = 60
"""Frames over which a pitch hardly moves: its turns lie on a straight line."""
_LINE = np.arange(_FINE) / _FINE
_LINES: Final = np.stack((1.0 - _LINE, _LINE))
_TIME, _HEIGHT, _LENGTH, _WAY, _SWING, _TREMBLE, _BESIDE, _PLACE, _STEP = range(150, 159)


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    begins: float
    seconds: float
    """When it begins, and how long it lasts."""
    height: float
    """Amplitude."""
    first: float
    last: float
    """Hz where it begins and where it ends …"""
    arch: float
    """… and by how many more it swings out in between."""
    trembles: float
    apart: float
    """Hz."""
    places: tuple[float, float]
    """Where it begins and where it ends, from left (-1) to right (1)."""

    def turned(self, number: int) -> npt.NDArray[np.complex64]:
        """How its pitch swings at each frame of block `number`, as a point on the circle."""
        frames = number * BLOCK + np.arange(0, BLOCK + _FINE, _FINE)
        turns = self.turns(frames / RATE - self.begins)
        turns -= np.floor(turns[0])
        pairs = np.stack((turns[:-1], turns[1:]), axis=1)
        lines = 2 * np.pi * (pairs @ _LINES).reshape(-1).astype(np.float32)
        circle: npt.NDArray[np.complex64] = np.empty(BLOCK, np.complex64)
        np.cos(lines, out=circle.real)
        np.sin(lines, out=circle.imag)
        return circle

    def turns(self, since: Nodes) -> Nodes:
        """How often it has swung `since` seconds after it began."""
        way, depth = np.pi * since / self.seconds, _TREMBLES[1] * self.first
        glide = (self.last - self.first) * (since / 2 - self.seconds / (2 * np.pi) * np.sin(way))
        arch = self.arch * (since / 2 - self.seconds / (4 * np.pi) * np.sin(2 * way))
        tremble = depth / (2 * np.pi * self.trembles) * np.cos(2 * np.pi * self.trembles * since)
        turns: Nodes = self.first * since + glide + arch - tremble
        return turns


class Song:
    """What one voice calls, at a K-weighted power of about one while a call is at its height."""

    def __init__(self, seed: int, number: int, usual: float, notes: tuple[Note, ...]) -> None:
        share = chance(seed, _PLACE, number)
        self._voice = Voice(seed, number, usual, share, notes)
        self._call = lru_cache(maxsize=8)(self._made)
        middle = hertz(notes[len(notes) // 2]) * np.arange(1, len(_HARMONICS) + 1)
        powers = np.array(_HARMONICS) ** 2 / 2 * k_weighting(middle) * (1.0 + _TWIN**2)
        self._scale = 1.0 / float(np.sqrt(powers.sum()))
        heights = (1.0 - _SOFTEST**3) / (3.0 * (1.0 - _SOFTEST))
        self.power = 3 / 8 * heights * sum(_LONG) / 2 / usual
        """K-weighted, on average."""

    def add(self, sides: Wave, number: int, gain: Nodes, opening: Nodes) -> None:
        """Add what it calls in block `number` to `sides`, at the amplitudes `gain`; `opening` is
        how much of its harmonics is heard, 1 being all."""
        times = node_times(number)
        way = times / self._voice.period + self._voice.share
        for turn in range(int(np.floor(way[0])), int(np.floor(way[-1])) + 1):
            call = self._call(turn)
            if call.begins < times[-1] and call.begins + call.seconds > times[0]:
                self._sing(sides, number, call, gain, opening)

    def _sing(self, sides: Wave, number: int, call: Call, gain: Nodes, opening: Nodes) -> None:
        since = node_times(number) - call.begins
        way = np.clip(since / call.seconds, 0.0, 1.0)
        opened = np.sin(np.pi * way) * opening
        turned = harmonic = call.turned(number)
        waves = np.zeros((2, BLOCK), np.float32)
        for count, loud in enumerate(_HARMONICS):
            strength = drawn(loud * opened**count)
            waves[0] += harmonic.imag * strength
            waves[1] += harmonic.real * strength
            harmonic = harmonic * turned
        swell = np.sin(np.pi * way) ** 2 * (np.sqrt(2.0) * call.height * self._scale) * gain
        first, last = call.places
        angle = (1.0 + first + (last - first) * way) * np.pi / 4
        beside = 2 * np.pi * call.apart * since
        twins = 1.0 + _TWIN * np.stack((np.cos(beside), np.sin(beside)))
        sides += waves * drawn(np.stack((np.cos(angle), np.sin(angle))) * swell * twins)

    def _made(self, turn: int) -> Call:
        voice = self._voice
        place = voice.number, turn
        seconds = between(*_LONG, voice.seed, _LENGTH, *place)
        late = _LATE * voice.period * chance(voice.seed, _TIME, *place)
        first, last = self._notes(turn)
        return Call(
            voice.begins(turn) + 0.06 * voice.period + late,
            seconds,
            between(_SOFTEST, 1.0, voice.seed, _HEIGHT, *place),
            first,
            last,
            first * between(*_ARCH, voice.seed, _SWING, *place),
            between(*_TREMBLES[0], voice.seed, _TREMBLE, *place),
            between(*_APART, voice.seed, _BESIDE, *place),
            (
                between(-_WANDERS, _WANDERS, voice.seed, _WAY, *place, 0),
                between(-_WANDERS, _WANDERS, voice.seed, _WAY, *place, 1),
            ),
        )

    def _notes(self, turn: int) -> tuple[float, float]:
        """Hz of the note from which a call sets out, and of that at which it arrives: the nearest
        one above or below that fits."""
        arrives = self._voice.note(turn)
        allowed = self._voice.allowed(turn)
        others = [n for n in self._voice.notes if n[0] in allowed and n != arrives]
        if not others:
            return hertz(arrives), hertz(arrives)
        others.sort(key=lambda note: abs(np.log(hertz(note) / hertz(arrives))))
        near = others[: 2 if chance(self._voice.seed, _STEP, self._voice.number, turn) < 0.5 else 1]
        return hertz(near[-1]), hertz(arrives)
