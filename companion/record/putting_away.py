"""Puts sessions away while the tablet rests: sealed where the clinic has a key, and the traces of
what was sealed or deleted gone from SQLite's log."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol

from companion.journal.log import Log
from companion.journal.resting import NotSealed, empty_wal, seal_some
from companion.moment import Clock

_EVERY = 60.0
"""Seconds after which it is tried again: a rating left for later ends with the day, and whoever
read the journal has gone."""


class Journal(Protocol):
    """What asks the journal between two writes."""

    def ask(self, question: Callable[[Log], Any]) -> Awaitable[Any]: ...


class PuttingAway:
    """One tablet's evening work. It does nothing while a session is open."""

    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        session_open: Callable[[], bool],
        done: Callable[[bool], None],
    ) -> None:
        """`done` is told after each round whether all that rests is sealed, as far as it is to
        be."""
        self._clock, self._journal = clock, journal
        self._session_open = session_open
        self._done = done
        self._closed = asyncio.Event()

    def look(self, open_session: object) -> None:
        """A session was closed, where `open_session` is None: no minute passes before it is put
        away."""
        if open_session is None:
            self._closed.set()

    async def run(self) -> None:
        """Put away whatever rests, for as long as the program runs."""
        while True:
            self._closed.clear()
            await self.once()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), _EVERY)

    async def once(self) -> None:
        """Put away whatever rests now. A disk that fails is told, and tried again later."""
        if self._session_open():
            return
        try:
            sealed = await self._sealed()
            await self._journal.ask(empty_wal)
        except (sqlite3.Error, OSError):
            sealed = False
        self._done(sealed)

    async def _sealed(self) -> bool:
        try:
            while await self._journal.ask(lambda log: seal_some(log, self._clock.now())):
                pass
        except (NotSealed, ImportError):
            return False
        return True
