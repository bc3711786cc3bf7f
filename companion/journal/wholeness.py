"""Whether every stream is as it was written: dense, tied event to event, and readable.

What it cannot know: whether the last events of a stream, or a stream as a whole, were taken away,
or whether somebody tied a changed chain anew. A head on paper tells.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from companion.journal.chain import BEGINNING, digest
from companion.journal.codec import UnknownKind, Unreadable
from companion.journal.log import Kept, Log

_AT_ONCE = 100
"""So many events are read in one go, so that nobody who writes waits for it."""


class Flaw(StrEnum):
    """What is wrong with an event."""

    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first event of a stream that is not as it was written."""

    stream: str
    seq: int
    flaw: Flaw


def wrongs(log: Log, pause: Callable[[], None] = lambda: None) -> Iterator[Wrong]:
    """The first wrong event of each stream that has one, in the order in which they were written.

    `pause` is called between two readings. Raises the connection's own errors.
    """
    ends: dict[str, tuple[int, str] | None] = {}
    last = 0
    while kept := log.after(last, _AT_ONCE):
        for one in kept:
            last = one.number
            stream = one.row.stream
            end = ends.get(stream, (0, BEGINNING))
            if end is None:  # what follows a wrong event proves nothing more
                continue
            if wrong := _wrong(log, one, *end):
                ends[stream] = None
                yield wrong
            else:
                ends[stream] = (one.row.seq, one.digest)
        pause()


def _wrong(log: Log, kept: Kept, last: int, before: str) -> Wrong | None:
    row = kept.row
    written = row.written
    if row.seq != last + 1:
        return Wrong(row.stream, last + 1, Flaw.MISSING)
    place = (row.stream, row.seq)
    tied = digest(before, *place, row.moment, written.kind, written.version, written.body)
    if tied != kept.digest:
        return Wrong(*place, Flaw.CHANGED)
    try:
        log.recorded(row)
    except (UnknownKind, Unreadable):
        return Wrong(*place, Flaw.UNREADABLE)
    return None
