"""A copy and a restore killed at any moment: the tablet is the old one or the new one, whole."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from past_stage import EARLIER, session
from test_backup import OTHER, ask, content, events, kept_home

from companion.backup.contents import prove_files, read_list
from companion.backup.restoring import STAGED, newest
from companion.library.files import Unusable

KILLS = 25

pytestmark = pytest.mark.torture


def killed(home: Path, after: float, *words: str) -> bool:
    """Run a command and kill it `after` so many seconds; whether it was still running."""
    command = [sys.executable, "-P", "-m", "companion", "--home", str(home), *words]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        child.wait(after)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return True
    return False


def how_long(home: Path, *words: str) -> float:
    began = time.monotonic()
    assert not killed(home, 600.0, *words)
    return time.monotonic() - began


def test_a_restore_killed_at_any_moment(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "tablet")
    stick = tmp_path / "stick"
    stick.mkdir()
    assert ask(home, "backup", str(stick))[0] == 0
    whole = how_long(kept_home(tmp_path / "first", OTHER), "restore", str(stick))
    alive = 0
    for number in range(KILLS):
        old = kept_home(tmp_path / f"old-{number}", OTHER)
        (old / "config.yaml").write_text((old / "config.yaml").read_text() + "# the old one\n")
        before = content(old)
        alive += killed(old, whole * (number + 1) / KILLS, "restore", str(stick))
        assert ask(old, "sessions")[0] == 0
        if content(old) == before:
            assert events(old, OTHER) == session() and events(old, EARLIER) == []
        else:
            assert content(old) == content(home)
            assert events(old) == session() and events(old, OTHER) == []
            (aside,) = old.glob("before-restore-*")
            assert content(aside) == before and events(aside, OTHER) == session()
            assert not (old / STAGED).exists()
        assert ask(old, "restore", str(stick))[0] == 0
        assert content(old) == content(home)
    assert alive, "none was still under way"


def test_a_copy_killed_at_any_moment(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "tablet")
    stick = tmp_path / "stick"
    stick.mkdir()
    whole = how_long(home, "backup", str(stick))
    for number in range(KILLS):
        stick = tmp_path / f"stick-{number}"
        stick.mkdir()
        killed(home, whole * (number + 1) / KILLS, "backup", str(stick))
        try:
            copy = newest(stick)
        except Unusable:
            continue
        prove_files(copy, read_list(copy))
    assert events(home) == session()
