"""How a soundscape follows the session: slowly, in fullness and in openness.

Fullness is how much sounds and how loud, openness how bright it is. Guides ask for a slow build
and for a little less brightness once the peak is reached, so openness turns back before fullness.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from companion.session.plan import Phase
from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.nodes import NODES, Nodes

_FULLNESS: Final = {
    Phase.SETTLE: (0.28, 0.32),
    Phase.ONSET: (0.32, 0.50),
    Phase.BUILD: (0.50, 0.85),
    Phase.PEAK: (0.85, 0.80),
    Phase.RETURN: (0.72, 0.42),
    Phase.RECOVERY: (0.25, 0.15),
}
_OPENNESS: Final = {
    Phase.SETTLE: (0.25, 0.30),
    Phase.ONSET: (0.30, 0.50),
    Phase.BUILD: (0.50, 0.80),
    Phase.PEAK: (0.78, 0.68),
    Phase.RETURN: (0.60, 0.42),
    Phase.RECOVERY: (0.25, 0.15),
}
"""At the beginning and the end of each phase."""
OPENEST: Final = max(max(ends) for ends in _OPENNESS.values())
"""The greatest openness there is."""
_PACE: Final = BLOCK / RATE / 90.0
"""How far either may move in one block: the whole way takes 90 s at least."""
_MIDDLE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Mood:
    """Where the arc stands during one block: values from 0 to 1 at its nodes."""

    fullness: Nodes
    openness: Nodes


class Course:
    """The way of one soundscape through the arc. It begins where it is first sent, in the middle
    if nobody sends it, and moves slowly from then on."""

    def __init__(self) -> None:
        self._at = np.array([_MIDDLE, _MIDDLE])
        self._aim = self._at
        self._begun = False

    def follow(self, phase: Phase, position: float) -> None:
        """Go to the place of the arc that is `position` (0 to 1) through `phase`."""
        ends = np.array((_FULLNESS[phase], _OPENNESS[phase]))
        self._aim = ends[:, 0] + (ends[:, 1] - ends[:, 0]) * position
        if not self._begun:
            self._at = self._aim

    def here(self) -> Mood:
        """A block in which nothing moves."""
        return _mood(self._at, self._at)

    def onwards(self) -> Mood:
        """The next block."""
        self._begun = True
        before = self._at
        self._at = before + np.clip(self._aim - before, -_PACE, _PACE)
        return _mood(before, self._at)


def _mood(before: Nodes, after: Nodes) -> Mood:
    fullness, openness = np.linspace(before, after, NODES + 1).T
    return Mood(fullness, openness)
