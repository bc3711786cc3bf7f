"""Power cuts in our own journal: at any moment of its making, of commits, of the fallback file's
merging and of a migration. Nothing that was acknowledged is lost, doubled or out of order, and
what is left is always a journal that opens."""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from journal_samples import answer, moment
from power import Disk, Power, WatchedOs

from companion.journal import fallback as fallback_file
from companion.journal import files, keeper, migrations, schema
from companion.journal.fallback import Fallback
from companion.journal.held import Held
from companion.journal.keeper import Keeper
from companion.journal.log import Log
from companion.journal.migrations import MIGRATIONS, applied, migrate
from companion.session.book import STREAM as BOOK
from companion.session.book import PinTried

JOURNAL, WAITING = "journal.db", "waiting.jsonl"
STREAMS = ("s", "t", BOOK)


def _next_step(connection) -> None:
    """A migration of a later version: a table more, and a column that every event gets."""
    connection.execute("CREATE TABLE later (stream TEXT PRIMARY KEY, note TEXT)")
    connection.execute("ALTER TABLE event ADD COLUMN later TEXT NOT NULL DEFAULT ''")
    connection.execute("INSERT INTO later SELECT DISTINCT stream, 'x' FROM event")


LATER = (*MIGRATIONS, ("a later step", _next_step))


class Wired:
    """An apsw connection that can be told to fail as a disk does."""

    def __init__(self, inner) -> None:
        self.inner = inner
        self.fails = False

    def execute(self, sql, parameters=(), /):
        if self.fails and sql == "COMMIT":
            raise sqlite3.OperationalError("disk I/O error")
        return self.inner.execute(sql, parameters)

    def close(self) -> None:
        self.inner.close()


@dataclass
class Lived:
    """What was done, and what had been acknowledged when."""

    disk: Disk
    acknowledged: list[tuple[int, str, int]]
    """After so many acts of the disk: the stream and its last event that is kept for good."""
    begun: int
    """After so many acts the journal was made."""
    migrated: int
    """After so many acts the later step had been taken."""


def event(stream: str, seq: int):
    return PinTried(initials="MK") if stream == BOOK else answer(seq % 11, at=float(seq))


def live(folder: Path, rng: random.Random, batches: int, monkeypatch) -> Lived:
    """A journal's life: made, written, kept from writing for a while, merged, migrated, written."""
    power = Power(folder)
    watched = WatchedOs(power.disk)
    # The folder is made durable by ext4 or not at all: only SQLite's own syncs of it count here.
    for module in (fallback_file, files):
        monkeypatch.setattr(module, "os", watched)
    monkeypatch.setattr(keeper, "_PAUSE", 0.0)
    connection = Wired(power.connect(JOURNAL))
    schema.begin(connection)
    power.disk.done.append(("folder", ""))
    begun = power.moment()
    log = Log(connection)
    keep = Keeper(Held(log), Fallback(folder / WAITING))
    ends = dict.fromkeys(STREAMS, 0)
    acknowledged: list[tuple[int, str, int]] = []
    migrated = 0

    def write() -> None:
        stream = rng.choice(STREAMS)
        count = rng.randint(1, 3)
        events = [event(stream, ends[stream] + n) for n in range(1, count + 1)]
        keep.keep(log.rows(stream, ends[stream] + 1, moment(), events))
        ends[stream] += count
        acknowledged.append((power.moment(), stream, ends[stream]))

    for n in range(batches):
        connection.fails = n % 40 in range(20, 28)
        write()
        if n % 40 == 28:
            assert keep.saved
        if n == batches // 2 + 10:
            migrate(connection, LATER)
            migrated = power.moment()
        if n % 50 == 49:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert ("sync", WAITING) in power.disk.done
    return Lived(power.disk, acknowledged, begun, migrated)


def judge(lived: Lived, cut: int, folder: Path, rng: random.Random, monkeypatch) -> None:
    """The power failed after `cut` acts: the next start finds everything that it must."""
    for name, content in lived.disk.files_after(cut, rng).items():
        (folder / name).write_bytes(content)
    monkeypatch.setattr(schema, "migrate", lambda connection: migrate(connection, LATER))
    monkeypatch.setattr(schema, "pending", lambda connection: migrations.pending(connection, LATER))
    opened = schema.open_journal(folder / JOURNAL)
    if cut >= lived.begun:
        assert opened.set_aside is None
    log = Log(opened.connection)
    keep = Keeper(Held(log), Fallback(folder / WAITING))
    merged = keep.merge()
    assert merged.waiting == 0
    assert applied(opened.connection) == tuple(name for name, _ in LATER)
    must = dict.fromkeys(STREAMS, 0)
    may = dict.fromkeys(STREAMS, 0)
    for when, stream, end in lived.acknowledged:
        if when <= cut:
            must[stream] = end
        may[stream] = max(may[stream], end)
    for stream in STREAMS:
        kept = [one for one in log.read(stream) if opened.told != one.event]
        assert [one.seq for one in kept] == list(range(1, len(kept) + 1))
        assert [one.event for one in kept] == [event(stream, one.seq) for one in kept]
        assert must[stream] <= len(kept) <= may[stream], (stream, cut)
    (whole,) = opened.connection.execute("PRAGMA integrity_check").fetchone()
    assert whole == "ok"
    opened.connection.close()


def cut_many(tmp_path: Path, cuts: int, lives: int, seed: int, monkeypatch) -> None:
    rng = random.Random(seed)
    for life in range(lives):
        home = tmp_path / f"life-{life}"
        home.mkdir()
        with monkeypatch.context() as watching:
            lived = live(home, rng, 120, watching)
        last = len(lived.disk.done)
        for n, cut in enumerate(moments(lived, last, cuts // lives, rng)):
            folder = home / f"cut-{n}"
            folder.mkdir()
            with monkeypatch.context() as later:
                judge(lived, cut, folder, rng, later)
            for file in folder.iterdir():
                file.unlink()


def moments(lived: Lived, last: int, count: int, rng: random.Random) -> Iterator[int]:
    """A third of the cuts fall into the making and the migration, which are short."""
    for n in range(count):
        if n % 6 == 0:
            yield rng.randint(0, lived.begun)
        elif n % 6 == 1:
            yield rng.randint(lived.migrated - 12, lived.migrated)
        else:
            yield rng.randint(lived.begun, last)


def test_no_power_cut_loses_what_was_acknowledged(tmp_path, monkeypatch):
    cut_many(tmp_path, 60, 1, 11, monkeypatch)


@pytest.mark.torture
def test_no_power_cut_of_two_thousand_loses_what_was_acknowledged(tmp_path, monkeypatch):
    cut_many(tmp_path, 2000, 10, 12, monkeypatch)


def test_the_simulation_finds_what_it_is_for(tmp_path, monkeypatch):
    """A disk that does not sync SQLite's log, as under `synchronous=NORMAL`, loses events."""
    rng = random.Random(13)
    with monkeypatch.context() as watching:
        lived = live(tmp_path, rng, 60, watching)
    left_out = ("sync", JOURNAL + "-wal")
    lived.disk.done = [("nothing", "") if act == left_out else act for act in lived.disk.done]
    folder = tmp_path / "cut"
    folder.mkdir()
    with pytest.raises(AssertionError), monkeypatch.context() as later:
        for cut in range(lived.migrated, len(lived.disk.done)):
            judge(lived, cut, folder, rng, later)
            for file in folder.iterdir():
                file.unlink()
