"""`companion void`: a mark with a name and a reason, at a shell."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from past_stage import EARLIER, session
from stage_props import PIN
from test_backup import OTHER, kept_home

from companion.cli import main
from companion.journal.log import Log
from companion.journal.schema import read_journal
from companion.processes import locks
from companion.session.events import By, Voided


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return kept_home(tmp_path / "tablet", EARLIER, OTHER)


def ask(home: Path, *words: str, typed: str = f"JS\n{PIN}\n") -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "void", *words], input=typed)


def marks(home: Path, stream: str = EARLIER) -> list[object]:
    connection = read_journal(home / "journal.db")
    found = [one.event for one in Log(connection).read(stream)][len(session()) :]
    connection.close()
    return found


@pytest.mark.parametrize(
    ("words", "what", "seq"),
    [((), "session", None), (("--rating",), "rating", None), (("--event", "11"), "event", 11)],
)
def test_it_is_marked_with_name_and_reason(
    home: Path, words: tuple[str, ...], what: str, seq: int | None
) -> None:
    done = ask(home, "6f96", *words, "--reason", "mistake")
    assert done.exit_code == 0, done.output
    assert "Marked as void" in done.output
    (mark,) = marks(home)
    assert isinstance(mark, Voided)
    assert (mark.what, mark.seq, mark.reason) == (what, seq, "mistake")
    assert mark.by == By("JS", confirmed=True)
    assert marks(home, OTHER) == []
    listed = CliRunner().invoke(main, ["--home", str(home), "sessions"]).output
    assert listed.count("void (JS)") == (what == "session")


@pytest.mark.parametrize(
    ("words", "typed", "why"),
    [
        (("6f96",), "JS\n111112\n", "not the PIN of JS"),
        (("ffff",), "", "No session here has a name that begins with ffff."),
        (("",), "", "More than one session here has"),
        (("6f96", "--event", "1"), f"JS\n{PIN}\n", "no such thing"),
        (("6f96", "--event", "1", "--rating"), "", "Either --event or --rating."),
    ],
)
def test_why_not_is_told_and_nothing_marked(
    home: Path, words: tuple[str, ...], typed: str, why: str
) -> None:
    done = ask(home, *words, "--reason", "mistake", typed=typed)
    assert done.exit_code in (1, 2)
    assert why in done.output
    assert marks(home) == []


def test_while_companion_runs_it_is_done_on_the_screen(home: Path) -> None:
    lock = locks.take(home / "companion.lock")
    assert lock is not None
    try:
        done = ask(home, "6f96", "--reason", "mistake")
    finally:
        os.close(lock)
    assert done.exit_code == 2
    assert "Companion runs in this home" in done.output
    assert marks(home) == []
