"""The record proved once at a start and then daily, beside everything else and in no hurry."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from companion.journal.log import Log
from companion.journal.schema import JournalUnusable, read_journal
from companion.journal.wholeness import wrongs
from companion.session.book import FlawFound

_AT_REST = 10.0
"""Seconds after a start: what a person waits for comes first."""
_DAILY = 24 * 3600.0
_BREATH = 0.02
"""Seconds between two readings, so that nothing else notices."""


class _Stopped(Exception):  # noqa: N818 (it is what it says)
    """Nobody wants to know any more."""


class Proving:
    """Looks through the journal at `journal` with a connection of its own."""

    def __init__(
        self,
        journal: Path,
        records: Iterable[Any],
        tell: Callable[[FlawFound | None], None],
        write: Callable[[FlawFound], Awaitable[None]],
    ) -> None:
        """`records` are those of the tablet's book. `tell` is told what was found each time,
        `write` writes into the book what was not known yet."""
        self._journal = journal
        self._known = {one.event for one in records if isinstance(one.event, FlawFound)}
        self._tell = tell
        self._write = write

    async def run(self, at_rest: float = _AT_REST) -> None:
        """For as long as the program runs."""
        await asyncio.sleep(at_rest)
        while True:
            await self.prove()
            await asyncio.sleep(_DAILY)

    async def prove(self) -> None:
        """Look through all of it once."""
        over = threading.Event()
        try:
            flaw = await asyncio.to_thread(self._first, over)
        finally:
            over.set()
        self._tell(flaw)
        if flaw is not None and flaw not in self._known:
            self._known.add(flaw)
            await self._write(flaw)

    def _first(self, over: threading.Event) -> FlawFound | None:
        def pause() -> None:
            if over.wait(_BREATH):
                raise _Stopped

        try:
            connection = read_journal(self._journal)
        except JournalUnusable:
            return None  # whoever opens it for writing looks after that
        try:
            found = next(wrongs(Log(connection), pause), None)
        except _Stopped:
            return None
        finally:
            connection.close()
        if found is None:
            return None
        return FlawFound(stream=found.stream, seq=found.seq, flaw=found.flaw.value)
