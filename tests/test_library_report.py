"""What `companion check` tells of the library: a table for people, stable keys for programs."""

import json
from pathlib import Path

import pytest
from library_home import PLAYLIST, SCRIPT, make_home, sine, write

from companion.curating.checking import check
from companion.library.check import Library, load_library
from companion.library.clips import Made, written_index
from companion.library.files import content_hash
from companion.library.loudness import Loudness
from companion.library.report import as_json, report

LONG = "a-name-so-long-that-no-table-of-eighty-columns-could-hold-it"


def row(told: str, begins: str) -> list[str]:
    """The words of the first row of that name."""
    return next(line.split() for line in told.splitlines() if line.startswith(begins))


def told_of(library: Library, **reviews: str) -> str:
    by_kind = {("playlist", stem): state for stem, state in reviews.items()}
    return report(library, None, (), by_kind)


def test_a_playlist_is_told_by_phase_with_its_tracks_and_loudness(tmp_path: Path) -> None:
    track = "{file: music/low.wav, licence: CC0-1.0}"
    sections = f"  peak: [{track}, {track}]\n  return: [{track}, {{soundscape: shore}}]\n"
    text = PLAYLIST.split("  peak")[0].replace("shore}", "shore, level: -3, for: 2m}") + sections
    library = load_library(make_home(tmp_path, playlist=text.replace("\n", "\n")), None)

    told = told_of(library)

    assert row(told, "Playlist ")[1:] == [
        *("settle", "onset", "build", "peak", "return", "after", "tracks", "LUFS")
    ]
    assert row(told, "calm")[1:] == [
        *("2:00", "-", "-", "0:00", "0:04+", "-", "5"),
        "-25",
        "to",
        "-22",
    ]
    assert "CC0-1.0" in told


def test_a_licence_that_is_missing_is_advice_with_its_line(tmp_path: Path) -> None:
    library = load_library(make_home(tmp_path), None)

    told = [str(advice) for advice in library.advice if "licence" in advice.message]

    assert told == [
        "playlists/calm.yaml:5:10: sections.peak[0]: has no licence "
        "(write licence: and what allows the clinic to use it)",
        "scripts_guided/words.yaml:1:1: has no licence "
        "(write licence: and what allows the clinic to use it)",
    ]
    assert library.problems == ()
    assert "1 missing" in told_of(library)


def test_a_script_is_told_with_who_speaks_it(tmp_path: Path) -> None:
    home = make_home(
        tmp_path, script=SCRIPT.replace("language: en", "language: en\nlicence: CC0-1.0")
    )
    folder = home / "scripts_guided/words"
    for part, seconds in (("settle", 3.0), ("return", 2.0)):
        sine(folder / f"{part}-01.wav", seconds).rename(folder / f"{part}-01.opus")
    spoken = Made(
        "You may rest here for a while.", "digest", Loudness(3.0, -21.0, -18.0, -21.0, 0.0)
    )
    index = {content_hash(folder / "settle-01.opus"): spoken}
    (folder / "clips.json").write_bytes(written_index(index))
    library = load_library(home, None)

    assert " ".join(row(told_of(library), "words")).endswith("2 of 2, synthetic and a person's")
    figures = as_json(library, None)["scripts"]["words"]
    assert (figures["sentences"], figures["synthetic"], figures["personal"]) == (2, 1, 1)
    assert figures["licence"] == "CC0-1.0"


def test_the_review_stands_beside_where_it_is_known(tmp_path: Path) -> None:
    library = load_library(make_home(tmp_path), None)

    assert "review" not in told_of(library)
    told = told_of(library, calm="read by MK, 3 May")
    assert row(told[told.index("Playlist or") :], "calm")[1:] == [
        *("1", "missing", "read", "by", "MK,", "3", "May")
    ]
    data = as_json(library, None, (), {("script", "words"): "waits"})
    assert data["scripts"]["words"]["review"] == "waits"
    assert data["playlists"]["calm"]["review"] == ""


def test_the_table_fits_eighty_columns_whatever_the_names(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    licence = "A licence of a collecting society with a long name and a number, 2031-00417"
    long = PLAYLIST.replace("title: Low", f"licence: '{licence}'")
    write(home / f"playlists/{LONG}.yaml", long)
    write(home / f"scripts_guided/{LONG}.yaml", SCRIPT)

    told = told_of(load_library(home, None), calm="waits for its first reading by a curator")

    table = told[told.index("Playlist ") :]
    assert max(map(len, table.splitlines())) <= 80
    assert "\x1b" not in told and "society" in table
    assert LONG in "".join(line.split(" ")[0] for line in table.splitlines())


def test_the_json_keeps_its_keys(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    text, good = check(home, as_data=True)
    data = json.loads(text)

    assert good and data["format"] == 1
    assert set(data) == {
        *("format", "problems", "advice", "playlists", "scripts", "protocols", "reaches")
    }
    assert set(data["advice"][0]) == {*("file", "line", "column", "path", "message", "hint")}
    calm, words = data["playlists"]["calm"], data["scripts"]["words"]
    assert set(calm) == {
        *("title", "hash", "sections", "review", "lengths", "tracks", "lowest", "highest"),
        *("licences", "unlicensed"),
    }
    assert calm["lengths"] == {
        "settle": {"seconds": 0.0, "endless": True},
        "peak": {"seconds": pytest.approx(4.0), "endless": False},
    }
    assert set(words) == {
        *("title", "language", "hash", "licence", "review", "parts"),
        *("sentences", "synthetic", "personal"),
    }
    assert set(words["parts"]["settle"]) == {
        *("sentences", "words", "seconds", "overall", "speaking", "longest_pause")
    }
    assert data["protocols"] == ["quick", "short"] and data["reaches"] == "this screen only"


def test_everything_that_is_wrong_comes_at_once(tmp_path: Path) -> None:
    home = make_home(tmp_path, playlist=PLAYLIST.replace("about", "abut"))
    write(home / "scripts_guided/words.yaml", SCRIPT.replace("author: MK\n", ""))
    write(home / "config.yaml", "room: [\n")
    write(home / "playlists/other.yaml", PLAYLIST)

    told, good = check(home, as_data=False)

    assert not good and told.endswith("4 problems.")
    for name in ("config.yaml:2:", "playlists/calm.yaml:2:", "scripts_guided/words.yaml:1:"):
        assert f"\n{name}" in f"\n{told}", told
    assert row(told, "other")
