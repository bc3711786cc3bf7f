"""A session from the nurse's card to the farewell: the stages and what leads to them."""

from copy import deepcopy

import pytest
from session_given import (
    CLEAR,
    MK,
    MOOD,
    PLAYLIST,
    TILE,
    Session,
    infusing,
    plan,
    prepared,
    recovering,
    settling,
)

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Why
from companion.session.plan import NO_MUSIC, Mode, Phase
from companion.session.state import Stage
from companion.session.view import Offer, Place, Word, view
from companion.session.wanted import quiet, wanted_sound


def test_a_whole_session() -> None:
    session = prepared()
    assert session.view.place is Place.HEARING
    session.do(c.AnswerHearing(heard=True))
    assert session.view.place is Place.MODE
    session.do(c.ChooseMode(Mode.VOICE))
    assert (session.view.place, session.view.question) == (Place.QUESTION, MOOD)
    session.do(c.Rate("mood", 4))
    assert session.view.stage is Stage.SETTLING
    session.wait(minutes=7).do(c.StartInfusion(TILE))
    assert (session.view.stage, session.view.minutes) == (Stage.INFUSING, 0)
    session.wait(minutes=60)
    assert (session.view.place, session.view.minutes) == (Place.RECOVERY, 60)
    session.wait(minutes=10).do(c.OpenRating(), c.Rate("mood", 7), c.SkipQuestion("clear"))
    assert session.view.place is Place.FAREWELL
    session.do(c.CloseSession(MK))
    assert view(session.state, session.t) is None
    assert wanted_sound(session.state, session.t) == quiet(session.t)
    assert [begun for begun, _ in session.now.began] == list(Phase)


def test_before_anything_there_is_nothing() -> None:
    assert view(None, 0.0) is None
    assert wanted_sound(None, 0.0) == quiet(0.0)
    assert Session().refusal(c.Call()) is Why.NO_SESSION


# --- preparing -----------------------------------------------------------------------------------


def test_without_music_she_is_not_asked_what_she_hears_and_the_session_is_silent() -> None:
    session = prepared(playlist=NO_MUSIC, script=None)
    assert session.of(e.ModeChosen) == [e.ModeChosen(at=0.0, mode=Mode.SILENCE, by=MK)]
    assert session.view.place is Place.QUESTION
    assert session.refusal(c.AnswerHearing(heard=True)) is Why.NOT_NOW
    session.do(c.Rate("mood", 4)).wait(minutes=5).do(c.StartInfusion(TILE), c.Call())
    assert session.wanted.music is session.wanted.voice is None
    session.do(c.AnswerCall(TILE))
    assert session.refusal(c.ChooseMode(Mode.MUSIC, MK)) is Why.NO_SUCH_THING
    session.do(c.ChangePlaylist(PLAYLIST, MK), c.ChooseMode(Mode.MUSIC, MK))
    assert session.wanted.music is not None


def test_without_music_and_without_questions_settling_begins_at_once() -> None:
    session = prepared(playlist=NO_MUSIC, script=None, before=())
    assert session.view.stage is Stage.SETTLING
    under_way = Session().do(
        c.PrepareSession(MK, "2", plan(playlist=NO_MUSIC, script=None), "4172038", 600.0)
    )
    assert (under_way.view.mode, under_way.view.minutes) == (Mode.SILENCE, 10)


def test_she_says_that_she_cannot_hear_and_then_that_she_can() -> None:
    session = prepared().do(c.AnswerHearing(heard=False))
    assert session.view.hearing_failed
    assert session.view.place is Place.HEARING
    session.do(c.Louder(), c.AnswerHearing(heard=True))
    assert session.view.place is Place.MODE
    assert session.refusal(c.AnswerHearing(heard=False)) is Why.NOT_NOW


def test_nothing_is_chosen_before_she_hears_and_nothing_twice() -> None:
    session = prepared()
    assert session.refusal(c.ChooseMode(Mode.MUSIC)) is Why.NOT_NOW
    session.do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.MUSIC))
    assert session.refusal(c.ChooseMode(Mode.VOICE)) is Why.NOT_NOW
    session.do(c.StopQuestions())
    assert session.view.stage is Stage.SETTLING
    assert session.refusal(c.AnswerHearing(heard=True)) is Why.NOT_NOW


