"""What a damaged journal still tells: its events by their places, and marks where one is missing.

A stream that is recovered has no gap: where an event could not be read stands `EventLost`, or
`EntryLost` in the tablet's book, so that every other event keeps its place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from companion.journal.codec import CODEC, UnknownKind, Unreadable, Written
from companion.journal.log import Row
from companion.journal.pages import Entry, bytes_of, read_pages
from companion.moment import Instant
from companion.session import book, events
from companion.session.book import STREAM as BOOK

Place = tuple[str, int]
"""Stream and number in it."""

_LONGEST = 100_000
"""Events of one stream; a higher number is no place but damage to a number."""


@dataclass(slots=True)
class Salvage:
    """What could be read."""

    rows: dict[Place, Row] = field(default_factory=dict)
    order: dict[Place, int] = field(default_factory=dict)
    """When each was written, as a number that grows; also of rows that could not be read."""
    sealed: dict[Place, bytes] = field(default_factory=dict)
    """Private bodies that only the clinic's own key opens."""
    alive: dict[str, Instant] = field(default_factory=dict)
    tablet: str | None = None
    unread: int = 0
    """Pages and records that could not be read."""

    def add(self, rows: Iterable[Row]) -> None:
        """Rows known from elsewhere; they hold where a file tells something different."""
        for row in rows:
            readable = _readable(row, row.written.private)
            if readable is not None:
                self.rows[row.stream, row.seq] = readable


@dataclass(frozen=True, slots=True)
class Recovered:
    """Streams without a gap, in the order in which they were written, and what they lack."""

    rows: tuple[Row, ...]
    recovered: int
    lost: int
    private_lost: int
    more_lost: bool
    """Something else could not be read: nobody knows whether it was an event."""


def salvage(path: Path) -> Salvage:
    """What the journal at `path`, whatever its state, still holds. Raises OSError where it cannot
    be read at all."""
    return salvage_bytes(*bytes_of(path))


def salvage_bytes(main: bytes, log: bytes = b"") -> Salvage:
    """The same of the bytes of a journal, and of SQLite's log beside it."""
    reading = read_pages(main, log)
    found = Salvage(unread=reading.unread)
    bodies: dict[Place, str] = {}
    tablets: Counter[str] = Counter()
    rows: list[tuple[int, Row]] = []
    for entry in reading.entries:
        match entry:
            case Entry(int() as order, (None, str() as tablet, *rest)) if row := _row(rest, order):
                rows.append((order, row))
                tablets[tablet] += 1
            case Entry(None, (str() as stream, int() as seq, int() as order)) if (
                1 <= seq <= min(order, _LONGEST)
            ):
                found.order[stream, seq] = order
            case Entry(None, (str() as stream, int() as seq, str() as body, *_)):
                bodies[stream, seq] = body
            case Entry(None, (str() as stream, int() as seq, bytes() as closed)):
                found.sealed[stream, seq] = closed
            case Entry(None, (str() as stream, int() | float(), int() | float(), str())):
                _, wall, boot, boot_id = entry.values
                found.alive[stream] = Instant(float(wall), float(boot), boot_id)  # type: ignore[arg-type]
    for order, row in rows:
        place = (row.stream, row.seq)
        readable = _readable(row, bodies.get(place))
        found.order[place] = order
        if readable is not None:
            found.rows[place] = readable
    if tablets:
        found.tablet = tablets.most_common(1)[0][0]
    return found


def recover(found: Salvage, ends: Mapping[str, int]) -> Recovered:
    """Streams out of what was found; `ends` tells of some how long they are at least."""
    ends = {**ends}
    for stream, seq in (*found.order, *found.rows):
        ends[stream] = max(ends.get(stream, 0), seq)
    ordered = sorted(
        (one for stream, end in ends.items() for one in _whole_stream(found, stream, end)),
        key=lambda one: one[0],
    )
    rows = tuple(row for _, row in ordered)
    return Recovered(
        rows,
        recovered=len(found.rows),
        lost=sum(ends.values()) - len(found.rows),
        private_lost=sum(
            _lacks_private(row) and (row.stream, row.seq) not in found.sealed for row in rows
        ),
        more_lost=found.unread > 0,
    )


def _whole_stream(found: Salvage, stream: str, end: int) -> Iterator[tuple[int, Row]]:
    """Every event of `stream` or its mark, each with a number that tells when it was written. A
    session of which nothing is left is none."""
    there = [found.rows[stream, n] for n in range(1, end + 1) if (stream, n) in found.rows]
    if not there and stream != BOOK:
        return
    order, before = 0, there[0] if there else None
    for seq in range(1, end + 1):
        place = (stream, seq)
        row = found.rows.get(place) or _mark(stream, seq, before)
        written = found.order.get(place, _NEWEST if place in found.rows else 0)
        order, before = max(order, written), row
        yield order, row


_NEWEST = 2**62
"""The order of a row that stands in no file yet."""


def _row(values: Sequence[object], order: int) -> Row | None:
    """The row of a record's values, from its stream on; None: it is no event. Before the n-th
    event of a stream at least n - 1 others were written."""
    match values:
        case [
            str() as stream,
            int() as seq,
            str() as kind,
            int() as version,
            int() | float() as wall,
            int() | float() as boot,
            str() as boot_id,
            str() as body,
            *_,
        ] if 1 <= seq <= min(order, _LONGEST):
            moment = Instant(float(wall), float(boot), boot_id)
            return Row(stream, seq, moment, Written(kind, version, body, None))
    return None


def _readable(row: Row, private: str | None) -> Row | None:
    """`row` with its private body where that is the right one; None: it tells no event."""
    for body in dict.fromkeys((private, None)):
        whole = replace(row, written=replace(row.written, private=body))
        try:
            CODEC.read(whole.written)
        except UnknownKind:
            return whole if _is_of_a_later_version(row.written) else None
        except Unreadable:
            continue
        return whole
    return None


def _is_of_a_later_version(written: Written) -> bool:
    """Whether an event of a kind that nobody knows here is an event all the same."""
    try:
        return written.kind.isidentifier() and isinstance(msgspec.json.decode(written.body), dict)
    except msgspec.MsgspecError:
        return False


def _mark(stream: str, seq: int, near: Row | None) -> Row:
    """The mark of a missing event, at the moment of the one before it."""
    moment = Instant(0.0, 0.0, "") if near is None else near.moment
    if stream == BOOK:
        return Row(stream, seq, moment, CODEC.write(book.EntryLost()))
    at = 0.0 if near is None else float(msgspec.json.decode(near.written.body).get("at", 0.0))
    return Row(stream, seq, moment, CODEC.write(events.EventLost(at=at)))


def _lacks_private(row: Row) -> bool:
    return row.written.private is None and '"private_digest":' in row.written.body
