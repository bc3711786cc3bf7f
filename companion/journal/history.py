"""What staff may read of earlier sessions: no patient's words, and codes only where needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from companion.journal.log import Log, Recorded
from companion.moment import Instant
from companion.session.book import STREAM as BOOK
from companion.session.events import (
    Answered,
    Called,
    ElapsedConfirmed,
    InfusionStarted,
    QuestionsEnded,
    RatingOpened,
    RatingPostponed,
    SessionClosed,
    SessionPrepared,
    Skipped,
    TakenOver,
    Voided,
)
from companion.session.voiding import What, session_void


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in a list. `began` and `t0` are seconds since 1970 UTC."""

    stream: str
    began: float
    room: str
    nurse: str
    """Initials of whose session it was, last."""
    protocol: str
    """The protocol's title."""
    t0: float | None
    minutes: float | None
    """From T0 to the close, or to the last event of an open session; None without T0."""
    closed: bool
    calls: int
    answered: int
    skipped: int
    head: str = ""
    """The digest of the event that closed it last; empty while it is open."""
    void_by: str | None = None
    """Initials of whoever marked the whole session as void; None: nobody did."""


@dataclass(frozen=True, slots=True)
class WaitingRating:
    """A closed session whose rating was put off until later today."""

    stream: str
    code: str | None


def sessions(log: Log, latest: int | None = None) -> tuple[SessionLine, ...]:
    """Every session, in the order in which they began; of the `latest` so many where that is
    given."""
    names = [stream for stream in log.streams() if stream != BOOK]
    streams = (log.read(stream) for stream in (names if latest is None else names[-latest:]))
    return tuple(_line(recorded) for recorded in streams if _prepared(recorded))


def codes(log: Log) -> dict[str, date]:
    """The patient codes that the tablet knows, each with the local day it was last seen."""
    return {
        recorded.event.code: local_day(recorded.moment.wall)
        for recorded in log.of_kind(SessionPrepared.__name__)
        if recorded.event.code is not None
    }


def waiting_ratings(log: Log, now: Instant) -> tuple[WaitingRating, ...]:
    """The ratings put off today, on the local day of `now`, and not taken up since."""
    postponed = dict.fromkeys(
        recorded.stream
        for recorded in log.of_kind(RatingPostponed.__name__)
        if local_day(recorded.moment.wall) == local_day(now.wall)
    )
    return tuple(
        WaitingRating(stream, prepared.event.code)
        for stream in postponed
        if _waits(recorded := log.read(stream)) and (prepared := _prepared(recorded))
    )


def local_day(wall: float) -> date:
    """The day at the tablet's place. `wall` in seconds since 1970 UTC."""
    return date.fromtimestamp(wall)


def _prepared(stream: Sequence[Recorded]) -> Recorded | None:
    first = stream[0]
    return first if isinstance(first.event, SessionPrepared) else None


def _waits(stream: Sequence[Recorded]) -> bool:
    waits = closed = False
    for recorded in stream:
        match recorded.event:
            case RatingPostponed():
                waits = True
            case RatingOpened() | QuestionsEnded():
                waits = False
            case Voided(what=What.RATING | What.SESSION):
                waits = False
            case SessionClosed():
                closed = True
    return waits and closed


def _line(stream: Sequence[Recorded]) -> SessionLine:
    first = stream[0]
    prepared: SessionPrepared = first.event
    nurse = prepared.by.who
    t0: float | None = None
    closed: float | None = None
    corrected = 0.0
    head = ""
    for recorded in stream:
        match recorded.event:
            case TakenOver(by=by):
                nurse = by.who
            case InfusionStarted() as started:
                t0 = started.t0
            case ElapsedConfirmed(seconds=seconds):
                corrected += seconds
            case SessionClosed(at=at):
                closed, head = at, recorded.digest
    end: float = stream[-1].event.at if closed is None else closed
    mark = session_void([recorded.event for recorded in stream])
    count = [type(recorded.event) for recorded in stream].count
    return SessionLine(
        stream=first.stream,
        began=first.moment.wall,
        room=prepared.room,
        nurse=nurse,
        protocol=prepared.plan.protocol.title,
        t0=None if t0 is None else first.moment.wall - prepared.at + t0,
        minutes=None if t0 is None else (end - t0 + corrected) / 60,
        closed=closed is not None,
        calls=count(Called),
        answered=count(Answered),
        skipped=count(Skipped),
        head=head,
        void_by=None if mark is None else mark.by.who,
    )
