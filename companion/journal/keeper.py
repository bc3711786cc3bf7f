"""Keeps events when the disk does and when it does not; knows nothing of threads.

Events that the journal cannot take stay in memory and in a plain file, in order, until it can.
"""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from companion.journal.fallback import Fallback
from companion.journal.files import identity
from companion.journal.log import Log, Misplaced, Recorded, Row
from companion.session.book import STREAM as BOOK

_RETRIES = 3
_PAUSE = 0.05
"""Seconds between two attempts at a commit."""

_FAILING = (sqlite3.Error, OSError)
"""What SQLite and the disk do; anything else is a mistake of the program and goes to its caller."""


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
    """Writes to `log`, and to the file at `fallback` what the log cannot take."""

    def __init__(self, log: Log, fallback: Path) -> None:
        self._log = log
        self._journal = log.file()
        self._identity = identity(self._journal)
        self._fallback = Fallback(fallback)
        self._waiting: list[Row] = []
        self._stored = 0  # how many of those that wait are in the fallback file
        self._file_used = False
        self._file_bad = False  # it holds something that the journal will never hold
        self.saved = True
        """Whether everything is in the journal, as far as the last attempt tells."""

    def keep(self, rows: Sequence[Row]) -> bool:
        """Keep `rows` after all that waits; whether all is in the journal now.

        Raises `Misplaced` for rows without a place there; they are then not kept at all.
        """
        self.saved = not self._waiting or self._flush()
        if self.saved:
            try:
                self._commit(rows, _RETRIES)
            except _FAILING:
                self.saved = False
        if not self.saved:
            self._waiting.extend(rows)
            self._store()
        return self.saved

    def retry(self) -> bool:
        """Write what waits, and see that the journal is still there; whether all is well."""
        self.saved = self._flush()
        if not self.saved:
            self._store()
        return self.saved

    def merge(self) -> Merged:
        """Bring what an earlier process left in the fallback file into the journal, each event
        once. Called before anything is kept. Raises `OSError` when the file cannot be read."""
        rows, self._file_bad = self._fallback.read()
        self._file_used = bool(rows) or self._file_bad
        merged = 0
        for row in rows:
            if self._waiting:
                self._waiting.append(row)
                continue
            try:
                self._commit([row], _RETRIES)
                merged += 1
            except Misplaced:
                self._file_bad = True
            except _FAILING:
                self.saved = False
                self._waiting.append(row)
        waiting = self._stored = len(self._waiting)
        return Merged(merged, waiting, None if waiting else self._clear_file())

    def read(self, stream: str) -> tuple[Recorded, ...]:
        """Every event of `stream`, those that wait included."""
        kept = self._log.read(stream)
        beyond = [row for row in self._waiting if row.stream == stream and row.seq > len(kept)]
        return kept + tuple(self._log.recorded(row) for row in beyond)

    def latest_session(self) -> str | None:
        """Like `Log.latest_session`, with the events that wait included."""
        waiting = [row.stream for row in self._waiting if row.stream != BOOK]
        return waiting[-1] if waiting else self._log.latest_session()

    def _flush(self) -> bool:
        try:
            self._commit(self._waiting, 0)
        except (*_FAILING, Misplaced):
            return False
        self._waiting.clear()
        self._clear_file()
        return True

    def _commit(self, rows: Sequence[Row], retries: int) -> None:
        if identity(self._journal) != self._identity:
            raise JournalReplaced(f"{self._journal}: another file stands in the journal's place")
        for _ in range(retries):
            try:
                return self._log.keep(rows)
            except sqlite3.Error:
                time.sleep(_PAUSE)
        return self._log.keep(rows)

    def _store(self) -> None:
        if self._stored == len(self._waiting):
            return
        self._file_used = True
        with suppress(OSError):  # then memory alone holds them; the next attempt tries again
            self._fallback.append(self._waiting[self._stored :])
            self._stored = len(self._waiting)

    def _clear_file(self) -> Path | None:
        self._stored = 0
        if not self._file_used:
            return None
        aside = None
        with suppress(OSError):  # tried again with the next flush; merging twice does no harm
            if self._file_bad:
                aside = self._fallback.set_aside()
            else:
                self._fallback.empty()
            self._file_used = self._file_bad = False
        return aside
