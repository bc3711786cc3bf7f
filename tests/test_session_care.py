"""The call, the check-in, the look-in, and coming back after a fault."""

from copy import deepcopy
from dataclasses import replace

import pytest
from session_given import (
    MK,
    STANDARD,
    TASTE,
    TILE,
    infusing,
    plan,
    prepared,
    recovering,
    settling,
)

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Why
from companion.session.plan import Phase
from companion.session.state import Stage
from companion.session.view import Place, Word

# --- the call ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "session",
    [
        prepared(),
        settling(),
        infusing(),
        infusing().wait(minutes=9),
        recovering(),
        recovering().do(c.OpenRating()),
        recovering().do(c.PostponeRating()),
        infusing().asleep(minutes=30),
    ],
)
def test_a_call_shows_in_every_stage_until_a_nurse_is_here(session) -> None:
    session = deepcopy(session).do(c.Call()).wait(minutes=25)
    assert (session.view.place, session.view.word) == (Place.CALLED, Word.CALL)
    assert session.view.calling == 25
    assert session.refusal(c.CloseSession(MK)) is Why.CALL_OPEN
    session.do(c.AnswerCall(MK))
    assert session.view.place is not Place.CALLED
    assert session.of(e.CallAnswered)[0].by == e.By("MK", confirmed=False)


def test_a_call_is_taken_back_within_five_seconds_and_that_is_shown() -> None:
    session = infusing().do(c.Call("button")).wait(seconds=4.9)
    assert session.view.can_take_back
    session.do(c.TakeBackCall())
    assert (session.view.calling, session.view.taken_back) == (None, True)
    session.do(c.LookIn(TILE))
    assert not session.view.taken_back


def test_after_five_seconds_a_call_stays() -> None:
    session = infusing().do(c.Call()).wait(seconds=5)
    assert not session.view.can_take_back
    assert session.refusal(c.TakeBackCall()) is Why.TOO_LATE
    assert session.view.place is Place.CALLED


def test_calling_again_changes_nothing_and_neither_does_answering_no_call() -> None:
    session = infusing().do(c.AnswerCall(TILE), c.TakeBackCall(), c.Call("key"), c.Call("screen"))
    assert [event.source for event in session.of(e.Called)] == ["key"]
    assert not session.of(e.CallAnswered)


def test_a_call_ends_the_check_in_that_stood_there() -> None:
    session = infusing().wait(minutes=9).do(c.Call())
    assert [type(event) for event in session.events[-2:]] == [e.CheckInUnanswered, e.Called]


def test_the_channels_of_a_call() -> None:
    session = infusing().do(c.Call(), c.ReportCallNotSent("webhook", "no route"))
    session.do(c.ReportCallNotSent("webhook", "no route"), c.ReportCallSent("command"))
    assert (session.view.sent, session.view.not_sent) == (("command",), ("webhook",))
    assert len(session.of(e.CallNotSent)) == 1
    session.do(c.ReportCallSent("webhook"))
    assert (session.view.sent, session.view.not_sent) == (("command", "webhook"), ())
    session.do(c.ReportCallNotSent("webhook", "no route"))
    assert (session.view.sent, session.view.not_sent) == (("command",), ("webhook",))
    session.do(c.ReportCallSent("webhook"))
    session.do(c.AnswerCall(TILE), c.ReportCallSent("webhook"))
    assert session.view.sent == ()
    assert len(session.of(e.CallSent)) == 4


# --- the check-in --------------------------------------------------------------------------------


def test_a_check_in_is_asked_at_its_programme_time_and_goes_unanswered() -> None:
    session = infusing().wait(minutes=5).do(c.StopPump(MK)).wait(minutes=9).do(c.RunPump(MK))
    session.wait(minutes=4, seconds=-1)
    assert session.view.place is Place.SESSION
    assert session.wait(seconds=1).view.place is Place.CHECK_IN
    assert session.wait(seconds=60).view.place is Place.SESSION
    asked, gone = session.of(e.CheckInAsked)[0], session.of(e.CheckInUnanswered)[0]
    assert gone.at - asked.at == 60.0
    assert session.refusal(c.AnswerCheckIn(True)) is Why.NOT_NOW


