"""Keeps events when the disk does and when it does not; knows nothing of threads.

Events that the journal cannot take stay in memory and in a plain file, in order, until it can.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from companion.journal.fallback import Fallback
from companion.journal.held import Held
from companion.journal.log import Log, Misplaced, Recorded, Row
from companion.session.book import STREAM as BOOK
from companion.session.book import FileSetAside

T = TypeVar("T")

_RETRIES = 3
_PAUSE = 0.05
"""Seconds between two attempts at a commit."""

_FAILING = (sqlite3.Error, OSError)
"""What SQLite and the disk do; anything else is a mistake of the program and goes to its caller."""


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
    """Writes to the journal that is `held`, and to `fallback` what that cannot take."""

    def __init__(self, held: Held, fallback: Fallback) -> None:
        self._held = held
        self._fallback = fallback
        self._waiting: list[Row] = []
        self._stored = 0  # how many of those that wait are in the fallback file
        self._file_used = False
        self._file_bad = False  # it holds something that the journal will never hold
        self._misplaced = 0  # how many rows of it had no place
        self._unmerged = False  # it could not be read yet
        self._set_aside: Path | None = None  # where it went when it was cleared last
        self.saved = True
        """Whether everything is in the journal, as far as the last attempt tells."""

    def keep(self, rows: Sequence[Row]) -> bool:
        """Keep `rows` after all that waits; whether all is in the journal now.

        Raises `Misplaced` for rows without a place there; they are then not kept at all, unless
        something waited before them: then they are set aside with it.
        """
        if self._waiting or self._unmerged:
            self._wait(rows)  # beside the journal first: to ask it once more may take a second
            self.saved = self._flush()
        else:
            try:
                self._commit(rows, _RETRIES)
                self.saved = True
            except _FAILING:
                self.saved = False
                self._wait(rows)
        self._held.remember(rows)
        return self.saved

    def retry(self) -> bool:
        """Write what waits, and see that the journal is still there; whether all is well."""
        self._held.keep_room()
        self.saved = self._flush()
        if not self.saved:
            self._store()
        return self.saved

    def check(self) -> bool:
        """Look at every page of the journal on the disk; where it is damaged, mend it. Whether
        all is well then."""
        with suppress(*_FAILING):
            self._held.check(self._waiting)
        return self.retry()

    def ask(self, question: Callable[[Log], T]) -> T:
        """The answer of `question`. Raises what it raises; a journal that turns out to be damaged
        is mended first, and asked again."""
        return self._held.ask(question, self._waiting)

    def take_mended(self) -> FileSetAside | None:
        """The next journal that was set aside here and that nobody has taken note of yet."""
        return self._held.mended.pop(0) if self._held.mended else None

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
            self._held.remember_book(len(kept))
        else:
            self._held.remember(self.ask(lambda log: log.rows_of(stream)))
        waiting = self._held.log.placed(self._waiting)
        beyond = [row for row in waiting if row.stream == stream and row.seq > len(kept)]
        return kept + tuple(self._held.log.recorded(row) for row in beyond)

    def latest_session(self) -> str | None:
        """Like `Log.latest_session`, with the events that wait included."""
        waiting = [row.stream for row in self._waiting if row.stream != BOOK]
        return waiting[-1] if waiting else self.ask(Log.latest_session)

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
                    self._stored = max(0, self._stored - 1)
        except _FAILING:
            return False
        self._clear_file()
        return True

    def _commit(self, rows: Sequence[Row], retries: int) -> None:
        for _ in range(retries):
            try:
                return self._held.commit(rows, self._waiting)
            except sqlite3.Error:
                time.sleep(_PAUSE)
        return self._held.commit(rows, self._waiting)

    # --- beside the journal ----------------------------------------------------------------------

    def _wait(self, rows: Sequence[Row]) -> None:
        self._waiting.extend(rows)
        self._store()

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
