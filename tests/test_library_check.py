"""The library: good files are on offer, and everything else is told."""

import os
from pathlib import Path

import pytest
from library_home import CONFIG, PLAYLIST, SCRIPT, config_of, make_home, sine, write

from companion.config_loading import load_config
from companion.library.check import Library, load_library
from companion.library.report import report
from companion.problems import Problem
from companion.session.plan import Phase


def library_of(home: Path) -> Library:
    return load_library(home, load_config(home / "config.yaml"))


def one(problems: tuple[Problem, ...], path: str) -> Problem:
    (found,) = (problem for problem in problems if problem.path == path)
    return found


def test_a_whole_home_has_no_problem(tmp_path: Path) -> None:
    library = library_of(make_home(tmp_path))
    assert library.problems == ()
    content = library.playlists["calm"]
    assert list(content.sections) == [Phase.SETTLE, Phase.PEAK]
    low = content.sections[Phase.PEAK][0].track
    assert low.title == "Low" and low.file == "music/low.wav"
    assert low.seconds == pytest.approx(4.0)
    assert low.gain == 6.0, "the file lies at -30 LUFS, and no file is raised by more than 6 dB"
    script = library.scripts["words"]
    assert script.settle[0].seconds == pytest.approx(7 * 60 / 100)
    assert script.back[0].say == "The room comes back slowly."
    (call,) = (cue for line, cue in library.lines.items() if line.sound)
    assert call.clip == "spoken/call.wav"
    assert call.seconds == pytest.approx(1.0)
    assert call.gain == pytest.approx(0.0, abs=0.3)


def test_the_staff_s_level_is_added_to_the_gain(tmp_path: Path) -> None:
    home = make_home(tmp_path, playlist=PLAYLIST.replace("title: Low}", "level: -3}"))
    sine(home / "playlists/music/low.wav", 4.0, -20.0)
    entry = library_of(home).playlists["calm"].sections[Phase.PEAK][0]
    assert entry.track.gain == pytest.approx(-2.0 - 3.0, abs=0.2)
    assert entry.loudest == pytest.approx(-25.0, abs=0.2)
    assert entry.track.title == "low", "a file without a title is called by its name"


