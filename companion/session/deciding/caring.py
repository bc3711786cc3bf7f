"""The call, the check-in and the look-in."""

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding.refusal import NOT_NOW, Decision, Refused, Why
from companion.session.due import can_take_back
from companion.session.state import State

Caring = c.Call | c.TakeBackCall | c.AnswerCall | c.AnswerCheckIn | c.LookIn


def care(state: State, command: Caring, t: float) -> Decision:
    """A call is never refused and never lost; only a nurse's name answers it."""
    match command:
        case c.Call(source=source):
            if state.call is not None:
                return ()
            asked = (e.CheckInUnanswered(at=t),) if state.check_in is not None else ()
            return (*asked, e.Called(at=t, source=source))
        case c.TakeBackCall():
            if state.call is None:
                return ()
            ok = can_take_back(state, t)
            return (e.CallTakenBack(at=t),) if ok else Refused(Why.TOO_LATE)
        case c.AnswerCall(by=by):
            # A name tile, whoever's view was open: never confirmed by a PIN.
            return () if state.call is None else (e.CallAnswered(at=t, by=e.By(by.who)),)
        case c.AnswerCheckIn(comfortable=comfortable):
            if state.check_in is None:
                return NOT_NOW
            return (e.CheckInAnswered(at=t, comfortable=comfortable),)
        case c.LookIn(by=by):
            ok = state.t0 is not None and not state.finished
            return (e.LookedIn(at=t, by=by),) if ok else NOT_NOW
