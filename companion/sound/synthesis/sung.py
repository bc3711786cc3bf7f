"""Bowls that are sung: a stick goes round their rim, and they swell for half a minute and go."""

from typing import Final

import numpy as np

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.bells import Mode, Partials
from companion.sound.synthesis.bowl import Bowl
from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.nodes import Nodes, Wave, drawn, node_times
from companion.sound.synthesis.tuning import hertz

_SINGS: Final = 34.0
"""Seconds that a bowl is sung at a time."""
_MODES: Final = ((1.0, 0.31, 1.0), (2.71, 0.83, 0.14), (5.18, 1.3, 0.025))
"""Of each mode of a bowl that is sung: its frequency, the Hz at which it beats, its amplitude."""
_CIRCLE: Final = (0.61, 0.13)
"""Hz at which the stick goes round, and how far that is heard."""
_LATE: Final = 0.3
"""How much of the usual time a singing may begin late."""
_SOFTEST: Final = 0.7
"""Of the heights of swells; the greatest is 1."""
_HEIGHTS: Final = (1.0 - _SOFTEST**3) / (3.0 * (1.0 - _SOFTEST))
"""Mean of their squares."""
_DEPTH: Final = 0.4
"""Of the weaker of two partials that beat."""
_TIME, _FORCE, _SIDE, _BEAT, _SHARE = range(100, 105)


class Sung:
    """One bowl, sung about every `usual` seconds."""

    def __init__(self, seed: int, bowl: Bowl) -> None:
        self._seed, self._bowl = seed, bowl
        self._partials = Partials(
            [
                Mode(
                    ratio * hertz(bowl.note),
                    beat * between(0.8, 1.2, bowl.number, _BEAT, mode),
                    np.inf,
                    strength * bowl.loud,
                )
                for mode, (ratio, beat, strength) in enumerate(_MODES)
            ]
        )
        places = np.full(len(_MODES), between(-0.4, 0.4, bowl.number, _SIDE))
        self._amplitudes = self._partials.spread(_DEPTH, places)
        self.power = float(self._partials.powers().sum()) * 3 / 8 * _HEIGHTS * _SINGS / bowl.usual
        """K-weighted, on average."""

    def add(self, sides: Wave, number: int, gain: Nodes) -> None:
        """Add what it sings in block `number` to `sides`, at the amplitudes `gain`."""
        swell = self._swell(node_times(number))
        if swell.any():
            turned = self._amplitudes * np.exp(self._partials.rates * (number * BLOCK / RATE))
            sides += self._partials.sound(turned) * drawn(swell * gain)

    def _swell(self, times: Nodes) -> Nodes:
        swell = np.zeros(len(times))
        usual, number = self._bowl.usual, self._bowl.number
        share = chance(self._seed, _SHARE, number)
        for k in range(int((times[0] - _SINGS) // usual) - 2, int(times[-1] // usual) + 1):
            begins = (k + share + _LATE * chance(self._seed, _TIME, number, k)) * usual
            height = between(_SOFTEST, 1.0, self._seed, _FORCE, number, k)
            way = np.clip((times - begins) / _SINGS, 0.0, 1.0)
            swell += height * np.sin(np.pi * way) ** 2
        speed, depth = _CIRCLE
        circled: Nodes = swell * (1.0 + depth * np.sin(2 * np.pi * speed * times))
        return circled
