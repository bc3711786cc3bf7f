"""The questions from 0 to 10, before and after; when they open, and how they end."""

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding.infusion import recover
from companion.session.deciding.preparing import then_settle
from companion.session.deciding.refusal import NO_PIN, NOT_NOW, Decision, Refused, Why
from companion.session.state import Stage, State
from companion.session.times import infusion_end

Asking = (
    c.Rate
    | c.SkipQuestion
    | c.StepBack
    | c.StopQuestions
    | c.PostponeRating
    | c.OpenRating
    | c.LeaveWords
)


def ask(state: State, command: Asking, t: float) -> Decision:
    """Open the rating, take an answer, go back, or leave it."""
    match command:
        case c.OpenRating(by=by):
            return _open(state, by, t)
        case c.LeaveWords(words=words):
            ok = state.stage in (Stage.RATING, Stage.CLOSED)
            return (e.WordsLeft(at=t, words=words),) if ok else NOT_NOW
        case c.PostponeRating():
            ok = state.stage in (Stage.RATING, Stage.RECOVERING) and not state.finished
            return (e.RatingPostponed(at=t),) if ok else NOT_NOW
        case c.StepBack():
            return (e.SteppedBack(at=t),) if state.can_step_back else NOT_NOW
        case c.StopQuestions():
            ended = e.QuestionsEnded(at=t, wanted=False)
            return then_settle(state, t, ended) if _asking(state) else NOT_NOW
        case c.Rate() | c.SkipQuestion():
            return _answer(state, command, t)


def _asking(state: State) -> bool:
    """Whether a question is on the screen."""
    if state.stage is Stage.PREPARING and state.plan.intention and state.intention is None:
        return False
    return state.mode is not None and state.asked is not None


def _answer(state: State, command: c.Rate | c.SkipQuestion, t: float) -> Decision:
    asked = state.asked
    if not _asking(state) or asked is None or asked.key != command.question:
        return NOT_NOW
    before = state.stage is Stage.PREPARING
    event: e.Event
    if isinstance(command, c.SkipQuestion):
        event = e.Skipped(at=t, when="before" if before else "after", question=asked.key)
    elif not 0 <= command.value <= 10:
        return Refused(Why.NO_SUCH_THING)
    elif before:
        event = e.Answered(at=t, when="before", question=asked.key, value=command.value)
    else:
        event = _after(state, asked.key, command.value, t)
    if before:
        return then_settle(state, t, event)
    last = state.question + 1 == len(state.questions)
    return (event, e.QuestionsEnded(at=t, wanted=True)) if last else (event,)


def _after(state: State, key: str, value: int, t: float) -> e.Answered:
    """An answer after the infusion, with its minutes since the end; without an end it is early."""
    end = infusion_end(state, t)
    since = None if end is None else t - end[0]
    return e.Answered(
        at=t,
        when="after",
        question=key,
        value=value,
        minutes=None if since is None else since / 60.0,
        early=since is None or since < state.plan.protocol.early_before,
        assumed=end is not None and end[1],
    )


def _open(state: State, by: e.By | None, t: float) -> Decision:
    """The patient opens it herself in recovery; at any other time a nurse does."""
    confirmed = by is not None and by.confirmed
    none_asked = () if state.plan.after else (e.QuestionsEnded(at=t, wanted=True),)
    opened = (e.RatingOpened(at=t, by=by), *none_asked)
    match state.stage:
        case Stage.RECOVERING if confirmed or not state.waiting:
            return opened
        case Stage.PREPARING | Stage.RATING:
            return NOT_NOW
        case Stage.READY if not state.postponed:
            return NOT_NOW
        case _ if not confirmed:
            return NO_PIN
        case Stage.SETTLING | Stage.INFUSING:
            return (*recover(state, by, t), *opened)
        case _:
            return opened
