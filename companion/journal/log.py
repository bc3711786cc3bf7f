"""The journal as a list of events: written once, in order, and read again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

from companion.journal.chain import BEGINNING, digest
from companion.journal.codec import CODEC, Codec, Written
from companion.journal.transaction import Connection, transaction
from companion.moment import Instant
from companion.session.book import STREAM as BOOK

_SELECT = """SELECT event.stream, event.seq, wall, boot, boot_id, kind, version, event.body,
    private.body, digest, sealed.body
    FROM event LEFT JOIN private USING (stream, seq) LEFT JOIN sealed USING (stream, seq)"""


class Misplaced(Exception):  # noqa: N818 (it is what it says)
    """An event whose place is taken by a different one, or lies beyond the end of its stream."""

    def __init__(self, stream: str, seq: int, why: str) -> None:
        super().__init__(f"event {seq} of stream {stream}: {why}")


class Withheld(StrEnum):
    """Why what is the patient's own in an event cannot be read."""

    SEALED = "sealed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event, where it stands, and the moment it was written down."""

    stream: str
    seq: int
    moment: Instant
    event: Any
    digest: str = field(default="", compare=False)
    """Ties it to the events before it, as `chain` tells; empty while it waits for the disk."""
    withheld: Withheld | None = None
    """Why its private fields read as None although something was in them; None: they can be
    read, or there are none."""


