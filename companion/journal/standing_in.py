"""What stands in for a journal that cannot be opened now: a copy in memory of what can be read.

A session that was under way goes on with it, while every event waits beside the journal until
that can be written again.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from companion.journal.ballast import Ballast
from companion.journal.mending import fill
from companion.journal.recovery import recover, salvage
from companion.journal.schema import JournalUnusable, NewerJournal, in_memory, open_journal
from companion.session.book import FileSetAside


@dataclass(frozen=True, slots=True)
class Begun:
    """A journal, or what stands in for it."""

    connection: sqlite3.Connection
    told: FileSetAside | None = None
    """What was recovered of a damaged file; its own book tells it already."""
    stands_in_for: Path | None = None
    """The journal that could not be opened; None: it is the journal itself."""
    unreadable: str | None = None
    """Why nothing at all could be read of that one; None: it could."""


def begin_with(path: Path, ballast: Path) -> Begun:
    """The journal at `path`, opened or begun, the room of `ballast` given up where it is needed;
    else what stands in for it. Where there is `ballast`, there was a journal, and one that is not
    there any more is told. Raises `NewerJournal`."""
    try:
        opened = open_journal(path, missed=Ballast(ballast).is_kept())
        return Begun(opened.connection, opened.told)
    except NewerJournal:
        raise
    except JournalUnusable as error:
        if Ballast(ballast).give_up():
            return begin_with(path, ballast)
        return _standing_in(path, str(error))


def _standing_in(path: Path, why: str) -> Begun:
    connection = in_memory()
    try:
        found = salvage(path)
    except OSError:
        return Begun(connection, stands_in_for=path, unreadable=why)
    fill(connection, recover(found, {}), found)
    return Begun(connection, stands_in_for=path, unreadable=None if found.rows else why)
