"""What a curator should know of what was heard: each finding with its moment, and no other."""

import math

import numpy as np
import pytest

from companion.rehearsal.heard import Heard
from companion.rehearsal.rehearse import Line
from companion.sound.curves import BLOCK, RATE, Block

_PER = BLOCK / RATE
"""Seconds of a block."""


def noise(level: float) -> Block:
    """A block of steady noise with `level` as its RMS in dBFS."""
    samples = np.random.default_rng(1).standard_normal((BLOCK, 2))
    return (10 ** (level / 20) * samples).astype(np.float32)


def findings(*stretches: tuple[float, float], stated: float = 0.0) -> list[Line]:
    """What is found in stretches of so many seconds of noise at such a level (-inf: silence), but
    for what the ruler says of their edges."""
    heard = Heard()
    for seconds, level in stretches:
        block = noise(level) if level > -math.inf else np.zeros((BLOCK, 2), np.float32)
        for _ in range(round(seconds / _PER)):
            heard.hear(block, False, 0.0, stated)
    return [found for found in heard.measured().findings if "rises" not in found.what]


def test_a_minute_that_is_hardly_heard_is_found_with_where_it_begins() -> None:
    (found,) = findings((20, -24), (70, -45), (10, -46))

    assert found.at == pytest.approx(23, abs=1.5)
    assert found.what.startswith("too quiet for 1:1")


def test_half_a_minute_of_it_is_music() -> None:
    assert findings((20, -24), (40, -45)) == []


@pytest.mark.parametrize("stated", [-12.0, -math.inf])
def test_what_staff_want_quiet_or_silent_is_not_found(stated: float) -> None:
    assert findings((20, -24), (70, -45), stated=stated) == []


def test_a_level_that_staff_wrote_shifts_the_bound_and_no_more() -> None:
    (found,) = findings((20, -24), (70, -50), stated=-6.0)

    assert found.what.endswith("under -41 LUFS")


def test_a_stretch_that_is_too_loud_is_found_once_at_its_loudest() -> None:
    found = findings((20, -30), (5, -17), (5, -13), (20, -30), (3, -16), (120, -30), (5, -15))

    loud = [line for line in found if line.what.startswith("too loud")]
    assert [round(line.at / 5) for line in loud] == [6, 35]


def test_every_silence_is_told_and_the_rests_of_music_are_not() -> None:
    found = findings((5, -24), (2, -math.inf), (5, -24), (0.5, -math.inf), (5, -24), (3, -math.inf))

    told = [line for line in found if "silence" in line.what]
    assert [str(line) for line in told] == ["0:05 2.0 s of silence that nobody asked for"]


def test_a_peak_over_the_ceiling_is_found_where_it_is() -> None:
    heard = Heard()
    for level in (-24.0, -24.0, -24.0):
        heard.hear(noise(level), False, 0.0, 0.0)
    loud = noise(-24.0)
    loud[100] = 0.6
    heard.hear(loud, False, 0.0, 0.0)

    (found,) = (line for line in heard.measured().findings if "ceiling" in line.what)

    assert found == Line(3 * _PER, "over the ceiling: a peak of -4.4 dBFS")


def test_the_curves_have_one_value_for_each_second() -> None:
    heard = Heard()
    for _ in range(round(20 / _PER)):
        heard.hear(noise(-23.0), False, 0.0, 0.0)

    measured = heard.measured()

    assert len(measured.short_term) == 20 and len(measured.excess) in (19, 20)
    assert measured.short_term[-1] == pytest.approx(measured.loudness, abs=0.3)
    assert max(measured.excess[2:]) < 0.0