def test_broken_files_never_hide_the_good_ones(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    write(home / "playlists/broken.yaml", "title: [\n")
    write(home / "playlists/other.yml", PLAYLIST)
    write(home / "playlists/Bad Name.yaml", PLAYLIST)
    write(home / "scripts_guided/broken.yaml", "title: Only\n")
    os.mkfifo(home / "playlists/pipe.yaml")
    (home / "playlists/out.yaml").symlink_to("/etc/hostname")
    library = library_of(home)
    assert list(library.playlists) == ["calm"] and list(library.scripts) == ["words"]
    told = {problem.file: problem.message for problem in library.problems}
    assert "cannot be read as YAML" in told["playlists/broken.yaml"]
    assert told["playlists/other.yml"] == "ends in .yml"
    assert "not usable" in told["playlists/Bad Name.yaml"]
    assert told["playlists/pipe.yaml"] == "is not a plain file"
    assert "leads out" in told["playlists/out.yaml"]
    assert "is missing" in told["scripts_guided/broken.yaml"]


@pytest.mark.parametrize(
    ("old", "new", "path", "message", "hint"),
    [
        ("about: Slow.", "abut: Slow.", "abut", "is not a key here", "did you mean 'about'?"),
        ("  peak:", "  peek:", "sections.peek", "is not a key here", "did you mean 'peak'?"),
        ("shore}", "shor}", "sections.settle[0].soundscape", "no soundscape", "'shore'"),
        ("shore}", "shore, sed: 3}", "sections.settle[0].sed", "not a key", "'seed'"),
        ("shore}", "shore, density: 2}", "sections.settle[0].density", "from 0 to 1; found 2", ""),
        ("shore}", "shore, seed: x}", "sections.settle[0].seed", "a whole number; found 'x'", ""),
        ("shore}", "shore, level: 9}", "sections.settle[0].level", "from -24 to 6 dB", ""),
        ("shore}", "shore, for: 6}", "sections.settle[0].for", "a time", "write 6s"),
        ("shore}", "shore, file: a.wav}", "sections.settle[0]", "either a file or a sound", ""),
        ("{soundscape: shore}", "{title: x}", "sections.settle[0]", "either a file or a sound", ""),
        ("title: Low}", "seed: 3}", "sections.peak[0].seed", "belongs to a soundscape", ""),
        ("title: Low}", "for: 3m}", "sections.peak[0].for", "belongs to a soundscape", ""),
        ("[{soundscape: shore}]", "[]", "sections.settle", "needs at least 1", ""),
        ("sections:", "crossfade: 30s\nsections:", "crossfade", "must be from 1s to 20s", ""),
    ],
)
def test_mistakes_of_a_playlist(
    tmp_path: Path, *, old: str, new: str, path: str, message: str, hint: str
) -> None:
    text = PLAYLIST.replace(old, new)
    assert text != PLAYLIST
    library = library_of(make_home(tmp_path, playlist=text))
    problem = one(library.problems, path)
    assert message in problem.message and hint in problem.hint
    assert problem.file == "playlists/calm.yaml" and problem.line and problem.column
    assert "calm" not in library.playlists


def test_a_playlist_without_any_section(tmp_path: Path) -> None:
    text = PLAYLIST.split("  settle")[0] + "  settle:\n"
    assert (
        "at least one phase" in library_of(make_home(tmp_path, playlist=text)).problems[0].message
    )


@pytest.mark.parametrize(
    "file",
    ["../config.yaml", "/etc/a.wav", "https://x.example/a.mp3", "music/none.wav", "music/bad.mp3"],
)
def test_a_track_that_cannot_be_played_is_left_out_and_told(tmp_path: Path, file: str) -> None:
    home = make_home(tmp_path, playlist=PLAYLIST.replace("music/low.wav", f"'{file}'"))
    (home / "playlists/music/bad.mp3").write_bytes(b"not sound" * 50)
    library = library_of(home)
    problem = one(library.problems, "sections.peak[0].file")
    assert (problem.line, problem.column) == (5, 17)
    assert list(library.playlists["calm"].sections) == [Phase.SETTLE]


def test_a_playlist_with_nothing_left_is_not_on_offer(tmp_path: Path) -> None:
    home = make_home(tmp_path, playlist=PLAYLIST.replace("soundscape: shore", "file: none.wav"))
    (home / "playlists/music/low.wav").unlink()
    library = library_of(home)
    assert library.playlists == {}
    usual = one(library.problems, "usual.playlist")
    assert (
        usual.file == "config.yaml"
        and usual.line
        == CONFIG.splitlines().index("usual: {protocol: short, playlist: calm, script: words}") + 1
    )
    assert "no playlist 'calm' that can be used" in usual.message


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("author: MK\n", "", "author", "is missing"),
        ("pause: 4s", "pause: 200s", "parts.settle[0].pause", "must be from 0s to 3m; found 3m20s"),
        ("pause: 4s", "paus: 4s", "parts.settle[0].paus", "is not a key here"),
        ("  return: [", "  back: [", "parts.back", "is not a key here"),
        ("say: You may rest here for a while.", "say: no", "", ""),
        ("language: en", "language: 5", "language", "expected a language"),
        ("You may rest", "You may fall", "parts.settle[0].say", "speaks of falling ('fall')"),
        ("You may rest", "Let go now", "parts.settle[0].say", "speaks of commands ('Let go now')"),
        ("for a while", "and hold your breath", "parts.settle[0].say", "holding the breath"),
    ],
)
def test_mistakes_of_a_script(tmp_path: Path, old: str, new: str, path: str, message: str) -> None:
    assert old in SCRIPT
    library = library_of(make_home(tmp_path, script=SCRIPT.replace(old, new)))
    if not path:
        assert library.problems == () and library.scripts["words"].settle[0].say == "no"
        return
    problem = one(library.problems, path)
    assert message in problem.message and problem.line


def test_a_forbidden_theme_is_told_and_waterfalls_are_not(tmp_path: Path) -> None:
    plain = SCRIPT.replace("rest here", "hear a waterfall and a blockhouse in grandeur")
    assert library_of(make_home(tmp_path / "a", script=plain)).problems == ()
    text = SCRIPT.replace(
        "rest here", "drown and die and trust your father and pray and count back and be cured"
    )
    told = [p.message for p in library_of(make_home(tmp_path / "b", script=text)).problems]
    themes = ("drowning", "dying", "parents", "religion", "counting down", "a cure")
    for theme in themes:
        assert any(f"speaks of {theme}" in message for message in told), theme


