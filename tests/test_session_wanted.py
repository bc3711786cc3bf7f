"""What should sound, as a value: where it is on its arc, which music, and until when."""

from collections.abc import Iterator

from session_given import (
    MK,
    OTHER_PLAYLIST,
    PLAYLIST,
    STANDARD,
    TILE,
    Session,
    infusing,
    prepared,
    recovering,
    settling,
)

from companion.session import commands as c
from companion.session import events as e
from companion.session.plan import Ceiling, Levels, Phase, Section
from companion.session.times import next_renewal
from companion.session.view import Offer
from companion.session.wanted import Arc, Music

T0, PROGRAMME = 300.0, 3600.0


def every_second(session: Session, seconds: int) -> Iterator[Session]:
    for _ in range(seconds):
        yield session.wait(seconds=1)


def test_while_the_session_is_prepared_the_arc_stands_at_its_beginning() -> None:
    session = prepared()
    assert session.wanted.arc == Arc(Phase.SETTLE, 0.0, 0.0, 0.0)
    loudest = Section(Phase.SETTLE, (PLAYLIST.loudest,))
    assert session.wanted.music == Music(loudest, 0.0, PLAYLIST.crossfade, PLAYLIST.loudest_at)
    assert session.do(c.AnswerHearing(heard=True)).wanted.music is None


def test_settling_goes_through_its_planned_length() -> None:
    session = settling().wait(minutes=2)
    assert session.wanted.arc == Arc(Phase.SETTLE, 0.0, 0.0, 1.0 / STANDARD.settle)


def test_each_phase_is_gone_through_from_its_own_beginning() -> None:
    session = infusing()
    assert session.wanted.arc == Arc(Phase.ONSET, T0, 0.0, 1.0 / 600.0)
    session.wait(minutes=15)
    assert session.wanted.arc == Arc(Phase.BUILD, T0 + 600.0, 0.0, 1.0 / 600.0)
    session.wait(minutes=30)
    assert session.wanted.arc == Arc(Phase.RETURN, T0 + 2700.0, 0.0, 1.0 / 900.0)


def test_a_hold_keeps_it_where_it_is_and_afterwards_it_goes_on_from_there() -> None:
    session = infusing().wait(minutes=15).do(c.StopPump(MK))
    began = session.t
    session.wait(minutes=4)
    assert session.wanted.arc == Arc(Phase.BUILD, began, 0.5, 0.0)
    session.do(c.RunPump(MK))
    assert session.wanted.arc == Arc(Phase.BUILD, T0 + 600.0 + 240.0, 0.0, 1.0 / 600.0)


def test_in_recovery_it_goes_down_once_over_the_whole_bed() -> None:
    session = recovering().wait(minutes=7)
    assert session.wanted.arc == Arc(Phase.RECOVERY, T0 + PROGRAMME, 0.0, 1.0 / STANDARD.bed)


def test_the_music_is_that_of_the_last_phase_begun_that_has_any() -> None:
    session = infusing().wait(minutes=15)
    onset = next(one for one in PLAYLIST.sections if one.phase is Phase.ONSET)
    assert session.wanted.music == Music(onset, T0, PLAYLIST.crossfade)
    session.do(c.ChangePlaylist(OTHER_PLAYLIST, MK))
    (only,) = OTHER_PLAYLIST.sections
    assert session.wanted.music == Music(only, session.t, OTHER_PLAYLIST.crossfade)


def test_the_sound_ends_with_the_bed_unless_the_programme_stands() -> None:
    session = infusing().wait(minutes=15)
    end = T0 + PROGRAMME + STANDARD.bed
    assert session.wanted.until == end
    session.do(c.StopPump(MK)).wait(minutes=4)
    left = PROGRAMME - 900.0
    assert session.wanted.until == next_renewal(session.t) + left + STANDARD.bed
    session.do(c.RunPump(MK))
    assert session.wanted.until == end + 240.0
    waits = settling().wait(minutes=1)
    assert waits.wanted.until == next_renewal(waits.t) + PROGRAMME + STANDARD.bed


def test_after_a_long_absence_and_on_an_empty_battery_nothing_is_said_or_played() -> None:
    for session in (
        infusing().asleep(minutes=21),
        infusing().do(c.ReportPower(4, on_mains=False)),
    ):
        session.wait(seconds=20)
        assert (session.wanted.music, session.wanted.voice) == (None, None)


def test_a_script_is_silent_while_a_call_is_open() -> None:
    spoken = {session.wanted.voice for session in every_second(settling(), 200)}
    assert len(spoken) > 3
    called = settling().do(c.Call()).wait(seconds=20)
    assert {session.wanted.voice for session in every_second(called, 200)} == {None}


def test_help_that_came_ends_what_asked_for_it() -> None:
    session = infusing().wait(minutes=9).do(c.AnswerCheckIn(comfortable=False))
    assert session.view.uncomfortable
    assert not session.do(c.LookIn(TILE)).view.uncomfortable
    called = infusing().wait(minutes=9).do(c.AnswerCheckIn(comfortable=False), c.Call("key"))
    assert called.now.call is not None
    assert called.now.call.source == "key"
    assert not called.do(c.AnswerCall(TILE)).view.uncomfortable


def test_a_call_that_was_taken_back_is_told_until_somebody_came_or_she_calls_again() -> None:
    session = infusing().do(c.Call(), c.TakeBackCall())
    assert session.view.taken_back
    assert not session.do(c.Call()).do(c.AnswerCall(TILE)).view.taken_back


def test_the_pump_is_stopped_or_run_on_and_the_music_softened_or_not() -> None:
    session = infusing()
    assert {Offer.STOP_PUMP, Offer.SOFTEN} <= session.view.offers
    assert not {Offer.RUN_PUMP, Offer.UNSOFTEN} & session.view.offers
    session.do(c.StopPump(MK), c.Soften(MK))
    assert {Offer.RUN_PUMP, Offer.UNSOFTEN} <= session.view.offers
    assert not {Offer.STOP_PUMP, Offer.SOFTEN} & session.view.offers
    assert not {Offer.RUN_PUMP, Offer.STOP_PUMP} & recovering().view.offers


def test_the_view_says_what_the_plan_says() -> None:
    calibrated = Levels(ceiling=-3.0, calibrated=(Ceiling("Headphones", -10.0),))
    session = infusing(levels=calibrated).do(c.ReportOutput("Headphones"))
    seen, plan = session.view, session.now.plan
    assert (seen.language, seen.reaches, seen.notes) == (plan.language, plan.reaches, plan.notes)
    assert (seen.reminders, seen.eyes_covered) == (plan.reminders, plan.eyes_covered)
    assert seen.anchors == tuple(cue.say for cue in plan.anchors)
    assert (seen.sound_on, seen.level) == (True, plan.levels.start)
    assert (seen.loudest, seen.quietest) == (-10.0, plan.levels.floor)
    assert seen.questions == len(plan.after)
    assert seen.question is None
    louder = [session.do(c.Louder(MK)).view.level for _ in range(4)]
    assert max(louder) == -10.0


def test_who_prepared_it_and_for_whom() -> None:
    session = prepared()
    assert (session.view.nurse, session.now.code) == ("MK", "4172038")
    assert session.of(e.SessionPrepared)[0].by == MK
