"""The ceiling: no sample above -6 dBFS, whatever plays, and no click in keeping it."""

from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import RATE, Block, amplitude

CEILING: Final = -6.0
"""dBFS."""
_STEP = 240
"""Frames whose highest sample decides one gain: 5 ms."""
_LOOK = 4
"""Steps that are looked ahead, and over which a gain comes down."""
_RELEASE = 30.0 * _STEP / RATE
"""dB per step by which a gain goes back up: 30 dB a second."""

_Levels = npt.NDArray[np.float64]


class Ceiling:
    """Sees `_LOOK` steps (20 ms) ahead and turns down before a peak comes; delays by as much."""

    def __init__(self) -> None:
        self._limit = amplitude(CEILING)
        self._late = np.zeros((_LOOK * _STEP, 2), np.float32)
        self._needed = np.zeros(_LOOK)
        """dB that each of the steps not yet given out has to come down."""
        self._held = np.zeros(_LOOK - 1)
        """dB, after look-ahead and release, that the next gains are still averaged with."""
        self._gain = 0.0
        """dB at the edge between what is out and what comes."""

    def process(self, block: Block) -> Block:
        """As many frames as it is given, a multiple of 240."""
        joined = np.concatenate((self._late, block))
        out, self._late = joined[: len(block)], joined[len(block) :]
        steps = block.reshape(-1, _STEP * 2)
        peaks = np.maximum(steps.max(axis=1), -steps.min(axis=1))
        needed = -20.0 * np.log10(np.maximum(peaks.astype(np.float64) / self._limit, 1.0))
        if not (needed.any() or self._needed.any() or self._held.any() or self._gain):
            return out
        edges = np.power(10.0, self._edges(needed) / 20.0)
        way = np.arange(1, _STEP + 1) / _STEP
        gains = edges[:-1, np.newaxis] + np.diff(edges)[:, np.newaxis] * way
        out = out * gains.reshape(-1, 1).astype(np.float32)
        return np.clip(out, -self._limit, self._limit)

    def _edges(self, needed: _Levels) -> _Levels:
        """The gains in dB at the edges of the steps that go out now.

        Each edge is the mean of `_LOOK` values, every one of which is low enough for the steps
        on both sides: so a gain comes down gently and has arrived when the peak does."""
        seen = np.concatenate((self._needed, needed))
        lowest = np.lib.stride_tricks.sliding_window_view(seen, _LOOK + 1).min(axis=1)
        before = self._held[-1:]
        rise = _RELEASE * np.arange(len(lowest) + 1)
        held = np.minimum.accumulate(np.concatenate((before, lowest)) - rise) + rise
        averaged = np.concatenate((self._held, held[1:]))
        edges = np.lib.stride_tricks.sliding_window_view(averaged, _LOOK).mean(axis=1)
        edges = np.concatenate(([self._gain], edges))
        self._needed, self._held = seen[-_LOOK:], averaged[1 - _LOOK :]
        self._gain = float(edges[-1])
        if self._gain > -1e-9:
            self._gain = 0.0
        return edges
