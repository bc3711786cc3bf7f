"""Elapsed after a reboot: in doubt until a nurse says how long it has been."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_given import MK, TILE, infusing, recovering, settling

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Why
from companion.session.plan import Phase
from companion.session.view import Offer

REBOOTED = c.ReportReturn(180.0, exact=False)


def test_a_restart_within_one_boot_leaves_no_doubt() -> None:
    session = infusing().wait(minutes=10).do(c.ReportReturn(180.0, exact=True))
    assert Offer.CONFIRM_ELAPSED not in session.view.offers
    assert session.refusal(c.ConfirmElapsed(60.0, MK)) is Why.NOT_NOW


def test_before_the_infusion_there_is_nothing_to_confirm() -> None:
    session = settling().do(REBOOTED).do(c.StartInfusion(TILE))
    assert Offer.CONFIRM_ELAPSED not in session.view.offers


@pytest.mark.parametrize(("seconds", "minutes"), [(0.0, 12), (300.0, 17), (-300.0, 7)])
def test_a_nurse_says_how_long_it_has_been(seconds: float, minutes: int) -> None:
    session = infusing().wait(minutes=12).do(REBOOTED)
    assert session.refusal(c.ConfirmElapsed(seconds, TILE)) is Why.PIN
    session.do(c.ConfirmElapsed(seconds, MK))
    assert session.view.minutes == minutes
    assert session.of(e.ElapsedConfirmed) == [
        e.ElapsedConfirmed(at=session.t, seconds=seconds, by=MK)
    ]
    assert session.refusal(c.ConfirmElapsed(0.0, MK)) is Why.NOT_NOW


@pytest.mark.parametrize("seconds", [-721.0, 14401.0, -14401.0])
def test_the_infusion_cannot_have_started_after_now(seconds: float) -> None:
    session = infusing().wait(minutes=12).do(REBOOTED)
    assert session.refusal(c.ConfirmElapsed(seconds, MK)) is Why.NO_SUCH_THING


def test_what_happened_before_the_reboot_lies_further_back_and_what_came_after_does_not() -> None:
    session = infusing().wait(minutes=5).do(c.LookIn(TILE), c.StopPump(MK)).wait(minutes=5)
    session.do(REBOOTED).wait(minutes=1).do(c.ConfirmElapsed(240.0, MK))
    assert session.view.minutes == 15
    assert session.view.holding == 10
    assert session.programme == 300.0
    assert session.view.look_in == 5
    after = infusing().wait(minutes=5).do(REBOOTED).wait(minutes=2).do(c.StopPump(MK))
    after.wait(minutes=3).do(c.ConfirmElapsed(240.0, MK))
    assert (after.view.minutes, after.view.holding) == (14, 3)


def test_a_phase_that_has_begun_goes_on_and_the_end_stays_where_it_was_planned() -> None:
    session = infusing().wait(minutes=22).do(REBOOTED).do(c.ConfirmElapsed(-300.0, MK))
    assert (session.phase, session.view.minutes) == (Phase.PEAK, 17)
    assert session.now.ends[-2:] == infusing().now.ends[-2:]
    session.wait(minutes=29)
    assert session.phase is Phase.RETURN


def test_more_elapsed_brings_what_was_due() -> None:
    session = infusing().wait(minutes=8).do(REBOOTED).do(c.ConfirmElapsed(900.0, MK))
    assert session.phase is Phase.PEAK
    ended = recovering().do(REBOOTED, c.ConfirmElapsed(-120.0, MK))
    assert ended.phase is Phase.RECOVERY


@given(
    st.floats(0.0, 7200.0),
    st.sampled_from([-900.0, -300.0, -60.0, 0.0, 60.0, 300.0, 900.0]),
    st.lists(st.floats(0.0, 600.0), max_size=5),
)
def test_from_a_correction_on_elapsed_runs_with_the_clock(
    before: float, seconds: float, waits: list[float]
) -> None:
    session = infusing().wait(before).do(REBOOTED)
    if session.refusal(c.ConfirmElapsed(seconds, MK)) is None:
        shown = session.elapsed or 0.0
        session.do(c.ConfirmElapsed(seconds, MK))
        assert session.elapsed == pytest.approx(shown + seconds)
    start, since = session.elapsed or 0.0, session.t
    for wait in waits:
        session.wait(wait)
        assert session.elapsed == pytest.approx(start + session.t - since)


def test_all_that_was_before_the_reboot_moves_and_nothing_that_came_after() -> None:
    session = infusing().wait(minutes=6).do(c.StopPump(MK)).wait(minutes=2).do(c.RunPump(MK))
    session.wait(minutes=2).do(c.LookIn(TILE)).wait(minutes=2).do(c.EndInfusion(MK))
    before = session.now
    session.do(REBOOTED).wait(minutes=1).do(c.ConfirmElapsed(240.0, MK))
    after = session.now
    assert before.t0 is not None and before.infusion_ended is not None
    assert before.looked_in is not None
    assert after.t0 == before.t0 - 240.0
    assert after.infusion_ended == before.infusion_ended - 240.0
    assert after.looked_in == before.looked_in - 240.0
    (was,), (hold,) = before.holds, after.holds
    assert was.ended is not None
    assert (hold.began, hold.ended) == (was.began - 240.0, was.ended - 240.0)


def test_a_look_in_after_the_reboot_stays_where_it_was() -> None:
    session = infusing().wait(minutes=6).do(REBOOTED).wait(minutes=1).do(c.LookIn(TILE))
    at = session.t
    session.wait(minutes=1).do(c.ConfirmElapsed(240.0, MK))
    assert session.now.looked_in == at


def test_phases_that_were_begun_end_no_later_than_now() -> None:
    session = infusing().wait(minutes=22).do(REBOOTED).do(c.ConfirmElapsed(-300.0, MK))
    onset, build, *later = session.now.ends
    assert (onset, build) == (600.0, session.programme)
    assert later == list(infusing().now.ends[2:])
