"""The commands as a person at a shell meets them."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from patience import PATIENCE
from session_given import plan

from companion.cli import main
from companion.home import fill_home
from companion.journal.fallback import Fallback
from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.moment import SimulatedClock
from companion.session import commands as c
from companion.session.book import STREAM, StaffAdded, StaffRemoved
from companion.session.decide import decide
from companion.session.due import due
from companion.session.events import By
from companion.session.plan import Mode
from companion.session.state import evolve

NURSE = By("MK", confirmed=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fill_home(tmp_path / "home")
    return tmp_path / "home"


def ask(home: Path, *words: str, typed: str | None = None) -> tuple[int, str]:
    """What the command answers, and its exit code."""
    done = CliRunner().invoke(main, ["--home", str(home), *words], input=typed)
    return done.exit_code, done.output


def keep_a_session(home: Path) -> None:
    """A whole session in the journal: prepared, started, called, rated, closed."""
    clock = SimulatedClock()
    opened = open_journal(home / "journal.db")
    log, state, t, seq = Log(opened.connection), None, 0.0, 1
    told = plan()
    steps: list[tuple[float, c.Command]] = [
        (0, c.PrepareSession(NURSE, "Room 2", told, "4172038")),
        (5, c.AnswerHearing(heard=True)),
        (5, c.ChooseMode(Mode.MUSIC)),
        *((6, c.Rate(question.key, 4)) for question in told.before),
        (60, c.StartInfusion(NURSE)),
        (600, c.Call()),
        (60, c.AnswerCall(By("JS"))),
        (60, c.GoToRecovery(NURSE)),
        (60, c.OpenRating()),
        *((6, c.Rate(question.key, 7)) for question in told.after),
        (5, c.CloseSession(NURSE)),
    ]
    for wait, command in steps:
        clock.advance(wait)
        t += wait
        events = [*due(state, t)]
        for event in events:
            state = evolve(state, event)
        decision = decide(state, command, t)
        assert isinstance(decision, tuple), command
        for event in decision:
            state = evolve(state, event)
        events += decision
        if events:
            log.append("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", seq, clock.now(), events)
            seq += len(events)
    opened.connection.close()


def test_check_finds_nothing_in_what_we_ship(home: Path) -> None:
    code, told = ask(home, "check")

    assert code == 0
    assert "No problem found." in told


def test_check_names_every_mistake_with_its_file_line_and_column(home: Path) -> None:
    playlist = home / "playlists" / "tidewater.yaml"
    playlist.write_text(playlist.read_text().replace("crossfade:", "crosfade:"))
    script = home / "scripts_guided" / "arriving.yaml"
    script.write_text(script.read_text().replace("title:", "titel:", 1))

    code, told = ask(home, "check")

    assert code == 2
    wrong = [line for line in told.splitlines() if "did you mean" in line]
    assert any("tidewater.yaml:" in line and "'crossfade'" in line for line in wrong)
    assert any("arriving.yaml:" in line and "'title'" in line for line in wrong)


def test_check_can_be_read_by_a_program(home: Path) -> None:
    code, told = ask(home, "check", "--json")

    data = json.loads(told)
    assert code == 0
    assert data["problems"] == []
    assert set(data["playlists"]) == {path.stem for path in (home / "playlists").glob("*.yaml")}


def test_a_broken_configuration_is_told_and_ends_with_2(home: Path) -> None:
    (home / "config.yaml").write_text("room: [\n")

    code, told = ask(home, "rehearse", "--protocol", "taste", "--playlist", "tidewater")

    assert code == 2
    assert "config.yaml:" in told
    assert "Traceback" not in told


def test_rehearse_prints_the_timeline_and_writes_json(home: Path, tmp_path: Path) -> None:
    as_json = tmp_path / "hour.json"

    code, told = ask(
        home,
        *("rehearse", "--protocol", "standard-40", "--playlist", "tidewater"),
        *("--script", "the-quiet-shore", "--json", str(as_json)),
    )

    assert code == 0, told
    assert "50:00  return" in told
    assert json.loads(as_json.read_text())["findings"] == []


def test_rehearse_names_the_nearest_playlist(home: Path) -> None:
    code, told = ask(home, "rehearse", "--protocol", "taste", "--playlist", "tidewatr")

    assert code == 2
    assert "did you mean 'tidewater'?" in told


def test_rehearse_refuses_a_sound_format_it_cannot_write(home: Path, tmp_path: Path) -> None:
    where = str(tmp_path / "x.mp3")

    code, told = ask(
        home, "rehearse", "--protocol", "taste", "--playlist", "ember", "--sound", where
    )

    assert code == 2
    assert ".wav, .flac, .ogg" in told


def test_sessions_tell_when_where_and_who_but_no_patients_words(home: Path) -> None:
    keep_a_session(home)

    code, told = ask(home, "sessions")

    assert code == 0
    assert "Room 2" in told
    assert "MK" in told
    assert "1 call " in told
    assert re.search(r"closed [0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}$", told.strip())
    assert "417" not in told


def test_sessions_without_any_say_so_and_make_no_journal(home: Path) -> None:
    assert ask(home, "sessions") == (0, "No session yet.\n")
    assert not (home / "journal.db").exists()


def test_export_as_csv_has_the_answers(home: Path) -> None:
    keep_a_session(home)

    code, told = ask(home, "export", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(told)))
    assert code == 0
    answers = [row for row in rows if row["what"].lower().startswith("answered")]
    assert {row["value"] for row in answers} == {"4", "7"}


def test_export_as_json_goes_to_a_file_only_its_owner_can_read(home: Path, tmp_path: Path) -> None:
    keep_a_session(home)
    to = tmp_path / "record.json"

    code, told = ask(home, "export", "--format", "json", "--to", str(to))

    assert (code, told) == (0, f"Written to {to}.\n")
    assert to.stat().st_mode & 0o777 == 0o600
    assert "4172038" in to.read_text()


def test_staff_are_added_listed_and_removed(home: Path) -> None:
    assert ask(home, "staff") == (0, "Nobody yet.\n")

    assert ask(home, "staff", "add", "MK", "--role", "lead", typed="482913\n482913\n")[0] == 0
    assert ask(home, "staff", "add", "JS", typed="730195\n730195\n")[0] == 0
    assert ask(home, "staff", "pin", "JS", typed="619374\n619374\n")[0] == 0
    assert ask(home, "staff")[1].split() == ["MK", "lead", "JS", "nurse"]

    assert ask(home, "staff", "remove", "JS")[0] == 0
    code, told = ask(home, "staff", "remove", "MK")
    assert code == 1
    assert "only lead" in told


def test_a_simple_pin_is_refused_in_plain_words(home: Path) -> None:
    code, told = ask(home, "staff", "add", "MK", "--role", "lead", typed="123456\n123456\n")

    assert code == 1
    assert "too easy to guess" in told
    assert ask(home, "staff")[1] == "Nobody yet.\n"


@pytest.mark.parametrize(
    "words", [["chekc"], ["rehearse"], ["export", "--format", "xml"], ["--home"], ["staff", "add"]]
)
def test_bad_use_is_told_plainly_and_without_a_traceback(home: Path, words: list[str]) -> None:
    command = [sys.executable, "-P", "-m", "companion", "--home", str(home), *words]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)

    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stderr.strip()


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")

    code, told = ask(tmp_path / "home" / "below", "check")

    assert code in (1, 2)
    assert "home" in told


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    for name, command in main.commands.items():
        if not command.hidden:
            assert f"companion {name}" in readme, name
            assert command.help, name


def test_what_waited_beside_the_journal_is_in_the_book_before_anybody_is_added(home: Path) -> None:
    ask(home, "staff", "add", "MK", "--role", "lead", typed="482913\n482913\n")
    opened = open_journal(home / "journal.db")
    log = Log(opened.connection)
    waited = log.rows(STREAM, log.last_seq(STREAM) + 1, SimulatedClock().now(), [_removed("XY")])
    opened.connection.close()
    Fallback(home / "waiting.jsonl").append(waited)
    assert ask(home, "staff", "add", "JS", typed="730195\n730195\n")[0] == 0
    opened = open_journal(home / "journal.db")
    kept = [one.event for one in Log(opened.connection).read(STREAM)]
    opened.connection.close()
    assert kept[1] == _removed("XY")
    assert isinstance(kept[2], StaffAdded) and kept[2].initials == "JS"
    assert (home / "waiting.jsonl").read_bytes() == b""


def _removed(initials: str) -> StaffRemoved:
    return StaffRemoved(initials=initials)
