"""The infusion and its programme: T0, the pump, the phases, the end."""

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding.preparing import usual_mode
from companion.session.deciding.refusal import NOT_NOW, Decision, Refused, Why
from companion.session.plan import PROGRAMME, Phase
from companion.session.state import Stage, State
from companion.session.times import phase, programme

Infusion = (
    c.StartInfusion
    | c.StopPump
    | c.RunPump
    | c.NextPhase
    | c.GoToReturn
    | c.ChangePeak
    | c.EndInfusion
    | c.GoToRecovery
    | c.ConfirmElapsed
)

_FARTHEST = 240 * 60.0
"""Seconds by which elapsed can be corrected."""


def steer(state: State, command: Infusion, t: float) -> Decision:
    """What a nurse says of the pump, and how she bends the programme."""
    match command:
        case c.StartInfusion(by=by, ago=ago):
            return _start(state, by, ago, t)
        case c.EndInfusion(by=by, ago=ago):
            if state.t0 is None:
                return NOT_NOW
            if not 0 <= ago <= state.plan.protocol.set_back or t - ago < state.t0:
                return Refused(Why.TOO_FAR_BACK)
            return (e.InfusionEnded(at=t, ended=t - ago, by=by),)
        case c.ConfirmElapsed(seconds=seconds, by=by):
            return _confirm(state, seconds, by, t)
        case c.GoToRecovery(by=by):
            ok = state.stage in (Stage.SETTLING, Stage.INFUSING)
            return recover(state, by, t) if ok else NOT_NOW
        case _:
            return _bend(state, command, t) if state.stage is Stage.INFUSING else NOT_NOW


def recover(state: State, by: e.By | None, t: float) -> tuple[e.Event, ...]:
    """Recovery begins; a check-in that still stood on the screen had no answer."""
    asked = (e.CheckInUnanswered(at=t),) if state.check_in is not None else ()
    return (*asked, e.RecoveryBegan(at=t, by=by))


_Bending = c.StopPump | c.RunPump | c.NextPhase | c.GoToReturn | c.ChangePeak


def _bend(state: State, command: _Bending, t: float) -> Decision:
    now = phase(state, t)
    match command:
        case c.StopPump(by=by):
            return (e.HoldBegan(at=t, by=by),) if state.holding is None else ()
        case c.RunPump(by=by):
            return (e.HoldEnded(at=t, by=by),) if state.holding is not None else ()
        case c.NextPhase(by=by) if now is Phase.RETURN:
            return recover(state, by, t)
        case c.NextPhase(by=by):
            return _advance(PROGRAMME[PROGRAMME.index(now) + 1], by, t)
        case c.GoToReturn(by=by):
            return () if now is Phase.RETURN else _advance(Phase.RETURN, by, t)
        case c.ChangePeak(longer=longer, by=by):
            return _change_peak(state, longer, by, t)


def _start(state: State, by: e.By, ago: float, t: float) -> Decision:
    if not 0 <= ago <= state.plan.protocol.set_back:
        return Refused(Why.TOO_FAR_BACK)
    started = e.InfusionStarted(at=t, t0=t - ago, by=by)
    if state.stage is Stage.SETTLING:
        return (started,)
    if state.stage is not Stage.PREPARING:
        return NOT_NOW
    unasked = (e.ModeChosen(at=t, mode=usual_mode(state.plan), by=by),)
    return (*(() if state.mode else unasked), e.SettlingBegan(at=t), started)


def _confirm(state: State, seconds: float, by: e.By, t: float) -> Decision:
    """Only while it is in doubt; and the infusion did not start after now."""
    if state.t0 is None or state.unsure_since is None:
        return NOT_NOW
    if abs(seconds) > _FARTHEST or t - state.t0 + seconds < 0:
        return Refused(Why.NO_SUCH_THING)
    return (e.ElapsedConfirmed(at=t, seconds=seconds, by=by),)


def _advance(to: Phase, by: e.By, t: float) -> Decision:
    """`to` begins now, in a hold as well."""
    return (e.PhaseAdvanced(at=t, to=to, by=by), e.PhaseBegan(at=t, phase=to))


def _change_peak(state: State, longer: bool, by: e.By, t: float) -> Decision:
    """Before the peak or in it; some of it must be left."""
    if phase(state, t) is Phase.RETURN:
        return NOT_NOW
    step = state.plan.protocol.peak_step
    begins = max(programme(state, t) or 0.0, state.ends[PROGRAMME.index(Phase.BUILD)])
    if not longer and state.ends[PROGRAMME.index(Phase.PEAK)] - step <= begins:
        return Refused(Why.PEAK_TOO_SHORT)
    return (e.PeakChanged(at=t, seconds=step if longer else -step, by=by),)
