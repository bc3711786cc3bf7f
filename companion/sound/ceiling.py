"""The ceiling: what either bus has to come down by, so that no sample of their sum is above it."""

from typing import Final

import numpy as np

from companion.sound.curves import Block
from companion.sound.lately import PHASES
from companion.sound.meter import SLOT, Energies

CEILING: Final = -6.0
"""dBFS that no sample is above."""
LIMIT: Final = np.float32(10.0 ** (CEILING / 20.0))


class Ceiling:
    """Asks for gains, one for each slot of a millisecond."""

    def __init__(self) -> None:
        self._before: Energies | None = None
        """What was asked for last; None: nothing."""

    def asked(
        self, music: Block | None, voice: Block | None, slots: int, apart: bool
    ) -> Energies | None:
        """Two rows of gains, for music and voice, for the slots that came `PHASES` before these;
        None where all are one. `apart`: they have gains of their own, so that nobody knows how
        they will add up."""
        fresh = _asked(music, voice, apart)
        before, self._before = self._before, None if fresh is None else fresh[:, -PHASES:]
        if fresh is None and before is None:
            return None
        parts = [np.ones((2, PHASES)) if before is None else before]
        parts.append(np.ones((2, slots)) if fresh is None else fresh)
        return np.concatenate(parts, axis=1)[:, :slots]


def _asked(music: Block | None, voice: Block | None, apart: bool) -> Energies | None:
    if music is not None and voice is not None:
        return _asked_of_both(music, voice, apart)
    alone = voice if music is None else music
    if alone is None or highest_sample(alone) <= LIMIT:
        return None
    gains: Energies = np.tile(LIMIT / np.maximum(_peaks(alone), LIMIT), (2, 1))
    return gains


def _asked_of_both(music: Block, voice: Block, apart: bool) -> Energies | None:
    """Each comes under the ceiling, and then both of them as far as their sum has to."""
    total = music + voice
    loud = max(highest_sample(music), highest_sample(voice)) > LIMIT
    if not (loud or apart) and highest_sample(total) <= LIMIT:
        return None
    peaks = np.stack((_peaks(music), _peaks(voice)))
    own = LIMIT / np.maximum(peaks, LIMIT)
    added = (peaks * own).sum(axis=0) if loud or apart else _peaks(total)
    gains: Energies = own * (LIMIT / np.maximum(added, LIMIT))
    return gains


def highest_sample(block: Block) -> float:
    """How far it is from zero; not a number if one of them is none."""
    return float(max(block.max(), -block.min()))


def _peaks(block: Block) -> Energies:
    """The highest sample of each slot."""
    slots = block.reshape(-1, SLOT * 2)
    peaks: Energies = np.maximum(slots.max(axis=1), -slots.min(axis=1)).astype(np.float64)
    return peaks
