"""How the journal's tables came to be: named steps, in order, each whole or not at all."""

import uuid
from collections.abc import Callable

from companion.journal.chain import BEGINNING, digest
from companion.journal.transaction import Connection, transaction
from companion.moment import Instant


class NewerSchema(Exception):  # noqa: N818 (it is what it says)
    """The file was written by a newer version of the program."""


_EVENT_IS_FIXED = """CREATE TRIGGER event_is_fixed BEFORE UPDATE ON event
            BEGIN SELECT raise(ABORT, 'events are never changed'); END"""


def _first_tables(connection: Connection) -> None:
    for statement in (
        "CREATE TABLE migration (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
        "CREATE TABLE tablet (id TEXT NOT NULL)",
        """CREATE TABLE event (
            id INTEGER PRIMARY KEY,
            tablet TEXT NOT NULL,
            stream TEXT NOT NULL,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL,
            version INTEGER NOT NULL,
            wall REAL NOT NULL,
            boot REAL NOT NULL,
            boot_id TEXT NOT NULL,
            body TEXT NOT NULL,
            UNIQUE (stream, seq)
        )""",
        """CREATE TABLE private (
            stream TEXT NOT NULL,
            seq INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (stream, seq)
        ) WITHOUT ROWID""",
        """CREATE TABLE alive (
            stream TEXT PRIMARY KEY,
            wall REAL NOT NULL,
            boot REAL NOT NULL,
            boot_id TEXT NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TRIGGER event_stays BEFORE DELETE ON event
            BEGIN SELECT raise(ABORT, 'events are never deleted'); END""",
        _EVENT_IS_FIXED,
    ):
        connection.execute(statement)
    connection.execute("INSERT INTO tablet (id) VALUES (?)", (str(uuid.uuid4()),))


def _chain(connection: Connection) -> None:
    """Tie every event to the one before it; the trigger stands aside for that."""
    connection.execute("ALTER TABLE event ADD COLUMN digest TEXT NOT NULL DEFAULT ''")
    connection.execute("DROP TRIGGER event_is_fixed")
    streams = connection.execute("SELECT DISTINCT stream FROM event").fetchall()
    for (stream,) in streams:
        before = BEGINNING
        # A body may hold bytes that are no text: it is unreadable before this step and after it.
        query = """SELECT id, seq, wall, boot, boot_id, kind, version, CAST(body AS BLOB)
            FROM event WHERE stream = ? ORDER BY seq"""
        for number, seq, *instant, kind, version, body in connection.execute(
            query, (stream,)
        ).fetchall():
            text = body.decode(errors="replace")
            before = digest(before, stream, seq, Instant(*instant), kind, version, text)
            connection.execute("UPDATE event SET digest = ? WHERE id = ?", (before, number))
    connection.execute(_EVENT_IS_FIXED)


Migration = tuple[str, Callable[[Connection], None]]

MIGRATIONS: tuple[Migration, ...] = (("first tables", _first_tables), ("chain", _chain))
"""In the order in which they are applied. A name, once used, stays, and so does its step."""


def applied(connection: Connection) -> tuple[str, ...]:
    """The names of the steps that this file has been through; none for an empty one."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
    if connection.execute(query).fetchone() is None:
        return ()
    rows = connection.execute("SELECT name FROM migration ORDER BY position").fetchall()
    return tuple(name for (name,) in rows)


def pending(
    connection: Connection, migrations: tuple[Migration, ...] = MIGRATIONS
) -> tuple[Migration, ...]:
    """The steps still to be taken. Raises `NewerSchema` when the file has been through a step
    that is not known here."""
    done = applied(connection)
    if done != tuple(name for name, _ in migrations[: len(done)]):
        raise NewerSchema(
            "it was written by a newer version of Companion. Install that version or a later one"
        )
    return migrations[len(done) :]


def migrate(connection: Connection, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Take the steps still to be taken, each in one transaction with its record. Raises what
    `pending` does."""
    record = "INSERT INTO migration (name) VALUES (?)"
    for name, step in pending(connection, migrations):
        with transaction(connection):
            step(connection)
            connection.execute(record, (name,))
