"""One bus of the guard: turned down where it would rise above what the ruler allows.

What comes in leaves `AHEAD` slots of a millisecond later, so that a gain has come down before the
sound that it is for. Every stretch of 26 slots is judged: whatever window begins in its first slot
ends in its last, so that the rule is kept wherever a ruler is laid.
"""

import numpy as np

from companion.sound.curves import RATE, Block
from companion.sound.lately import AHEAD, PHASES, Lately, sums
from companion.sound.meter import LATE, SLOT, Energies, Meter
from companion.sound.ramp import RAMP, STRETCH, Ramp, scaled
from companion.sound.ruler import MUSIC_RISE

_MARGIN = 0.15
"""dB that the guard stays under the ruler, whose spans may lie between those of the guard."""
_ALLOWED = 10.0 ** ((MUSIC_RISE - _MARGIN) / 10.0)
_SPILL = 1.5 / (RAMP * 12.0**0.5)
"""The share of what lies too low to be heard that a moving gain makes heard, in amplitude: how far
the steepest ramp departs from its own mean within a span of the meter."""
_DEEP = 0.05
"""The share of what is allowed that this may be before it counts."""
_SLOWLY = 10.0 ** (5.0 * SLOT / RATE / 10.0)
"""What is held down and goes on rises at 5 dB a second, instead of by a step in each second."""
_SOON = 4 * AHEAD
"""Slots of silence after which nothing is left to be done."""


class Rise:
    """Keeps the rule by gains between 0 and 1."""

    def __init__(self, lowest: float) -> None:
        """`lowest`: the level in dBFS that the ruler's R is never under."""
        self.gain = 1.0
        """The lowest of the block made last."""
        self._lately = Lately(lowest)
        self._ramp = Ramp()
        self._meter = Meter()
        self._silent = 0
        """Slots of silence that came last …"""
        self._slept = 0
        """… and those windows of it that `_lately` does not know of."""
        self._late: Block | None = None
        """The samples not yet given out; None in silence …"""
        self._moved = np.zeros(AHEAD)
        """… and what will be heard of them, where no gain changes it."""
        self._last = np.zeros((LATE * SLOT, 2), np.float32)
        """The last slots given out."""
        self._heard = np.zeros(STRETCH - 1)
        self._low = np.zeros(STRETCH - 1)
        """Energies of the slots before those that come."""
        self._held = np.inf
        """What the stretch before was held down to; infinite where it was not."""

    def turn(self, block: Block | None, slots: int, most: Energies | None) -> Block | None:
        """`slots` of sound, a multiple of `AHEAD`, for as many that come. None is silence. `most`:
        gains for the slots that came `PHASES` before, should they need any."""
        if self._asleep(block, slots):
            return None
        heard, low = self._meter.rest(slots) if block is None else self._meter.add(block)
        asked = self._asked(heard, low)
        edges = self._ramp.edges(asked if most is None else np.minimum(asked, most))
        moved = np.concatenate((self._moved, heard))
        self._moved = moved[slots:]
        out = self._delayed(block, slots)
        if edges is None:
            self.gain, heard = 1.0, moved[:slots]
        else:
            out = None if out is None else scaled(out, edges)
            self.gain, heard = float(edges.min()), self._heard_of(out, slots)
        last = np.zeros((LATE * SLOT, 2), np.float32) if out is None else out[-LATE * SLOT :].copy()
        self._last = last
        self._lately.add(heard)
        return out

    def _asleep(self, block: Block | None, slots: int) -> bool:
        """In a long silence there is nothing to be done, but to catch up on it later."""
        asleep = block is None and self._silent >= _SOON
        if asleep:
            self.gain = 1.0
            self._slept += slots // PHASES
        elif self._slept:
            self._lately.add_silence(self._slept)
            self._slept = 0
        self._silent = self._silent + slots if block is None else 0
        return asleep

    def _asked(self, heard: Energies, low: Energies) -> Energies:
        """The gain that keeps each stretch to the rule."""
        windows = len(heard) // PHASES
        heard = np.concatenate((self._heard, heard))
        low = np.concatenate((self._low, low))
        self._heard, self._low = heard[1 - STRETCH :], low[1 - STRETCH :]
        heard, low = sums(heard, STRETCH), sums(low, STRETCH)
        loud = np.maximum(heard, (_SPILL / _DEEP) ** 2 * low)
        if loud.max() <= _ALLOWED * self._lately.certainly(windows):
            self._held = np.inf
            return np.ones(len(heard))
        allowed = _ALLOWED * self._lately.references(windows)
        if np.all(loud <= allowed):
            self._held = np.inf
            return np.ones(len(heard))
        whole = np.sqrt(heard) + _SPILL * np.sqrt(low)
        asked: Energies = np.sqrt(self._slowly(heard, allowed)) / np.maximum(whole, 1e-9)
        return np.minimum(asked, 1.0)

    def _slowly(self, heard: Energies, allowed: Energies) -> Energies:
        """`allowed`, but rising slowly where sound is held down without a pause."""
        limits = allowed.tolist()
        for at, energy in enumerate(heard.tolist()):
            limits[at] = min(limits[at], self._held * _SLOWLY)
            self._held = limits[at] if energy > limits[at] else np.inf
        return np.array(limits)

    def _delayed(self, block: Block | None, slots: int) -> Block | None:
        """What came in `AHEAD` before."""
        late = self._late
        if block is None and late is None:
            return None
        coming = np.zeros((slots * SLOT, 2), np.float32) if block is None else block
        waiting = np.zeros((AHEAD * SLOT, 2), np.float32) if late is None else late
        joined = np.concatenate((waiting, coming))
        self._late = None if block is None else joined[slots * SLOT :]
        return joined[: slots * SLOT]

    def _heard_of(self, out: Block | None, slots: int) -> Energies:
        """What is heard of the last slots given out, and of `out` but for its own last."""
        meter = Meter()
        meter.add(self._last)
        heard, _ = meter.rest(slots) if out is None else meter.add(out)
        return heard
