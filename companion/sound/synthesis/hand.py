"""The hand of a drummer: about fifty strokes a minute, never quite in time and never quite alike.

Strokes come in rounds of four. Each has a rank: where only a share of them is played, those of the
lowest ranks are. How a round is accented changes every minute or so, and the pace leans a little
forward and back.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from companion.sound.synthesis.chance import between, chance
from companion.sound.synthesis.nodes import Nodes
from companion.sound.synthesis.skin import TAKES

ROUND: Final = 4
"""Strokes."""
_PACE: Final = (1.14, 1.28)
"""Seconds from stroke to stroke."""
_LEANS: Final = ((83.0, 0.13), (29.0, 0.05))
"""Seconds in which the pace leans forward and back, and by how many seconds in all."""
_UNEVEN: Final = 0.022
"""Seconds by which a single stroke comes early or late."""
_FEELS: Final = (
    (0.0, 0.72, 0.3, 0.88),
    (0.0, 0.86, 0.42, 0.62),
    (0.04, 0.6, 0.22, 0.92),
    (0.0, 0.9, 0.66, 0.4),
)
"""Ranks of the strokes of a round, in several ways."""
_STAYS: Final = 14
"""Rounds of one way."""
_RANKS: Final = 0.08
"""How far a stroke's rank differs from round to round."""
_SOFTEST: Final = 0.55
"""Force of the strokes of the highest rank, those of the lowest being 1."""
_FORCES: Final = 0.2
"""How far a stroke's force differs."""
EDGE: Final = 0.14
"""Of the share: how far above its rank a stroke is played in full."""
_TIME, _FORCE, _RANK, _PLACE, _TAKE, _LEAN, _FEEL, _TEMPO = range(180, 188)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke."""

    begins: float
    """Second."""
    force: float
    rank: float
    outwards: float
    """From the middle of the skin (0) to its edge (1)."""
    takes: tuple[int, int]
    """Of the body and of the edge."""


class Hand:
    """The hand of a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.pace = between(*_PACE, seed, _TEMPO)
        """Seconds from stroke to stroke."""
        self._stroke = lru_cache(maxsize=32)(self._made)

    def between(self, first: float, last: float) -> list[Stroke]:
        """The strokes that begin from second `first` up to `last`, in order."""
        found = map(self._stroke, range(int(first // self.pace) - 1, int(last // self.pace) + 2))
        return [stroke for stroke in found if first <= stroke.begins < last]

    def second(self, beat: float) -> float:
        """When beat number `beat` would come, were the hand quite even."""
        even = beat * self.pace
        for number, (seconds, far) in enumerate(_LEANS):
            turn = even / seconds + chance(self._seed, _LEAN, number)
            even += far * float(np.sin(2 * np.pi * turn))
        return even

    def _made(self, beat: int) -> Stroke:
        seed, (turn, place) = self._seed, divmod(beat, ROUND)
        feel = _FEELS[int(len(_FEELS) * chance(seed, _FEEL, turn // _STAYS))]
        rank = max(feel[place] + _RANKS * between(-1.0, 1.0, seed, _RANK, beat), 0.0)
        force = 1.0 - (1.0 - _SOFTEST) * min(rank, 1.0)
        return Stroke(
            self.second(beat) + _UNEVEN * between(-1.0, 1.0, seed, _TIME, beat),
            force * between(1.0 - _FORCES, 1.0, seed, _FORCE, beat),
            rank,
            min(0.75 * rank + between(0.0, 0.3, seed, _PLACE, beat), 1.0),
            (
                int(TAKES * chance(seed, _TAKE, beat, 0)),
                int(TAKES * chance(seed, _TAKE, beat, 1)),
            ),
        )


def played(share: Nodes, rank: float) -> Nodes:
    """How much of a stroke of `rank` is heard where `share` of all are played."""
    heard: Nodes = np.clip((share - rank) / EDGE, 0.0, 1.0)
    return heard


def often(share: Nodes) -> Nodes:
    """The mean square force of a stroke where `share` of all are played."""
    even = (1.0 - (1.0 - _FORCES) ** 3) / (3.0 * _FORCES)
    ranks = np.array(_FEELS).reshape(-1, 1)
    forces = 1.0 - (1.0 - _SOFTEST) * ranks
    mean: Nodes = np.mean((np.clip((share - ranks) / EDGE, 0.0, 1.0) * forces) ** 2, axis=0)
    return mean * even
