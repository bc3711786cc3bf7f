"""The two times of a session. *Elapsed* counts from T0 and never stops; *programme time* is
elapsed less the holds. Moments are session seconds, counted from `SessionPrepared`.
"""

import math
from typing import TYPE_CHECKING

from companion.session.plan import PROGRAMME, Phase

if TYPE_CHECKING:
    from companion.session.state import State

_RENEWED = 3600.0
"""Seconds by which the end of the sound is put off while the programme waits for a person."""

_HAIR = 1e-6
"""Seconds by which rounding may err; a whole minute must not be missed for it."""


def elapsed(state: "State", t: float) -> float | None:
    """Seconds from T0 to `t`; None before the infusion started."""
    return None if state.t0 is None else max(0.0, t - state.t0)


def programme(state: "State", t: float) -> float | None:
    """Programme seconds at `t`: elapsed less the holds. It stands still once recovery began."""
    if state.t0 is None:
        return None
    t = t if state.recovering is None else min(t, state.recovering)
    held = sum(
        max(0.0, min(t, t if hold.ended is None else hold.ended) - hold.began)
        for hold in state.holds
    )
    return max(0.0, t - state.t0 - held)


def moment_of(state: "State", at_programme: float) -> float | None:
    """When programme time is (or was) `at_programme`; None while a hold keeps it from coming."""
    return None if state.t0 is None else unheld(state, state.t0, at_programme)


def unheld(state: "State", since: float, seconds: float) -> float | None:
    """The moment by which `seconds` outside every hold have passed since `since`; None while a
    hold keeps it from coming."""
    t = since + seconds
    for hold in state.holds:
        began = max(hold.began, since)
        if began < t and hold.ended is None:
            return None
        if began < t and hold.ended is not None:
            t += max(0.0, hold.ended - began)
    return t


def phase(state: "State", t: float) -> Phase:
    """The phase of the arc at `t`: the last one that had begun by then."""
    return next((begun for begun, at in reversed(state.began) if at <= t), Phase.SETTLE)


def ends_after(state: "State", at: float, to: Phase) -> tuple[float, ...]:
    """The ends of the phases when `to` begins at `at`; what follows keeps its length."""
    now = programme(state, at) or 0.0
    first = PROGRAMME.index(to)
    shift = state.ends[first - 1] - now
    before = tuple(min(end, now) for end in state.ends[:first])
    return (*before, *(end - shift for end in state.ends[first:]))


def infusion_end(state: "State", t: float) -> tuple[float, bool] | None:
    """When the infusion ended, and whether that is assumed; None while it has not, by `t`."""
    if state.infusion_ended is not None:
        return state.infusion_ended, False
    planned = moment_of(state, state.plan.protocol.infusion)
    return (planned, True) if planned is not None and planned <= t else None


def whole_minutes(since: float, t: float) -> int:
    """Whole minutes from `since` to `t`, never negative."""
    return max(0, math.floor((t - since + _HAIR) / 60.0))


def next_minute(since: float, t: float) -> float:
    """The first moment after `t` at which one more whole minute has passed since `since`."""
    return since + 60.0 * (whole_minutes(since, t) + 1)


def minutes_until(moment: float, t: float) -> int:
    """Minutes from `t` to `moment`, begun ones counted; 0 or less once it is there."""
    return math.ceil((moment - t - _HAIR) / 60.0)


def next_minute_until(moment: float, t: float) -> float:
    """The first moment after `t` at which `minutes_until(moment, …)` is one less."""
    return moment - 60.0 * (minutes_until(moment, t) - 1)


def next_renewal(t: float) -> float:
    """The first moment after `t` at which the end of the sound is put off."""
    return _RENEWED * (1 + t // _RENEWED)
