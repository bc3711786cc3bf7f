"""Which sessions the clinic's rule no longer keeps the patient's own answers of.

They are deleted by keeping an `AnswersDeleted` for each: the journal does it in the same step.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.journal.log import Log
from companion.moment import Instant
from companion.session.book import AnswersDeleted
from companion.session.events import By, RatingOpened, SessionClosed

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Outlived:
    """A session whose answers are kept longer than the clinic wants."""

    stream: str
    closed: float
    """When it was closed, seconds since 1970 UTC."""
    count: int
    """How many bodies of the patient's own it has, sealed or readable."""


def last_kept(keep_days: int, now: Instant) -> float:
    """What was closed before this moment, in seconds since 1970 UTC, is no longer kept."""
    return now.wall - keep_days * _DAY


def outlived(log: Log, keep_days: int, now: Instant) -> tuple[Outlived, ...]:
    """The sessions closed more than `keep_days` before `now` of which something is left, the
    earliest first. An open one is none of them, whatever its age."""
    closed: dict[str, float] = {}
    ends = "SELECT stream, kind, wall FROM event WHERE kind IN (?, ?) ORDER BY id"
    kinds = (SessionClosed.__name__, RatingOpened.__name__)
    for stream, kind, wall in log.connection.execute(ends, kinds).fetchall():
        if kind == SessionClosed.__name__:
            closed[stream] = wall
        else:
            closed.pop(stream, None)
    left = """SELECT stream, count(*) FROM
        (SELECT stream, seq FROM private UNION SELECT stream, seq FROM sealed) GROUP BY stream"""
    until = last_kept(keep_days, now)
    found = (
        Outlived(stream, closed[stream], count)
        for stream, count in log.connection.execute(left).fetchall()
        if closed.get(stream, until) < until
    )
    return tuple(sorted(found, key=lambda one: one.closed))


def tombstones(
    sessions: Sequence[Outlived], keep_days: int, by: By | None
) -> tuple[AnswersDeleted, ...]:
    """What to keep in the tablet's book so that the answers of `sessions` are deleted."""
    return tuple(
        AnswersDeleted(session=one.stream, count=one.count, keep_days=keep_days, by=by)
        for one in sessions
    )
