"""`companion calibrate` as a lead types it on a terminal, with the real sound process behind it."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import stages
from pty_screen import PtyScreen
from real_program import until
from short_home import NURSE, PIN, staffed_home
from sound_files import rms

from companion.calibration import calibration
from companion.calibration.calibration import Calibration
from companion.journal.log import Log
from companion.journal.schema import read_journal
from companion.processes import locks
from companion.processes.terminal import is_sane
from companion.record import record
from companion.session.book import STREAM
from companion.words import staff_words

WORDS = staff_words("en")
NOISE = -25.9
"""dBFS (RMS) of the reference noise at a level of 0 dB."""


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="c-") as folder:
        yield staffed_home(Path(folder) / "h")


def shell(home: Path, driver: str = "dummy") -> PtyScreen:
    heard = {"SDL_DISKAUDIOFILE": str(home / "heard.raw"), "SDL_AUDIODRIVER": driver}
    command = [sys.executable, "-P", "-m", "companion", "--home", str(home), "calibrate"]
    return PtyScreen(command, env={"XDG_RUNTIME_DIR": str(home), **heard}, cwd=home)


def answer(term: PtyScreen, prompt: str, line: str) -> None:
    term.wait_for(prompt)
    term.keys(f"{line}\n")


def unlock(term: PtyScreen, who: str = NURSE, pin: str = PIN) -> None:
    answer(term, "initials:", who)
    answer(term, "PIN:", pin)


def sound_processes(home: Path) -> list[Path]:
    """The sound process of `home`, if there is one."""
    lines = ((folder, _words(folder)) for folder in Path("/proc").iterdir())
    return [folder for folder, words in lines if "sound" in words and str(home) in words]


def _words(folder: Path) -> list[str]:
    try:
        return (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def kept(home: Path) -> list[Calibration]:
    connection = read_journal(home / "journal.db")
    try:
        return list(calibration.replay(Log(connection).read(STREAM)).values())
    finally:
        connection.close()


def test_a_lead_calibrates_and_what_plays_is_at_the_level_she_was_told(home: Path) -> None:
    with shell(home, "disk") as term:
        unlock(term)
        term.wait_for(WORDS.calibration.never_calibrated)
        assert PIN not in term.dump()
        assert not _heard(home).any()
        term.keys("\n")
        answer(term, "-30 dB.", "+")
        answer(term, "-28 dB.", "save")
        answer(term, "no reading to save", "loud")
        answer(term, "or quit", "39")
        term.wait_for(WORDS.calibration.reading_refused["too quiet"])
        until(lambda: abs(rms(_heard(home)[-48_000:]) - (NOISE - 28)) < 0.5)
        answer(term, "-28 dB.", "68,5")
        answer(term, "Full level would be -21.5 dB.", "save")
        answer(term, WORDS.calibration.full_level.format(loudest=75, output="disk"), "quit")
        assert term.wait_end() == 0
        assert is_sane(term.settings())
    (one,) = kept(home)
    assert (one.output, one.level, one.reading, one.by) == ("disk", -28.0, 68.5, NURSE)
    assert sound_processes(home) == []


def _heard(home: Path) -> np.ndarray:
    file = home / "heard.raw"
    data = file.read_bytes() if file.exists() else b""
    return np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2) / np.float32(32768)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_however_it_ends_the_noise_ends_with_it(home: Path, number: signal.Signals) -> None:
    with shell(home) as term:
        unlock(term)
        answer(term, "Press Enter", "")
        term.wait_for("-30 dB.")
        assert len(sound_processes(home)) == 1
        assert term.program is not None
        os.kill(term.program.pid, number)
        assert term.wait_end() == 1
        assert "Traceback" not in term.dump()
    assert sound_processes(home) == []
    assert kept(home) == []


def test_a_wrong_pin_and_a_nurse_are_refused_before_anything_sounds(home: Path) -> None:
    assert record.change_staff(home, "add", "JS", role="nurse", pin=PIN) is None
    for who, pin, told in (
        (NURSE, "918273", WORDS.pin_wrong.format(initials=NURSE)),
        ("JS", PIN, WORDS.not_for_role.format(initials="JS")),
    ):
        with shell(home) as term:
            unlock(term, who, pin)
            term.wait_for(told)
            assert term.wait_end() == 1
    assert not (home / "logs").exists()


def test_while_companion_runs_it_points_to_the_screen(home: Path) -> None:
    running = locks.take(home / "companion.lock")
    assert running is not None
    with shell(home) as term:
        term.wait_for("Calibrate on its screen")
        assert term.wait_end() == 2
    os.close(running)


def test_while_a_session_is_open_nothing_is_played(home: Path) -> None:
    stages.standing_at(home, stages.infusing)
    with shell(home) as term:
        term.wait_for(WORDS.refused["session open"])
        assert term.wait_end() == 2


def test_without_anybody_it_says_how_the_first_lead_is_made(tmp_path: Path) -> None:
    with shell(tmp_path) as term:
        term.wait_for("makes the first lead")
        assert term.wait_end() == 1
