"""`companion audit`: who did what, and whether the record is as it was written."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from past_stage import EARLIER, keep_session, session
from stage_props import people

from companion.cli import main
from companion.journal.chain import short
from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.moment import SimulatedClock
from companion.session import book
from companion.session.events import By, Voided

OTHER = "0a1b2c3d-8b86-4d01-b42d-00cf4fc964ff"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two sessions on two days, and a book."""
    clock = SimulatedClock()
    connection = open_journal(tmp_path / "journal.db").connection
    log = Log(connection)
    happened = [one.event for one in people(clock, ("MK", "JS"))]
    happened += [book.PinTried(initials="JS"), book.PinRefused(initials="JS")]
    happened += [book.PinTried(initials="MK"), book.PinAccepted(initials="MK")]
    log.append(book.STREAM, 1, clock.now(), happened)
    keep_session(log, clock)
    clock.advance(86_400)
    keep_session(log, clock, OTHER)
    connection.close()
    return tmp_path


def ask(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(home), "audit", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, done.output


def meddle(home: Path, sql: str) -> None:
    connection = open_journal(home / "journal.db").connection
    connection.execute("DROP TRIGGER event_is_fixed")
    connection.execute("DROP TRIGGER event_stays")
    connection.execute(sql)
    connection.close()


def test_each_act_tells_who_when_and_whether_a_pin_confirmed_it(home: Path) -> None:
    code, told = ask(home)
    assert code == 0
    lines = told.splitlines()
    (started,) = [one for one in lines if "infusion started" in one and "6f9619ff" in one]
    assert "MK    with PIN" in started
    (came,) = [one for one in lines if "nurse is here" in one and "6f9619ff" in one]
    assert "JS    without PIN" in came
    assert any("book" in one and "wrong PIN for JS" in one for one in lines)
    assert "The chain is whole: 44 events." in lines
    assert "does not prove" in told


def test_no_patients_words_answers_or_code_are_in_it(home: Path) -> None:
    for words in ((), ("--json",)):
        _, told = ask(home, *words)
        for own in ("quiet sea", "4172038", "comfortable", '"value"', "mood, after: "):
            assert own not in told


def test_it_can_be_asked_by_session_book_person_and_day(home: Path) -> None:
    _, told = ask(home, "--session", "0a1b", "--json")
    acts = json.loads(told)["acts"]
    assert {one["session"] for one in acts} == {OTHER}
    _, told = ask(home, "--session", "book", "--json")
    assert {one["session"] for one in json.loads(told)["acts"]} == {None}
    _, told = ask(home, "--by", "js", "--json")
    acts = json.loads(told)["acts"]
    assert {one["who"] for one in acts} == {"JS"}
    day = max(one["time"] for one in acts)[:10]
    _, told = ask(home, "--from", day, "--to", day, "--json")
    days = {datetime.fromisoformat(one["time"]).date() for one in json.loads(told)["acts"]}
    assert {str(one) for one in days} == {day}
    _, told = ask(home, "--by", "ZZ")
    assert "Nothing of that was done here." in told


def test_the_head_at_the_close_is_told_and_can_be_given_back(home: Path) -> None:
    log = Log(open_journal(home / "journal.db").connection)
    head = short(log.read(EARLIER)[-1].digest)
    mark = Voided(at=9000.0, what="session", reason="mistake", by=By("MK", confirmed=True))
    log.append(EARLIER, len(session()) + 1, SimulatedClock().now(), [mark])
    code, told = ask(home, "--session", "6f96", "--head", head)
    assert code == 0
    assert f"at its close (event {len(session())}): {head}" in told
    assert "The head that was given is here: session 6f9619ff" in told
    code, told = ask(home, "--head", "0000 0000 0000")
    assert code == 1
    assert "NOT HERE" in told


def test_a_changed_event_is_named_in_words_and_the_exit_code_says_so(home: Path) -> None:
    meddle(home, f"UPDATE event SET wall = wall + 60 WHERE stream = '{OTHER}' AND seq = 4")
    code, told = ask(home)
    assert code == 1
    assert "NOT WHOLE: session 0a1b2c3d of " in told
    assert "event 4 is not as it was written" in told
    code, told = ask(home, "--json")
    found = json.loads(told)
    assert (code, found["whole"]) == (1, False)
    assert (found["first_wrong"]["stream"], found["first_wrong"]["seq"]) == (OTHER, 4)
    assert ask(home, "--session", "6f96")[0] == 0


def test_an_event_that_is_gone_or_cannot_be_read_hides_none_of_the_others(home: Path) -> None:
    meddle(home, f"DELETE FROM event WHERE stream = '{EARLIER}' AND seq = 6")
    meddle_again = f"UPDATE event SET kind = 'Levitated' WHERE stream = '{OTHER}' AND seq = 2"
    connection = open_journal(home / "journal.db").connection
    connection.execute(meddle_again)
    connection.close()
    code, told = ask(home)
    assert code == 1
    assert "event 6 is missing" in told
    assert "event 2 is not as it was written" in told
    assert told.count("session closed") == 2


def test_the_emergency_pin_is_flagged(home: Path) -> None:
    """What was unlocked with the PIN from the envelope, and what was done with it."""
    from companion.record import audit

    kept = next(audit._every(Log(open_journal(home / "journal.db").connection)))
    for sealed in (True, False):
        by = By("EMER", confirmed=True, sealed=sealed)
        mark = Voided(at=1.0, what="session", reason="mistake", by=by)
        opened = book.PinAccepted(initials="EMER", sealed=sealed)
        for stream, event in (("s", mark), (book.STREAM, opened)):
            act = audit._act(audit.Recorded(stream, 1, kept.moment, event))
            assert act is not None
            assert act.emergency is sealed
            assert ("EMERGENCY PIN" in audit._line(act)) is sealed


def test_before_anything_was_kept_it_says_so(tmp_path: Path) -> None:
    assert ask(tmp_path) == (0, "Nothing has been kept here yet.\n")


def test_an_empty_or_damaged_file_is_told_and_is_not_whole(home: Path) -> None:
    (home / "journal.db").write_bytes(b"")
    code, told = ask(home)
    assert code == 1
    assert "journal.db" in told
