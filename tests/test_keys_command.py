"""`companion keys`: the private key is on paper alone, and proved before anything is sealed."""

import csv
import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest
from at_rest import files_with
from click.testing import CliRunner
from journal_samples import moment, new_log
from pty_screen import PtyScreen
from short_home import NURSE, PIN
from test_journal_sealing import CODE, PAIR, WORDS, session

from companion.cli import main
from companion.journal.log import Log
from companion.journal.schema import open_journal, read_journal
from companion.journal.sealing import new_pair, public_of
from companion.moment import SystemClock
from companion.record import paper, record
from companion.session import book, events

BEFORE = "AGE-SECRET-KEY-1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "h"
    assert record.change_staff(home, "add", NURSE, role="lead", pin=PIN) is None
    return home


def run(home: Path, *arguments: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(home), *arguments], input=typed)
    return done.exit_code, done.output


def read(home: Path) -> Log:
    return Log(read_journal(home / "journal.db"))


def key_kinds(home: Path) -> list[str]:
    kinds = [type(one.event).__name__ for one in read(home).read(book.STREAM)]
    return [kind for kind in kinds if kind.startswith("SealingKey")]


def with_sessions(home: Path, *streams: str, open_one: str = "") -> None:
    opened = open_journal(home / "journal.db")
    for stream in streams:
        session(Log(opened.connection), stream, closed=stream != open_one)
    opened.connection.close()


def key_made(home: Path, public: str = PAIR.public) -> None:
    opened = open_journal(home / "journal.db")
    log = Log(opened.connection)
    made = book.SealingKeyMade(key=public, by=events.By(NURSE, confirmed=True))
    log.append(book.STREAM, log.last_seq(book.STREAM) + 1, SystemClock().now(), [made])
    opened.connection.close()


def check(home: Path, private: str = PAIR.private, who: str = f"{NURSE}\n{PIN}\n"):
    file = home.parent / "key.txt"
    file.write_text(private)
    return run(home, "keys", "check", "--key", str(file), typed=who)


# --- making --------------------------------------------------------------------------------------


def test_the_private_key_is_shown_once_and_lies_nowhere(home: Path) -> None:
    command = [sys.executable, "-P", "-m", "companion", "--home", str(home), "keys"]
    with PtyScreen(command, rows=24, columns=80) as term:
        term.wait_for("A lead's initials", 30.0)
        term.keys(f"{NURSE}\r")
        term.wait_for("PIN")
        term.keys(f"{PIN}\r")
        lines = term.wait_for("Press Enter", 30.0)
        assert term.mode(1049)
        (private,) = [line.strip() for line in lines if line.startswith(BEFORE) and line[16] != " "]
        assert [line for line in lines if "▀" in line or "█" in line]
        in_fours = "".join("".join(lines).split(private)[1].split("Copy")[0].split())
        assert in_fours == private
        term.keys("\r")
        term.wait_for("companion keys check")
        assert term.wait_end() == 0
        assert not term.mode(1049)
        assert private[20:] not in "\n".join(term.screen())
        outside = term.output.split(b"\x1b[?1049h")[0] + term.output.split(b"\x1b[?1049l")[-1]
        assert private.encode() not in outside
    assert key_kinds(home) == ["SealingKeyMade"]
    (made,) = read(home).of_kind("SealingKeyMade")
    assert made.event.key == public_of(private)
    assert made.event.by == events.By(NURSE, confirmed=True)
    assert files_with(home.parent, [private, private[16:40]]) == {}


def test_nothing_is_shown_in_a_pipe(home: Path) -> None:
    code, told = run(home, "keys", typed=f"{NURSE}\n{PIN}\n")
    assert code == 1
    assert BEFORE not in told and "--sheet" in told
    assert key_kinds(home) == []


def test_a_sheet_is_written_only_where_it_was_asked_for_and_not_in_the_home(home: Path) -> None:
    who = f"{NURSE}\n{PIN}\n"
    sheet = home.parent / "stick" / "key.svg"
    sheet.parent.mkdir()
    assert run(home, "keys", "--sheet", str(home / "key.svg"), typed=who)[0] == 1
    code, told = run(home, "keys", "--sheet", str(sheet), typed=who)
    assert code == 0, told
    assert "is the key itself" in told and BEFORE not in told
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert run(home, "keys", "--sheet", str(sheet), typed=who)[0] == 1
    (made,) = read(home).of_kind("SealingKeyMade")
    text = sheet.read_text()
    letters = "".join(part.split("<")[0] for part in text.split('font-size="20">')[2:4])
    assert public_of(letters) == made.event.key
    assert files_with(home, [letters.replace(" ", "")]) == {}


def test_a_nurse_makes_no_key(home: Path) -> None:
    assert record.change_staff(home, "add", "NU", role="nurse", pin="518294") is None
    sheet = home.parent / "key.svg"
    code, told = run(home, "keys", "--sheet", str(sheet), typed="NU\n518294\n")
    assert code == 1 and "NU" in told
    assert not sheet.exists()
    assert key_kinds(home) == []


