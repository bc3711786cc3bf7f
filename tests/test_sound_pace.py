"""How far a device can have come: never behind where it is, and not far ahead of it."""

import math
import random
from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.sound.curves import BLOCK, RATE
from companion.sound.pace import Pace

BUFFER = 2048
_LOOK = 0.02
_CHANGING = 0.01
"""Seconds that a change of what is not taken may need."""


class Device:
    """Takes a buffer whenever its own even clock says so, in bursts, and late as it likes."""

    def __init__(self, speed: float, prefill: float, burst: int, late: float, seed: int) -> None:
        self._chance = random.Random(seed)
        self._speed, self._prefill, self._burst, self._late = speed, prefill, burst, late
        self._moments: list[float] = []
        """When each buffer was taken."""

    def taken(self, now: float) -> int:
        while not self._moments or self._moments[-1] <= now:
            self._moments.append(self._next())
        return BUFFER * bisect_right(self._moments, now)

    def _next(self) -> float:
        number = len(self._moments)
        even = (number // self._burst * self._burst * BUFFER / RATE - self._prefill) / self._speed
        before = self._moments[-1] if self._moments else 0.0
        return max(before, even + self._late * self._chance.random() ** 4)


@given(
    speed=st.floats(0.99, 1.016),
    prefill=st.floats(0.0, 0.4),
    burst=st.integers(1, 2),
    late=st.floats(0.0, 0.02),
    seed=st.integers(0, 1000),
)
def test_it_is_never_behind_the_device_and_seldom_far_ahead(
    speed: float, prefill: float, burst: int, late: float, seed: int
) -> None:
    device, pace = Device(speed, prefill, burst, late, seed), Pace(BUFFER)
    pace.begin(0, 0.0)
    now, waits = 0.0, BLOCK
    ahead: list[float] = []
    while waits < 20 * BLOCK:
        now = max(now + _LOOK, pace.expected(waits) + 0.03)
        if device.taken(now) <= waits:
            pace.not_yet(now)
            continue
        pace.plays(waits)
        waits += BLOCK
        for asked in (now + step * 0.007 for step in range(64)):
            taken = device.taken(asked + _CHANGING)
            assert pace.taken(asked) >= taken
            if waits > 5 * BLOCK:
                ahead.append((pace.taken(asked) - taken) / BUFFER)
    assert sorted(ahead)[len(ahead) // 2] <= 5


def test_until_the_first_chunk_turns_over_nothing_is_known() -> None:
    pace = Pace(BUFFER)
    pace.begin(BLOCK, 10.0)
    assert pace.taken(10.0) > 1e9
    assert pace.expected(2 * BLOCK) == 10.0
    pace.not_yet(10.4)
    pace.plays(2 * BLOCK)
    ends = BLOCK + math.ceil(BLOCK / BUFFER) * BUFFER
    assert pace.taken(10.4) == pytest.approx(ends + 2 * BUFFER, abs=BUFFER)


def test_a_chunk_that_comes_late_moves_nothing_until_the_next_are_late_too() -> None:
    pace = Pace(BUFFER)
    pace.begin(0, 0.0)
    for chunk in range(1, 5):
        pace.not_yet(chunk * 0.5)
        pace.plays(chunk * BLOCK)
    before = pace.taken(2.1)
    pace.not_yet(2.7)
    pace.plays(5 * BLOCK)
    assert pace.taken(2.1) == before
    assert pace.expected(6 * BLOCK) == pytest.approx(3.0, abs=0.05)
