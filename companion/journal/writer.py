"""The journal as the event loop sees it: one thread writes, whoever must wait awaits it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from companion.journal.ballast import Ballast
from companion.journal.fallback import Fallback
from companion.journal.held import Held
from companion.journal.keeper import Keeper, Merged
from companion.journal.log import Log, Recorded, Row
from companion.journal.one_thread import OneThread
from companion.moment import Instant
from companion.session.book import STREAM as BOOK
from companion.session.book import FileSetAside

T = TypeVar("T")


class Writer:
    """Keeps events in the order they are handed in. Its methods are called from one event loop;
    from then on the log and its connection belong to the writer's thread.

    `on_saved` is called on the loop whenever the answer to "is all in the journal?" changes,
    `on_mended` whenever a damaged journal was set aside and another took its place.
    """

    def __init__(
        self,
        log: Log,
        fallback: Path,
        on_saved: Callable[[bool], None],
        *,
        elsewhere: Path | None = None,
        ballast: Path | None = None,
        stands_in_for: Path | None = None,
        book_unread: bool = False,
        on_mended: Callable[[FileSetAside], None] = lambda told: None,
    ) -> None:
        """`elsewhere` is a folder for what `fallback` cannot take, `ballast` a file of room kept
        back, and `stands_in_for` the journal that could not be opened, where `log` is only its
        copy in memory. With `book_unread` nobody here knows where the tablet's book ends: what is
        handed in for it comes to stand there, whatever number it was given."""
        self._log = log
        room = None if ballast is None else Ballast(ballast)
        held = Held(log, stands_in_for=stands_in_for, ballast=room)
        self._keeper = Keeper(held, Fallback(fallback, elsewhere))
        self._on_saved = on_saved
        self._on_mended = on_mended
        self.book_unread = book_unread
        self._loose = -(2**62)  # the number of the last event that was given no place
        self._told = True
        self._thread = OneThread("journal")

    async def append(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> bool:
        """Keep `events` for good; whether all is in the journal. False: they wait.

        A cancelled caller changes nothing: what was handed in is kept. Raises what
        `Log.append` raises for events that have no place, never for a disk that fails.
        """
        return await asyncio.shield(self.submit(stream, first_seq, moment, events))

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> asyncio.Future[bool]:
        """Like `append`, for a caller that does not wait: the future tells when it is done."""
        rows = self._rows(stream, first_seq, moment, events)
        return self._hand_in(lambda: self._keeper.keep(rows))

    @property
    def saved(self) -> bool:
        """Whether everything is in the journal, as far as the last attempt tells."""
        return self._keeper.saved

    async def retry(self) -> bool:
        """Write what waits, see that the journal is still there, and keep room back on its disk;
        whether all is well. Called once a minute."""
        return await self._hand_in(self._keeper.retry)

    async def ask(self, question: Callable[[Log], T]) -> T:
        """The answer of `question`, which reads or marks the log between two writes.
        Raises what it raises."""
        return await self._hand_in(lambda: self._keeper.ask(question))

    async def check(self) -> bool:
        """Look at every page of the journal, and mend it where it is damaged; whether all is well
        then. Called once a day."""
        return await self._hand_in(self._keeper.check)

    def merge_fallback(self) -> Merged:
        """Bring what an earlier process left in the fallback file into the journal, each event
        once. Called before anything is appended. What cannot be read now is tried again later."""
        merged = self._thread.submit(self._keeper.merge).result()
        self._tell()
        return merged

    def read(self, stream: str) -> tuple[Recorded, ...]:
        """Every event of `stream`, those that wait included. Blocks: for the start alone."""
        return self._thread.submit(lambda: self._keeper.read(stream)).result()

    def latest_session(self) -> str | None:
        """The session with the newest event, those that wait included. Blocks as well."""
        return self._thread.submit(self._keeper.latest_session).result()

    def keep(self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]) -> bool:
        """Like `append`. Blocks as well: for a command at a shell."""
        rows = self._rows(stream, first_seq, moment, events)
        return self._thread.submit(lambda: self._keeper.keep(rows)).result()

    def _rows(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> tuple[Row, ...]:
        if stream == BOOK and self.book_unread:
            # Numbers below zero that grow with time, in every process.
            first_seq = max(self._loose + 1, int(moment.wall * 1e6) - 2**62)
            self._loose = first_seq + len(events) - 1
        return self._log.rows(stream, first_seq, moment, events)

    def close(self, timeout: float = 2.0) -> bool:
        """Finish what was handed in, for at most `timeout` seconds; whether that was enough."""
        return self._thread.close(timeout)

    def _hand_in(self, act: Callable[[], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def pass_on(done: Future[T]) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(self._answer, answer, done)

        self._thread.submit(act).add_done_callback(pass_on)
        return answer

    def _answer(self, answer: asyncio.Future[T], done: Future[T]) -> None:
        self._tell()
        if answer.done():  # cancelled: the caller is gone, the event is kept all the same
            return
        if error := done.exception():
            answer.set_exception(error)
        else:
            answer.set_result(done.result())

    def _tell(self) -> None:
        saved = self._keeper.saved
        if saved != self._told:
            self._told = saved
            self._on_saved(saved)
        while (mended := self._keeper.take_mended()) is not None:
            self._on_mended(mended)
