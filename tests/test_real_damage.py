"""The real program, started on a journal that a crash or a disk has left damaged or locked."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import stages
from hands import Taps
from journal_damage import empty, zeroed_header
from real_program import Program, until
from short_home import NURSE, staffed_home

from companion.journal.ballast import Ballast
from companion.journal.files import side_files
from companion.journal.log import Log
from companion.journal.schema import read_journal
from companion.record.keeping import BALLAST
from companion.session import events as e
from companion.session.book import STREAM as BOOK
from companion.session.book import CalledWithoutSession, FileSetAside


@pytest.fixture
def program() -> Iterator[Program]:
    with TemporaryDirectory(prefix="c-") as folder:
        running = Program(staffed_home(Path(folder) / "h"))
        stages.standing_at(running.home, stages.infusing)
        yield running
        running.close()


def checkpointed(home: Path) -> Path:
    path = home / "journal.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def book(home: Path, kind: type) -> Callable[[], list]:
    def told() -> list:
        events = [one.event for one in Log(read_journal(home / "journal.db")).read(BOOK)]
        return [event for event in events if isinstance(event, kind)]

    return told


def test_a_session_that_could_be_read_goes_on_and_asks_for_the_nurse(program):
    kept = stages.kept(program.home)
    zeroed_header(checkpointed(program.home))
    program.start()
    program.term.wait_for("Nurse, please look here.", 30.0)
    after = stages.kept(program.home)
    assert after[: len(kept)] == kept
    (told,) = book(program.home, FileSetAside)()
    assert (told.lost, told.more_lost) == (0, False)
    hand = Taps(program.term)
    hand.call()
    hand.see("Your call is showing.")
    until(lambda: any(isinstance(one.event, e.Called) for one in stages.kept(program.home)))


def gone(journal: Path) -> None:
    """The file is not there any more; the room that is kept back beside it is."""
    Ballast(journal.with_name(BALLAST)).make()
    for file in side_files(journal):
        file.unlink(missing_ok=True)


@pytest.mark.parametrize("damage", [empty, gone])
def test_where_nothing_could_be_read_it_calls_and_never_stands_ready(program, damage):
    damage(checkpointed(program.home))
    program.start()
    program.term.wait_for("This tablet needs your nurse.", 30.0)
    hand = Taps(program.term)
    hand.call()
    hand.see("Your call is showing.")
    until(book(program.home, CalledWithoutSession))
    since = len(program.term.output)
    program.kill(["screen"])
    until(lambda: b"This tablet needs your nurse." in program.term.output[since:])
    assert b"End the day" not in program.term.output
    assert NURSE.encode() not in program.term.output


def test_while_another_holds_the_journal_the_session_is_there_and_nothing_is_lost(program):
    other = sqlite3.connect(program.home / "journal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    kept = stages.kept(program.home)
    program.start()
    program.term.wait_for("minutes", 40.0)
    hand = Taps(program.term)
    hand.call()
    hand.see("Your call is showing.")
    waiting = program.home / "waiting.jsonl"
    until(lambda: waiting.exists() and b'"Called"' in waiting.read_bytes())
    program.kill(["screen"])
    other.close()
    program.term.wait_for("Your call is showing.", 30.0)
    until(lambda: any(isinstance(one.event, e.Called) for one in stages.kept(program.home)))
    after = stages.kept(program.home)
    assert after[: len(kept)] == kept
    assert [one.seq for one in after] == list(range(1, len(after) + 1))
