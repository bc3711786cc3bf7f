"""A session as rows of a table: one for each event that a reader of the record cares about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from companion.journal.log import Recorded
from companion.session.events import (
    Answered,
    By,
    CallSent,
    CheckInAsked,
    InfusionEnded,
    InfusionStarted,
    PlaylistChanged,
    ScriptChanged,
    SessionPrepared,
    Skipped,
    SteppedBack,
    Voided,
)
from companion.session.voiding import voids

_LEFT_OUT = (CallSent, CheckInAsked, SteppedBack)
"""Each is followed by an event that says how it went."""

Value = str | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One line of the table; the fields are its columns."""

    session: str
    code: str | None
    time: str
    """When it was written down; ISO 8601 with the offset to UTC."""
    minute: float | None
    """Since T0, negative before it; None in a session without an infusion."""
    what: str
    about: str
    value: Value
    who: str
    confirmed: bool | None
    """Whether her PIN confirmed it; None where nobody did it."""
    minutes_after_infusion: float | None = None
    early: bool | None = None
    assumed: bool | None = None
    """Whether the infusion's end was assumed from the protocol."""
    void: bool = False
    """Whether somebody marked it as void, alone or with the rating or the session."""
    void_by: str = ""
    void_reason: str = ""


def table(stream: Sequence[Recorded]) -> Iterator[TableRow]:
    """The rows of one session, in order."""
    first = stream[0]
    code = first.event.code if isinstance(first.event, SessionPrepared) else None
    start = first.moment.wall - first.event.at
    t0s = [kept.event.t0 for kept in stream if isinstance(kept.event, InfusionStarted)]
    marks = voids([kept.event for kept in stream])
    for kept in stream:
        event = kept.event
        mark = marks.get(kept.seq)
        if isinstance(event, _LEFT_OUT):
            continue
        by: By | None = getattr(event, "by", None)
        asked = event if isinstance(event, Answered) else None
        yield TableRow(
            session=kept.stream,
            code=code,
            time=local_time(kept.moment.wall),
            minute=round((event.at - t0s[-1]) / 60, 1) if t0s else None,
            what=re.sub(r"(?<!^)(?=[A-Z])", " ", type(event).__name__).lower(),
            about=_about(event),
            value=_value(event, start),
            who=by.who if by else "",
            confirmed=by.confirmed if by else None,
            minutes_after_infusion=asked.minutes if asked else None,
            early=asked.early if asked else None,
            assumed=asked.assumed if asked else None,
            void=mark is not None,
            void_by=mark.by.who if mark else "",
            void_reason=mark.reason if mark else "",
        )


def local_time(wall: float) -> str:
    """ISO 8601 with the offset to UTC. `wall` in seconds since 1970 UTC."""
    return datetime.fromtimestamp(wall).astimezone().isoformat(timespec="seconds")


def _about(event: Any) -> str:
    match event:
        case Answered() | Skipped():
            return f"{event.question} {event.when}"
        case Voided(what=what, seq=seq):
            return what if seq is None else f"{what} {seq}"
    return ""


def _value(event: Any, start: float) -> Value:
    match event:
        case SessionPrepared():
            return event.plan.protocol.title
        case InfusionStarted():
            return local_time(start + event.t0)
        case InfusionEnded():
            return local_time(start + event.ended)
        case PlaylistChanged():
            return event.playlist.title
        case ScriptChanged():
            return event.script.title if event.script else None
        case Answered():
            return event.value
        case Skipped():
            return None
        case Voided(reason=reason):
            return reason
    rest = {f.name: getattr(event, f.name) for f in fields(event) if f.name not in ("at", "by")}
    if len(rest) > 1:
        return ", ".join(f"{name} {value}" for name, value in rest.items())
    return next(iter(rest.values()), None)
