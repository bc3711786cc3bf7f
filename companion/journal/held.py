"""The journal's file as it is held open: committed to, looked at, and replaced where it must be.

A journal that turns out to be damaged, or is taken away, is set aside and a new one made of what is
left of it and of what is known here.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from companion.journal import schema
from companion.journal.ballast import Ballast
from companion.journal.codec import Unreadable
from companion.journal.files import identity
from companion.journal.log import Log, Row
from companion.journal.recovery import Salvage, salvage, salvage_bytes
from companion.session.book import STREAM as BOOK
from companion.session.book import FileSetAside
from companion.session.events import SessionClosed

T = TypeVar("T")

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class NotHeld(OSError):  # noqa: N818 (it is what it says)
    """The journal cannot be opened, so that only a copy of it in memory can be read."""


class Held:
    """The journal that `log` reads and writes. Only one thread at a time may use it."""

    def __init__(
        self, log: Log, *, stands_in_for: Path | None = None, ballast: Ballast | None = None
    ) -> None:
        """`stands_in_for` is the journal that could not be opened, where `log` is only its copy
        in memory: nothing is written to that."""
        self.log = log
        self._path = stands_in_for or log.file()
        self._identity = None if stands_in_for else identity(self._path)
        self._ballast = ballast
        self._session: dict[str, dict[int, Row]] = {}  # the open session, whole
        self._book_end = 0
        self.mended: list[FileSetAside] = []
        """Journals set aside here that nobody has taken note of yet."""

    def commit(self, rows: Sequence[Row], waiting: Sequence[Row]) -> None:
        """Write `rows`, all or none; `waiting` are known too, should the journal be made anew.

        Raises what `Log.keep` does, and OSError where it cannot be opened or mended.
        """
        if self._identity is None:
            self._open()
        elif not self._is_there():
            self._mend(waiting)
        try:
            self.log.keep(rows)
        except sqlite3.Error as error:
            if not self._help_after(error, waiting):
                raise
            self.log.keep(rows)

    def ask(self, question: Callable[[Log], T], waiting: Sequence[Row]) -> T:
        """The answer of `question`. Raises what it raises; a journal that turns out to be damaged
        is mended first, and asked again."""
        try:
            return question(self.log)
        except (sqlite3.Error, Unreadable) as error:
            if self._identity is None or not _is_damage(error):
                raise
            self._mend(waiting)
            return question(self.log)

    def check(self, waiting: Sequence[Row]) -> None:
        """Look at every page on the disk, and mend the journal where it is damaged. Raises OSError
        and SQLite's errors."""
        if self._identity is not None and not schema.is_whole(self._path):
            self._mend(waiting)

    def keep_room(self) -> None:
        """Keep room back on the disk, if there is enough. Never raises."""
        if self._ballast is not None:
            self._ballast.make()

    def remember(self, rows: Sequence[Row]) -> None:
        """Know the open session, so that it can be written once more, and how long the book is."""
        for row in rows:
            if row.stream == BOOK:
                self._book_end = max(self._book_end, row.seq)
            else:
                if row.stream not in self._session:
                    self._session = {row.stream: {}}
                self._session[row.stream][row.seq] = row
                if row.written.kind == SessionClosed.__name__:
                    self._session = {}

    def remember_book(self, end: int) -> None:
        """Know that the book has at least `end` entries."""
        self._book_end = max(self._book_end, end)

    def _help_after(self, error: sqlite3.Error, waiting: Sequence[Row]) -> bool:
        """Do what can be done against `error`; whether another attempt is worth it."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL and self._ballast is not None:
            return self._ballast.give_up()
        if code == sqlite3.SQLITE_READONLY:  # for good, as it was when this connection was made
            self._use(schema.connect(self._path))
            return True
        if _is_damage(error):
            self._mend(waiting)
            return True
        return False

    def _is_there(self) -> bool:
        try:
            return identity(self._path) == self._identity
        except FileNotFoundError:
            return False

    def _open(self) -> None:
        """The journal that could not be opened at the start, if it can be now."""
        try:
            opened = schema.open_journal(self._path, in_book=False)
        except schema.JournalUnusable as error:
            raise NotHeld(str(error)) from error
        self._use(opened.connection)
        if opened.told is not None:
            self.mended.append(opened.told)

    def _mend(self, waiting: Sequence[Row]) -> None:
        """Make a new journal of what is left of this one and of what is known here. Raises
        OSError and SQLite's errors."""
        if self._ballast is not None:
            self._ballast.give_up()
        found = Salvage()
        if self._is_there():
            found = salvage(self._path)
        else:  # taken away: what is open here is all that is left of it
            with suppress(sqlite3.Error):
                found = salvage_bytes(self.log.image())
        found.tablet = self.log.tablet
        for rows in self._session.values():
            found.add(rows.values())
        found.add(row for row in waiting if row.seq > 0)
        mended = schema.mend(self._path, found, {BOOK: self._book_end}, in_book=False)
        self._use(schema.connect(self._path))
        self.mended.append(mended.told)

    def _use(self, connection: sqlite3.Connection) -> None:
        self.log.close()
        self.log = Log(connection)
        self._identity = identity(self._path)


def _is_damage(error: Exception) -> bool:
    """Whether it is the file that is wrong, and no fault of the moment."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in _DAMAGED or "UTF-8" in str(error)  # of which Python knows no code
    return isinstance(error, Unreadable)
