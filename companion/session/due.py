"""What time alone brings about, and when the next such thing will be.

The shell asks `due` before every command and at every `next_change`; it has no rule of its own.
"""

import math
from collections.abc import Iterator

from companion.session import events as e
from companion.session.plan import PROGRAMME, Phase
from companion.session.script import line, spoken
from companion.session.state import Stage, State, evolve
from companion.session.times import (
    infusion_end,
    moment_of,
    next_minute,
    next_minute_until,
    next_renewal,
    phase,
)

TAKE_BACK = 5.0
"""Seconds in which a call can be taken back."""


def due(state: State | None, t: float) -> tuple[e.Event, ...]:
    """The events that are due by `t`, each at its own moment, in order."""
    events: list[e.Event] = []
    while state is not None and (event := _first_due(state, t)) is not None:
        events.append(event)
        state = evolve(state, event)
    return tuple(events)


def look_in_due(state: State) -> float | None:
    """The moment at which the next look-in is due; None while none is expected."""
    if state.t0 is None or state.finished or state.stage in (Stage.CLOSED, Stage.READY):
        return None
    since = state.t0 if state.looked_in is None else state.looked_in
    return since + state.plan.protocol.look_in_every


def can_take_back(state: State, t: float) -> bool:
    """Whether the call that shows can still be taken back at `t`."""
    return state.call is not None and t < state.call.at + TAKE_BACK


def next_change(state: State | None, t: float) -> float | None:
    """The first moment after `t` at which the view or the wanted sound changes by itself, or
    something is due. The elapsed minute is among them. None: nothing until somebody acts."""
    if state is None or state.stage is Stage.READY:
        return None
    later = [moment for moment in _changes(state, t) if moment is not None and moment > t]
    return min(later, default=None)


def _changes(state: State, t: float) -> Iterator[float | None]:
    protocol = state.plan.protocol
    yield from _minutes(state, t)
    if (upcoming := _first_due(state, math.inf)) is not None:
        yield upcoming.at
    yield moment_of(state, protocol.infusion)
    if state.holding is not None:
        yield state.holding.began + protocol.hold_large
    if state.call is not None:
        yield state.call.at + TAKE_BACK
    if state.recovering is not None:
        yield state.recovering + protocol.bed
    if state.standing:
        yield next_renewal(t)
    asked = line(state)
    for one in (*spoken(state), *(() if asked is None else (asked,))):
        yield from (one.notice, one.begins, one.ends, one.leaves)


def _minutes(state: State, t: float) -> Iterator[float]:
    """When each of the minutes that stand on a screen is the next one."""
    if state.t0 is not None:
        yield next_minute(state.t0, t)
    if (end := infusion_end(state, t)) is not None:
        yield next_minute(end[0], t)
    if state.holding is not None:
        yield next_minute(state.holding.began, t)
    if state.call is not None:
        yield next_minute(state.call.at, t)
    if (look_in := look_in_due(state)) is not None:
        yield look_in
        yield next_minute_until(look_in, t)


def _first_due(state: State, t: float) -> e.Event | None:
    if state.waiting or state.stage in (Stage.READY, Stage.PREPARING):
        return None
    candidates = [
        event
        for event in (_unanswered(state), _phase(state), _check_in(state))
        if event is not None and event.at <= t
    ]
    return min(candidates, key=lambda event: event.at, default=None)


def _unanswered(state: State) -> e.Event | None:
    if state.check_in is None:
        return None
    at = max(state.as_of, state.check_in + state.plan.protocol.check_in_shown)
    return e.CheckInUnanswered(at=at)


def _phase(state: State) -> e.Event | None:
    """The next phase, or recovery after the last; a check-in still open then had no answer."""
    if state.stage is not Stage.INFUSING:
        return None
    index = PROGRAMME.index(state.began[-1][0])
    moment = moment_of(state, state.ends[index])
    if moment is None:
        return None
    at = max(moment, state.as_of)
    if index + 1 < len(PROGRAMME):
        return e.PhaseBegan(at=at, phase=PROGRAMME[index + 1])
    asked = state.check_in is not None
    return e.CheckInUnanswered(at=at) if asked else e.RecoveryBegan(at=at)


def _check_in(state: State) -> e.Event | None:
    protocol = state.plan.protocol
    planned = protocol.check_ins[state.check_ins_due :]
    if state.stage is not Stage.INFUSING or not planned:
        return None
    moment = moment_of(state, planned[0])
    if moment is None:
        return None
    at = max(moment, state.as_of)
    if (why := _why_not(state, at, late=at - moment)) is not None:
        return e.CheckInSkipped(at=at, why=why)
    return e.CheckInAsked(at=at)


def _why_not(state: State, at: float, late: float) -> str | None:
    protocol = state.plan.protocol
    if state.plan.eyes_covered:
        return "eyes covered"
    if late > protocol.check_in_shown or state.check_in is not None:
        return "missed"
    if phase(state, at) is Phase.PEAK and not protocol.check_ins_at_peak:
        return "peak"
    return "call" if state.call is not None else None
