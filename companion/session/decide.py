"""Whether what somebody wants happens: command in, events out.

`decide` is asked after everything `due` has been folded in; `ReportReturn` alone comes before
that, for nothing was due while nobody was there. It never ends a session but for a nurse, and it
never loses a call. The rules themselves stand in `deciding`, by what they concern.
"""

from typing import assert_never

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding import (
    asking,
    caring,
    infusion,
    output,
    power,
    preparing,
    reporting,
    sounding,
)
from companion.session.deciding.refusal import NO_PIN, NOT_NOW, Decision, Refused, Why
from companion.session.state import Stage, State

__all__ = ["Decision", "Refused", "Why", "decide"]

_NURSE_FIRST = (
    c.AnswerHearing,
    c.ChooseMode,
    c.LeaveIntention,
    c.AnswerCheckIn,
    c.Rate,
    c.SkipQuestion,
    c.StepBack,
    c.StopQuestions,
    c.PostponeRating,
    c.NextPhase,
    c.GoToReturn,
    c.ChangePeak,
    c.SayAnchor,
)
"""What must wait, after a long gap, until a nurse has chosen how to go on."""


def decide(state: State | None, command: c.Command, t: float) -> Decision:
    """The events that `command` brings about at `t` (none where it changes nothing), or why not."""
    if isinstance(command, c.NEEDS_PIN) and not command.by.confirmed:  # type: ignore[union-attr]
        return NO_PIN
    if isinstance(command, c.PrepareSession):
        return preparing.prepare(state, command, t)
    if state is None:
        return Refused(Why.NO_SESSION)
    if state.stage is Stage.READY and not isinstance(command, c.OpenRating):
        return Refused(Why.NO_SESSION)
    if state.waiting and isinstance(command, _NURSE_FIRST):
        return NOT_NOW
    match command:
        case c.AnswerHearing() | c.ChooseMode() | c.LeaveIntention():
            return preparing.answer(state, command, t)
        case (
            c.Rate()
            | c.SkipQuestion()
            | c.StepBack()
            | c.StopQuestions()
            | c.PostponeRating()
            | c.OpenRating()
            | c.LeaveWords()
        ):
            return asking.ask(state, command, t)
        case (
            c.StartInfusion()
            | c.StopPump()
            | c.RunPump()
            | c.NextPhase()
            | c.GoToReturn()
            | c.ChangePeak()
            | c.EndInfusion()
            | c.GoToRecovery()
            | c.ConfirmElapsed()
        ):
            return infusion.steer(state, command, t)
        case c.Call() | c.TakeBackCall() | c.AnswerCall() | c.AnswerCheckIn() | c.LookIn():
            return caring.care(state, command, t)
        case (
            c.SwitchSound()
            | c.Louder()
            | c.Quieter()
            | c.Soften()
            | c.Unsoften()
            | c.ChangePlaylist()
            | c.ChangeScript()
            | c.SayAnchor()
        ):
            return sounding.sound(state, command, t)
        case c.AllowOutput() | c.ReportOutput() | c.ReportSystemVolume():
            return output.attend(state, command, t)
        case c.ReportPower():
            return power.feed(state, command, t)
        case c.Note() | c.TakeOver() | c.GoOn() | c.CloseSession():
            return _keep(state, command, t)
        case (
            c.ReportTrack()
            | c.ReportTrackFailed()
            | c.ReportSoundLost()
            | c.ReportSoundReturned()
            | c.ReportCallSent()
            | c.ReportCallNotSent()
            | c.ReportFault()
            | c.ReportReturn()
        ):
            return reporting.report(state, command, t)
        case _:
            assert_never(command)


def _keep(
    state: State, command: c.Note | c.TakeOver | c.GoOn | c.CloseSession, t: float
) -> Decision:
    """What a nurse does with the session as a whole."""
    match command:
        case c.Note(note=note, by=by):
            ok = note in state.plan.notes
            return (e.Noted(at=t, note=note, by=by),) if ok else Refused(Why.NO_SUCH_THING)
        case c.TakeOver(by=by):
            return () if by.who == state.nurse else (e.TakenOver(at=t, by=by),)
        case c.GoOn(by=by):
            return (e.WentOn(at=t, by=by),) if state.waiting else NOT_NOW
        case c.CloseSession(by=by):
            if state.call is not None:
                return Refused(Why.CALL_OPEN)
            asked = (e.CheckInUnanswered(at=t),) if state.check_in is not None else ()
            return (*asked, e.SessionClosed(at=t, by=by))
