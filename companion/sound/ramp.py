"""How the guard's gain moves: down before the sound that it is for, and up again at once."""

from typing import Final

import numpy as np

from companion.sound.curves import Block
from companion.sound.lately import AHEAD, PHASES
from companion.sound.meter import SLOT, Energies

STRETCH: Final = PHASES + 1
"""Slots of which a window that begins in the first may hold a part."""
RAMP: Final = 23
"""Slots in which a gain comes down: it is the mean of so many."""
_AFTER = 2
"""Slots after a stretch in which it is still heard: the meter's spans reach over its end."""
_REACH = RAMP + STRETCH + _AFTER
"""Stretches that one gain has to suit."""
assert AHEAD == _REACH - 1


class Ramp:
    """Draws a gain through what the stretches of a bus ask for."""

    def __init__(self) -> None:
        self._asked = np.ones(_REACH - 1)
        """By the stretches before …"""
        self._lows = np.ones(RAMP - 1)
        """… the gains that suit all of them within reach …"""
        self._edge = 1.0
        """… and the one that was drawn last."""

    def edges(self, asked: Energies) -> Energies | None:
        """The gains at the edges of the slots that go out now, one more than these; None where all
        are one. `asked`: of each stretch that ends with one of the slots that came in now."""
        asked = np.concatenate((self._asked, asked))
        self._asked = asked[1 - _REACH :]
        if asked.min() == self._lows.min() == self._edge == 1.0:
            return None
        lows = np.lib.stride_tricks.sliding_window_view(asked, _REACH).min(axis=1)
        lows = np.concatenate((self._lows, lows))
        self._lows = lows[1 - RAMP :]
        means = np.lib.stride_tricks.sliding_window_view(lows, RAMP).mean(axis=1)
        edges = np.concatenate(([self._edge], means))
        self._edge = float(edges[-1])
        return edges


def scaled(samples: Block, edges: Energies) -> Block:
    """`samples` by a gain that goes straight from each edge to the next."""
    way = np.arange(1, SLOT + 1) / SLOT
    gains = edges[:-1, np.newaxis] + np.diff(edges)[:, np.newaxis] * way
    return samples * gains.reshape(-1, 1).astype(np.float32)
