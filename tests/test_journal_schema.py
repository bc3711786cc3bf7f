"""The journal's file: how it is made, and what becomes of one that cannot be used."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from journal_damage import DAMAGES, junk_in_the_middle
from journal_samples import answer, moment

from companion.journal import schema
from companion.journal.files import set_aside
from companion.journal.log import Log
from companion.journal.migrations import MIGRATIONS, applied
from companion.journal.schema import (
    APPLICATION_ID,
    JournalUnusable,
    open_journal,
    read_journal,
)
from companion.session.book import STREAM as BOOK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.db"


def filled(path: Path, events: int = 300) -> None:
    """A journal of many pages with everything in its main file."""
    connection = open_journal(path).connection
    log = Log(connection)
    log.append("s", 1, moment(), [answer(n % 11) for n in range(events)])
    connection.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_journal_is_private_and_set_up(path):
    opened = open_journal(path)
    connection = opened.connection
    Log(connection).append("s", 1, moment(), [answer()])
    assert opened.set_aside is None
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
    for suffix in ("", "-wal", "-shm"):
        assert mode(path.with_name(path.name + suffix)) == 0o600
    assert mode(path.parent) == 0o700


def test_the_mode_does_not_depend_on_the_umask(path):
    before = os.umask(0)
    try:
        open_journal(path).connection.execute("SELECT * FROM event")
    finally:
        os.umask(before)
    assert mode(path) == mode(path.with_name("journal.db-wal")) == 0o600


def test_an_existing_journal_becomes_private_again(path):
    filled(path, 1)
    path.chmod(0o644)
    open_journal(path).connection.close()
    assert mode(path) == 0o600


def test_it_is_created_under_extra_and_written_under_full(path, monkeypatch):
    said: list[str] = []

    class Heard(sqlite3.Connection):
        def execute(self, sql, *parameters):
            said.append(sql)
            return super().execute(sql, *parameters)

    connect = sqlite3.connect
    monkeypatch.setattr(schema.sqlite3, "connect", lambda *a, **k: connect(*a, factory=Heard, **k))
    open_journal(path).connection.close()
    places = [
        next(n for n, sql in enumerate(said) if wanted in sql)
        for wanted in ("=EXTRA", "=WAL", "BEGIN", "CREATE TABLE", "COMMIT", "checkpoint", "=FULL")
    ]
    assert places == sorted(places)


def test_its_tables_are_in_the_main_file_from_the_start(path):
    opened = open_journal(path)
    alone = path.with_name("alone.db")
    alone.write_bytes(path.read_bytes())
    copied = sqlite3.connect(alone)
    assert applied(copied) == tuple(name for name, _ in MIGRATIONS)
    assert copied.execute("SELECT id FROM tablet").fetchone() == (Log(opened.connection).tablet,)


def test_opening_again_finds_everything_and_the_same_tablet(path):
    first = open_journal(path)
    log = Log(first.connection)
    log.append("s", 1, moment(), [answer(4)])
    first.connection.close()
    again = open_journal(path)
    assert again.set_aside is None
    assert [kept.event for kept in Log(again.connection).read("s")] == [answer(4)]
    assert Log(again.connection).tablet == log.tablet
    assert again.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert again.connection.execute("PRAGMA secure_delete").fetchone() == (1,)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_an_unusable_file_is_set_aside_and_never_changed(path, damage):
    filled(path)
    damage(path)
    before = path.read_bytes()
    opened = open_journal(path)
    assert opened.set_aside is not None
    assert opened.set_aside.parent == path.parent
    assert opened.set_aside.read_bytes() == before
    log = Log(opened.connection)
    assert [kept.event for kept in log.read(BOOK)] == [opened.told]
    assert opened.told.name == opened.set_aside.name
    log.append("t", 1, moment(), [answer()])
    opened.connection.close()
    assert opened.set_aside.read_bytes() == before
    assert open_journal(path).set_aside is None


def test_what_sqlite_kept_beside_a_damaged_file_goes_with_it_unchanged(path):
    filled(path)
    connection = open_journal(path).connection
    Log(connection).append("t", 1, moment(), [answer()] * 50)
    copies = {s: path.with_name(path.name + s).read_bytes() for s in ("", "-wal")}
    connection.close()
    for suffix, content in copies.items():  # as after a power cut
        path.with_name(path.name + suffix).write_bytes(content)
    junk_in_the_middle(path)
    damaged = path.read_bytes()
    opened = open_journal(path)
    aside = opened.set_aside
    assert aside is not None
    assert aside.read_bytes() == damaged
    assert aside.with_name(aside.name + "-wal").read_bytes() == copies["-wal"]
    assert len(Log(opened.connection).read("t")) == 50


def test_a_log_left_without_its_file_is_kept_and_not_taken_for_the_new_ones(path):
    path.parent.mkdir()
    stray = path.with_name("journal.db-wal")
    stray.write_bytes(b"all that is left")
    opened = open_journal(path)
    assert opened.set_aside is not None
    left = opened.set_aside.with_name(opened.set_aside.name + "-wal")
    assert left.read_bytes() == b"all that is left"
    assert Log(opened.connection).streams() == (BOOK,)


@pytest.mark.parametrize("opening", [open_journal, read_journal])
def test_a_checkpoint_that_a_power_cut_ended_after_the_first_page_is_no_damage(path, opening):
    connection = open_journal(path).connection
    Log(connection).append("s", 1, moment(), [answer(n % 11) for n in range(300)])
    log = path.with_name("journal.db-wal")
    before, logged = path.read_bytes(), log.read_bytes()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    after = path.read_bytes()
    connection.close()
    path.write_bytes(after[:4096] + before[4096:])
    log.write_bytes(logged)
    assert int.from_bytes(after[28:32], "big") * 4096 > path.stat().st_size
    opened = opening(path)
    if opening is open_journal:
        assert opened.set_aside is None
        opened = opened.connection
    assert [one.event.value for one in Log(opened).read("s")] == [n % 11 for n in range(300)]
    opened.close()


def test_a_file_whose_check_is_kept_from_reading_is_not_called_damaged(path, monkeypatch):
    filled(path, 1)

    class Failing(sqlite3.Connection):
        def execute(self, sql, *parameters):
            if "quick_check" in sql:
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR
                raise error
            return super().execute(sql, *parameters)

    connect = sqlite3.connect
    monkeypatch.setattr(
        schema.sqlite3, "connect", lambda *a, **k: connect(*a, factory=Failing, **k)
    )
    with pytest.raises(JournalUnusable, match="disk I/O error"):
        open_journal(path)
    assert list(path.parent.glob("*aside*")) == []


def test_setting_aside_twice_in_a_second_overwrites_nothing(tmp_path):
    names = set()
    for text in ("one", "two", "three"):
        (tmp_path / "file").write_text(text)
        names.add(set_aside(tmp_path / "file"))
    assert len(names) == 3
    assert {name.read_text() for name in names if name} == {"one", "two", "three"}
    assert set_aside(tmp_path / "file") is None


def test_a_file_that_cannot_be_reached_is_said_in_plain_words(tmp_path):
    (tmp_path / "a file").write_text("x")
    with pytest.raises(JournalUnusable, match="cannot be opened") as told:
        open_journal(tmp_path / "a file" / "journal.db")
    assert "journal.db" in str(told.value)


def test_a_journal_that_another_process_writes_is_not_set_aside(path, monkeypatch):
    filled(path, 1)
    monkeypatch.setattr(schema, "_BUSY", 0.01)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalUnusable, match="locked"):
        open_journal(path)
    other.close()
    assert list(path.parent.glob("*aside*")) == []
    assert open_journal(path).set_aside is None


def test_a_newer_journal_is_refused_in_plain_words_and_left_alone(path):
    filled(path, 1)
    newer = sqlite3.connect(path)
    newer.execute("INSERT INTO migration (name) VALUES ('from the future')")
    newer.commit()
    newer.close()
    before = path.read_bytes()
    for opening in (open_journal, read_journal):
        with pytest.raises(JournalUnusable, match="newer version"):
            opening(path)
    assert path.read_bytes() == before
    assert list(path.parent.glob("*aside*")) == []


def test_reading_goes_on_beside_the_writer_and_changes_nothing(path):
    log = Log(open_journal(path).connection)
    log.append("s", 1, moment(), [answer(1)])
    reading = Log(read_journal(path))
    log.append("s", 2, moment(), [answer(2)])
    assert [kept.event.value for kept in reading.read("s")] == [1, 2]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reading.append("s", 3, moment(), [answer(3)])


def test_reading_sets_nothing_aside(path):
    with pytest.raises(JournalUnusable, match="no journal here"):
        read_journal(path)
    filled(path)
    junk_in_the_middle(path)
    with pytest.raises(JournalUnusable, match="damaged"):
        read_journal(path)
    assert [file.name for file in path.parent.glob("*.db*")][:1] == ["journal.db"]
    assert list(path.parent.glob("*aside*")) == []


@pytest.mark.parametrize("opening", [read_journal, lambda path: open_journal(path).connection])
def test_opening_takes_no_lock_away_from_who_writes_in_this_process(path, opening):
    """A plain open and close of the file would: then another could empty the log under the writer,
    and what it wrote would be in no file."""
    writer = open_journal(path).connection
    opening(path).close()
    writer.execute("BEGIN IMMEDIATE")
    ask = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0)\n"
    ask += "c.execute('PRAGMA locking_mode=EXCLUSIVE'); c.execute('PRAGMA journal_mode=DELETE')"
    command = [sys.executable, "-c", ask, str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "database is locked" in done.stderr
    writer.execute("ROLLBACK")