def test_the_page_fits_a_terminal_of_80x24() -> None:
    lines = paper.page(PAIR.private).rstrip("\n").split("\n")
    assert len(lines) <= 22
    assert max(map(len, lines)) <= 80
    assert "".join(paper.in_fours(PAIR.private).split()) == PAIR.private


# --- proving -------------------------------------------------------------------------------------


def test_sealing_begins_once_the_paper_is_proved(home: Path) -> None:
    with_sessions(home, "a", "b")
    key_made(home)
    code, told = check(home)
    assert (code, "Sealed now: 2." in told) == (0, True), told
    assert key_kinds(home) == ["SealingKeyMade", "SealingKeyProved"]
    assert files_with(home, [WORDS, CODE, PAIR.private]) == {}
    code, told = check(home, who="")
    assert (code, told) == (0, "It fits the key in use. It opens 8 of 8 sealed answers.\n")


def test_another_key_or_a_wrong_pin_begins_nothing(home: Path) -> None:
    with_sessions(home, "a")
    key_made(home)
    other = new_pair()
    code, told = check(home, other.private)
    assert (code, told) == (1, "This key fits nothing on this tablet.\n")
    assert other.private not in told
    assert check(home, who=f"{NURSE}\n000111\n")[0] == 1
    code, told = check(home, PAIR.private[:-1] + "!")
    assert code == 1 and "slip" in told and PAIR.private[20:40] not in told
    assert key_kinds(home) == ["SealingKeyMade"]
    assert files_with(home, [WORDS]) != {}


def test_an_earlier_paper_still_opens_what_was_sealed_to_it(home: Path) -> None:
    with_sessions(home, "a")
    key_made(home)
    check(home)
    newer = new_pair()
    key_made(home, newer.public)
    with_sessions(home, "b")
    assert check(home, newer.private)[0] == 0
    code, told = check(home)
    assert code == 0
    assert "earlier key" in told and "opens 4 of 8" in told


def test_the_key_comes_from_standard_input_too(home: Path) -> None:
    with_sessions(home, "a")
    key_made(home)
    check(home)
    code, told = run(home, "keys", "check", "--key", "-", typed=PAIR.private.lower())
    assert (code, told) == (0, "It fits the key in use. It opens 4 of 4 sealed answers.\n")


# --- reading it again ----------------------------------------------------------------------------


def sealed_home(home: Path) -> Path:
    with_sessions(home, "a")
    key_made(home)
    check(home)
    return home


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_without_the_key_what_is_sealed_reads_as_sealed(home: Path) -> None:
    code, told = run(sealed_home(home), "export")
    assert code == 0
    table = rows(told)
    assert {row["code"] for row in table} == {"sealed"}
    values = {row["what"]: row["value"] for row in table}
    assert values["answered"] == values["intention left"] == "sealed"
    assert values["check in answered"] == "sealed"
    assert values["session prepared"] == "Taste"
    events_told = json.loads(run(home, "export", "--format", "json")[1])["sessions"][0]["events"]
    answered = next(one for one in events_told if one["kind"] == "Answered")
    assert answered["withheld"] == "sealed"
    assert "value" not in answered["event"] and answered["event"]["question"] == "mood"


def test_with_the_key_the_export_is_as_if_nothing_had_been_sealed(home: Path) -> None:
    with_sessions(home, "a")
    before = {form: run(home, "export", "--format", form)[1] for form in ("csv", "json")}
    key_made(home)
    check(home)
    file = home.parent / "key.txt"
    for form, told in before.items():
        export = ("export", "--format", form, "--key")
        assert run(home, *export, str(file)) == (0, told)
        assert run(home, *export, "-", typed=f"# paper one\n{PAIR.private}\n") == (0, told)
    assert files_with(home, [PAIR.private]) == {}


def test_a_key_that_opens_nothing_is_told(home: Path) -> None:
    sealed_home(home)
    code, told = run(home, "export", "--key", "-", typed=new_pair().private)
    assert code == 1
    assert "4 answers stay sealed: this key does not open them." in told
    code, told = run(home, "export", "--key", "-", typed="not a key")
    assert (code, told.count("\n")) == (1, 1)
    assert "not a key" not in told


def test_what_was_deleted_reads_as_deleted(tmp_path: Path) -> None:
    home = tmp_path / "h"
    home.mkdir()
    log, connection = new_log(home)
    session(log, "a")
    gone = book.AnswersDeleted(session="a", count=4, keep_days=30)
    log.append(book.STREAM, 1, moment(), [gone])
    connection.close()
    table = rows(run(home, "export")[1])
    assert {row["code"] for row in table} == {"deleted"}
    assert [row["value"] for row in table if row["what"] == "answered"] == ["deleted"]


def test_sealing_is_not_loaded_where_nothing_is_sealed(home: Path) -> None:
    with_sessions(home, "a")
    code = (
        "import sys; from companion.record import record; from pathlib import Path;"
        "record.export(Path(sys.argv[1]), 'csv', None);"
        "sys.exit('pyrage' in sys.modules or 'segno' in sys.modules)"
    )
    command = [sys.executable, "-P", "-c", code, str(home)]
    assert os.spawnv(os.P_WAIT, sys.executable, command) == 0
