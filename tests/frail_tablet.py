"""One tablet of which everything may fail: its disk, its clock, its sound, its own life.

The conductor, the writer and SQLite are the real ones. The writer's thread does one thing after
another when the test says so, the loop's time passes when the test says so; so each run is the
same as the one before, and the process can die between any two steps.
"""

import shutil
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from frail_clock import FrailClock
from simulated_loop import SimulatedLoop

from companion.calling import Unsent
from companion.conductor import Conductor
from companion.journal.fallback import Fallback
from companion.journal.log import Log, Row
from companion.journal.schema import open_journal
from companion.journal.writer import Writer
from companion.moment import Instant
from companion.record.keeping import Kept
from companion.session import commands as c
from companion.session.state import State, replay
from companion.session.wanted import Wanted
from companion.taking_up import take_up

NEVER = 10**9


class Died(BaseException):
    """The process was killed here; nothing of the program may catch it."""


class Steps:
    """Instead of the writer's thread: what is submitted is done when the test says so."""

    def __init__(self, name: str) -> None:
        self._queue: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self.by_itself = True
        """At the start whoever submits waits."""
        self.over = False
        """Whether the process is dead: nothing is done any more."""

    def submit(self, act: Callable[[], Any]) -> Future[Any]:
        done: Future[Any] = Future()
        self._queue.append((done, act))
        if self.by_itself:
            self.do(NEVER)
        return done

    def do(self, times: int) -> bool:
        """Do the next ones; whether any was left to do."""
        did = False
        while self._queue and times > 0 and not self.over:
            done, act = self._queue.popleft()
            times, did = times - 1, True
            try:
                result = act()
            except Exception as error:
                done.set_exception(error)
            else:
                done.set_result(result)
        return did

    def close(self, timeout: float) -> bool:
        return True