def test_recordings_are_found_by_name_or_as_named(tmp_path: Path) -> None:
    text = SCRIPT.replace("pause: 3s}", "pause: 3s, sound: words/other.wav}")
    home = make_home(tmp_path, script=text)
    sine(home / "scripts_guided/words/other.wav", 2.0, -21.0)
    sine(home / "scripts_guided/words/tone.wav", 3.0)
    (home / "scripts_guided/words/tone.wav").rename(home / "scripts_guided/words/settle-01.opus")
    script = library_of(home).scripts["words"]
    assert script.settle[0].clip == "words/settle-01.opus"
    assert script.settle[0].seconds == pytest.approx(3.0)
    assert script.back[0].clip == "words/other.wav"
    assert script.back[0].gain == pytest.approx(3.0, abs=0.2)


def test_a_recording_that_is_not_there_leaves_the_words(tmp_path: Path) -> None:
    text = SCRIPT.replace("pause: 3s}", "pause: 3s, sound: none.opus}")
    library = library_of(make_home(tmp_path, script=text))
    assert "there is no such file" in one(library.problems, "parts.return[0].sound").message
    assert library.scripts["words"].back[0].clip is None


def test_a_missing_call_line_is_told_where_the_config_names_it(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    (home / "scripts_guided/spoken/call.wav").unlink()
    problem = one(library_of(home).problems, "call_line.sound")
    assert problem.file == "config.yaml" and problem.line == 21


def many(count: int, pause: str = "6s") -> str:
    cue = f"{{say: One two three four five six seven eight nine ten., pause: {pause}}}"
    return SCRIPT.replace("{say: The room comes back slowly., pause: 3s}", ", ".join([cue] * count))


def test_a_part_must_fit_its_phase(tmp_path: Path) -> None:
    library = library_of(make_home(tmp_path, script=many(80)))
    problem = one(library.problems, "parts.return")
    assert problem.message == "takes 15m54s, and there are 15m in short"
    assert "words" in library.scripts, "it would stop at a sentence's end"
    longer = CONFIG.replace(
        "  quick:",
        "  longer:\n    title: L\n    phases: {settle: 5m, onset: 10m, build: 10m, peak: 25m, "
        "return: 20m}\n    infusion: 40m\n  quick:",
    )
    home = make_home(tmp_path / "longer", script=many(80), config=longer)
    library = library_of(home)
    assert library.problems == ()
    assert one(library.advice, "parts.return").message.endswith("15m in short")


def test_a_pace_that_is_not_calm_is_worth_a_look(tmp_path: Path) -> None:
    fast = library_of(make_home(tmp_path / "fast", script=many(5, "1s")))
    assert "88 words a minute over all" in one(fast.advice, "parts.return").message
    slow = library_of(make_home(tmp_path / "slow", script=many(5, "30s")))
    assert "20 words a minute over all" in one(slow.advice, "parts.return").message
    calm = library_of(make_home(tmp_path / "calm", script=many(20)))
    assert all(problem.path != "parts.return" for problem in calm.advice)


def test_the_library_is_read_even_without_a_config(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    library = load_library(home, None)
    assert library.problems == () and set(library.playlists) == {"calm"}
    told = report(library, None, [Problem("config.yaml", 3, 4, "room", "is missing")])
    assert told.startswith("config.yaml:3:4: room: is missing")
    assert told.endswith("1 problem.")


def test_folders_that_are_not_there_are_told(tmp_path: Path) -> None:
    library = load_library(tmp_path, None)
    assert [problem.file for problem in library.problems] == ["playlists", "scripts_guided"]


def test_the_report_names_problems_first_and_then_what_there_is(tmp_path: Path) -> None:
    home = make_home(tmp_path, script=many(80))
    config = config_of(home)
    library = load_library(home, config)
    told = report(library, config, library.problems)
    assert told.splitlines()[0].startswith("scripts_guided/words.yaml:6:")
    assert "A call reaches this screen only." in told and told.endswith("1 problem.")
    assert told.index("worth a look: playlists/calm.yaml") < told.index("Playlist ")


def test_the_hash_follows_everything_that_plays(tmp_path: Path) -> None:
    first = load_library(make_home(tmp_path / "a"), None).playlists["calm"].hash
    assert load_library(make_home(tmp_path / "b"), None).playlists["calm"].hash == first
    home = make_home(tmp_path / "c")
    sine(home / "playlists/music/low.wav", 4.0, -29.0)
    assert load_library(home, None).playlists["calm"].hash != first
