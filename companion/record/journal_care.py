"""Looks after the journal: each minute that it is there, once a day at every page of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from companion.moment import Clock
from companion.session.book import FileSetAside

_MINUTE, _DAY = 60.0, 24 * 3600.0


class Journal(Protocol):
    """What writes the journal."""

    def retry(self) -> Awaitable[bool]: ...
    def check(self) -> Awaitable[bool]: ...


class JournalCare:
    """What becomes of the journal beside any session's own events."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: list[FileSetAside] = []
        self._news = asyncio.Event()
        self._checked = clock.now().boot

    def mended(self, told: FileSetAside) -> None:
        """A damaged journal was set aside, and another took its place."""
        self._told.append(told)
        self._news.set()

    async def run(
        self,
        journal: Journal,
        write: Callable[[FileSetAside], Awaitable[None]],
        session_open: Callable[[], bool],
        back: Callable[[], None],
    ) -> None:
        """For as long as the program runs. `write` puts down what was set aside, and `back` is
        called whenever all is in the journal; the look at every page waits until no session is
        open."""
        await journal.retry()
        while True:
            while self._told:
                await write(self._told.pop(0))
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), _MINUTE)
            except TimeoutError:
                if await self.tend(journal, session_open()):
                    back()

    async def tend(self, journal: Journal, session_open: bool) -> bool:
        """What is due each minute; whether all is well."""
        if session_open or self._clock.now().boot - self._checked < _DAY:
            return await journal.retry()
        self._checked = self._clock.now().boot
        return await journal.check()
