"""`companion review` at a shell: what it lists, and what it takes before it accepts."""

import os
import shutil
from pathlib import Path

import pytest
import stages
from accepted import accept_all
from click.testing import CliRunner, Result
from library_home import PLAYLIST, make_home, write

from companion.cli import main
from companion.library.check import load_library
from companion.processes import locks
from companion.record import record
from companion.review import at_shell as reviews_at_shell
from companion.session.book import Kind
from companion.words import staff_words

WORDS = staff_words("en")
PIN = "274951"


@pytest.fixture(scope="module")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_home(tmp_path_factory.mktemp("first") / "h")
    for who, role in (("MK", "lead"), ("NN", "nurse")):
        assert record.change_staff(made, "add", who, role=role, pin=PIN) is None
    assert review(made).exit_code == 0
    return made


@pytest.fixture
def home(first_home: Path, tmp_path: Path) -> Path:
    """The shipped library and a small one, measured; a lead and a nurse, and nothing accepted."""
    return Path(shutil.copytree(first_home, tmp_path / "h"))


def review(home: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "review", *words], input=typed)


def test_it_lists_how_everything_stands_and_changes_nothing(home: Path) -> None:
    listed = review(home)
    assert listed.exit_code == 0
    lines = [line.split(maxsplit=2) for line in listed.output.splitlines()]
    assert ["playlist", "calm", WORDS.review.stands["new"]] in lines
    assert ["script", "words", WORDS.review.stands["new"]] in lines
    accept_all(home, "MK")
    write(home / "playlists/calm.yaml", PLAYLIST.replace("Slow.", "Slower."))
    write(home / "scripts_guided/words.yaml", "title: [broken\n")
    told = reviews_at_shell.told_of(load_library(home, None), home)
    assert told["playlist", "calm"] == WORDS.review.stands["new"]
    assert told["script", "words"] == WORDS.review.stands["broken"]
    assert told["playlist", "tidewater"].startswith("accepted by MK on 20")
    assert not list(home.rglob(".reviewed"))


def test_it_shows_the_words_and_accepts_with_a_pin(home: Path) -> None:
    done = review(home, "script", "words", typed=f"MK\n{PIN}\n")
    assert done.exit_code == 0, done.output
    assert "You may rest here for a while. (4s of quiet)" in done.output
    assert WORDS.review.accepted.format(title="Words") in done.output
    assert PIN not in done.output
    again = review(home, "script", "words")
    assert again.exit_code == 0
    assert "accepted by MK on 20" in again.output
    newest = record.reviews(home).newest(Kind.SCRIPT, "words")
    assert newest is not None
    assert newest.who == "MK"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (f"NN\n{PIN}\n", WORDS.not_for_role.format(initials="NN")),
        ("MK\n918273\n", WORDS.pin_wrong.format(initials="MK")),
    ],
)
def test_a_nurse_and_a_wrong_pin_accept_nothing(home: Path, typed: str, told: str) -> None:
    done = review(home, "script", "words", typed=typed)
    assert done.exit_code == 1
    assert told in done.output
    assert record.reviews(home).accepted == {}


def test_a_lead_alone_gives_a_reason_for_her_own(home: Path) -> None:
    reviews_at_shell.authored(home, "script", "words", "MK")
    refused = review(home, "script", "words", typed=f"MK\n{PIN}\n")
    assert refused.exit_code == 1
    assert "--reason" in refused.output
    reason = ("--reason", "nobody else\x1b[2J is here")
    assert review(home, "script", "words", *reason, typed=f"MK\n{PIN}\n").exit_code == 0
    (one,) = record.reviews(home).accepted.values()
    assert one.reason.startswith("nobody else")
    assert "\x1b" not in one.reason


def test_what_is_not_there_or_cannot_be_used_is_told(home: Path) -> None:
    assert "There is no script wrods" in review(home, "script", "wrods").output
    write(home / "scripts_guided/words.yaml", "title: [broken\n")
    broken = review(home, "script", "words")
    assert broken.exit_code == 2
    assert "scripts_guided/words.yaml:2" in broken.output
    assert WORDS.review.stands["broken"] in broken.output


def test_while_companion_runs_or_a_session_is_open_it_is_done_on_the_screen(home: Path) -> None:
    running = locks.take(home / "companion.lock")
    assert running is not None
    refused = review(home, "script", "words")
    assert refused.exit_code == 2
    assert "Review on its screen" in refused.output
    assert review(home).exit_code == 0
    os.close(running)
    stages.standing_at(home, stages.infusing)
    refused = review(home, "script", "words")
    assert refused.exit_code == 2
    assert WORDS.refused["session open"] in refused.output