def test_not_so_comfortable_marks_the_screen_until_somebody_came() -> None:
    session = infusing().wait(minutes=9).do(c.AnswerCheckIn(comfortable=False), c.Soften())
    assert session.view.uncomfortable
    assert session.view.soft
    assert not session.do(c.LookIn(TILE)).view.uncomfortable
    fine = infusing().wait(minutes=9).do(c.AnswerCheckIn(comfortable=True))
    assert not fine.view.uncomfortable


def test_no_check_in_at_the_peak_unless_the_protocol_says_so() -> None:
    session = infusing().wait(minutes=26)
    assert [event.why for event in session.of(e.CheckInSkipped)] == ["peak"]
    asking = infusing(protocol=replace(STANDARD, check_ins_at_peak=True)).wait(minutes=25)
    assert asking.view.place is Place.CHECK_IN


def test_no_check_in_with_eyes_covered_and_that_is_recorded() -> None:
    session = infusing(eyes_covered=True).wait(minutes=60)
    assert not session.of(e.CheckInAsked)
    assert [event.why for event in session.of(e.CheckInSkipped)] == ["eyes covered"] * 3


def test_no_check_in_while_a_call_shows_or_the_one_before_is_open() -> None:
    called = infusing().wait(minutes=8).do(c.Call()).wait(minutes=2)
    assert [event.why for event in called.of(e.CheckInSkipped)] == ["call"]
    close = replace(STANDARD, check_ins=(100.0, 130.0))
    crowded = infusing(protocol=close).wait(minutes=3)
    assert [event.why for event in crowded.of(e.CheckInSkipped)] == ["missed"]


def test_a_check_in_still_open_at_the_end_is_recorded_as_unanswered() -> None:
    late = replace(STANDARD, check_ins=(3590.0,))
    session = infusing(protocol=late).wait(minutes=60)
    assert session.view.place is Place.RECOVERY
    kinds = [type(event) for event in session.events[-3:]]
    assert kinds == [e.CheckInAsked, e.CheckInUnanswered, e.RecoveryBegan]


# --- the look-in ---------------------------------------------------------------------------------


def test_look_ins_are_due_every_fifteen_minutes_elapsed() -> None:
    session = infusing().do(c.StopPump(MK))
    assert session.view.look_in == 15
    session.wait(minutes=14, seconds=59)
    assert (session.view.look_in, session.view.word) == (1, Word.PUMP_STOPPED)
    session.wait(seconds=1)
    assert (session.view.look_in, session.view.word) == (0, Word.LOOK_IN)
    session.wait(minutes=3)
    assert session.view.look_in == -3
    session.do(c.LookIn(TILE))
    assert (session.view.look_in, session.view.word) == (15, Word.PUMP_STOPPED)
    assert settling().refusal(c.LookIn(TILE)) is Why.NOT_NOW
    assert settling().view.look_in is None


def test_the_one_word_is_the_first_that_applies() -> None:
    session = infusing().do(c.Call(), c.StopPump(MK), c.ReportSoundLost("unplugged"))
    session.wait(minutes=15)
    words = [session.view.word]
    for undo in (c.AnswerCall(TILE), c.LookIn(TILE), c.RunPump(MK)):
        words.append(session.do(undo).view.word)
    words.append(session.do(c.ReportSoundReturned("Headphones")).view.word)
    assert words == [Word.CALL, Word.LOOK_IN, Word.PUMP_STOPPED, Word.NO_SOUND, Word.OK]


def test_what_is_told_is_the_last_six_things_worth_telling() -> None:
    session = infusing()
    for _ in range(4):
        session.do(c.Call(), c.AnswerCall(TILE), c.ReportTrack("a"), c.ReportTrack("b"))
    assert [type(event) for event in session.view.told] == [e.Called, e.CallAnswered] * 3
    assert session.do(c.ReportFault("ValueError in app.py:9")).view.told[-1].what


