"""Keeps events when the disk does and when it does not; knows nothing of threads.

Events that the journal cannot take stay in memory and in a plain file, in order, until it can. A
journal that turns out to be damaged, or is taken away, is set aside and a new one made of what is
left of it and of what is known here.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from companion.journal import schema
from companion.journal.ballast import Ballast
from companion.journal.codec import Unreadable
from companion.journal.fallback import Fallback
from companion.journal.files import identity
from companion.journal.log import Log, Misplaced, Recorded, Row
from companion.journal.recovery import Salvage, salvage, salvage_bytes
from companion.session.book import STREAM as BOOK
from companion.session.book import FileSetAside
from companion.session.events import SessionClosed

T = TypeVar("T")

_RETRIES = 3
_PAUSE = 0.05
"""Seconds between two attempts at a commit."""

_FAILING = (sqlite3.Error, OSError)
"""What SQLite and the disk do; anything else is a mistake of the program and goes to its caller."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class JournalReplaced(OSError):  # noqa: N818 (it is what it says)
    """Another file stands where the journal was: what is written now would be lost."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the events that an earlier process left in the fallback file."""

    rows: int
    """How many of them the journal holds now, whether or not it held them before."""
    waiting: int
    """How many still wait, because the journal cannot be written."""
    set_aside: Path | None
    """Where the file went if something in it was torn or has no place in the journal."""


