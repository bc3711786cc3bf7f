"""A new journal out of what a damaged one still tells. The damaged file is set aside, unchanged.

The new file is whole before the old one leaves its place, so that a power cut at any moment
leaves the damaged file, to be recovered again, or a whole one.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from companion.durable import sync_folder
from companion.journal.files import free_name, set_aside, side_files
from companion.journal.log import Log
from companion.journal.recovery import Recovered, Salvage, recover
from companion.journal.transaction import Connection
from companion.moment import Clock, SystemClock
from companion.session.book import STREAM as BOOK
from companion.session.book import FileSetAside

Begin = Callable[[Path], sqlite3.Connection]
"""Makes a journal where there is none yet."""


@dataclass(frozen=True, slots=True)
class Mended:
    """Where the damaged file went (None: there was none), and how the tablet's book tells it."""

    set_aside: Path | None
    told: FileSetAside


def mend(
    path: Path,
    found: Salvage,
    begin: Begin,
    *,
    ends: Mapping[str, int],
    in_book: bool,
    clock: Clock | None = None,
) -> Mended:
    """Put a new journal at `path` that holds what was `found`, and set aside what stands there.

    `ends` tells how long some streams were at least. With `in_book` the new journal tells of it
    itself; without, its writer does. Raises OSError and the errors of SQLite; the damaged file
    then stands where it was, unless the new one is whole already.
    """
    recovered = recover(found, ends)
    aside = free_name(path)
    told = FileSetAside(
        name=aside.name if any(file.exists() for file in side_files(path)) else "",
        recovered=recovered.recovered,
        lost=recovered.lost,
        private_lost=recovered.private_lost,
        more_lost=recovered.more_lost,
    )
    draft, mended = path.with_name(f"{path.name}.draft"), mended_name(path)
    for leftover in (draft, mended):
        for file in side_files(leftover):
            file.unlink(missing_ok=True)
    with closing(begin(draft)) as connection:
        fill(connection, recovered, found)
        if in_book:
            log = Log(connection)
            log.append(BOOK, log.last_seq(BOOK) + 1, (clock or SystemClock()).now(), [told])
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    draft.rename(mended)
    sync_folder(path.parent)
    gone = set_aside(path, aside)
    adopt(path)
    return Mended(gone, told)


def adopt(path: Path) -> None:
    """Put the mended file in the place of the one that was set aside."""
    mended_name(path).rename(path)
    sync_folder(path.parent)


def mended_name(path: Path) -> Path:
    """Where a whole new journal stands until the damaged one has left its place."""
    return path.with_name(f"{path.name}.mended")


def fill(connection: Connection, recovered: Recovered, found: Salvage) -> None:
    """Write what was recovered into the empty journal of `connection`. Raises what SQLite does."""
    if found.tablet is not None:
        connection.execute("UPDATE tablet SET id = ?", (found.tablet,))
    for (stream, seq), body in found.sealed.items():  # first: a tombstone deletes its own
        connection.execute(
            "INSERT INTO sealed (stream, seq, body) VALUES (?, ?, ?)", (stream, seq, body)
        )
    log = Log(connection)
    log.keep(recovered.rows)
    streams = {row.stream for row in recovered.rows}
    for stream, moment in found.alive.items():
        if stream in streams:
            log.mark_alive(stream, moment)
