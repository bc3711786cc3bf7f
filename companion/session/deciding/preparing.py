"""From the nurse's card to the beginning of settling."""

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding.refusal import NO_PIN, NOT_NOW, Decision, Refused, Why, lacks_pin
from companion.session.plan import Mode, Plan
from companion.session.state import Stage, State, evolve

_UNDER_WAY = 240 * 60.0
"""How far back the start of a session already under way may lie, in seconds."""

Preparing = c.AnswerHearing | c.ChooseMode | c.LeaveIntention


def prepare(state: State | None, command: c.PrepareSession, t: float) -> Decision:
    """Begin a session, or take up one that is already under way."""
    if state is not None and state.stage is not Stage.READY:
        return Refused(Why.SESSION_OPEN)
    prepared = e.SessionPrepared(
        at=t, by=command.by, room=command.room, plan=command.plan, code=command.code
    )
    if command.under_way is None and command.plan.playlist.sections:
        return (prepared,)
    chosen = e.ModeChosen(at=t, mode=usual_mode(command.plan), by=command.by)
    if command.under_way is None:
        return (prepared, *then_settle(_begun(prepared), t, chosen))
    if not 0 <= command.under_way <= _UNDER_WAY:
        return Refused(Why.TOO_FAR_BACK)
    started = e.InfusionStarted(at=t, t0=t - command.under_way, by=command.by)
    return (prepared, chosen, e.SettlingBegan(at=t), started)


def answer(state: State, command: Preparing, t: float) -> Decision:
    """What the patient is asked before settling; the mode a nurse may change later."""
    if isinstance(command, c.ChooseMode) and command.by is not None:
        return _change_mode(state, command.mode, command.by, t)
    if state.stage is not Stage.PREPARING:
        return NOT_NOW
    match command:
        case c.AnswerHearing(heard=heard):
            return (e.HearingAnswered(at=t, heard=heard),) if state.asks_hearing else NOT_NOW
        case c.ChooseMode(mode=mode):
            if state.asks_hearing or state.mode is not None:
                return NOT_NOW
            return then_settle(state, t, e.ModeChosen(at=t, mode=mode))
        case c.LeaveIntention(words=words):
            if state.mode is None or state.intention is not None or not state.plan.intention:
                return NOT_NOW
            return then_settle(state, t, e.IntentionLeft(at=t, words=words))


def _begun(prepared: e.SessionPrepared) -> State:
    state = evolve(None, prepared)
    assert state is not None
    return state


def then_settle(state: State, t: float, event: e.Event) -> tuple[e.Event, ...]:
    """`event`, and the beginning of settling when it was the last thing to prepare."""
    after = evolve(state, event)
    assert after is not None
    intending = after.plan.intention and after.intention is None
    chosen = not after.asks_hearing and after.mode is not None and not intending
    ready = after.stage is Stage.PREPARING and chosen and after.asked is None
    return (event, e.SettlingBegan(at=t)) if ready else (event,)


def usual_mode(plan: Plan) -> Mode:
    """What is heard where the patient was not asked."""
    if not plan.playlist.sections:
        return Mode.SILENCE
    return Mode.VOICE if plan.script else Mode.MUSIC


def _change_mode(state: State, mode: Mode, by: e.By, t: float) -> Decision:
    if lacks_pin(by):
        return NO_PIN
    if state.stage is Stage.PREPARING or state.finished:
        return NOT_NOW
    if mode is not Mode.SILENCE and not state.plan.playlist.sections:
        return Refused(Why.NO_SUCH_THING)
    return () if mode is state.mode else (e.ModeChosen(at=t, mode=mode, by=by),)