class FrailConnection:
    """SQLite's own, on a disk that fails for a while, and in a process that may die in it."""

    def __init__(self, inner: sqlite3.Connection) -> None:
        self.inner = inner
        self.fails_at = ""
        """How the statements begin that fail; with nothing, none does."""
        self.done_all_the_same = False
        """Whether a statement that fails was carried out: a commit whose answer was lost."""
        self.dies_in = NEVER
        """The process dies after so many statements."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> sqlite3.Cursor:
        self.dies_in -= 1
        if self.dies_in < 0:
            raise Died
        if self.fails_at and sql.startswith(self.fails_at):
            if self.done_all_the_same:
                self.inner.execute(sql, parameters)
            raise sqlite3.OperationalError("disk I/O error")
        return self.inner.execute(sql, parameters)


class FrailFallback(Fallback):
    """On a disk of its own, which may fail too."""

    fails = False

    def append(self, rows: Sequence[Row]) -> None:
        if self.fails:
            raise OSError("no space left on device")
        super().append(rows)

    def empty(self) -> None:
        if self.fails:
            raise OSError("read-only file system")
        super().empty()


class FrailSpeaker:
    """Takes what is wanted, or breaks."""

    def __init__(self) -> None:
        self.breaks = False
        self.wanted: list[Wanted] = []

    def want(self, wanted: Wanted, now: Callable[[], float]) -> None:
        if self.breaks:
            raise RuntimeError("the sound broke")
        self.wanted.append(wanted)


class FrailBell:
    """A channel of the call that somebody may have pulled out."""

    name = "bell"

    def __init__(self) -> None:
        self.works = True

    async def send(self, room: str, at: datetime) -> None:
        if not self.works:
            raise Unsent("nobody there")


@dataclass(slots=True)
class Handed:
    """One event as it was handed to the journal."""

    stream: str
    seq: int
    event: Any
    at_once: bool
    """Whether it shows before it is kept."""
    answer: Awaitable[bool] | None
    """None: it was in the journal already when this process began."""
    boot: str
    """In which it was handed over."""

    @property
    def shows(self) -> bool:
        return self.at_once or self.acknowledged

    @property
    def acknowledged(self) -> bool:
        return self.answer is None or self.answer.done()  # type: ignore[attr-defined]


class Watched(Kept):
    """What keeps events, with a list of all that it was handed."""

    def __init__(self, writer: Writer) -> None:
        super().__init__(writer)
        self.handed: list[Handed] = []
        self.at_once = False

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> Awaitable[bool]:
        answer = super().submit(stream, first_seq, moment, events)
        self.handed += [
            Handed(stream, first_seq + n, event, self.at_once, answer, moment.boot_id)
            for n, event in enumerate(events)
        ]
        return answer


class FrailTablet:
    """The folder and the clocks stay; the process in between comes and goes.

    The writer's `OneThread` must be `Steps` meanwhile.
    """

    def __init__(self, folder: Path, empty: Path) -> None:
        """`empty` is a journal with nothing in it."""
        self.folder = folder
        self.journal, self.fallback = folder / "journal.db", folder / "waiting.jsonl"
        shutil.copyfile(empty, self.journal)
        self.clock = FrailClock()
        self.bell = FrailBell()
        self.speaker = FrailSpeaker()
        self.alive = False
        self._reader = sqlite3.connect(self.journal, isolation_level=None)
        self._read: dict[tuple[str, int], Any] = {}
        self.begin()

    # --- its life --------------------------------------------------------------------------------

    def begin(self) -> None:
        """The process starts, as `joining.screen` does it, and takes up what it finds."""
        self.alive = True
        self.broken: list[Exception] = []
        """What was raised where nobody may raise anything."""
        self.saved = True
        self.loop = SimulatedLoop(lambda: self.clock.monotonic)
        self.loop.run_until_complete(self._start_up())
        self.turn()

    async def _start_up(self) -> None:
        self.disk = FrailConnection(open_journal(self.journal).connection)
        log = Log(self.disk)
        self.writer = Writer(log, self.fallback, self._tell_saved)
        self.second = FrailFallback(self.fallback)
        self.writer._keeper._fallback = self.second
        self.keeping = Watched(self.writer)
        self.conductor = Conductor(self.clock, self.keeping, self.speaker, (self.bell,))
        self.writer.merge_fallback()
        stream = self.writer.latest_session()
        if stream is not None:
            records = self.writer.read(stream)
            self.keeping.handed = [
                Handed(stream, record.seq, record.event, False, None, record.moment.boot_id)
                for record in records
            ]
            alive = log.alive(stream)
            self.start(take_up(self.conductor, stream, records, alive))
        self.steps.by_itself = False
        self.start(self.conductor.run())

    def _tell_saved(self, saved: bool) -> None:
        self.saved = saved
        if self.alive and hasattr(self, "conductor"):
            self.conductor.saving(saved)

    @property
    def steps(self) -> Steps:
        thread = self.writer._thread
        assert isinstance(thread, Steps)
        return thread

    def end(self) -> None:
        """The test is over."""
        if self.alive:
            self.die()
        self._reader.close()

    def die(self) -> None:
        """Whatever is under way is gone; what is on the disk stays."""
        self.alive = False
        self.steps.over = True
        self.loop.die()
        self.disk.inner.close()

    # --- what it does ----------------------------------------------------------------------------

    def start(self, work: Any) -> None:
        self.loop.create_task(self._noting(work))

    async def _noting(self, work: Any) -> None:
        try:
            await work
        except Exception as error:
            self.broken.append(error)

    def within(self, act: Callable[[], None]) -> None:
        """Do it as the loop would."""

        async def do() -> None:
            act()

        self.loop.run_until_complete(do())
        self.turn()

    def turn(self) -> None:
        """Everything goes on that need not wait for the disk or for time."""
        self.loop.turn()

    def handle(self, command: c.Command) -> None:
        """Somebody wants something."""
        at_once = c.acts_at_once(command)
        self.start(self._at_once(command) if at_once else self.conductor.handle(command))
        self.turn()

    async def _at_once(self, command: c.Command) -> None:
        """All that is handed over before it waits for anything shows at once."""
        self.keeping.at_once = True
        try:
            await self.conductor.handle(command)
        finally:
            self.keeping.at_once = False

    def write(self, times: int) -> None:
        """The writer does its next things; the process may die in them."""
        try:
            for _ in range(times):
                if not self.steps.do(1):
                    break
                self.turn()
        except Died:
            self.die()

    def come_to_rest(self) -> None:
        """Everything that is under way is done, or cannot be."""
        for _ in range(200):
            self.turn()
            try:
                if not self.steps.do(1):
                    return
            except Died:
                self.die()
                return
        raise AssertionError("it never comes to rest")

    def look(self) -> None:
        """The screens are told anew how things stand."""
        self.within(lambda: self.conductor.saving(self.saved))

    # --- what is so ------------------------------------------------------------------------------

    def shown(self) -> State | None:
        """The state that may be shown: what is kept, and what shows at once, in their order."""
        handed = self.keeping.handed
        newest = self.conductor._stream.id
        return replay(one.event for one in handed if one.stream == newest and one.shows)

    def in_journal(self) -> dict[tuple[str, int], Any]:
        """Every event that lies in the journal, by its place. What was read once is not read
        again, but must be there still."""
        places = "SELECT stream, seq FROM event ORDER BY id"
        there = [tuple(place) for place in self._reader.execute(places).fetchall()]
        assert set(self._read) <= set(there), set(self._read) - set(there)
        if len(there) > len(self._read):
            log = Log(self._reader)
            for stream in {stream for stream, seq in there if (stream, seq) not in self._read}:
                self._read |= {(stream, record.seq): record.event for record in log.read(stream)}
        return self._read

    def on_disk(self) -> dict[tuple[str, int], Any]:
        """Every event that outlives the process, in the journal or beside it, by its place."""
        within = self.in_journal()
        log = Log(self._reader)
        rows = Fallback(self.fallback).read()[0]
        beside = {(row.stream, row.seq): log.recorded(row).event for row in rows}
        for place in beside.keys() & within.keys():
            assert beside[place] == within[place], place
        return {**beside, **within}

    def forget_what_was_read(self) -> None:
        """Whoever reads the journal next reads all of it."""
        self._read = {}
