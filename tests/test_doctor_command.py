"""`companion doctor` as it is typed, with the real sound process behind it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from pty_screen import PtyScreen
from short_home import staffed_home

from companion.journal.log import Log
from companion.journal.schema import read_journal
from companion.processes import locks
from companion.session.book import STREAM


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="c-") as folder:
        yield staffed_home(Path(folder) / "h")


def command(home: Path, *options: str) -> list[str]:
    return [sys.executable, "-P", "-m", "companion", "--home", str(home), "doctor", *options]


def environment(home: Path, driver: str) -> dict[str, str]:
    return {"SDL_AUDIODRIVER": driver, "XDG_RUNTIME_DIR": str(home)}


def doctor(home: Path, driver: str = "dummy") -> tuple[int, dict[str, Any]]:
    """The exit code, and every finding by its name."""
    done = subprocess.run(
        command(home, "--json"),
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, **environment(home, driver)},
    )
    assert not done.stderr, done.stderr
    return done.returncode, {one["name"]: one for one in json.loads(done.stdout)}


def test_it_tells_each_subject_for_a_program_to_read(home: Path) -> None:
    with (home / "config.yaml").open("a") as config:
        page = f"[{sys.executable}, -c, 'raise SystemExit(4)']"
        config.write(f"\ncalls:\n  command:\n    run: {page}\n    reaches: the pager\n")
    code, found = doctor(home)
    assert code == 1
    assert {"name", "state", "told", "todo"} == set(found["disk"])
    for name in ("disk", "journal", "space", "files", "core dumps", "versions"):
        assert found[name]["state"] == "well", found[name]
    assert found["sound"]["state"] == "look"
    assert "nobody was asked" in found["sound"]["told"]
    assert found["call by command"]["state"] == "wrong"
    assert "the pager" in found["call by command"]["told"]
    assert "code 4" in found["call by command"]["told"]
    connection = read_journal(home / "journal.db")
    try:
        kinds = {type(one.event).__name__ for one in Log(connection).read(STREAM)}
    finally:
        connection.close()
    assert "Checked" not in kinds


def test_without_an_output_the_sound_is_wrong(home: Path) -> None:
    code, found = doctor(home, "nosuch")
    assert code == 1
    assert found["sound"]["state"] == "wrong"
    assert "nosuch" in found["sound"]["told"]


def test_beside_a_running_companion_its_sound_and_record_are_left_alone(home: Path) -> None:
    lock = locks.take(home / "companion.lock")
    assert lock is not None
    try:
        (home / "playlists" / "torn.yaml").write_text("title: [")
        _, found = doctor(home)
    finally:
        os.close(lock)
    assert "its own screen" in found["sound"]["told"]
    assert "journal" not in found and "calibration" not in found
    assert found["content"]["state"] == "look"
    assert found["disk"]["state"] == "well"


def test_settings_that_cannot_be_used_are_named_with_their_line(home: Path) -> None:
    doctor(home)
    lines = (home / "config.yaml").read_text().splitlines()
    (home / "config.yaml").write_text("\n".join([*lines, "colour: blue", ""]))
    _, found = doctor(home)
    assert found["settings"]["state"] == "look"
    assert f"config.yaml, line {len(lines) + 1}" in found["settings"]["told"]


def test_at_a_terminal_a_person_says_whether_she_hears_it(home: Path) -> None:
    with PtyScreen(command(home), env=environment(home, "dummy"), cwd=home) as term:
        term.wait_for("Do you hear a soft tone?", 30.0)
        term.keys("n\n")
        term.wait_for("WRONG  sound", 30.0)
        term.wait_for("Look at plug", 30.0)
