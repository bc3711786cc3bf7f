"""How long a wrong PIN makes one wait."""

import pytest
from access_samples import PIN, Kept, added, at, book, names, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_samples import new_log

from companion.access import fold, replay, wait
from companion.moment import Instant
from companion.session.book import (
    Locked,
    PinAccepted,
    PinChanged,
    PinRefused,
    PinTried,
    Role,
    StaffRemoved,
)

DELAYS = [0.0, 0.0, 0.0, 5.0, 15.0, 60.0, 300.0, 300.0, 300.0]


@pytest.mark.parametrize(("count", "delay"), list(enumerate(DELAYS)))
def test_delays_grow_and_then_stay(count, delay):
    people = replay(tries(count))
    assert wait(people, "MK", at(0), session_open=False) == delay
    assert wait(people, "MK", at(0), session_open=True) == min(delay, 60.0)
    assert wait(people, "MK", at(delay), session_open=False) == 0.0
    if delay:
        assert wait(people, "MK", at(delay - 1), session_open=False) == 1.0


def test_an_attempt_counts_from_before_the_pin_is_looked_at():
    people = replay(book(*[PinTried(initials="MK")] * 4))
    assert wait(people, "MK", at(0), session_open=False) == 15.0


def test_delays_are_each_name_s_own():
    people = replay([*tries(5, "MK"), *tries(3, "JS")])
    assert wait(people, "MK", at(0), session_open=False) == 60.0
    assert wait(people, "JS", at(0), session_open=False) == 5.0
    assert wait(people, "AB", at(0), session_open=False) == 0.0
    people = fold(people, *book(PinAccepted(initials="JS")))
    assert wait(people, "JS", at(0), session_open=False) == 0.0
    assert wait(people, "MK", at(0), session_open=False) == 60.0


@pytest.mark.parametrize(
    "event",
    [
        PinAccepted(initials="MK"),
        PinChanged(initials="MK", pin=PIN),
        StaffRemoved(initials="MK"),
        added("MK"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_makes_attempts_forgotten(event):
    people = replay([*tries(6), *book(event), *tries(1)])
    assert wait(people, "MK", at(0), session_open=False) == 0.0


@pytest.mark.parametrize(
    "event",
    [PinRefused(initials="MK"), Locked(initials="MK", why="x"), PinAccepted(initials="JS")],
    ids=lambda event: type(event).__name__,
)
def test_what_does_not(event):
    people = replay([*tries(6), *book(event)])
    assert wait(people, "MK", at(0), session_open=False) == 300.0


def test_a_reboot_does_not_end_a_delay_and_no_clock_makes_it_endless():
    people = replay(tries(6))
    soon = Instant(at(20).wall, 15.0, "two")
    assert wait(people, "MK", soon, session_open=False) == 280.0
    lost_clock = Instant(0.0, 15.0, "two")
    assert wait(people, "MK", lost_clock, session_open=False) == 285.0
    assert wait(people, "MK", Instant(285.0, 300.0, "two"), session_open=False) == 0.0


def test_delays_survive_in_the_journal(tmp_path):
    log, connection = new_log(tmp_path)
    log.append("tablet", 1, at(0), [added("MK", Role.LEAD)])
    for n in range(5):
        log.append("tablet", 2 + n, at(n), [PinTried(initials="MK")])
    people = replay(log.read("tablet"))
    connection.close()
    again = replay(new_log(tmp_path)[0].read("tablet"))
    assert again == people
    assert wait(again, "MK", at(4), session_open=False) == 60.0
    assert names(again) == [("MK", Role.LEAD)]


clocks = st.floats(min_value=0, max_value=1e9)
moments = st.builds(Instant, clocks, clocks, st.sampled_from(["one", "two"]))
happenings = st.lists(
    st.tuples(
        moments,
        st.sampled_from([PinTried, PinRefused, PinAccepted]),
        st.sampled_from(["MK", "JS"]),
    ),
    max_size=20,
)


@settings(derandomize=True, max_examples=200, deadline=None, database=None)
@given(happened=happenings, now=moments)
def test_a_delay_is_bounded_ends_and_depends_on_one_name_alone(happened, now):
    kept = [Kept(moment, kind(initials=name)) for moment, kind, name in happened]
    people = replay(kept)
    own = replay([one for one in kept if one.event.initials == "MK"])
    for session_open, longest in ((False, 300.0), (True, 60.0)):
        delay = wait(people, "MK", now, session_open)
        assert 0.0 <= delay <= longest
        assert delay == wait(own, "MK", now, session_open)
    one_more = fold(people, Kept(now, PinTried(initials="MK")))
    assert wait(one_more, "MK", now, False) >= wait(people, "MK", now, False) or (
        people.attempts["MK"].last.boot > now.boot
    )
    later = Instant(0.0, 300.0, "a boot to come")
    assert wait(people, "MK", later, False) == 0.0


tried = st.lists(
    st.tuples(st.sampled_from(["MK", "JS"]), st.floats(min_value=0, max_value=400), st.booleans()),
    max_size=30,
)


@settings(derandomize=True, max_examples=200, deadline=None, database=None)
@given(tried=tried, restarts=st.booleans())
def test_whoever_waits_as_long_as_she_was_told_may_try_and_a_restart_changes_nothing(
    tried, restarts
):
    """Nobody locks anybody out for good, herself included."""
    kept, now = [], 0.0
    for name, pause, session_open in tried:
        now += pause
        people = replay(kept)
        delay = wait(people, name, at(now), session_open)
        assert delay <= (60.0 if session_open else 300.0)
        assert wait(replay(list(kept)), name, at(now), session_open) == delay
        if restarts and delay:
            # Pulled out and put in again: the wait goes on where the wall clock says it stands.
            back = Instant(at(now).wall, 1.0, "another boot")
            assert wait(people, name, back, session_open) <= delay + 1e-3
        now += delay
        assert wait(people, name, at(now), session_open) == pytest.approx(0.0, abs=1e-3)
        kept += [Kept(at(now), PinTried(initials=name)), Kept(at(now), PinRefused(initials=name))]
