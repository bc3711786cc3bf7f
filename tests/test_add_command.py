"""`companion add` as a person at a shell meets it, and as a screen drives it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from patience import PATIENCE
from sound_files import noise, write

from companion.cli import main
from companion.home import fill_home
from companion.library.edit import PlaylistEdit
from companion.record import record


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fill_home(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    stick = tmp_path_factory.mktemp("stick")
    samples = noise(22, -30)
    write(stick / "Calm.flac", samples)
    samples[48_000 * 15 : 48_000 * 15 + 4800] *= 10
    write(stick / "Sudden.flac", samples)
    (stick / "broken.mp3").write_bytes(b"hello" * 100)
    return stick


def ask(home: Path, *words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(home), "add", *map(str, words)])
    return done.exit_code, done.output


def files_in(home: Path, section: str = "peak") -> list[str]:
    tracks = PlaylistEdit(home / "playlists/tidewater.yaml").sections[section]
    return [track["file"] for track in tracks if "file" in track]


def test_each_file_gets_its_sentence_and_the_usable_ones_are_added(home: Path, stick: Path) -> None:
    code, told = ask(
        home, *sorted(stick.iterdir()), "--playlist", "tidewater", "--licence", "bought"
    )
    assert code == 1
    lines = told.splitlines()
    assert lines[0].startswith("Calm.flac: good: 0:22")
    assert lines[1] == "Calm.flac: added to tidewater, peak: music/calm.flac"
    assert lines[2].startswith("Sudden.flac: flagged: may startle at 0:15")
    assert lines[3] == "Sudden.flac: added to tidewater, peak: music/sudden.flac"
    assert lines[4].startswith("broken.mp3: refused: cannot be decoded")
    assert files_in(home) == ["music/calm.flac", "music/sudden.flac"]
    code, told = ask(
        home,
        stick / "Calm.flac",
        "--playlist",
        "tidewater",
        "--section",
        "return",
        "--words-sung",
        "yes",
        "--licence",
        "bought",
    )
    assert code == 0 and files_in(home, "return") == ["music/calm.flac"]


def test_without_a_licence_nothing_is_added(home: Path, stick: Path) -> None:
    code, told = ask(home, stick / "Calm.flac", "--playlist", "tidewater")
    assert code == 1 and "refused: names no licence" in told
    assert files_in(home) == []


def test_a_playlist_that_is_not_there_is_told_before_anything_is_heard(
    home: Path, stick: Path
) -> None:
    code, told = ask(home, stick / "Calm.flac", "--playlist", "tidewatre")
    assert (code, told) == (2, "playlists/tidewatre.yaml: there is no such file\n")
    code, told = ask(home, stick / "Calm.flac")
    assert code == 2 and "Say to which playlist" in told


def test_whoever_adds_music_is_written_down_as_its_author(home: Path, stick: Path) -> None:
    given = (stick / "Calm.flac", "--playlist", "tidewater", "--licence", "bought", "--by", "MK")
    code, told = ask(home, *given)
    assert code == 1 and "was not written down. Nobody works here yet" in told
    assert record.change_staff(home, "add", "MK", role="lead", pin="274951") is None
    code, told = ask(home, *given[:-1], "JS", "--section", "return")
    assert code == 1 and "Nobody here has the initials JS." in told
    assert ask(home, *given, "--section", "onset")[0] == 0
    (version,) = record.reviews(home).authors
    assert version.stem == "tidewater"
    assert record.reviews(home).authors[version] == {"MK"}


class Driven:
    """The command as a screen drives it."""

    def __init__(self, home: Path, *words: str | Path) -> None:
        command = [sys.executable, "-P", "-m", "companion", "--home", str(home), "add"]
        self._process = subprocess.Popen(
            [*command, "--json-lines", *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def until(self, kind: str) -> list[dict[str, Any]]:
        """What it tells, up to the first line of this kind."""
        assert self._process.stdout
        found = []
        for line in self._process.stdout:
            found.append(json.loads(line))
            if found[-1]["kind"] == kind:
                return found
        raise AssertionError(found)

    def answer(self, text: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(text)
        self._process.stdin.close()

    def end(self) -> int:
        return self._process.wait(PATIENCE)


def test_a_screen_hears_everything_and_takes_what_a_person_chose(home: Path, stick: Path) -> None:
    files = sorted(stick.iterdir())
    driven = Driven(home, *files, "--licence", "bought")
    told = driven.until("asks")
    verdicts = {Path(one["file"]).name: one for one in told if one["kind"] == "verdict"}
    assert [one["mark"] for one in verdicts.values()] == ["good", "flagged", "refused"]
    assert verdicts["Calm.flac"]["seconds"] == 22.0 and verdicts["Calm.flac"]["gain"] > 0
    parts = [one["part"] for one in told if one["kind"] == "hearing"]
    assert parts[0] < 0.2 and 1.0 in parts
    assert list((home / "playlists/music").glob("*.flac")) == []
    wanted = [str(files[0]), str(files[2]), "/etc/passwd"]
    driven.answer(json.dumps({"take": wanted}) + "\n")
    told = driven.until("done")
    (taken,) = (one for one in told if one["kind"] == "taken")
    assert taken["fields"] == {"file": "music/calm.flac", "title": "Calm", "licence": "bought"}
    assert told[-1]["taken"] == 1 and driven.end() == 1
    assert files_in(home) == [], "without a playlist it is only copied"


@pytest.mark.parametrize("answer", ["", "\n", "no\n", "[]\n", '{"take": 3}\n', '{"take": []}\n'])
def test_nothing_is_taken_where_nobody_answers(home: Path, stick: Path, answer: str) -> None:
    driven = Driven(home, stick / "broken.mp3", "--playlist", "tidewater")
    driven.until("asks")
    driven.answer(answer)
    assert driven.until("done")[-1]["taken"] == 0 and driven.end() == 0
    assert files_in(home) == []
