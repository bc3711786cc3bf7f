"""What the conductor holds of the sound: says what is wanted, hears what became of it.

It never blocks the screen. It keeps the newest `Wanted` and says it again after every reconnect,
so either side may restart at any time. It asks now and then how it goes: behind an open socket
there may be a process that stands still, or none yet.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from companion.session.wanted import Wanted
from companion.sound.wire import (
    LONGEST_LINE,
    Ask,
    Notice,
    Refused,
    SoundFound,
    SoundLost,
    Status,
    UnreadableLine,
    Want,
    decode_notice,
    encode,
)

_RETRY = 0.2
"""Seconds between two tries to connect."""
_PATIENCE = 3.0
"""Seconds without a connection before sound counts as lost."""
_EVERY = 1.5
"""Seconds between two questions how it goes."""
_UNANSWERED = 2
"""So many of them without a word from the other side, and the sound counts as lost."""
_SILENT = SoundLost("the sound does not answer")


class SoundClient:
    """One end of the socket at `path`; every notice goes to `on_notice`, on the event loop."""

    def __init__(self, path: Path, on_notice: Callable[[Notice], None]) -> None:
        self._path = path
        self._on_notice = on_notice
        self._wanted: tuple[Wanted, Callable[[], float]] | None = None
        self._revision = 0
        self._asked = False
        self._unanswered = 0
        self._told_silent = False
        self._news = asyncio.Event()
        self._closed = False
        self._alone_since: float | None = None

    def want(self, wanted: Wanted, now: Callable[[], float]) -> None:
        """Make this the newest wish. `now` tells session seconds, at each time it is sent."""
        self._wanted = (wanted, now)
        self._revision += 1
        self._news.set()

    def ask(self) -> None:
        """Have a `Status` sent, if the sound answers at all."""
        self._asked = True
        self._news.set()

    def close(self) -> None:
        """`run` returns soon after."""
        self._closed = True
        self._news.set()

    async def run(self) -> None:
        """Stay connected until `close`."""
        loop = asyncio.get_running_loop()
        self._alone_since = loop.time()
        while not self._closed:
            try:
                reader, writer = await asyncio.open_unix_connection(
                    str(self._path), limit=LONGEST_LINE
                )
            except OSError:
                self._report_absence(loop.time())
                await asyncio.sleep(_RETRY)
                continue
            self._alone_since = None
            await self._talk(reader, writer)
            self._alone_since = loop.time()

    def _report_absence(self, now: float) -> None:
        if self._alone_since is not None and now - self._alone_since >= _PATIENCE:
            self._alone_since = None
            self._on_notice(_SILENT)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        parts = (self._speak(writer), self._listen(reader), self._wonder())
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _speak(self, writer: asyncio.StreamWriter) -> None:
        said = 0
        while not self._closed:
            self._news.clear()
            if self._wanted is not None and said != self._revision:
                wanted, now = self._wanted
                said = self._revision
                writer.write(encode(Want(said, now(), wanted)))
            if self._asked:
                self._asked = False
                writer.write(encode(Ask()))
            await writer.drain()
            await self._news.wait()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            try:
                notice = decode_notice(line)
            except UnreadableLine as error:
                notice = Refused(error.kind)
            self._unanswered = 0
            self._on_notice(notice)
            self._compare(notice)

    async def _wonder(self) -> None:
        """Ask how it goes, and count how often there was no answer."""
        while True:
            await asyncio.sleep(_EVERY)
            if self._unanswered < _UNANSWERED:
                self._unanswered += 1
                self.ask()
            elif not self._told_silent:
                self._told_silent = True
                self._on_notice(_SILENT)

    def _compare(self, notice: Notice) -> None:
        """Where the other side was thought to be silent and now speaks, its sound is found."""
        if not self._told_silent:
            return
        if isinstance(notice, SoundFound):
            self._told_silent = False
        elif isinstance(notice, Status) and notice.output:
            self._told_silent = False
            self._on_notice(SoundFound(notice.output))