def test_with_no_question_settling_begins_with_the_choice() -> None:
    session = prepared(before=()).do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.SILENCE))
    assert session.view.stage is Stage.SETTLING


def test_an_intention_is_asked_only_where_the_clinic_wants_it() -> None:
    plain = prepared().do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.VOICE))
    assert plain.refusal(c.LeaveIntention("rest")) is Why.NOT_NOW
    asked = prepared(intention=True).do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.VOICE))
    assert asked.view.place is Place.INTENTION
    assert asked.refusal(c.Rate("mood", 5)) is Why.NOT_NOW
    asked.do(c.LeaveIntention("rest"))
    assert (asked.view.place, asked.view.intention) == (Place.QUESTION, "rest")
    assert asked.do(c.Rate("mood", 5)).view.stage is Stage.SETTLING
    alone = prepared(intention=True, before=())
    alone.do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.VOICE), c.LeaveIntention(""))
    assert (alone.view.stage, alone.view.intention) == (Stage.SETTLING, None)


def test_the_infusion_may_start_before_the_patient_has_chosen() -> None:
    session = prepared().do(c.StartInfusion(TILE))
    assert (session.view.stage, session.view.mode) == (Stage.INFUSING, Mode.VOICE)
    assert [type(event) for event in session.events[1:]] == [
        e.ModeChosen,
        e.SettlingBegan,
        e.InfusionStarted,
    ]
    silent = prepared().do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.SILENCE))
    assert silent.do(c.StartInfusion(TILE)).view.mode is Mode.SILENCE
    assert prepared(script=None).do(c.StartInfusion(TILE)).view.mode is Mode.MUSIC


def test_a_session_cannot_be_prepared_over_an_open_one() -> None:
    again = c.PrepareSession(MK, "3", plan(), "1111119")
    assert infusing().refusal(again) is Why.SESSION_OPEN
    closed = infusing().do(c.CloseSession(MK))
    assert closed.do(again).view.room == "3"


def test_a_spare_tablet_takes_up_a_session_under_way() -> None:
    def under_way(seconds: float) -> c.PrepareSession:
        return c.PrepareSession(MK, "2", plan(), "4172038", under_way=seconds)

    session = Session().do(under_way(22 * 60.0))
    assert (session.view.stage, session.view.minutes) == (Stage.INFUSING, 22)
    assert session.view.phase is Phase.PEAK
    assert session.view.word is Word.LOOK_IN
    assert Session().do(under_way(240 * 60.0)).view.stage is Stage.RECOVERING
    assert Session().refusal(under_way(240 * 60.0 + 1)) is Why.TOO_FAR_BACK
    assert Session().refusal(under_way(-1)) is Why.TOO_FAR_BACK


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        c.StopPump(TILE),
        c.RunPump(TILE),
        c.NextPhase(TILE),
        c.GoToReturn(TILE),
        c.ChangePeak(True, TILE),
        c.EndInfusion(TILE),
        c.Unsoften(TILE),
        c.SayAnchor(0, TILE),
        c.Note("nausea", TILE),
        c.TakeOver(TILE),
        c.GoOn(TILE),
        c.GoToRecovery(TILE),
        c.CloseSession(TILE),
        c.ChooseMode(Mode.MUSIC, TILE),
        c.OpenRating(TILE),
        c.OpenRating(),
        c.Louder(TILE),
        c.Soften(TILE),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_needs_a_pin_is_refused_without_one(command: c.Command) -> None:
    assert infusing().refusal(command) is Why.PIN


def test_what_needs_no_pin() -> None:
    session = settling().do(c.StartInfusion(TILE), c.LookIn(TILE), c.Call(), c.AnswerCall(TILE))
    session.do(c.SwitchSound(False), c.SwitchSound(True), c.Quieter(), c.Louder())
    assert session.of(e.LookedIn)[0].by == TILE


def test_the_header_follows_who_takes_over() -> None:
    session = infusing().do(c.TakeOver(e.By("JS", confirmed=True)))
    assert session.view.nurse == "JS"
    session.do(c.TakeOver(e.By("JS", confirmed=True)))
    assert len(session.of(e.TakenOver)) == 1


def test_only_the_notes_of_the_clinic_can_be_noted() -> None:
    session = infusing().do(c.Note("nausea", MK))
    assert session.view.told[-1] == e.Noted(at=session.t, note="nausea", by=MK)
    assert session.refusal(c.Note("she told me about her sister", MK)) is Why.NO_SUCH_THING


