"""The moments at which something changes by itself: none is missed, and none is told too early."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_given import MK, STANDARD, TILE, Session, infusing, prepared, recovering, settling

from companion.session import commands as c
from companion.session.due import TAKE_BACK, next_change
from companion.session.plan import Phase, same_language
from companion.session.times import (
    minutes_until,
    next_minute,
    next_minute_until,
    next_renewal,
    whole_minutes,
)
from companion.session.wanted import Arc, Wanted, quiet

halves = st.integers(-20_000, 20_000).map(lambda n: n * 0.5)


def moments(session: Session, until: float) -> Iterator[float]:
    """Every moment that is told, from now to `until` seconds later."""
    t, end = session.t, session.t + until
    while (change := next_change(session.state, t)) is not None and change <= end:
        assert change > t
        t = change
        yield t


@given(halves, halves.map(abs))
def test_the_next_minute_is_the_first_moment_with_one_more(since: float, ahead: float) -> None:
    t = since + ahead
    then = next_minute(since, t)
    assert 0.0 < then - t <= 60.0
    assert whole_minutes(since, then) == whole_minutes(since, t) + 1
    assert whole_minutes(since, then - 0.25) == whole_minutes(since, t)


@given(halves, halves)
def test_the_next_minute_of_what_comes_is_the_first_with_one_less(moment: float, t: float) -> None:
    then = next_minute_until(moment, t)
    assert 0.0 < then - t <= 60.0
    assert minutes_until(moment, then) == minutes_until(moment, t) - 1
    assert minutes_until(moment, then - 0.25) == minutes_until(moment, t)


@given(halves.filter(lambda t: t >= 0))
def test_the_end_of_the_sound_is_put_off_in_even_steps(t: float) -> None:
    then, after = next_renewal(t), next_renewal(next_renewal(t))
    assert t < then <= t + (after - then)
    assert then % (after - then) == 0.0


def test_before_the_session_and_after_it_nothing_changes_by_itself() -> None:
    assert next_change(None, 5.0) is None
    closed = recovering().do(c.OpenRating(MK))
    closed.do(*(c.SkipQuestion(question.key) for question in closed.now.questions))
    assert next_change(closed.do(c.CloseSession(MK)).state, closed.t) is None


def test_a_hold_tells_its_minutes_and_when_it_shows_large() -> None:
    session = infusing().wait(seconds=30).do(c.StopPump(MK)).wait(seconds=7)
    began = session.t - 7.0
    told = set(moments(session, 400.0))
    assert {began + 60.0 * n for n in range(1, 6)} <= told
    assert began + STANDARD.hold_large in told


def test_a_call_tells_its_minutes_and_until_when_it_can_be_taken_back() -> None:
    session = infusing().wait(seconds=13).do(c.Call("touch"))
    told = set(moments(session, 130.0))
    assert {session.t + TAKE_BACK, session.t + 60.0, session.t + 120.0} <= told


def test_the_infusion_tells_its_minutes_its_end_and_the_next_look_in() -> None:
    session = infusing().wait(seconds=20).do(c.LookIn(TILE))
    looked_in, start = session.t, session.now.t0
    assert start is not None
    told = set(moments(session, STANDARD.infusion))
    assert {start + 60.0 * n for n in range(1, 40)} <= told
    assert start + STANDARD.infusion in told
    due = looked_in + STANDARD.look_in_every
    assert {due - 60.0, due, due + 60.0} <= told


def test_recovery_tells_when_its_music_has_faded_and_the_minutes_since_the_infusion() -> None:
    session = recovering()
    began, end = session.now.recovering, session.now.t0
    assert began is not None and end is not None
    told = set(moments(session, STANDARD.bed + 120.0))
    assert began + STANDARD.bed in told
    assert {end + STANDARD.infusion + 60.0 * n for n in range(21, 30)} <= told


@pytest.mark.parametrize("session", [settling(), infusing().do(c.StopPump(MK)), prepared()])
def test_while_the_programme_stands_the_end_of_the_sound_is_put_off(session: Session) -> None:
    assert next_renewal(session.t) in set(moments(session, 3600.0))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("en", "en", True),
        ("en-GB", "en", True),
        ("en", "en-GB", True),
        ("de-AT-1901", "de-DE", True),
        ("en", "es", False),
        ("es-en", "en-es", False),
    ],
)
def test_a_country_does_not_make_another_language(one: str, other: str, same: bool) -> None:
    assert same_language(one, other) is same


def test_between_patients_nothing_sounds() -> None:
    assert quiet(7.0) == Wanted(arc=Arc(Phase.SETTLE, 7.0, 0.0, 0.0), until=7.0)
