"""Finding the home, filling it, and never touching what a person edited."""

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from companion import home as homes
from companion.config_loading import load_config
from companion.home import fill_home, find_home, shipped
from companion.problems import BadContent

ROOT = Path(__file__).parents[1]


def test_the_option_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPANION_HOME", str(tmp_path / "named"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    here = tmp_path / "here"
    here.mkdir()
    (here / "config.yaml").touch()
    monkeypatch.chdir(here)
    assert find_home(Path("there")) == here / "there"
    assert find_home() == tmp_path / "named"
    monkeypatch.delenv("COMPANION_HOME")
    assert find_home() == here
    (here / "config.yaml").unlink()
    assert find_home() == tmp_path / "data" / "companion"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_home() == tmp_path / ".local" / "share" / "companion"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped content of our own, that an upgrade may change."""
    folder = tmp_path / "shipped"
    for name in ("config.yaml", "playlists/a.yaml", "scripts_guided/b.yaml", "playlists/m/c.opus"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"first {name}")
    monkeypatch.setattr(homes, "shipped", lambda: folder)
    return folder


def test_the_first_run_copies_everything_for_its_owner_alone(content: Path, tmp_path: Path) -> None:
    (content / "playlists" / ".reviewed" / "a").mkdir(parents=True)
    (content / "playlists" / ".reviewed" / "a" / "a.yaml").write_text("another clinic's")
    home = tmp_path / "deep" / "home"
    filling = fill_home(home)
    assert len(filling.copied) == 4 and filling.kept == ()
    assert (home / "playlists/m/c.opus").read_text() == "first playlists/m/c.opus"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "config.yaml").stat().st_mode) == 0o600
    assert fill_home(home).copied == ()


def test_an_upgrade_brings_what_nobody_touched(content: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    fill_home(home)
    (home / "playlists/a.yaml").write_text("hers")
    (home / "scripts_guided/b.yaml").unlink()
    (home / "playlists/own.yaml").write_text("her own")
    for path in content.rglob("*.*"):
        path.write_text(path.read_text().replace("first", "second"))
    (content / "playlists/new.yaml").write_text("new")
    filling = fill_home(home)
    assert set(filling.copied) == {"config.yaml", "playlists/m/c.opus", "playlists/new.yaml"}
    assert filling.kept == ("playlists/a.yaml",)
    assert (home / "config.yaml").read_text() == "second config.yaml"
    assert (home / "playlists/a.yaml").read_text() == "hers"
    assert (home / "playlists/own.yaml").read_text() == "her own"
    assert not (home / "scripts_guided/b.yaml").exists()
    assert fill_home(home).copied == ()


def test_what_was_there_before_the_first_run_stays(content: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.yaml").write_text("hers")
    (home / "playlists").mkdir()
    (home / "playlists/a.yaml").symlink_to("nowhere")
    filling = fill_home(home)
    assert set(filling.kept) == {"config.yaml", "playlists/a.yaml"}
    assert (home / "config.yaml").read_text() == "hers"
    assert (home / "playlists/a.yaml").readlink() == Path("nowhere")


@pytest.mark.parametrize("manifest", ["", "[]", "{", "null"])
def test_a_spoilt_manifest_costs_nobody_her_work(
    content: Path, tmp_path: Path, manifest: str
) -> None:
    home = tmp_path / "home"
    fill_home(home)
    (home / ".shipped.json").write_text(manifest)
    (home / "config.yaml").write_text("hers")
    fill_home(home)
    assert (home / "config.yaml").read_text() == "hers"


def test_the_checkout_itself_is_left_alone(content: Path) -> None:
    before = sorted(content.rglob("*"))
    assert fill_home(content) == homes.Filling()
    assert sorted(content.rglob("*")) == before


def test_a_home_that_cannot_be_written_is_told_in_words(content: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadContent) as bad:
        fill_home(tmp_path / "file" / "home")
    (problem,) = bad.value.problems
    assert "the home cannot be written" in problem.message and "--home" in problem.hint


def test_a_checkout_ships_its_own_content() -> None:
    assert shipped() == ROOT
    assert load_config(shipped() / "config.yaml").protocols


def test_the_wheel_carries_the_content(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    unwanted = shutil.ignore_patterns("__pycache__", ".*_cache", "*.egg-info")
    for name in ("companion", "playlists", "scripts_guided", "schemas"):
        shutil.copytree(ROOT / name, tree / name, ignore=unwanted)
    for name in ("config.yaml", "pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, tree / name)
    build = "import sys; from setuptools import build_meta as b; b.build_wheel(sys.argv[1])"
    command = [sys.executable, "-c", build, str(tmp_path)]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    home = tmp_path / "home"
    lines = (
        "import sys; from pathlib import Path; from companion import home",
        f"assert home.shipped() == Path({str(site)!r}, 'companion', 'shipped'), home.shipped()",
        f"print(*home.fill_home(Path({str(home)!r})).copied, sep='\\n')",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    copied = set(done.stdout.split())
    assert copied == {
        path.relative_to(ROOT).as_posix()
        for pattern in (
            "config.yaml",
            "playlists/**/*.*",
            "scripts_guided/**/*.*",
            "schemas/*.json",
        )
        for path in ROOT.glob(pattern)
        if path.is_file()
    }
    assert (home / "playlists/music/first-embers.opus").read_bytes() == (
        ROOT / "playlists/music/first-embers.opus"
    ).read_bytes()
