"""What the record says of each act: who did it, and all that was said."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from session_given import (
    MK,
    OTHER_PLAYLIST,
    SCRIPT,
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
from companion.session.plan import Mode, Phase
from companion.session.wanted import Arc

JS = e.By("JS", confirmed=True)
"""Another one, before her."""
ACTS: tuple[tuple[Callable[[], Session], c.Command, type], ...] = (
    (settling, c.StartInfusion(MK), e.InfusionStarted),
    (infusing, c.StopPump(MK), e.HoldBegan),
    (lambda: infusing().do(c.StopPump(JS)), c.RunPump(MK), e.HoldEnded),
    (infusing, c.NextPhase(MK), e.PhaseAdvanced),
    (infusing, c.GoToReturn(MK), e.PhaseAdvanced),
    (lambda: infusing().do(c.GoToReturn(JS)), c.NextPhase(MK), e.RecoveryBegan),
    (infusing, c.ChangePeak(True, MK), e.PeakChanged),
    (infusing, c.EndInfusion(MK, 0.0), e.InfusionEnded),
    (infusing, c.GoToRecovery(MK), e.RecoveryBegan),
    (infusing, c.OpenRating(MK), e.RecoveryBegan),
    (recovering, c.OpenRating(MK), e.RatingOpened),
    (infusing, c.ChooseMode(Mode.SILENCE, MK), e.ModeChosen),
    (infusing, c.Soften(MK), e.Softened),
    (lambda: infusing().do(c.Soften(JS)), c.Unsoften(MK), e.Unsoftened),
    (infusing, c.Louder(MK), e.LevelChanged),
    (infusing, c.Quieter(MK), e.LevelChanged),
    (infusing, c.SwitchSound(False, MK), e.SoundSwitched),
    (lambda: infusing().asleep(minutes=21), c.GoOn(MK), e.WentOn),
    (lambda: infusing().do(c.TakeOver(JS)), c.TakeOver(MK), e.TakenOver),
    (infusing, c.ChangePlaylist(OTHER_PLAYLIST, MK), e.PlaylistChanged),
    (lambda: infusing(script=None), c.ChangeScript(SCRIPT, MK), e.ScriptChanged),
    (infusing, c.SayAnchor(0, MK), e.AnchorSaid),
    (infusing, c.Note("nausea", MK), e.Noted),
    (infusing, c.LookIn(MK), e.LookedIn),
    (lambda: infusing().do(c.ReportOutput("A"), c.ReportOutput("B")), c.AllowOutput("B", MK),
     e.OutputAllowed),
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "command", "kind"), ACTS, ids=lambda one: getattr(one, "__name__", None)
)
def test_each_act_is_recorded_with_who_did_it(
    given: Callable[[], Session], command: c.Command, kind: type
) -> None:
    session = given()
    known = len(session.events)
    session.do(command)
    (recorded,) = [event for event in session.events[known:] if isinstance(event, kind)]
    assert recorded.by == MK
    assert recorded.at == session.t


def test_an_answer_is_recorded_with_its_question_and_its_minutes() -> None:
    session = infusing().do(c.EndInfusion(MK, 0.0)).wait(minutes=62)
    session.do(c.OpenRating(), c.Rate("mood", 7), c.SkipQuestion("clear"))
    answered = session.of(e.Answered)[-1]
    assert (answered.when, answered.question, answered.value) == ("after", "mood", 7)
    assert answered.minutes == pytest.approx(62.0)
    skipped = session.of(e.Skipped)[-1]
    assert (skipped.when, skipped.question) == ("after", "clear")


@pytest.mark.parametrize("value", [0, 10])
def test_an_answer_lies_on_the_scale_and_is_kept_as_it_was_given(value: int) -> None:
    before = prepared().do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.MUSIC))
    for beyond in (-1, 11):
        assert before.refusal(c.Rate("mood", beyond)) is Why.NO_SUCH_THING
    before.do(c.Rate("mood", value))
    assert before.of(e.Answered) == [
        e.Answered(at=before.t, when="before", question="mood", value=value)
    ]
    after = recovering().do(c.OpenRating())
    for beyond in (-1, 11):
        assert after.refusal(c.Rate("mood", beyond)) is Why.NO_SUCH_THING
    after.do(c.Rate("mood", value), c.Rate("clear", value))
    assert [one.value for one in after.of(e.Answered)] == [value, value]
    assert after.of(e.QuestionsEnded) == [e.QuestionsEnded(at=after.t, wanted=True)]


def test_a_question_that_is_left_is_recorded_with_its_time() -> None:
    session = prepared().do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.MUSIC))
    session.do(c.SkipQuestion("mood"))
    assert session.of(e.Skipped) == [e.Skipped(at=session.t, when="before", question="mood")]
    assert session.refusal(c.StopQuestions()) is Why.NOT_NOW
    rating = recovering().do(c.OpenRating(), c.StopQuestions())
    assert rating.of(e.QuestionsEnded) == [e.QuestionsEnded(at=rating.t, wanted=False)]


def test_the_patients_own_words_are_kept_as_she_left_them() -> None:
    session = prepared(intention=True)
    assert session.refusal(c.LeaveIntention("rest")) is Why.NOT_NOW
    session.do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.MUSIC), c.LeaveIntention("rest"))
    assert session.of(e.IntentionLeft) == [e.IntentionLeft(at=session.t, words="rest")]
    assert session.refusal(c.LeaveIntention("again")) is Why.NOT_NOW
    rating = recovering().do(c.OpenRating(), c.LeaveWords("the sea"))
    assert rating.of(e.WordsLeft) == [e.WordsLeft(at=rating.t, words="the sea")]


@pytest.mark.parametrize("under_way", [0.0, 600.0, 240 * 60.0])
def test_a_session_under_way_is_taken_up_with_the_name_of_who_did(under_way: float) -> None:
    session = Session(t=20_000.0)
    card = c.PrepareSession(MK, "2", plan(), "4172038", under_way=under_way)
    assert session.refusal(replace(card, under_way=-1.0)) is Why.TOO_FAR_BACK
    assert session.refusal(replace(card, under_way=240 * 60.0 + 1.0)) is Why.TOO_FAR_BACK
    session.do(card)
    (began,) = session.of(e.InfusionStarted)
    assert (began.t0, began.by) == (session.t - under_way, MK)
    assert session.of(e.ModeChosen) == [e.ModeChosen(at=session.t, mode=Mode.VOICE, by=MK)]
    assert session.now.code == "4172038"


def test_an_infusion_that_starts_before_she_chose_has_the_usual_mode_by_who_started_it() -> None:
    session = prepared().do(c.StartInfusion(MK))
    assert session.of(e.ModeChosen) == [e.ModeChosen(at=session.t, mode=Mode.VOICE, by=MK)]
    changed = infusing().do(c.ChooseMode(Mode.SILENCE, MK))
    assert changed.of(e.ModeChosen)[-1].mode is Mode.SILENCE


def test_with_nothing_to_ask_the_questions_end_as_they_were_meant_to() -> None:
    session = recovering(after=()).do(c.OpenRating())
    assert session.of(e.QuestionsEnded) == [e.QuestionsEnded(at=session.t, wanted=True)]


def test_what_the_tablet_reports_is_recorded_word_for_word() -> None:
    session = infusing().do(
        c.ReportTrackFailed("Shore", "torn"),
        c.ReportSoundLost("unplugged"),
        c.ReportSoundReturned("Headphones"),
        c.Call(),
        c.ReportCallNotSent("webhook", "no route"),
    )
    at = session.t
    assert session.of(e.TrackFailed) == [e.TrackFailed(at=at, title="Shore", why="torn")]
    assert session.of(e.SoundReturned) == [e.SoundReturned(at=at, output="Headphones")]
    (not_sent,) = session.of(e.CallNotSent)
    assert (not_sent.channel, not_sent.why) == ("webhook", "no route")


def test_what_is_so_already_is_not_recorded_again() -> None:
    session = infusing().do(c.Soften(MK))
    known = len(session.events)
    session.do(c.Soften(MK))
    assert len(session.events) == known
    session.do(c.Unsoften(MK), c.Unsoften(MK))
    assert len(session.of(e.Unsoftened)) == 1


def test_a_check_in_that_nobody_saw_is_not_recorded_as_unanswered() -> None:
    assert not infusing().do(c.GoToRecovery(MK)).of(e.CheckInUnanswered)


def test_the_arc_of_the_sound_follows_the_programme() -> None:
    session = settling()
    settle = session.now.plan.protocol.settle
    assert session.wanted.arc == Arc(Phase.SETTLE, session.now.settled or 0.0, 0.0, 1 / settle)
    late = recovering()
    bed = late.now.plan.protocol.bed
    assert late.wanted.arc == Arc(Phase.RECOVERY, late.now.recovering or 0.0, 0.0, 1 / bed)
    held = infusing().wait(minutes=3).do(c.StopPump(MK)).wait(minutes=2)
    assert held.now.holding is not None
    assert held.wanted.arc.pace == 0.0
    assert held.wanted.arc == held.wait(minutes=1).wanted.arc
