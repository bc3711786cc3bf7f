"""Old answers go by the clinic's rule, by their tombstone; the record stays whole."""

import sqlite3
from pathlib import Path

import pytest
from at_rest import files_with
from click.testing import CliRunner
from journal_samples import MK, Faulty, answer, moment, new_log, prepared
from library_home import make_home
from test_journal_sealing import CODE, PAIR, WORDS, counts, salts, use_key
from test_journal_sealing import session as whole_session

from companion.cli import main
from companion.journal.log import Log, Withheld
from companion.journal.resting import empty_wal, seal_some
from companion.journal.retention import Outlived, outlived, tombstones
from companion.journal.schema import open_journal, read_journal
from companion.journal.sealing import opener
from companion.moment import Instant, SystemClock
from companion.record import record
from companion.session import book, events

DAY = 86_400.0
THEN = 1_800_000_000.0


def session(log: Log, stream: str, closed: float, *more: events.Event) -> None:
    """A session closed at `closed`, with four bodies of the patient's own."""
    whole_session(log, stream, *more, closed=False)
    seq = log.last_seq(stream) + 1
    log.append(stream, seq, moment(closed), [events.SessionClosed(at=3200.0, by=MK)])


def delete(log: Log, keep_days: int, now: Instant) -> None:
    gone = tombstones(outlived(log, keep_days, now), keep_days, MK)
    log.append(book.STREAM, log.last_seq(book.STREAM) + 1, now, gone)


# --- which ---------------------------------------------------------------------------------------


def test_only_what_was_closed_longer_ago_than_the_rule_goes(tmp_path):
    log, _ = new_log(tmp_path)
    session(log, "old", THEN)
    session(log, "young", THEN + 10)
    whole_session(log, "open", closed=False)
    now = moment(THEN + 30 * DAY + 5)
    assert outlived(log, 30, now) == (Outlived("old", THEN, 4),)
    assert outlived(log, 31, now) == ()
    later = moment(THEN + 400 * DAY)
    assert [one.stream for one in outlived(log, 30, later)] == ["old", "young"]


def test_the_last_close_counts_and_a_rating_under_way_keeps_all(tmp_path):
    log, _ = new_log(tmp_path)
    session(log, "s", THEN, events.RatingPostponed(at=3150.0))
    log.append("s", 7, moment(THEN + 100), [events.RatingOpened(at=4000.0), answer(3)])
    assert outlived(log, 1, moment(THEN + 9 * DAY)) == ()
    log.append("s", 9, moment(THEN + 200), [events.SessionClosed(at=4100.0, by=MK)])
    assert outlived(log, 1, moment(THEN + 9 * DAY)) == (Outlived("s", THEN + 200, 5),)


def test_a_clock_that_went_back_deletes_nothing(tmp_path):
    log, _ = new_log(tmp_path)
    session(log, "s", THEN)
    assert outlived(log, 1, moment(THEN - 9000 * DAY)) == ()


# --- what is left --------------------------------------------------------------------------------


@pytest.mark.parametrize("sealed", [False, True])
def test_the_record_stays_whole_without_what_the_patient_said(tmp_path, sealed):
    log, connection = new_log(tmp_path)
    session(log, "old", THEN)
    session(log, "young", THEN + 20 * DAY)
    if sealed:
        use_key(log)
        while seal_some(log, moment(THEN + 25 * DAY)):
            pass
    log = Log(connection, open_sealed=opener(PAIR.private))
    before = {stream: log.read(stream) for stream in ("old", "young")}
    delete(log, 30, moment(THEN + 31 * DAY))
    after = log.read("old")
    assert [one.withheld for one in after] == [*[Withheld.DELETED] * 4, None]
    assert [(one.seq, one.moment, type(one.event)) for one in after] == [
        (one.seq, one.moment, type(one.event)) for one in before["old"]
    ]
    assert after[0].event.plan == before["old"][0].event.plan
    assert (after[0].event.code, after[1].event.words, after[2].event.value) == (None, None, None)
    assert log.read("young") == before["young"]
    tombstone = log.read(book.STREAM)[-1].event
    assert tombstone == book.AnswersDeleted(session="old", count=4, keep_days=30, by=MK)
    assert outlived(log, 30, moment(THEN + 31 * DAY)) == ()


