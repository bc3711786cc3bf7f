"""How much of a sound is heard: its energy, low notes counting less, as they do to the ear."""

from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import Block

SLOT: Final = 48
"""Frames of one reading: 1 ms."""
LATE: Final = 2
"""Slots that a reading is late."""
_STEP = 12
"""Frames from one span to the next …"""
_STEPS = 6
"""… and steps of a span: 1.5 ms."""
_KEPT = LATE * SLOT // _STEP
"""Steps that are kept until it is known what follows them."""
_SIDES = np.tile(np.eye(2), (_STEP, 1))

Energies = npt.NDArray[np.float64]


class Meter:
    """Takes samples as they come and tells the energy of each millisecond, `LATE` of them late.

    What is heard of a sound is how it moves within spans of 1.5 ms: the energy about the mean of
    the span, averaged over the spans that begin within the millisecond. A tone at f Hz counts by
    1 - sinc²(f * 1.5 ms): 800 Hz in full, 400 Hz 1 dB less, 200 Hz 6, 100 Hz 11, 50 Hz 17 dB less,
    and a constant not at all. That lies between the B and the A curve of IEC 651.
    """

    def __init__(self) -> None:
        self._squares = np.zeros(_KEPT)
        self._sums = np.zeros((_KEPT, 2))

    def add(self, samples: Block) -> tuple[Energies, Energies]:
        """What is heard, and what is too low to be, of each millisecond: mean of both sides, times
        frames. `samples` has the shape (frames, 2) and whole milliseconds."""
        steps = samples.astype(np.float64).reshape(-1, _STEP * 2)
        return self._energies(np.einsum("ij,ij->i", steps, steps), steps @ _SIDES)

    def rest(self, slots: int) -> tuple[Energies, Energies]:
        """The same for `slots` milliseconds of digital silence."""
        steps = slots * SLOT // _STEP
        return self._energies(np.zeros(steps), np.zeros((steps, 2)))

    def _energies(self, squares: Energies, sums: Energies) -> tuple[Energies, Energies]:
        count = len(squares)
        squares = np.concatenate((self._squares, squares))
        sums = np.concatenate((self._sums, sums))
        self._squares, self._sums = squares[-_KEPT:], sums[-_KEPT:]
        whole, means = _by_span(squares)[: count + 1], _by_span(sums)[: count + 1]
        first, second = means[:-1], means[1:]
        low = first * first + first * second + second * second
        low = low.sum(axis=1) / (3 * _STEP * _STEPS)
        heard = np.maximum((whole[:-1] + whole[1:]) / 2 - low, 0.0)
        return _by_slot(heard), _by_slot(low)


def _by_span(steps: Energies) -> Energies:
    """The sum of each six neighbours."""
    pairs = steps[:-1] + steps[1:]
    spans: Energies = pairs[:-4] + pairs[2:-2] + pairs[4:]
    return spans


def _by_slot(spans: Energies) -> Energies:
    """Every frame lies in six spans, and there are two sides."""
    slots: Energies = spans.reshape(-1, SLOT // _STEP).sum(axis=1) / (_STEPS * 2)
    return slots
