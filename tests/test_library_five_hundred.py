"""Five hundred files of all formats and faults are added, each with the right verdict; a second run
changes nothing.

    python -m pytest -m torture tests/test_library_five_hundred.py -n 0 -s

Every file is heard once, some side by side; both runs then add them one after the other with what
was heard.
"""

import os
import resource
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from five_hundred import REFUSED, Made, make
from library_home import make_home

from companion.cleaning import clean
from companion.curating import adding
from companion.curating.adding import Progress, add
from companion.home import fill_home
from companion.library.check import load_library
from companion.library.edit import PlaylistEdit
from companion.library.examining import examine
from companion.library.files import content_hash
from companion.library.heard import Verdict

COMMENTED = """\
# What Ana wanted for the mornings.
title: Calm
about: Slow.
sections:
  settle: [{soundscape: shore}]   # the quiet one
  peak:
    # The tone comes first, always.
    - file: music/low.wav   # low
      title: Low
  # Nothing sung here.
  return:
    - {soundscape: bowls}   # the last
# Ask Ana before you change this.
"""


@contextmanager
def no_bar(_: str) -> Iterator[Progress]:
    yield lambda _: None


def added(home: Path, files: list[Made]) -> list[str]:
    """What is said while all of them are added, those of one licence after the other."""
    told: list[str] = []
    for licence in ("bought", ""):
        given = [one.path for one in files if one.licence == licence]
        add(home, given, "calm", "peak", licence, None, "", no_bar, told.append)
    return told


def verdict_on(one: Made, told: list[str]) -> str:
    """Its verdict, which is taken from what was `told`."""
    name = clean(one.path.name, 60)
    sentence = told.pop(0)
    assert sentence.startswith(f"{name}: "), (one, sentence)
    verdict = sentence.removeprefix(f"{name}: ")
    if not verdict.startswith(REFUSED):
        assert told.pop(0).startswith(f"{name}: "), one
    return verdict


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def spent() -> float:
    """Seconds of processor time, of this process and of those it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    return make(tmp_path_factory.mktemp("five") / "stick")


@pytest.fixture
def heard_once(files: list[Made], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is heard by a process of its own, as always, but not again in the second run."""

    def heard(one: Made) -> Verdict:
        return examine(one.path, section="peak", licence=one.licence)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = dict(zip([one.path for one in files], pool.map(heard, files), strict=True))
    monkeypatch.setattr(adding, "examine", lambda path, **_: verdicts[path])


@pytest.mark.torture
def test_five_hundred_files(
    tmp_path: Path, files: list[Made], heard_once: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(files) >= 500
    home = make_home(tmp_path / "home", playlist=COMMENTED)
    fill_home(home)
    there_before = state_of(home / "playlists" / "music")

    told = added(home, files)
    taken, counts, wrong = set[str](), Counter[str](), []
    for one in sorted(files, key=lambda one: one.licence == ""):
        verdict = verdict_on(one, told)
        mark = verdict.split(":")[0]
        counts[mark] += 1
        if mark != one.mark or one.word not in verdict:
            wrong.append(f"{one.path.name!r}: {one.mark} ({one.word}), but {verdict}")
        if mark != REFUSED:
            taken.add(content_hash(one.path))
    with capsys.disabled():
        print(f"\n{len(files)} files: {dict(counts)}, {spent():.0f} s of processor time")
    assert (wrong, told) == ([], [])

    music = home / "playlists" / "music"
    new = [path for path in music.iterdir() if path.name not in there_before]
    assert sorted(map(content_hash, new)) == sorted(taken)
    playlist = home / "playlists" / "calm.yaml"
    tracks = PlaylistEdit(playlist).sections["peak"]
    named = sorted(track["file"] for track in tracks)
    assert named == sorted(["music/low.wav", *(f"music/{path.name}" for path in new)])
    left = iter(playlist.read_text().splitlines())
    assert all(line in left for line in COMMENTED.splitlines()), "her lines, whole and in order"
    assert load_library(home, None).problems == (), "what was taken can be played"

    before = state_of(home / "playlists")
    again = added(home, files)
    assert state_of(home / "playlists") == before
    assert sum("stands in calm, peak already" in line for line in again) == sum(
        one.mark != REFUSED for one in files
    )
