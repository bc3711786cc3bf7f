"""What one bus gave out lately, and what the ruler's R will be of it.

Time is counted in slots of a millisecond. Nobody knows where a ruler lays its windows, so one may
begin in any of 25 slots, and each of these has an R of its own: from windows less their edges,
so that it is never higher than what any ruler finds.
"""

from typing import Final

import numpy as np

from companion.sound.meter import SLOT, Energies
from companion.sound.ruler import FADING, OLDEST, WINDOW, YOUNGEST, highest

AHEAD: Final = 50
"""Slots by which what is judged is ahead of what is given out."""
PHASES: Final = WINDOW // SLOT
"""Slots that a window may begin in, until the next one begins."""
_INNER = PHASES - 1
"""Slots that a window holds for certain."""
_ROWS = OLDEST - AHEAD // PHASES
"""Windows remembered: as far back as counts in full, less those not yet given out."""
_REFERRED = OLDEST - YOUNGEST + 1
"""Windows that count in full."""
_FADED = 10.0 ** (-FADING / 10.0)
_LONG = 10 * _ROWS
"""Windows of silence after which all has faded."""


class Lately:
    """Energies of windows: mean power times `WINDOW`."""

    def __init__(self, lowest: float) -> None:
        """`lowest`: the level in dBFS that R is never under."""
        self._lowest: float = 10.0 ** (lowest / 10.0) * WINDOW
        self._given = np.zeros(_INNER)
        """The slots that the next windows begin with."""
        self._windows = np.zeros((_ROWS, PHASES))
        """Each window, for each slot that it may begin in."""
        self._older = np.zeros(PHASES)
        """The most that is left of those before."""

    def certainly(self, windows: int) -> float:
        """What R will not be under in any of the next `windows`; found faster than R itself."""
        lately = self._windows[windows - 1 : _REFERRED].max(axis=0)
        return max(self._lowest, float(lately.min()))

    def references(self, windows: int) -> Energies:
        """R for each slot of the next `windows`."""
        lately = highest(self._windows[: windows - 1 + _REFERRED], _REFERRED)
        formerly = self._fading(windows)[:windows]
        references: Energies = np.maximum(np.maximum(lately, formerly), self._lowest)
        return references.reshape(-1)

    def add(self, heard: Energies) -> None:
        """What was heard of the slots given out next, a whole number of windows."""
        given = np.concatenate((self._given, heard))
        self._given = given[-_INNER:]
        windows = sums(given, _INNER)[:-1].reshape(-1, PHASES)
        self._older = self._fading(len(windows))[-1]
        self._windows = np.concatenate((self._windows, windows))[-_ROWS:]

    def add_silence(self, windows: int) -> None:
        """Any number of them."""
        left = min(windows, _LONG)
        while left:
            some = min(left, _ROWS)
            self.add(np.zeros(some * PHASES))
            left -= some

    def _fading(self, windows: int) -> Energies:
        """What is left of all that is too old to count in full, for each window to come."""
        age = _FADED ** np.arange(windows + 1)[:, np.newaxis]
        older = np.concatenate((self._older[np.newaxis], self._windows[:windows] / age[:-1]))
        fading: Energies = np.maximum.accumulate(older) * age
        return fading


def sums(slots: Energies, length: int) -> Energies:
    """The sum of each `length` neighbours."""
    running = np.concatenate(([0.0], np.cumsum(slots)))
    neighbours: Energies = np.maximum(running[length:] - running[:-length], 0.0)
    return neighbours