@dataclass(frozen=True, slots=True)
class Row:
    """An event as text, where it stands, and the moment it was written down."""

    stream: str
    seq: int
    """Below zero while nobody knows where its stream ends: then it comes to stand there, the lower
    number first."""
    moment: Instant
    written: Written


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it lies in the journal: its `number` in the order of writing, and its digest."""

    number: int
    row: Row
    digest: str


class Log:
    """Every stream in one file. `seq` counts from 1 in each stream, without a gap."""

    def __init__(
        self,
        connection: Connection,
        codec: Codec = CODEC,
        open_sealed: Callable[[bytes], str | None] = lambda sealed: None,
    ) -> None:
        """`open_sealed` gives the private body that was sealed; None: it cannot."""
        self._connection = connection
        self._codec = codec
        self._open_sealed = open_sealed
        (self.tablet,) = connection.execute("SELECT id FROM tablet").fetchone()

    @property
    def connection(self) -> Connection:
        """For what is kept in the same file beside the events."""
        return self._connection

    def file(self) -> Path:
        """Where the journal lies."""
        (_, _, file) = self._connection.execute("PRAGMA database_list").fetchone()
        return Path(file)

    def rows(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> tuple[Row, ...]:
        """`events` as they will be kept. Raises what `Codec.write` does."""
        return tuple(
            Row(stream, seq, moment, self._codec.write(event))
            for seq, event in enumerate(events, start=first_seq)
        )

    def append(self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]) -> None:
        """Keep `events` for good, all or none. Keeping the same ones once more changes nothing.

        Raises `Misplaced`, what `Codec.write` does, and the connection's own errors.
        """
        self.keep(self.rows(stream, first_seq, moment, events))

    def keep(self, rows: Sequence[Row]) -> None:
        """Like `append`, for rows of any streams."""
        with transaction(self._connection):
            for row in self.placed(rows):
                last, before = self._end(row.stream)
                if row.seq == last + 1:
                    self._insert(row, before)
                elif not 1 <= row.seq <= last:
                    raise Misplaced(row.stream, row.seq, f"the stream ends at {last}")
                elif not self._is_kept(row):
                    raise Misplaced(row.stream, row.seq, "its place is taken by another")

    def placed(self, rows: Sequence[Row]) -> Sequence[Row]:
        """`rows`, each at its place: one without a place has the first that is free in its stream,
        unless it is there already."""
        loose = sorted((row for row in rows if row.seq < 0), key=lambda row: row.seq)
        if not loose:
            return rows
        streams = {row.stream for row in loose}
        others = [row for row in rows if row.stream not in streams]
        here = [row for row in rows if row.stream in streams and row.seq >= 0]
        taken = {(row.stream, row.seq) for row in here}
        for row in loose:
            if not self._stands(row):
                numbers = count(self.last_seq(row.stream) + 1)
                seq = next(seq for seq in numbers if (row.stream, seq) not in taken)
                taken.add((row.stream, seq))
                here.append(replace(row, seq=seq))
        return [*sorted(here, key=lambda row: row.seq), *others]

    def read(self, stream: str) -> tuple[Recorded, ...]:
        """Every event of `stream`, in order. Raises what `Codec.read` does."""
        return self._find("WHERE event.stream = ? ORDER BY event.seq", stream)

    def rows_of(self, stream: str) -> tuple[Row, ...]:
        """Every event of `stream` as text, in order."""
        query = f"{_SELECT} WHERE event.stream = ? ORDER BY event.seq"
        return tuple(_row(values) for *values, _ in self._connection.execute(query, (stream,)))

    def image(self) -> bytes:
        """The whole file as this connection sees it, also after it was taken away."""
        return self._connection.serialize()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def of_kind(self, kind: str) -> tuple[Recorded, ...]:
        """Every event of `kind` in all streams, in the order they were written down."""
        return self._find("WHERE kind = ? ORDER BY event.id", kind)

    def after(self, number: int, count: int) -> tuple[Kept, ...]:
        """The next `count` rows written after `number`, whatever their content. Bytes that are no
        text come as the sign for that."""
        query = """SELECT event.id, event.stream, event.seq, wall, boot, boot_id, kind, version,
            CAST(event.body AS BLOB), CAST(private.body AS BLOB), digest
            FROM event LEFT JOIN private USING (stream, seq)
            WHERE event.id > ? ORDER BY event.id LIMIT ?"""
        found = self._connection.execute(query, (number, count)).fetchall()
        return tuple(
            Kept(first, _row((*place, _text(body), _text(private), tied)), tied)
            for first, *place, body, private, tied in found
        )

    def last_seq(self, stream: str) -> int:
        """Where `stream` ends; 0: nothing is in it."""
        last, _ = self._end(stream)
        return last

    def streams(self) -> tuple[str, ...]:
        """Every stream, in the order in which they began."""
        query = "SELECT stream FROM event WHERE seq = 1 ORDER BY id"
        return tuple(stream for (stream,) in self._connection.execute(query).fetchall())

    def latest_session(self) -> str | None:
        """The session to which the newest event belongs, the tablet's own book left out."""
        query = "SELECT stream FROM event WHERE stream != ? ORDER BY id DESC LIMIT 1"
        found = self._connection.execute(query, (BOOK,)).fetchone()
        return found[0] if found else None

    def mark_alive(self, stream: str, moment: Instant) -> None:
        """Note that the program still ran for `stream` at `moment`."""
        with transaction(self._connection):
            self._connection.execute(
                "INSERT OR REPLACE INTO alive (stream, wall, boot, boot_id) VALUES (?, ?, ?, ?)",
                (stream, moment.wall, moment.boot, moment.boot_id),
            )

    def alive(self, stream: str) -> Instant | None:
        """When the program last ran for `stream`, as far as `mark_alive` tells."""
        query = "SELECT wall, boot, boot_id FROM alive WHERE stream = ?"
        found = self._connection.execute(query, (stream,)).fetchone()
        return Instant(*found) if found else None

    def recorded(self, row: Row) -> Recorded:
        """The event that `row` is the text of. Raises what `Codec.read` does."""
        return self._recorded(row, None)

    def _recorded(self, row: Row, sealed: bytes | None) -> Recorded:
        written = row.written
        if sealed is not None and (opened := self._open_sealed(sealed)) is not None:
            written = replace(written, private=opened)
        withheld = None
        if written.private is None and self._codec.private_fields(written.kind):
            withheld = Withheld.DELETED if sealed is None else Withheld.SEALED
        event = self._codec.read(written)
        return Recorded(row.stream, row.seq, row.moment, event, withheld=withheld)

    def _find(self, where: str, value: Any) -> tuple[Recorded, ...]:
        found = self._connection.execute(f"{_SELECT} {where}", (value,)).fetchall()
        return tuple(
            replace(self._recorded(_row(values), sealed), digest=values[-1])
            for *values, sealed in found
        )

    def _end(self, stream: str) -> tuple[int, str]:
        """The last place of `stream` and the digest there."""
        query = "SELECT seq, digest FROM event WHERE stream = ? ORDER BY seq DESC LIMIT 1"
        found = self._connection.execute(query, (stream,)).fetchone()
        return found or (0, BEGINNING)

    def _stands(self, row: Row) -> bool:
        """Whether this very event stands anywhere in its stream."""
        query = """SELECT 1 FROM event WHERE stream = ? AND kind = ? AND body = ?
            AND wall = ? AND boot = ? AND boot_id = ?"""
        written, instant = row.written, row.moment
        values = (row.stream, written.kind, written.body, instant.wall, instant.boot)
        return self._connection.execute(query, (*values, instant.boot_id)).fetchone() is not None

    def _is_kept(self, row: Row) -> bool:
        where = "WHERE event.stream = ? AND event.seq = ?"
        found = self._connection.execute(f"{_SELECT} {where}", (row.stream, row.seq)).fetchone()
        kept = _row(found[:-1])
        if kept.written.private is None and row.written.private is not None:
            # Sealed or deleted: the digest in its body tells whether it was this one.
            return kept == replace(row, written=replace(row.written, private=None))
        return kept == row or self.recorded(kept) == self.recorded(row)

    def _insert(self, row: Row, before: str) -> None:
        place = (row.stream, row.seq)
        instant = (row.moment.wall, row.moment.boot, row.moment.boot_id)
        written = row.written
        tied = digest(before, *place, row.moment, written.kind, written.version, written.body)
        self._connection.execute(
            "INSERT INTO event"
            " (tablet, stream, seq, kind, version, wall, boot, boot_id, body, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.tablet, *place, written.kind, written.version, *instant, written.body, tied),
        )
        if written.private is not None:
            self._connection.execute(
                "INSERT INTO private (stream, seq, body) VALUES (?, ?, ?)",
                (*place, written.private),
            )


def _row(values: Sequence[Any]) -> Row:
    stream, seq, wall, boot, boot_id, kind, version, body, private, _ = values
    return Row(stream, seq, Instant(wall, boot, boot_id), Written(kind, version, body, private))


def _text(stored: bytes | None) -> str | None:
    return None if stored is None else stored.decode(errors="replace")
