"""The two times, the phases, the pump, the end of the infusion."""

import pytest
from session_given import MK, PLAYLIST, STANDARD, TILE, infusing, prepared, settling

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Why
from companion.session.plan import Phase
from companion.session.state import Stage
from companion.session.view import Word


def test_elapsed_never_stops_and_a_hold_stops_the_programme() -> None:
    session = infusing().wait(minutes=4).do(c.StopPump(MK)).wait(minutes=7)
    assert (session.elapsed, session.programme) == (660.0, 240.0)
    assert (session.view.minutes, session.view.holding) == (11, 7)
    assert session.view.word is Word.PUMP_STOPPED
    session.do(c.RunPump(MK)).wait(minutes=5)
    assert (session.elapsed, session.programme) == (960.0, 540.0)
    assert session.view.holding is None


def test_a_hold_over_five_minutes_shows_large() -> None:
    session = infusing().do(c.StopPump(MK)).wait(minutes=5, seconds=-1)
    assert not session.view.holding_large
    assert session.wait(seconds=1).view.holding_large


def test_a_hold_is_begun_and_ended_once() -> None:
    session = infusing().do(c.RunPump(MK), c.StopPump(MK), c.StopPump(MK), c.RunPump(MK))
    assert len(session.of(e.HoldBegan)) == len(session.of(e.HoldEnded)) == 1
    assert settling().refusal(c.StopPump(MK)) is Why.NOT_NOW


def test_a_hold_across_the_end_of_a_phase_puts_it_off() -> None:
    session = infusing().wait(minutes=9, seconds=30).do(c.StopPump(MK)).wait(minutes=30)
    assert session.phase is Phase.ONSET
    session.do(c.RunPump(MK)).wait(seconds=29)
    assert session.phase is Phase.ONSET
    assert session.wait(seconds=1).phase is Phase.BUILD
    assert session.of(e.PhaseBegan)[-1].at == session.t


def test_the_phases_follow_each_other_and_add_up() -> None:
    session = infusing().wait(minutes=60)
    began = dict(session.now.began)
    assert began[Phase.BUILD] - began[Phase.ONSET] == STANDARD.onset
    assert began[Phase.PEAK] - began[Phase.BUILD] == STANDARD.build
    assert began[Phase.RETURN] - began[Phase.PEAK] == STANDARD.peak
    assert began[Phase.RECOVERY] - began[Phase.RETURN] == STANDARD.back
    assert session.programme == sum((600, 600, 1500, 900))
    assert session.wait(minutes=5).programme == 3600.0


def test_settling_lasts_until_the_infusion_starts_however_late() -> None:
    session = settling().wait(minutes=200)
    assert (session.view.stage, session.phase) == (Stage.SETTLING, Phase.SETTLE)
    assert session.wanted.music is not None
    assert session.wanted.music.section == PLAYLIST.sections[0]
    assert session.wanted.until > session.t


def test_t0_set_back_over_several_phases() -> None:
    session = settling().wait(minutes=30).do(c.StartInfusion(TILE, ago=22 * 60.0))
    assert (session.view.minutes, session.phase) == (22, Phase.PEAK)
    assert [event.phase for event in session.of(e.PhaseBegan)] == [Phase.BUILD, Phase.PEAK]
    assert all(event.at == session.t for event in session.of(e.PhaseBegan))
    assert [event.why for event in session.of(e.CheckInSkipped)] == ["missed"]
    session.wait(minutes=23)
    assert session.phase is Phase.RETURN
    assert settling().refusal(c.StartInfusion(TILE, ago=3601.0)) is Why.TOO_FAR_BACK
    assert settling().refusal(c.StartInfusion(TILE, ago=-1.0)) is Why.TOO_FAR_BACK
    assert session.refusal(c.StartInfusion(TILE)) is Why.NOT_NOW


def test_t0_set_back_past_the_whole_programme() -> None:
    session = settling().do(c.StartInfusion(TILE, ago=3600.0))
    assert session.view.stage is Stage.RECOVERING