# --- coming back after a fault -------------------------------------------------------------------


def test_a_short_absence_resumes_by_itself_with_the_right_times() -> None:
    session = infusing().do(c.Call()).asleep(minutes=11)
    assert (session.view.place, session.view.calling) == (Place.CALLED, 11)
    assert (session.view.minutes, session.phase) == (11, Phase.BUILD)
    assert session.of(e.Resumed) == [e.Resumed(at=session.t, gap=660.0, exact=True, waiting=False)]


def test_nothing_is_said_to_have_been_asked_while_the_tablet_was_off() -> None:
    session = infusing().asleep(minutes=15)
    assert not session.of(e.CheckInAsked)
    assert [event.why for event in session.of(e.CheckInSkipped)] == ["missed"]
    assert session.of(e.PhaseBegan)[-1].at == session.t


def test_after_a_long_absence_a_nurse_chooses() -> None:
    session = infusing().asleep(minutes=20)
    assert (session.view.place, session.view.word) == (Place.WAITING, Word.LOOK_IN)
    assert session.wanted.music is None
    session.wait(minutes=3)
    for tap in (c.NextPhase(MK), c.ChangePeak(True, MK), c.SayAnchor(0, MK), c.AnswerCheckIn(True)):
        assert session.refusal(tap) is Why.NOT_NOW
    session.do(c.GoOn(MK))
    assert (session.view.place, session.phase) == (Place.SESSION, Phase.PEAK)
    assert session.wanted.music is not None
    assert session.refusal(c.GoOn(MK)) is Why.NOT_NOW
    assert infusing().asleep(minutes=30).do(c.GoToRecovery(MK)).view.place is Place.RECOVERY


def test_past_the_end_of_the_programme_a_nurse_chooses_too() -> None:
    session = infusing().wait(minutes=50).asleep(minutes=15)
    assert session.view.place is Place.WAITING
    assert session.do(c.GoOn(MK)).view.stage is Stage.RECOVERING
    just_past = infusing().wait(minutes=59, seconds=58).asleep(seconds=5)
    assert just_past.view.place is Place.RECOVERY
    resting = recovering().asleep(minutes=15)
    assert resting.view.place is Place.RECOVERY


def test_a_second_short_absence_does_not_choose_for_the_nurse() -> None:
    session = infusing().asleep(minutes=30).asleep(seconds=2)
    assert session.view.place is Place.WAITING


def test_the_hearing_passage_is_not_played_into_an_empty_room() -> None:
    session = prepared().asleep(minutes=30)
    assert (session.view.place, session.wanted.music) == (Place.WAITING, None)
    session.do(c.GoOn(MK))
    assert session.view.place is Place.HEARING


def test_the_patient_cannot_open_her_rating_before_a_nurse_came() -> None:
    session = recovering().asleep(minutes=30)
    assert session.refusal(c.OpenRating()) is Why.PIN
    assert session.do(c.OpenRating(MK)).view.place is Place.QUESTION


# --- Taste ---------------------------------------------------------------------------------------


def test_taste_is_a_whole_session_in_three_minutes() -> None:
    session = settling(protocol=TASTE).wait(seconds=20).do(c.StartInfusion(TILE))
    session.wait(seconds=32)
    assert session.view.place is Place.CHECK_IN
    session.wait(seconds=15)
    assert session.view.word is Word.LOOK_IN
    session.do(c.ChangePeak(True, MK), c.StopPump(MK)).wait(seconds=15)
    assert session.view.holding_large
    session.do(c.RunPump(MK)).wait(seconds=113)
    assert session.phase is Phase.RECOVERY
    assert len(session.of(e.CheckInAsked)) == 1
    assert [event.why for event in session.of(e.CheckInSkipped)] == ["peak"]
    assert session.wanted.music is not None
    assert session.wait(seconds=20).wanted.music is None
    assert plan(protocol=TASTE).protocol.length(Phase.RECOVERY) == 0.0
