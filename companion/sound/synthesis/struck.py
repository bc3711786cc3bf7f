"""Bowls that are struck: their partials ring down, and every stroke comes up softly."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.bells import Amplitudes, Partials
from companion.sound.synthesis.bowl import BODY, MODES, Bowl
from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.nodes import Nodes, Wave, drawn
from companion.sound.synthesis.striking import Striking, Stroke

_GONE: Final = 60.0
"""Seconds after which a stroke is heard no more."""
_DEPTH: Final = 0.4
"""Of the weaker of two partials that beat."""
_WIDTH: Final = 0.6
"""How far from the middle the outermost bowls stand, 1 being quite to one side."""
_PHASE, _SIDE = range(90, 92)


class Struck:
    """Some bowls, struck each in its own time, whose shine is at most `shine` beside their body."""

    def __init__(self, seed: int, bowls: Sequence[Bowl], shine: float) -> None:
        self._seed, self._bowls = seed, bowls
        self._striking = Striking(seed, bowls, shine)
        self._turned = lru_cache(maxsize=64)(self._phases)
        self._body = _Part(bowls, 0, BODY)
        self._shine = _Part(bowls, BODY, len(MODES))

    def add(self, sides: Wave, number: int, gain: Nodes, shine: Nodes) -> None:
        """Add block `number` to `sides` at the amplitudes `gain`, the shine at `shine` beside the
        body."""
        start = number * BLOCK / RATE
        strokes = self._striking.between(start - _GONE, start + BLOCK / RATE)
        if strokes:
            struck = np.stack([self._turned(s.bowl, s.k) * s.force for s in strokes])
            sides += self._body.sound(start, strokes, struck) * drawn(gain)
            sides += self._shine.sound(start, strokes, struck) * drawn(gain * shine)

    def power(self, shine: Nodes) -> Nodes:
        """K-weighted, on average, at gain one."""
        often = self._striking.often()
        body, high = (float(np.sum(part.energies * often)) for part in (self._body, self._shine))
        power: Nodes = body + high * shine**2
        return power

    def _phases(self, bowl: int, k: int) -> Amplitudes:
        """Where the partials of a stroke begin."""
        place = self._bowls[bowl].number, k
        turns = [chance(self._seed, _PHASE, *place, partial) for partial in range(2 * len(MODES))]
        phases: Amplitudes = np.exp(2j * np.pi * np.array(turns))
        return phases


class _Part:
    """Some modes of all the bowls, as one set of partials."""

    def __init__(self, bowls: Sequence[Bowl], first: int, last: int) -> None:
        self._partials = Partials([mode for bowl in bowls for mode in bowl.modes()[first:last]])
        places = [_WIDTH * between(-1.0, 1.0, bowl.number, _SIDE) for bowl in bowls]
        self._spread = self._partials.spread(_DEPTH, np.repeat(places, last - first))
        self._shape = len(bowls), 2 * (last - first)
        self._rates = self._partials.rates.reshape(self._shape)
        self._own = slice(2 * first, 2 * last)
        self.energies: Nodes = self._partials.energies().reshape(len(bowls), -1).sum(axis=1)
        """K-weighted, of one stroke of each bowl at force one."""

    def sound(self, start: float, strokes: Sequence[Stroke], struck: Amplitudes) -> Wave:
        """The block that begins at second `start`; `struck` holds the amplitudes of each stroke
        when it begins."""
        since = np.array([[start - stroke.begins] for stroke in strokes])
        bowls = [stroke.bowl for stroke in strokes]
        now = struck[:, self._own] * np.exp(self._rates[bowls] * since)
        ringing = np.zeros(self._shape, np.complex128)
        fresh = []
        for stroke, amplitudes in zip(strokes, now, strict=True):
            if start - stroke.begins >= stroke.attack:
                ringing[stroke.bowl] += amplitudes
            else:
                fresh.append((stroke, amplitudes))
        waves = self._partials.sound(self._spread * ringing.reshape(-1))
        for stroke, amplitudes in fresh:
            alone = np.zeros(self._shape, np.complex128)
            alone[stroke.bowl] = amplitudes
            risen = self._partials.sound(self._spread * alone.reshape(-1))
            waves += risen * _rise(start - stroke.begins, stroke.attack)
        return waves


def _rise(since: float, attack: float) -> Wave:
    """The coming up of a stroke over one block that begins `since` seconds after it."""
    way = np.clip((since + np.arange(BLOCK) / RATE) / attack, 0.0, 1.0)
    rise: Wave = (np.sin(way * (np.pi / 2)) ** 2).astype(np.float32)
    return rise
