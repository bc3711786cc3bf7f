"""What a nurse marks as void in a session that is closed. Nothing is deleted: the mark is one more
event, with her name and a reason, and whoever reads the record sees both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from companion.session import events as e
from companion.session.deciding.refusal import NO_PIN, Decision, Refused, Why, lacks_pin
from companion.session.state import Stage, replay


class What(StrEnum):
    """What is marked."""

    EVENT = "event"
    RATING = "rating"
    """Every answer after the infusion so far, with the words left there."""
    SESSION = "session"


class Reason(StrEnum):
    """Why; `words` says it in a sentence."""

    OTHER_PATIENT = "other patient"
    MISTAKE = "mistake"
    SOMEBODY_ELSE = "somebody else"
    TRIED_OUT = "tried out"


@dataclass(frozen=True, slots=True)
class Void:
    """Mark `what` as void. `seq` is the place of the event, where it is one."""

    what: What
    reason: Reason
    by: e.By
    seq: int | None = None


VOIDABLE = (e.Answered, e.Noted, e.CheckInAnswered, e.IntentionLeft, e.WordsLeft)
"""What somebody said or noted. What the tablet did stays what it did."""


def void(events: Sequence[e.Event], command: Void, t: float) -> Decision:
    """The mark on a session of these `events`, all of them, at its second `t`; none where it is
    marked already; or why not."""
    if lacks_pin(command.by):
        return NO_PIN
    state = replay(events)
    if state is None:
        return Refused(Why.NO_SESSION)
    if state.stage is not Stage.READY:
        return Refused(Why.SESSION_OPEN)
    concerned = _concerned(events, command.what, command.seq)
    if not concerned:
        return Refused(Why.NO_SUCH_THING)
    whole = command.what is What.SESSION
    marked = session_void(events) if whole else concerned <= voids(events).keys()
    if marked:
        return ()
    seq = command.seq if command.what is What.EVENT else None
    at = max(t, state.as_of)
    return (e.Voided(at=at, what=command.what, seq=seq, reason=command.reason, by=command.by),)


def voids(events: Sequence[e.Event]) -> dict[int, e.Voided]:
    """By place in the session, from 1: the first mark that makes this event void."""
    found: dict[int, e.Voided] = {}
    for number, event in enumerate(events):
        if isinstance(event, e.Voided):
            for seq in _concerned(events[:number], event.what, event.seq):
                found.setdefault(seq, event)
    return found


def session_void(events: Sequence[e.Event]) -> e.Voided | None:
    """The mark that makes the session as a whole void."""
    marks = (event for event in events if isinstance(event, e.Voided))
    return next((mark for mark in marks if mark.what == What.SESSION), None)


def _concerned(events: Sequence[e.Event], what: str, seq: int | None) -> set[int]:
    """The places of the events that such a mark makes void; none for what is not known here."""
    placed = list(enumerate(events, start=1))
    match what:
        case What.EVENT:
            return {place for place, one in placed if place == seq and isinstance(one, VOIDABLE)}
        case What.RATING:
            return {place for place, one in placed if _rated(one)}
        case What.SESSION:
            return {place for place, one in placed if not isinstance(one, e.Voided)}
    return set()


def _rated(event: e.Event) -> bool:
    if isinstance(event, e.Answered):
        return event.when == "after"
    return isinstance(event, e.WordsLeft)