class Keeper:
    """Writes to `log`, and to `fallback` what the log cannot take."""

    def __init__(
        self,
        log: Log,
        fallback: Fallback,
        *,
        stands_in_for: Path | None = None,
        ballast: Ballast | None = None,
    ) -> None:
        """`stands_in_for` is the journal that could not be opened, where `log` is only its copy
        in memory: nothing is written to that."""
        self.log = log
        self._journal = stands_in_for or log.file()
        self._identity = None if stands_in_for else identity(self._journal)
        self._fallback = fallback
        self._ballast = ballast
        self._waiting: list[Row] = []
        self._stored = 0  # how many of those that wait are in the fallback file
        self._file_used = False
        self._file_bad = False  # it holds something that the journal will never hold
        self._misplaced = 0  # how many rows of it had no place
        self._unmerged = False  # it could not be read yet
        self._set_aside: Path | None = None  # where it went when it was cleared last
        self._session: dict[str, dict[int, Row]] = {}  # the open session, whole
        self._book_end = 0
        self.saved = stands_in_for is None
        """Whether everything is in the journal, as far as the last attempt tells."""
        self.mended: list[FileSetAside] = []
        """Journals set aside here that nobody has taken note of yet."""

    def keep(self, rows: Sequence[Row]) -> bool:
        """Keep `rows` after all that waits; whether all is in the journal now.

        Raises `Misplaced` for rows without a place there; they are then not kept at all.
        """
        self.saved = not (self._waiting or self._unmerged) or self._flush()
        if self.saved:
            try:
                self._commit(rows, _RETRIES)
            except _FAILING:
                self.saved = False
        if not self.saved:
            self._waiting.extend(rows)
            self._store()
        self._remember(rows)
        return self.saved

    def retry(self) -> bool:
        """Write what waits, and see that the journal is still there; whether all is well."""
        if self._ballast is not None:
            self._ballast.make()
        self.saved = self._flush()
        if not self.saved:
            self._store()
        return self.saved

    def check(self) -> bool:
        """Look at every page of the journal on the disk; where it is damaged, mend it. Whether
        all is well then."""
        with suppress(*_FAILING):
            if self._identity is not None and not schema.is_whole(self._journal):
                self._mend()
        return self.retry()

    def ask(self, question: Callable[[Log], T]) -> T:
        """The answer of `question`. Raises what it raises; a journal that turns out to be damaged
        is mended first, and asked again."""
        try:
            return question(self.log)
        except (sqlite3.Error, Unreadable) as error:
            if self._identity is None or not _is_damage(error):
                raise
            self._mend()
            return question(self.log)

    def merge(self) -> Merged:
        """Bring what an earlier process left in the fallback file into the journal, each event
        once. Called before anything is kept. A file that cannot be read now is tried again with
        every attempt at the journal."""
        try:
            self._take_in()
        except OSError:
            self._unmerged, self.saved = True, False
            return Merged(0, 0, None)
        count = len(self._waiting)
        self.saved = self._flush(_RETRIES)
        waiting = self._stored = len(self._waiting)
        return Merged(count - waiting - self._misplaced, waiting, self._set_aside)

    def read(self, stream: str) -> tuple[Recorded, ...]:
        """Every event of `stream`, those that wait included."""
        kept = self.ask(lambda log: log.read(stream))
        if stream == BOOK:
            self._book_end = max(self._book_end, len(kept))
        else:
            self._remember(self.ask(lambda log: log.rows_of(stream)))
        beyond = [row for row in self._waiting if row.stream == stream and row.seq > len(kept)]
        return kept + tuple(self.log.recorded(row) for row in beyond)

    def latest_session(self) -> str | None:
        """Like `Log.latest_session`, with the events that wait included."""
        waiting = [row.stream for row in self._waiting if row.stream != BOOK]
        return waiting[-1] if waiting else self.ask(Log.latest_session)

    def _remember(self, rows: Sequence[Row]) -> None:
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

    # --- into the journal ------------------------------------------------------------------------

    def _take_in(self) -> None:
        """Let what lies in the fallback file wait in front of what waits already."""
        rows, self._file_bad = self._fallback.read()
        self._unmerged = False
        self._file_used = self._file_used or bool(rows) or self._file_bad
        known = {(row.stream, row.seq) for row in rows}
        later = [row for row in self._waiting if (row.stream, row.seq) not in known]
        self._waiting = [*rows, *later]
        self._stored = len(rows)

    def _flush(self, retries: int = 0) -> bool:
        """Write what waits; whether nothing does any more. What has no place stays in the file,
        which is set aside."""
        try:
            if self._unmerged:
                self._take_in()
            try:
                self._commit(self._waiting, retries)
                self._waiting.clear()
            except Misplaced:
                self._store()
                while self._waiting:
                    try:
                        self._commit(self._waiting[:1], retries)
                    except Misplaced:
                        self._file_bad = True
                        self._misplaced += 1
                    self._waiting.pop(0)
        except _FAILING:
            return False
        self._clear_file()
        return True

    def _commit(self, rows: Sequence[Row], retries: int) -> None:
        if self._identity is None:
            self._open()
        elif not self._is_there():
            self._mend()
        for _ in range(retries):
            try:
                return self.log.keep(rows)
            except sqlite3.Error as error:
                self._help_after(error)
                time.sleep(_PAUSE)
        try:
            return self.log.keep(rows)
        except sqlite3.Error as error:
            if not self._help_after(error):
                raise
            return self.log.keep(rows)

    def _help_after(self, error: sqlite3.Error) -> bool:
        """Do what can be done against `error`; whether another attempt is worth it."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL and self._ballast is not None:
            return self._ballast.give_up()
        if code == sqlite3.SQLITE_READONLY:  # for good, as it was when this connection was made
            self._use(schema.connect(self._journal))
            return True
        if _is_damage(error):
            self._mend()
            return True
        return False

    def _is_there(self) -> bool:
        try:
            return identity(self._journal) == self._identity
        except FileNotFoundError:
            return False

    # --- another journal -------------------------------------------------------------------------

    def _open(self) -> None:
        """The journal that could not be opened at the start, if it can be now."""
        try:
            opened = schema.open_journal(self._journal, in_book=False)
        except schema.JournalUnusable as error:
            raise JournalReplaced(str(error)) from error
        self._use(opened.connection)
        if opened.told is not None:
            self.mended.append(opened.told)

    def _mend(self) -> None:
        """Make a new journal of what is left of this one and of what is known here. Raises
        OSError and SQLite's errors."""
        if self._ballast is not None:
            self._ballast.give_up()
        found = Salvage()
        if self._is_there():
            found = salvage(self._journal)
        else:  # taken away: what is open here is all that is left of it
            with suppress(sqlite3.Error):
                found = salvage_bytes(self.log.image())
        found.tablet = self.log.tablet
        for rows in self._session.values():
            found.add(rows.values())
        found.add(self._waiting)
        mended = schema.mend(self._journal, found, {BOOK: self._book_end}, in_book=False)
        self._use(schema.connect(self._journal))
        self.mended.append(mended.told)

    def _use(self, connection: sqlite3.Connection) -> None:
        self.log.close()
        self.log = Log(connection)
        self._identity = identity(self._journal)

    # --- beside the journal ----------------------------------------------------------------------

    def _store(self) -> None:
        if self._stored == len(self._waiting):
            return
        self._file_used = True
        with suppress(OSError):  # then memory alone holds them; the next attempt tries again
            self._fallback.append(self._waiting[self._stored :])
            self._stored = len(self._waiting)

    def _clear_file(self) -> None:
        self._stored = 0
        self._set_aside = None
        if not self._file_used:
            return
        with suppress(OSError):  # tried again with the next flush; merging twice does no harm
            if self._file_bad:
                self._set_aside = self._fallback.set_aside()
            else:
                self._fallback.empty()
            self._file_used = self._file_bad = False


def _is_damage(error: Exception) -> bool:
    """Whether it is the file that is wrong, and no fault of the moment."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in _DAMAGED or "UTF-8" in str(error)  # of which Python knows no code
    return isinstance(error, Unreadable)