def test_the_bytes_are_gone_from_every_file(tmp_path):
    log, connection = new_log(tmp_path)
    planted = [WORDS]
    for n in range(40):
        session(log, f"s{n}", THEN + n * DAY, events.WordsLeft(at=1.0, words="x" * (n * 97 % 5000)))
        planted += salts(f"s{n}", log)
    assert len(files_with(tmp_path, planted[1:])) > 0
    delete(log, 30, moment(THEN + 900 * DAY))
    assert empty_wal(log)
    assert counts(log) == (0, 0)
    assert files_with(tmp_path, [*planted, CODE]) == {}
    connection.close()
    assert files_with(tmp_path, [*planted, CODE]) == {}


def test_a_fault_leaves_either_tombstone_and_deletion_or_neither(tmp_path):
    now = moment(THEN + 31 * DAY)
    for n in range(1, 8):
        for after in (False, True):
            folder = tmp_path / f"{n}-{after}"
            folder.mkdir()
            log, connection = new_log(folder)
            session(log, "s", THEN)
            gone = tombstones(outlived(log, 30, now), 30, None)
            faulty = Log(Faulty(connection, {n + 1}, after))
            try:
                faulty.append(book.STREAM, 1, now, gone)
            except sqlite3.OperationalError:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            kept = len(log.of_kind("AnswersDeleted"))
            assert (kept, counts(log)) in ((0, (4, 0)), (1, (0, 0)))
            log.append(book.STREAM, 1, now, gone)
            assert counts(log) == (0, 0)
            connection.close()


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "h")


def with_sessions(home: Path, *days_ago: float) -> None:
    now = SystemClock().now().wall
    opened = open_journal(home / "journal.db")
    for days in days_ago:
        session(Log(opened.connection), f"closed {days} days ago", now - days * DAY)
    opened.connection.close()


def read(home: Path) -> Log:
    return Log(read_journal(home / "journal.db"))


def retention(home: Path, *options: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(home), "retention", *options], input=typed)
    return done.exit_code, done.output


def test_the_command_tells_the_count_and_asks(home: Path) -> None:
    with_sessions(home, 45, 31, 29)
    code, told = retention(home, typed="n\n")
    assert (code, counts(read(home))) == (0, (12, 0))
    assert told.startswith("2 sessions closed more than 30 days ago, before ")
    code, told = retention(home, typed="y\n")
    assert (code, counts(read(home))) == (0, (4, 0))
    assert "Deleted: the answers of 2 sessions. Times and notes stay." in told
    assert [one.event.by for one in read(home).of_kind("AnswersDeleted")] == [None, None]
    code, told = retention(home, "--yes")
    assert (code, told) == (0, "No session closed more than 30 days ago has answers left.\n")
    salted = [file for file in files_with(home, [WORDS]) if "journal" in file]
    assert salted == ["journal.db"]  # of the one that stays


def test_with_yes_nobody_is_asked_and_the_bytes_are_gone(home: Path) -> None:
    with_sessions(home, 31)
    assert retention(home, "--yes")[0] == 0
    assert files_with(home, [WORDS, CODE]) == {}


def test_without_an_answer_nothing_goes(home: Path) -> None:
    with_sessions(home, 31)
    code, _ = retention(home)
    assert (code, counts(read(home))) == (1, (4, 0))


def test_without_a_rule_nothing_goes(home: Path) -> None:
    with_sessions(home, 4000)
    config = home / "config.yaml"
    config.write_text(config.read_text().replace("keep_days: 30", "keep_days:"))
    code, told = retention(home, "--yes")
    assert (code, told) == (0, "config.yaml names no keep_days, so all answers are kept.\n")
    config.write_text(config.read_text().replace("keep_days:", ""))
    assert retention(home, "--yes")[0] == 0
    assert counts(read(home)) == (4, 0)


def test_while_the_program_runs_or_a_session_is_open_it_says_so(home: Path) -> None:
    import os

    from companion.processes import locks

    with_sessions(home, 31)
    lock = locks.take(home / "companion.lock")
    assert lock is not None
    code, told = retention(home, "--yes")
    assert (code, told) == (
        2,
        "Companion runs in this home. Delete on its screen: People, Old answers.\n",
    )
    os.close(lock)
    opened = open_journal(home / "journal.db")
    Log(opened.connection).append("open", 1, SystemClock().now(), [prepared(CODE)])
    opened.connection.close()
    assert retention(home, "--yes")[0] == 2
    assert counts(read(home)) == (5, 0)


def test_staff_changes_after_it_find_their_place_in_the_book(home: Path) -> None:
    with_sessions(home, 31)
    retention(home, "--yes")
    assert record.change_staff(home, "add", "DN", role="lead", pin="274916") is None
    assert [one.seq for one in read(home).read(book.STREAM)] == [1, 2]