# --- recovery, rating, farewell ------------------------------------------------------------------


def test_recovery_can_be_gone_to_and_an_unanswered_check_in_is_recorded() -> None:
    session = infusing().wait(minutes=9)
    assert session.view.place is Place.CHECK_IN
    session.do(c.GoToRecovery(MK))
    assert session.view.place is Place.RECOVERY
    assert len(session.of(e.CheckInUnanswered)) == 1
    assert settling().do(c.GoToRecovery(MK)).view.stage is Stage.RECOVERING
    assert prepared().refusal(c.GoToRecovery(MK)) is Why.NOT_NOW
    assert session.refusal(c.GoToRecovery(MK)) is Why.NOT_NOW


def test_nobody_is_asked_by_a_timer() -> None:
    session = recovering().wait(minutes=600)
    assert session.view.place is Place.RECOVERY


def test_the_patient_opens_her_rating_and_a_nurse_may_at_any_time_after_preparing() -> None:
    assert recovering().do(c.OpenRating()).view.question == MOOD
    early = infusing().do(c.OpenRating(MK))
    assert early.view.stage is Stage.RATING
    assert [type(event) for event in early.events[-2:]] == [e.RecoveryBegan, e.RatingOpened]
    assert early.refusal(c.OpenRating(MK)) is Why.NOT_NOW
    assert prepared().refusal(c.OpenRating(MK)) is Why.NOT_NOW


def test_going_back_skipping_stopping() -> None:
    session = recovering().do(c.OpenRating())
    assert session.view.can_step_back
    session.do(c.Rate("mood", 3))
    assert (session.view.question, session.view.question_number) == (CLEAR, 2)
    assert session.refusal(c.Rate("mood", 3)) is Why.NOT_NOW
    assert session.refusal(c.Rate("clear", 11)) is Why.NO_SUCH_THING
    session.do(c.StepBack(), c.Rate("mood", 8), c.StepBack(), c.StepBack())
    assert session.view.place is Place.RECOVERY
    session.do(c.OpenRating(), c.StopQuestions())
    assert session.view.place is Place.FAREWELL
    assert not session.of(e.QuestionsEnded)[-1].wanted
    session.do(c.LeaveWords("thank you"))
    assert session.refusal(c.StepBack()) is Why.NOT_NOW
    assert session.do(c.OpenRating(MK)).view.question == MOOD


def test_before_the_infusion_there_is_nothing_to_go_back_to() -> None:
    session = prepared(before=(MOOD, CLEAR)).do(c.AnswerHearing(True), c.ChooseMode(Mode.MUSIC))
    assert session.refusal(c.StepBack()) is Why.NOT_NOW
    session.do(c.Rate("mood", 5))
    assert session.view.can_step_back
    session.do(c.StepBack())
    assert (session.view.question, session.view.can_step_back) == (MOOD, False)
    assert session.refusal(c.LeaveWords("no")) is Why.NOT_NOW


def test_with_no_question_after_the_rating_ends_at_once() -> None:
    session = recovering(after=()).do(c.OpenRating())
    assert session.view.place is Place.FAREWELL


def test_answers_carry_the_minutes_since_the_infusion_ended() -> None:
    session = recovering().do(c.OpenRating(), c.Rate("mood", 7))
    answer = session.of(e.Answered)[-1]
    assert (answer.minutes, answer.early, answer.assumed) == (20.0, False, True)
    early = infusing().wait(minutes=30).do(c.EndInfusion(MK, ago=60.0), c.OpenRating(MK))
    early.wait(minutes=1).do(c.Rate("mood", 7))
    answer = early.of(e.Answered)[-1]
    assert (answer.minutes, answer.early, answer.assumed) == (2.0, True, False)
    none = settling().do(c.OpenRating(MK), c.Rate("mood", 7)).of(e.Answered)[-1]
    assert (none.minutes, none.early, none.assumed) == (None, True, False)


