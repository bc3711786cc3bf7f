"""The tablet's battery: when to plug it in, and when the sound ends before the tablet does."""

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding.refusal import Decision
from companion.session.state import State

LOW = 30
"""Per cent of the battery under which the tablet asks to be plugged in."""

EMPTY = 4
"""Per cent at which the sound ends softly."""

_WORTH_TELLING = 5
"""Points that a low battery falls before it is told again."""


def feed(state: State, command: c.ReportPower, t: float) -> Decision:
    """Only mains take back what was said of a battery: one that seems to recover by itself is
    about to run out all the same."""
    percent = command.percent
    if command.on_mains or percent is None:
        return () if state.battery is None else (e.MainsReturned(at=t),)
    if percent <= EMPTY:
        return () if state.battery_empty else (e.BatteryEmpty(at=t, percent=percent),)
    told = LOW if state.battery is None else state.battery - _WORTH_TELLING + 1
    if percent < told and not state.battery_empty:
        return (e.BatteryLow(at=t, percent=percent),)
    return ()
