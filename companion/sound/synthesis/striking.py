"""When bowls are struck, and how strongly: never so that it could startle.

A stroke comes at a place of a lattice, moved by chance: so the strokes of any minute are known
without those before them. Then the ruler's own rule is kept in advance: no stroke is stronger than
what was lately heard allows, as far as that follows from the strokes themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from companion.sound.synthesis.bowl import BODY, Bowl
from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.nodes import Nodes
from companion.sound.synthesis.weighting import meter_weighting

_LATE: Final = 0.3
"""How much of the usual time a stroke may come late."""
_SOFTEST: Final = 0.7
"""Of the forces of strokes; the greatest is 1."""
_TIDE: Final = 0.2
"""How far a bowl comes nearer and goes farther over some ten minutes."""
_CHANGES: Final = 1290.0
"""Seconds in which two sets of bowls change about and back."""
_THERE: Final = 0.36
"""Mean square of how much of a bowl of theirs is there."""
STRENGTH: Final = (1.0 - _SOFTEST**3) / (3.0 * (1.0 - _SOFTEST)) * (1.0 + _TIDE**2 / 2)
"""Mean square of all forces of a bowl that is always there."""
_ATTACK: Final = (0.12, 0.25)
"""Seconds in which a stroke comes up."""

_MINUTE: Final = 60.0
_BEFORE: Final = 45.0
"""Seconds before a minute whose strokes are reckoned with."""
_EARS: Final = -np.arange(1.0, 10.25, 0.25)[:, np.newaxis, np.newaxis]
"""Seconds before a stroke at which the ruler listens."""
_RISE: Final = 10.0 ** (1.0 / 10.0)
"""How much more power may be heard than lately; the ruler allows 6 dB, partials also beat."""
_FLOOR: Final = 0.002
"""Power that is always heard: what is sung, and the bed."""
_SOON: Final = 0.2
"""Seconds after its beginning when a stroke is at its height."""

_TIME, _FORCE, _SPEED, _TURN, _LIFE, _CHANGE, _SHARE = range(80, 87)


@dataclass(frozen=True, slots=True)
class Stroke:
    """Stroke `k` of the bowl that is `bowl`th of all."""

    bowl: int
    k: int
    begins: float
    """Second."""
    attack: float
    """Seconds in which it comes up."""
    force: float


class Striking:
    """The strokes of some bowls, whose shine is at most `shine` beside their body."""

    def __init__(self, seed: int, bowls: Sequence[Bowl], shine: float) -> None:
        self._seed, self._bowls = seed, bowls
        modes = [bowl.modes() for bowl in bowls]
        strengths = np.array([[mode.strength for mode in each] for each in modes])
        hertz = np.array([[mode.hertz for mode in each] for each in modes])
        strengths[:, BODY:] *= shine
        self._powers: Nodes = strengths**2 * meter_weighting(hertz)
        self._falls: Nodes = np.array(
            [[6.0 * np.log(10.0) / mode.seconds for mode in each] for each in modes]
        )
        """Of the power of each mode of each bowl at force one; per second."""
        self._minute = lru_cache(maxsize=8)(self._reckoned)

    def between(self, first: float, last: float) -> list[Stroke]:
        """The strokes that begin from second `first` up to `last`, in order."""
        minutes = range(int(first // _MINUTE), int(last // _MINUTE) + 1)
        return [s for m in minutes for s in self._minute(m) if first <= s.begins < last]

    def often(self) -> Nodes:
        """Of each bowl, the mean square force of its strokes in a second."""
        there = [_THERE if bowl.comes else 1.0 for bowl in self._bowls]
        loud = np.array([bowl.loud**2 / bowl.usual for bowl in self._bowls])
        often: Nodes = loud * there * STRENGTH
        return often

    def _reckoned(self, minute: int) -> tuple[Stroke, ...]:
        """The strokes of a minute, each as strong as it may be after those before it."""
        begins = minute * _MINUTE
        allowed: list[Stroke] = []
        for stroke in self._wished(begins - _BEFORE, begins + _MINUTE):
            allowed.append(replace(stroke, force=min(stroke.force, self._most(stroke, allowed))))
        return tuple(stroke for stroke in allowed if stroke.begins >= begins)

    def _most(self, stroke: Stroke, before: Sequence[Stroke]) -> float:
        """The greatest force of `stroke` after the strokes `before`."""
        if not before or before[0].begins > stroke.begins - _BEFORE / 2:
            return stroke.force
        bowls = [each.bowl for each in before]
        forces = np.array([each.force for each in before])
        powers = self._powers[bowls] * (forces**2)[:, np.newaxis]
        begun = np.array([each.begins for each in before])[:, np.newaxis] - stroke.begins
        lately = _FLOOR + self._heard(powers, bowls, _EARS - begun).max()
        ringing = float(self._heard(powers, bowls, np.full((1, 1, 1), _SOON) - begun).sum())
        left = max(lately * _RISE - _FLOOR - ringing, 0.1 * lately)
        return float(np.sqrt(left / self._powers[stroke.bowl].sum()))

    def _heard(self, powers: Nodes, bowls: Sequence[int], ages: Nodes) -> Nodes:
        """What is heard of strokes that are so many seconds old; the first axis is that of
        `ages`."""
        ringing = powers * np.exp(-self._falls[bowls] * np.maximum(ages, 0.0)) * (ages > 0.0)
        heard: Nodes = ringing.sum(axis=(1, 2))
        return heard

    def _wished(self, first: float, last: float) -> list[Stroke]:
        """The strokes that begin from second `first` up to `last`, as strong as they would be."""
        found = []
        for place, bowl in enumerate(self._bowls):
            share = chance(self._seed, _SHARE, bowl.number)
            for k in range(int(first // bowl.usual) - 2, int(last // bowl.usual) + 1):
                late = _LATE * chance(self._seed, _TIME, bowl.number, k)
                begins = (k + share + late) * bowl.usual
                there = self._there(bowl, begins)
                if first <= begins < last and there > 0.0:
                    attack = between(*_ATTACK, self._seed, _SPEED, bowl.number, k)
                    force = there * self._force(bowl, k, begins)
                    found.append(Stroke(place, k, begins, attack, force))
        return sorted(found, key=lambda stroke: stroke.begins)

    def _force(self, bowl: Bowl, k: int, begins: float) -> float:
        force = bowl.loud * between(_SOFTEST, 1.0, self._seed, _FORCE, bowl.number, k)
        life = between(420.0, 780.0, self._seed, _LIFE, bowl.number)
        turn = begins / life + chance(self._seed, _TURN, bowl.number)
        return force * (1.0 + _TIDE * float(np.sin(2 * np.pi * turn)))

    def _there(self, bowl: Bowl, begins: float) -> float:
        """How much of a bowl is there at second `begins`."""
        turn = np.sin(2 * np.pi * (begins / _CHANGES + chance(self._seed, _CHANGE)))
        return min(max(1.6 * bowl.comes * float(turn) - 0.3, 0.0), 1.0) if bowl.comes else 1.0
