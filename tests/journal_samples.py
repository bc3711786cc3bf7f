"""Events and journals for the tests of the journal."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from companion.journal.fallback import Fallback
from companion.journal.held import Held
from companion.journal.keeper import Keeper
from companion.journal.log import Log
from companion.journal.schema import open_journal, read_journal
from companion.journal.writer import Writer
from companion.moment import Instant
from companion.session import events
from companion.session.book import FileSetAside
from companion.session.events import By
from companion.session.plan import Cue, Phase, Plan, Playlist, Protocol, Section, Track

MK = By("MK", confirmed=True)

SHORE = Track("Shore", soundscape="shore", seed=7)

PLAN = Plan(
    protocol=Protocol("taste", "Taste", 20, 30, 30, 40, 40, 100),
    playlist=Playlist("tide", "Tide", "Surf.", 8.0, (Section(Phase.SETTLE, (SHORE,)),), SHORE),
    script=None,
    language="en",
    eyes_covered=False,
    words_on_screen=True,
    before=(),
    after=(),
    anchors=(),
    call_line=Cue("Your call is showing.", 2.0, 0.0),
    notes=("nausea",),
    reminders=(),
    reaches="this screen only",
)


def moment(wall: float = 1_800_000_000.0) -> Instant:
    return Instant(wall, wall - 1_799_990_000.0, "boot one")


def prepared(code: str | None = "5724061", at: float = 0.0) -> events.SessionPrepared:
    return events.SessionPrepared(at=at, by=MK, room="Room 2", plan=PLAN, code=code)


def answer(value: int | None = 7, at: float = 3000.0) -> events.Answered:
    return events.Answered(at=at, when="after", question="mood", minutes=34.0, value=value)


def new_log(folder: Path) -> tuple[Log, sqlite3.Connection]:
    connection = open_journal(folder / "journal.db").connection
    return Log(connection), connection


class Faulty:
    """A connection that fails at the given calls of `execute`, before or after doing it."""

    def __init__(self, inner: sqlite3.Connection, failing: set[int], after: bool = False) -> None:
        self.inner = inner
        self.failing = failing
        self.after = after
        self.calls = 0

    def execute(self, sql: str, parameters: tuple = (), /) -> sqlite3.Cursor:
        self.calls += 1
        fails = self.calls in self.failing
        if fails and not self.after:
            raise sqlite3.OperationalError("disk I/O error")
        done = self.inner.execute(sql, parameters)
        if fails:
            raise sqlite3.OperationalError("disk I/O error")
        return done

    def close(self) -> None:
        self.inner.close()

    def serialize(self) -> bytes:
        return self.inner.serialize()


class Disk:
    """A connection whose disk fails for as long as a test wants, at BEGIN or at COMMIT."""

    def __init__(self, inner: sqlite3.Connection) -> None:
        self.inner = inner
        self.fails_at: str | None = None
        self.times = 10**6

    def execute(self, sql, parameters=(), /):
        if self.fails_at and sql.startswith(self.fails_at) and self.times:
            self.times -= 1
            raise sqlite3.OperationalError("database or disk is full")
        return self.inner.execute(sql, parameters)

    def close(self) -> None:
        self.inner.close()

    def serialize(self) -> bytes:
        return self.inner.serialize()


class Place:
    """A home with a journal, its fallback file, and a disk that can fail."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal.db"
        self.fallback = folder / "elsewhere" / "unsaved.jsonl"
        self.disk = Disk(open_journal(self.journal).connection)
        self.log = Log(self.disk)
        self.heard: list[bool] = []
        self.mended: list[FileSetAside] = []

    def writer(self) -> Writer:
        return Writer(self.log, self.fallback, self.heard.append, on_mended=self.mended.append)

    def keeper(self) -> Keeper:
        return Keeper(Held(self.log), Fallback(self.fallback))

    def rows(self, seq: int, *values: int, stream: str = "s"):
        return self.log.rows(stream, seq, moment(), [answer(value) for value in values])

    def values(self, stream: str = "s") -> list[int | None]:
        return [kept.event.value for kept in self.log.read(stream)]

    def on_disk(self, stream: str = "s") -> list[int | None]:
        """The answers in the file that now stands there, as another process reads them."""
        with closing(read_journal(self.journal)) as connection:
            return [kept.event.value for kept in Log(connection).read(stream)]

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.fallback.read_text().split("\n") if line]
