"""The real program's start and end, and what stands in when its screen cannot start."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import stages
from hands import Taps
from pty_screen import PtyScreen
from real_program import MODES, Program, until
from short_home import NURSE, PIN, staffed_home

from companion.journal.history import sessions
from companion.journal.log import Log
from companion.journal.schema import read_journal
from companion.last_good import LAST_GOOD
from companion.processes.terminal import is_sane
from companion.session import events as e

BROKEN = 'import sys\n\nsys.modules["textual"] = None\n'
"""A `sitecustomize` with which no screen of ours can be imported."""


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="c-") as folder:
        yield staffed_home(Path(folder) / "h")


@pytest.fixture
def program(home: Path) -> Iterator[Program]:
    running = Program(home)
    yield running
    running.close()


@pytest.fixture
def without_screen(home: Path) -> Iterator[Program]:
    """The real program on a machine where its screen cannot start."""
    broken = home.parent / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(BROKEN)
    running = Program(home, PYTHONPATH=str(broken))
    yield running
    running.close()


def kinds(home: Path) -> list[str]:
    return [type(record.event).__name__ for record in stages.kept(home)]


# --- the plain screen ----------------------------------------------------------------------------


def test_a_key_at_the_plain_screen_is_a_call_in_the_journal(
    home: Path, without_screen: Program
) -> None:
    stages.standing_at(home, stages.infusing)
    without_screen.start()
    without_screen.term.wait_for("press any key")
    assert "Called" not in kinds(home)
    without_screen.term.press("space")
    without_screen.term.wait_for("Your call is showing.")
    until(lambda: "Called" in kinds(home))
    calls = [record.event for record in stages.kept(home) if isinstance(record.event, e.Called)]
    assert [call.source for call in calls] == ["key"]


def test_the_plain_screen_shows_a_call_that_is_open(home: Path, without_screen: Program) -> None:
    stages.standing_at(home, stages.called)
    without_screen.start()
    without_screen.term.wait_for("Your call is showing.")
    without_screen.term.press("space", "space")
    assert kinds(home).count("Called") == 1


def test_between_patients_a_call_shows_and_is_written_nowhere(
    home: Path, without_screen: Program
) -> None:
    without_screen.start()
    without_screen.term.wait_for("press any key")
    without_screen.term.press("space")
    without_screen.term.wait_for("Your call is showing.")
    assert kinds(home) == []


# --- the end -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_in_order(program: Program, number: signal.Signals) -> None:
    stages.standing_at(program.home, stages.infusing)
    program.start(loop=False)
    program.term.wait_for("minutes")
    program.trio()
    kept = stages.kept(program.home)
    program.term.kill(number)
    assert program.term.wait_end() == 128 + number
    assert program.processes() == {}
    assert is_sane(program.term.settings())
    assert not [mode for mode in MODES if program.term.mode(mode)]
    assert stages.kept(program.home)[: len(kept)] == kept


def test_the_loop_ends_with_the_day(program: Program) -> None:
    program.start()
    hand = Taps(program.term)
    hand.choose("End the day")
    hand.see("Who is it?")
    hand.choose(NURSE)
    hand.enter(PIN)
    assert program.term.wait_end() == 0
    assert program.processes() == {}


# --- the clinic's settings are broken ------------------------------------------------------------


def test_started_with_broken_settings_a_patient_gets_a_session_by_the_last_good_ones(
    home: Path,
) -> None:
    with closing(Program(home)) as first:
        first.start()
        until((home / LAST_GOOD).exists, 30.0)
    config = home / "config.yaml"
    config.write_text(config.read_text().replace("room: Room 2", "room: ["))
    with closing(Program(home)) as again:
        again.start()
        again.term.wait_for("Line 5 of config.yaml cannot be used", 30.0)
        hand = Taps(again.term)
        hand.choose(NURSE)
        hand.enter(PIN)
        hand.choose("Give to patient")
        again.term.wait_for("Can you hear this?")
    log = Log(read_journal(home / "journal.db"))
    (session,) = sessions(log)
    prepared = log.read(session.stream)[0].event
    assert isinstance(prepared, e.SessionPrepared)
    assert prepared.plan.playlist.title == "Tidewater"


# --- where it does not start ---------------------------------------------------------------------


def test_a_second_one_on_the_same_home_says_so(program: Program) -> None:
    program.start()
    program.term.wait_for("End the day")
    before = program.trio()
    with PtyScreen(program.command) as second:
        assert second.wait_end() == 1
        said = [line.rstrip() for line in second.screen() if line.strip()]
    assert said[0].startswith("Companion runs already in")
    assert "Traceback" not in " ".join(said)
    assert program.trio() == before


def test_without_a_terminal_it_says_so(program: Program) -> None:
    done = subprocess.run(
        program.command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Companion needs a terminal: start it in one, not in a pipe.\n"
    assert program.processes() == {}


# --- a sound that stands still -------------------------------------------------------------------


def test_a_frozen_screen_is_replaced_in_a_session_and_the_music_goes_on(
    home: Path, program: Program
) -> None:
    stages.standing_at(home, stages.infusing)
    program.start()
    program.term.wait_for("minutes", 30.0)
    before = program.trio()
    os.kill(before["screen"], signal.SIGSTOP)
    until(lambda: program.replaced(before) == {"screen"}, 30.0)
    program.term.wait_for("minutes", 30.0)
    until(lambda: kinds(home).count("Resumed") == 2, 30.0)
    assert "SoundLost" not in kinds(home)


def test_a_frozen_sound_is_replaced_and_found_again(home: Path, program: Program) -> None:
    stages.standing_at(home, stages.infusing)
    program.start()
    program.term.wait_for("minutes")
    before = program.trio()
    until(lambda: "OutputNoted" in kinds(home))
    os.kill(before["sound"], signal.SIGSTOP)
    until(lambda: program.replaced(before) == {"sound"})
    until(lambda: kinds(home).count("SoundLost") == kinds(home).count("SoundReturned"))
    assert kinds(home).count("OutputNoted") == 1
