"""The last stage: what a person asks for, as late as possible, and always the same bytes for it."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sound_files import noise

from companion.sound.curves import BLOCK, FLOOR, RATE, Block, Glide, coming, out_of_silence
from companion.sound.finish import (
    Agree,
    Aim,
    BreakOff,
    ComeBack,
    ComesIn,
    End,
    Finish,
    FinishOrder,
    GoOn,
    Samples,
)
from companion.sound.ruler import levels

LOUD = noise(6, level=-20.0).clip(-0.5, 0.5)
BLOCKS = len(LOUD) // BLOCK
ON = Aim(0.0, on=True, fade=10.0)
Timed = tuple[int, FinishOrder]
"""An order and the frame from which on it counts."""

_orders = st.one_of(
    st.builds(Aim, st.sampled_from([-20.0, -12.0, -3.0, 0.0, 6.0]), st.booleans(), st.just(2.0)),
    st.builds(Agree, st.booleans()),
    st.just(BreakOff()),
    st.just(ComeBack()),
    st.builds(End, st.sampled_from([0.65, 8.0])),
    st.just(GoOn()),
)
_frames = st.integers(0, len(LOUD) - 1)
_timed = st.lists(st.tuples(_frames, _orders), max_size=8).map(
    lambda orders: sorted(orders, key=lambda order: order[0])
)
_comes_in = st.builds(ComesIn, st.floats(-38.0, 0.0), st.floats(0.0, 15.0))


def finished(orders: Sequence[Timed], sound: Block = LOUD) -> Samples:
    """`sound` with every order known before its frames are made."""
    finish, out = Finish(), np.empty((len(sound), 2), np.int16)
    for block in range(len(sound) // BLOCK):
        first, end = block * BLOCK, (block + 1) * BLOCK
        finish.make(sound[first:end], first, out[first:end])
        for frame, order in orders:
            if first <= frame < end:
                finish.obey(order, frame)
                finish.make(sound[first:end], first, out[first:end], frame - first)
    return out


@given(_timed, st.lists(st.tuples(_frames, _comes_in), max_size=2))
def test_what_is_finished_anew_is_what_it_would_have_been_at_first(
    orders: list[Timed], fades: list[Timed]
) -> None:
    orders = sorted([*orders, *fades], key=lambda order: order[0])
    finish, out = Finish(), np.empty((len(LOUD), 2), np.int16)
    parts = [(first, LOUD[first : first + BLOCK]) for first in range(0, len(LOUD), BLOCK)]
    for first, block in parts:
        finish.make(block, first, out[first : first + BLOCK])
    for frame, order in orders:
        if finish.obey(order, frame):
            for first, block in parts:
                begin = max(0, frame - first)
                if begin < BLOCK:
                    finish.make(block, first, out[first : first + BLOCK], begin)
    assert np.array_equal(out, finished(orders))


@given(_timed)
def test_no_order_makes_it_louder_than_the_block_or_quicker_up_than_a_fade(
    orders: list[Timed],
) -> None:
    steady = np.full_like(LOUD, 0.25)
    out = finished([(0, Aim(-6.0, on=True, fade=10.0)), *orders], steady) / 32767
    assert np.abs(out).max() <= 0.25 + 2 / 32767
    read = levels(out.astype(np.float32))
    rises = np.diff(np.maximum(read, -50.0))
    # The level's own 6 dB a second may come on top of a door that opens at its fastest, 30 dB.
    assert rises.max(initial=0.0) < 3.7


@given(
    st.sampled_from([8.0, 10.0, 15.0]),
    st.integers(0, 10 * RATE),
    st.sampled_from(
        [
            ((0, ComeBack()),),
            ((0, Agree(False)), (RATE, Agree(True))),
            ((0, Aim(0.0, on=False, fade=10.0)), (RATE, ON)),
            ((0, End(0.65)), (RATE, GoOn())),
        ]
    ),
)
def test_a_door_that_opens_while_the_music_fades_in_makes_it_no_faster(
    fade: float, frame: int, orders: Sequence[Timed]
) -> None:
    presence, finish = Glide(FLOOR), Finish()
    presence.fade(0.0, fade)
    finish.obey(ON, 0)
    music, out = np.empty((28 * RATE, 2), np.float32), np.empty((28 * RATE, 2), np.int16)
    for first in range(0, len(music), BLOCK):
        block = music[first : first + BLOCK]
        block[:] = 0.08 * out_of_silence(presence.gains(BLOCK))
        finish.make(block, first, out[first : first + BLOCK])
        for after, order in orders:
            at = frame + after
            if first <= at < first + BLOCK:
                opens = isinstance(order, ComeBack) or finish.silent(at)
                finish.obey(order, at)
                if opens:
                    own = coming(presence).earlier((first + BLOCK - at) / RATE)
                    finish.obey(ComesIn(own.level, own.seconds), at)
                finish.make(block, first, out[first : first + BLOCK], at - first)
    read = np.maximum(levels(out.astype(np.float32) / 32767), -50.0)
    assert (read[10:] - read[:-10]).max() < 6.5
    assert read[-1] == pytest.approx(20 * np.log10(0.08), abs=0.1)
    away = (frame + orders[-1][0]) / RATE
    door = 20 * np.log10(0.08) + 6.0 * (np.arange(280) / 10 - away - 10.0)
    narrower = np.maximum(np.minimum(levels(music), door), -50.0)
    late = slice(int(10 * away) + 12, None)
    assert read[late] == pytest.approx(narrower[late], abs=1.0)


def test_silence_is_no_work_and_no_dither() -> None:
    silence = np.zeros((BLOCK, 2), np.float32)
    assert not finished([(0, ON)], silence).any()
    off = finished([(0, ON), (BLOCK, Aim(0.0, on=False, fade=10.0))])
    heard = np.flatnonzero(off.any(axis=1))
    assert heard[-1] == pytest.approx(BLOCK + 0.65 * RATE, abs=200)


def test_dither_is_triangular_and_without_a_mean() -> None:
    out = finished([(0, ON)], np.full((8 * BLOCK, 2), 100.25 / 32767, np.float32))
    off = out.astype(np.float64) - 100.25
    assert abs(off.mean()) < 0.01
    assert off.var() == pytest.approx(1 / 4, abs=0.01)  # of rounding and of its dither
    assert not np.array_equal(out[:BLOCK], out[BLOCK : 2 * BLOCK])


def test_sound_off_falls_at_once_and_a_level_goes_down_within_half_a_second() -> None:
    orders = [(0, ON), (RATE, Aim(-6.0, on=True, fade=10.0)), (3 * RATE, Aim(-6.0, False, 10.0))]
    read = levels(finished(orders).astype(np.float32) / 32767)
    assert read[8:10] == pytest.approx(-20.0, abs=0.5)
    assert read[16:29] == pytest.approx(-26.0, abs=0.5)
    assert np.diff(read[30:36]) == pytest.approx(-60 / 6.5, abs=2)
    assert read[37:].max() < -80


def test_an_end_that_is_called_off_fades_up_again() -> None:
    orders = [(0, ON), (RATE, End(1.0)), (int(1.5 * RATE), GoOn())]
    read = levels(finished(orders).astype(np.float32) / 32767)
    assert read[14] < -40
    assert np.diff(read[16:30]) == pytest.approx(0.6, abs=0.3)


def test_on_an_output_that_nobody_agreed_to_it_is_silent_however_often_it_comes_back() -> None:
    orders = [(0, ON), (RATE, Agree(False)), (2 * RATE, ComeBack()), (3 * RATE, Agree(True))]
    read = levels(finished(orders).astype(np.float32) / 32767)
    assert read[9] == pytest.approx(-20.0, abs=0.5)
    assert read[13:30].max() < -80
    assert np.diff(read[31:50]) == pytest.approx(0.6, abs=0.3)


def test_it_is_silent_before_anything_is_wanted_and_after_the_end() -> None:
    finish = Finish()
    assert finish.silent(0)
    finish.obey(ON, 0)
    assert not finish.silent(0)
    finish.obey(End(1.0), 0)
    assert not finish.silent(RATE - 1)
    assert finish.silent(RATE)
