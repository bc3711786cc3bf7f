"""The journal's file: made so that a power cut cannot lose it, and looked at before it is trusted.

A file that is empty, foreign or damaged is renamed beside itself, and a new one made of what it
still tells: nothing is ever overwritten or deleted.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from companion.durable import sync_folder
from companion.journal import mending
from companion.journal.files import create_private, side_files
from companion.journal.migrations import NewerSchema, applied, migrate, pending
from companion.journal.recovery import Salvage, salvage
from companion.journal.transaction import Connection
from companion.session.book import FileSetAside

APPLICATION_ID = 0x434F4D50
"""`COMP`, at its place in the header of every journal."""

_BUSY = 1.0
"""Seconds to wait for somebody else's lock."""


class JournalUnusable(Exception):  # noqa: N818 (it is what it says)
    """The journal can be neither opened nor begun; says in plain words which file and why."""


class NewerJournal(JournalUnusable):
    """A newer version of the program has written the journal."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A journal ready to be written. `set_aside` is where an unusable earlier file went."""

    connection: sqlite3.Connection
    set_aside: Path | None
    told: FileSetAside | None = None
    """What was recovered of it, as the tablet's book tells it."""


def open_journal(path: Path, *, in_book: bool = True, missed: bool = False) -> Opened:
    """Open the journal at `path`, or begin it: once in a process, and only in the one that runs
    the sessions. Only one thread at a time may use the connection.

    A damaged file is set aside, and what it still tells stands in the new one; with `in_book`
    the new one's own book says so. Where there is none although it is `missed`, the same is
    said of the one that is gone. Raises `JournalUnusable` when the file cannot be reached or
    written, and `NewerJournal` when a newer version of the program has written it.
    """
    with _plain_words(path):
        if not path.exists() and mending.mended_name(path).exists():
            mending.adopt(path)
        connection = None
        if _has_our_header(path):
            if path.stat().st_mode & 0o777 != 0o600:
                path.chmod(0o600)
            connection = _connect(path)
        if connection is not None:
            with _closed_on_fault(connection):
                if _is_whole(connection):
                    return Opened(_prepared(connection), None)
                # Renamed while open: SQLite leaves a file that was moved alone when it closes.
                mended = mend(path, salvage(path), {}, in_book=in_book)
            connection.close()
        elif missed or any(file.exists() for file in side_files(path)):
            mended = mend(path, salvage(path), {}, in_book=in_book)
        else:
            return Opened(_create(path), None)
        return Opened(connect(path), mended.set_aside, mended.told)


def mend(path: Path, found: Salvage, ends: Mapping[str, int], *, in_book: bool) -> "mending.Mended":
    """Set aside what stands at `path` and put a new journal there that holds what was `found`;
    `ends` tells how long some streams were at least. Raises what `mending.mend` does."""
    return mending.mend(path, found, _create, ends=ends, in_book=in_book)


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the whole journal at `path`, ready to be written. Raises what SQLite does."""
    connection = _connect(path)
    with _closed_on_fault(connection):
        return _prepared(connection)


def is_whole(path: Path) -> bool:
    """Look at every page of the journal at `path` on the disk, not in memory. Raises OSError and
    the errors of SQLite where it cannot be read."""
    with closing(_connect(path, "ro")) as connection:
        return _is_whole(connection)


def in_memory() -> sqlite3.Connection:
    """A journal that no disk holds."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrate(connection)
    return connection


def read_journal(path: Path) -> sqlite3.Connection:
    """The journal at `path` for reading alone, also while a session is being written to it.

    Raises `JournalUnusable` where `open_journal` would not find it whole and up to date.
    """
    with _plain_words(path):
        if not _has_our_header(path):
            raise JournalUnusable(f"{path}: there is no journal here. Begin one: companion run")
        connection = _connect(path, "ro")
        with _closed_on_fault(connection):
            if not _is_whole(connection) or pending(connection):
                raise JournalUnusable(
                    f"{path}: this journal is damaged or older than the program. "
                    "Let the tablet look after it first: companion run"
                )
        return connection


@contextmanager
def _plain_words(path: Path) -> Iterator[None]:
    try:
        yield
    except NewerSchema as error:
        raise NewerJournal(f"{path}: this journal cannot be used: {error}.") from error
    except (OSError, sqlite3.Error) as error:
        raise JournalUnusable(
            f"{path}: the journal cannot be opened ({error}). "
            "Make sure that the disk is not full and that the file may be read and written."
        ) from error


def _has_our_header(path: Path) -> bool:
    """Whether the file at `path` says that it is a journal of ours; an empty one does not.

    Only its header is read, and through SQLite: to open and close the file beside it would take
    away the locks of every other connection in this process
    (https://www.sqlite.org/howtocorrupt.html, 2.2). A file that is shorter than its header tells is
    no fault here: power was cut in the middle of a checkpoint, and SQLite's log has the rest.
    """
    if not path.exists():
        return False
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("PRAGMA writable_schema=ON")  # its length is not looked at then
            (found,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return False
        raise
    return bool(found == APPLICATION_ID)


def _is_whole(connection: sqlite3.Connection) -> bool:
    """Whether every page is as it should be and the tables were made at all."""
    try:
        checked = connection.execute("PRAGMA quick_check(1)").fetchone()
        return checked == ("ok",) and bool(applied(connection))
    except sqlite3.DatabaseError as error:
        # Text that is no UTF-8 is an error of Python's and comes without a code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return False
        raise


def _connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY,
        isolation_level=None,
        check_same_thread=False,
    )


@contextmanager
def _closed_on_fault(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    # SQLite opens what is read-only without a word, and begins a transaction there: a write that
    # is taken back fails here and now.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("PRAGMA user_version=1")
    connection.execute("ROLLBACK")
    migrate(connection)
    return connection


def _create(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(create_private(path))
    connection = _connect(path)
    with _closed_on_fault(connection):
        begin(connection)
        sync_folder(path.parent)
    return connection


def begin(connection: Connection) -> None:
    """Make a journal of an empty file. Its first pages are written under EXTRA: under FULL, a
    power cut can bring the first rollback journal back, and with it the empty file."""
    connection.execute("PRAGMA synchronous=EXTRA")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute("PRAGMA secure_delete=ON")
    migrate(connection)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA synchronous=FULL")