def test_the_next_phase_begins_at_once_and_what_follows_keeps_its_length() -> None:
    session = infusing().wait(minutes=3).do(c.NextPhase(MK))
    assert (session.phase, session.view.next_phase) == (Phase.BUILD, Phase.PEAK)
    assert session.now.ends == (180.0, 780.0, 2280.0, 3180.0)
    assert session.wait(minutes=10).phase is Phase.PEAK
    session.do(c.NextPhase(MK), c.NextPhase(MK))
    assert session.view.stage is Stage.RECOVERING
    assert session.view.next_phase is None
    assert settling().refusal(c.NextPhase(MK)) is Why.NOT_NOW


def test_going_to_the_return_passes_over_what_lies_between() -> None:
    session = infusing().wait(minutes=3).do(c.GoToReturn(MK), c.GoToReturn(MK))
    assert session.phase is Phase.RETURN
    assert [event.phase for event in session.of(e.PhaseBegan)] == [Phase.RETURN]
    assert session.wait(minutes=15).view.stage is Stage.RECOVERING


@pytest.mark.parametrize("t0_late", [0.0, 0.1, 1 / 3, 17.77])
def test_the_next_phase_begins_in_a_hold_too(t0_late: float) -> None:
    session = settling().wait(seconds=t0_late).do(c.StartInfusion(TILE)).wait(seconds=100.1)
    session.do(c.StopPump(MK)).wait(seconds=33.3).do(c.NextPhase(MK))
    assert (session.phase, session.wanted.arc.phase) == (Phase.BUILD, Phase.BUILD)
    session.wait(minutes=30)
    assert session.phase is Phase.BUILD
    session.do(c.RunPump(MK)).wait(minutes=10, seconds=0.01)
    assert session.phase is Phase.PEAK


def test_the_peak_grows_and_shrinks_before_it_and_in_it() -> None:
    before = infusing().do(c.ChangePeak(True, MK)).wait(minutes=45)
    assert before.phase is Phase.PEAK
    assert before.view.planned == 65
    assert before.wait(minutes=5).phase is Phase.RETURN
    assert before.refusal(c.ChangePeak(True, MK)) is Why.NOT_NOW
    within = infusing().wait(minutes=30).do(c.ChangePeak(False, MK))
    assert within.wait(minutes=10).phase is Phase.RETURN


def test_some_of_the_peak_is_always_left() -> None:
    session = infusing().do(*[c.ChangePeak(False, MK)] * 4)
    assert session.refusal(c.ChangePeak(False, MK)) is Why.PEAK_TOO_SHORT
    late = infusing().wait(minutes=40)
    assert late.refusal(c.ChangePeak(False, MK)) is Why.PEAK_TOO_SHORT
    assert late.phase is Phase.PEAK


# --- the end of the infusion ---------------------------------------------------------------------


def test_the_planned_end_counts_and_says_that_it_is_assumed() -> None:
    session = infusing().wait(minutes=39)
    assert session.view.infusion_ended is None
    session.wait(minutes=2)
    assert (session.view.infusion_ended, session.view.ended_assumed) == (1, True)


def test_an_end_that_is_told_skips_nothing_and_can_be_corrected() -> None:
    session = infusing().wait(minutes=30).do(c.EndInfusion(MK))
    assert (session.phase, session.view.infusion_ended) == (Phase.PEAK, 0)
    session.do(c.EndInfusion(MK, ago=300.0))
    assert (session.view.infusion_ended, session.view.ended_assumed) == (5, False)
    assert session.wait(minutes=15).phase is Phase.RETURN
    assert session.wait(minutes=30).do(c.EndInfusion(MK, ago=3600.0)).view.infusion_ended == 60


def test_an_end_lies_between_t0_and_now() -> None:
    session = infusing().wait(minutes=10)
    assert session.refusal(c.EndInfusion(MK, ago=601.0)) is Why.TOO_FAR_BACK
    assert session.refusal(c.EndInfusion(MK, ago=-1.0)) is Why.TOO_FAR_BACK
    assert prepared().refusal(c.EndInfusion(MK)) is Why.NOT_NOW


def test_an_end_that_is_told_in_a_hold_lets_the_programme_go_on() -> None:
    session = infusing().wait(minutes=30).do(c.StopPump(MK)).wait(minutes=2)
    session.do(c.EndInfusion(MK, ago=120.0), c.GoToReturn(MK))
    assert session.view.holding is None
    assert session.wait(minutes=15).view.stage is Stage.RECOVERING