def test_a_rating_left_for_later_opens_by_pin_and_brings_no_sound() -> None:
    session = recovering().do(c.PostponeRating())
    assert (session.view.place, session.view.postponed) == (Place.FAREWELL, True)
    session.do(c.CloseSession(MK)).wait(minutes=90)
    assert session.refusal(c.OpenRating()) is Why.PIN
    assert session.refusal(c.Call()) is Why.NO_SESSION
    session.do(c.OpenRating(MK))
    assert (session.view.place, session.view.finished) == (Place.QUESTION, True)
    assert session.wanted.music is None
    assert session.view.word is Word.OK
    session.do(c.Call())
    assert session.view.place is Place.CALLED
    assert session.wanted == quiet(session.now.as_of)
    session.do(c.AnswerCall(TILE))
    for refused in (c.SwitchSound(False), c.SayAnchor(0, MK), c.LookIn(TILE), c.PostponeRating()):
        assert session.refusal(refused) is Why.NOT_NOW
    assert session.refusal(c.ChooseMode(Mode.SILENCE, MK)) is Why.NOT_NOW
    assert session.refusal(c.StepBack()) is Why.NOT_NOW
    session.do(c.Rate("mood", 6), c.StepBack(), c.Rate("mood", 7), c.Rate("clear", 6))
    session.do(c.CloseSession(MK))
    assert session.refusal(c.OpenRating(MK)) is Why.NOT_NOW


def test_postponing_belongs_to_the_end() -> None:
    assert infusing().refusal(c.PostponeRating()) is Why.NOT_NOW
    assert recovering().do(c.OpenRating(), c.PostponeRating()).view.place is Place.FAREWELL


@pytest.mark.parametrize(
    "session",
    [
        prepared(),
        settling(),
        infusing(),
        infusing().do(c.StopPump(MK)),
        infusing().wait(minutes=9),
        recovering(),
        recovering().do(c.OpenRating()),
        recovering().do(c.PostponeRating()),
        infusing().asleep(minutes=30),
    ],
)
def test_a_nurse_closes_from_any_stage(session: Session) -> None:
    session = deepcopy(session)
    assert session.refusal(c.CloseSession(TILE)) is Why.PIN
    asked, known = session.now.check_in, len(session.events)
    session.do(c.CloseSession(MK))
    assert session.now.stage is Stage.READY
    unanswered = (e.CheckInUnanswered(at=session.t),) if asked is not None else ()
    closing = (*unanswered, e.SessionClosed(at=session.t, by=MK))
    assert tuple(session.events[known:]) == closing
    assert session.refusal(c.CloseSession(MK)) is Why.NO_SESSION


# --- what a nurse is offered ---------------------------------------------------------------------

_OFFERED = {
    Offer.START: c.StartInfusion(TILE),
    Offer.STOP_PUMP: c.StopPump(MK),
    Offer.RUN_PUMP: c.RunPump(MK),
    Offer.NEXT_PHASE: c.NextPhase(MK),
    Offer.RETURN: c.GoToReturn(MK),
    Offer.PEAK: c.ChangePeak(True, MK),
    Offer.END_INFUSION: c.EndInfusion(MK),
    Offer.LOOK_IN: c.LookIn(TILE),
    Offer.RECOVERY: c.GoToRecovery(MK),
    Offer.RATE: c.OpenRating(MK),
    Offer.SOFTEN: c.Soften(MK),
    Offer.UNSOFTEN: c.Unsoften(MK),
    Offer.ANCHOR: c.SayAnchor(0, MK),
    Offer.MODE: c.ChooseMode(Mode.SILENCE, MK),
    Offer.GO_ON: c.GoOn(MK),
    Offer.ALLOW_OUTPUT: c.AllowOutput("Speaker", MK),
    Offer.CONFIRM_ELAPSED: c.ConfirmElapsed(0.0, MK),
}


def offers_hold(session: Session) -> None:
    """What is offered is not refused."""
    for offer in session.view.offers:
        assert session.refusal(_OFFERED[offer]) is None, offer


def test_every_offer_holds_and_each_is_made_somewhere() -> None:
    places = [
        prepared(),
        settling(),
        infusing(),
        infusing().do(c.StopPump(MK), c.Soften(MK)),
        infusing().do(c.Call()),
        infusing().wait(minutes=50),
        recovering(),
        recovering().do(c.OpenRating()),
        infusing().asleep(minutes=30),
        infusing().do(c.ReportOutput("Headphones"), c.ReportOutput("Speaker")),
        infusing().do(c.ReportReturn(60.0, exact=False)),
    ]
    for session in places:
        offers_hold(session)
    assert set().union(*(session.view.offers for session in places)) == set(Offer)
