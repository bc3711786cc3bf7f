"""The journal of a home as the rest of the program uses it: opened, or stood in for, and asked.

Imports stand inside the functions: who only asks must stay light.
"""

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from companion.moment import Instant

if TYPE_CHECKING:
    from companion.journal.history import SessionLine, WaitingRating
    from companion.journal.log import Recorded
    from companion.journal.retention import Outlived
    from companion.journal.standing_in import Begun
    from companion.journal.writer import Writer
    from companion.session.book import FileSetAside

JOURNAL = "journal.db"
FALLBACK = "waiting.jsonl"
BALLAST = "ballast"
"""Room kept back for the journal: nothing is in it, and nobody need copy it."""
_LATEST = 100
"""Sessions that can be read by touch; all of them are in `companion audit`."""


def open_writer(
    home: Path,
    on_saved: Callable[[bool], None],
    on_mended: "Callable[[FileSetAside], None]" = lambda told: None,
) -> "tuple[Begun, Writer]":
    """The journal of `home`, or what stands in for it, and the writer of it."""
    from companion.journal.elsewhere import elsewhere
    from companion.journal.log import Log
    from companion.journal.standing_in import begin_with
    from companion.journal.writer import Writer

    begun = begin_with(home / JOURNAL, home / BALLAST)
    writer = Writer(
        Log(begun.connection),
        home / FALLBACK,
        on_saved,
        elsewhere=elsewhere(home),
        ballast=home / BALLAST,
        stands_in_for=begun.stands_in_for,
        book_unread=begun.unreadable is not None,
        on_mended=on_mended,
    )
    return begun, writer


@contextmanager
def journal(home: Path) -> "Iterator[Writer]":
    """The journal of `home`, or what stands in for it, for whoever is soon done with it. Raises
    OSError."""
    _, writer = open_writer(home, lambda saved: None)
    writer.merge_fallback()
    try:
        yield writer
    finally:
        writer.close()


@contextmanager
def readable_journal(home: Path) -> "Iterator[Writer]":
    """The same for whoever goes by what stands in it. Raises OSError where nothing can be read."""
    with journal(home) as writer:
        if writer.book_unread:
            raise OSError(
                f"{home / JOURNAL}: nothing of the record can be read now, so nothing was done. "
                "Make sure that it may be read and that the disk is there, and try again."
            )
        yield writer


class Kept:
    """The journal as the conductor and the desk use it."""

    def __init__(self, writer: "Writer") -> None:
        self._writer = writer

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> Awaitable[bool]:
        return self._writer.submit(stream, first_seq, moment, events)

    async def mark_alive(self, stream: str, moment: Instant) -> None:
        """Note a sign of life, and bring what waits into the journal if it can be now."""
        if await self._writer.retry():
            await self._writer.ask(lambda log: log.mark_alive(stream, moment))

    async def can_save(self, moment: Instant) -> bool:
        """Whether nothing waits, and a real commit to the journal works now."""
        import sqlite3

        from companion.session.book import STREAM

        if not await self._writer.retry():
            return False
        try:
            await self._writer.ask(lambda log: log.mark_alive(STREAM, moment))
        except (sqlite3.Error, OSError):
            return False
        return True

    async def codes(self) -> Collection[str]:
        """The patient codes that this tablet knows."""
        from companion.journal.history import codes

        return await self._writer.ask(codes)

    async def waiting_ratings(self, now: Instant) -> "Sequence[WaitingRating]":
        """The ratings that were left for later today."""
        from companion.journal.history import waiting_ratings

        return await self._writer.ask(lambda log: waiting_ratings(log, now))

    async def sessions(self) -> "Sequence[SessionLine]":
        """The last sessions that were begun here: as many as somebody would look through."""
        from companion.journal.history import sessions

        return await self._writer.ask(lambda log: sessions(log, latest=_LATEST))

    async def read(self, stream: str) -> "Sequence[Recorded]":
        """Every event of an earlier session."""
        return await self._writer.ask(lambda log: log.read(stream))

    async def outlived(self, keep_days: int, now: Instant) -> "Sequence[Outlived]":
        """The sessions whose answers the clinic's rule no longer keeps."""
        from companion.journal.retention import outlived

        return await self._writer.ask(lambda log: outlived(log, keep_days, now))
