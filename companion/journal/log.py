"""The journal as a list of events: written once, in order, and read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.journal.codec import CODEC, Codec, Written
from companion.journal.transaction import Connection, transaction
from companion.moment import Instant
from companion.session.book import STREAM as BOOK

_SELECT = """SELECT event.stream, event.seq, wall, boot, boot_id, kind, version, event.body,
    private.body FROM event LEFT JOIN private USING (stream, seq)"""


class Misplaced(Exception):  # noqa: N818 (it is what it says)
    """An event whose place is taken by a different one, or lies beyond the end of its stream."""

    def __init__(self, stream: str, seq: int, why: str) -> None:
        self.stream = stream
        self.seq = seq
        super().__init__(f"event {seq} of stream {stream}: {why}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event, where it stands, and the moment it was written down."""

    stream: str
    seq: int
    moment: Instant
    event: Any


@dataclass(frozen=True, slots=True)
class Row:
    """An event as text, where it stands, and the moment it was written down."""

    stream: str
    seq: int
    moment: Instant
    written: Written


class Log:
    """Every stream in one file. `seq` counts from 1 in each stream, without a gap."""

    def __init__(self, connection: Connection, codec: Codec = CODEC) -> None:
        self._connection = connection
        self._codec = codec
        (self.tablet,) = connection.execute("SELECT id FROM tablet").fetchone()

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
            for row in rows:
                last = self.last_seq(row.stream)
                if row.seq == last + 1:
                    self._insert(row)
                elif not 1 <= row.seq <= last:
                    raise Misplaced(row.stream, row.seq, f"the stream ends at {last}")
                elif not self._is_kept(row):
                    raise Misplaced(row.stream, row.seq, "its place is taken by another")

    def read(self, stream: str) -> tuple[Recorded, ...]:
        """Every event of `stream`, in order. Raises what `Codec.read` does."""
        return self._find("WHERE event.stream = ? ORDER BY event.seq", stream)

    def rows_of(self, stream: str) -> tuple[Row, ...]:
        """Every event of `stream` as text, in order."""
        query = f"{_SELECT} WHERE event.stream = ? ORDER BY event.seq"
        return tuple(_row(values) for values in self._connection.execute(query, (stream,)))

    def image(self) -> bytes:
        """The whole file as this connection sees it, also after it was taken away."""
        return self._connection.serialize()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def of_kind(self, kind: str) -> tuple[Recorded, ...]:
        """Every event of `kind` in all streams, in the order they were written down."""
        return self._find("WHERE kind = ? ORDER BY event.id", kind)

    def last_seq(self, stream: str) -> int:
        """Where `stream` ends; 0: nothing is in it."""
        query = "SELECT coalesce(max(seq), 0) FROM event WHERE stream = ?"
        (last,) = self._connection.execute(query, (stream,)).fetchone()
        return int(last)

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
        return Recorded(row.stream, row.seq, row.moment, self._codec.read(row.written))

    def _find(self, where: str, value: Any) -> tuple[Recorded, ...]:
        found = self._connection.execute(f"{_SELECT} {where}", (value,)).fetchall()
        return tuple(self.recorded(_row(values)) for values in found)

    def _is_kept(self, row: Row) -> bool:
        where = "WHERE event.stream = ? AND event.seq = ?"
        found = self._connection.execute(f"{_SELECT} {where}", (row.stream, row.seq)).fetchone()
        kept = _row(found)
        return kept == row or self.recorded(kept) == self.recorded(row)

    def _insert(self, row: Row) -> None:
        place = (row.stream, row.seq)
        instant = (row.moment.wall, row.moment.boot, row.moment.boot_id)
        written = row.written
        self._connection.execute(
            "INSERT INTO event (tablet, stream, seq, kind, version, wall, boot, boot_id, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.tablet, *place, written.kind, written.version, *instant, written.body),
        )
        if written.private is not None:
            self._connection.execute(
                "INSERT INTO private (stream, seq, body) VALUES (?, ?, ?)",
                (*place, written.private),
            )


def _row(values: Sequence[Any]) -> Row:
    stream, seq, wall, boot, boot_id, kind, version, body, private = values
    return Row(stream, seq, Instant(wall, boot, boot_id), Written(kind, version, body, private))
