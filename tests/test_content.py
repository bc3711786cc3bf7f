"""The shipped content keeps the rules it asks of others."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.config import Config, load_config
from companion.home import fill_home
from companion.library.check import Library, load_library
from companion.library.loudness import measure
from companion.library.pace import pace
from companion.library.report import as_json
from companion.library.resolve import Card, plan_for
from companion.library.scripts import room
from companion.session.plan import Cue, Phase, Script

ROOT = Path(__file__).parents[1]
NEVER = re.compile(r"\b(monitor\w*|alarm\w*|treats?|treated|safe\w*)\b", re.IGNORECASE)
TEXTS = sorted(
    [ROOT / "config.yaml", *ROOT.glob("playlists/*.yaml"), *ROOT.glob("scripts_guided/*.yaml")]
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("shipped") / "home"
    fill_home(home)
    return home


@pytest.fixture(scope="module")
def config(home: Path) -> Config:
    return load_config(home / "config.yaml")


@pytest.fixture(scope="module")
def library(home: Path, config: Config) -> Library:
    return load_library(home, config)


def parts(library: Library) -> Iterator[tuple[Script, str, tuple[Cue, ...]]]:
    for script in library.scripts.values():
        yield script, "settle", script.settle
        yield script, "return", script.back


def test_nothing_is_wrong_with_it_and_nothing_needs_a_look(library: Library) -> None:
    assert library.problems == () and library.advice == ()
    assert len(library.playlists) >= 2 and len(library.scripts) >= 2


def test_every_card_makes_a_plan(config: Config, library: Library) -> None:
    for protocol in config.protocols:
        for playlist in library.playlists:
            for script in [*library.scripts.values(), None]:
                language, stem = (script.language, script.stem) if script else ("en", None)
                plan = plan_for(config, library, Card(protocol, playlist, stem, language))
                assert plan.playlist.sections[0].phase is Phase.SETTLE


def test_the_shipped_protocols_have_the_lengths_of_the_design(config: Config) -> None:
    standard, taste = config.protocols["standard-40"], config.protocols["taste"]
    lengths = [standard.length(phase) / 60 for phase in Phase]
    assert lengths == [5, 10, 10, 25, 15, 0]
    assert standard.infusion == 40 * 60 and config.protocols["long-60"].infusion == 60 * 60
    assert [taste.length(phase) for phase in Phase] == [20, 30, 30, 40, 40, 0]
    assert taste.bed == 20 and config.demonstrations == {"taste"}
    for name in ("look_in_every", "hold_large", "peak_step", "early_before", "resume_within"):
        assert getattr(taste, name) < getattr(standard, name) / 5, name


def test_every_part_fits_its_phase_but_in_a_demonstration(config: Config, library: Library) -> None:
    for script, name, cues in parts(library):
        for protocol in config.protocols.values():
            if protocol.name not in config.demonstrations:
                assert pace(cues).seconds <= room(name, protocol), (script.stem, protocol.name)


def test_the_pace_is_calm(library: Library) -> None:
    for script, name, cues in parts(library):
        figures = pace(cues)
        assert 40 <= figures.overall <= 60, (script.stem, name, figures)
        assert 90 <= figures.speaking <= 110, (script.stem, name, figures)
        for cue in cues:
            assert 4 <= cue.pause <= 8 or 20 <= cue.pause <= 120, (script.stem, cue)


def test_there_is_a_way_out_and_a_way_back(library: Library) -> None:
    for script in library.scripts.values():
        settle = " ".join(cue.say for cue in script.settle).lower()
        assert "call" in settle and "open your eyes" in settle
        back = " ".join(cue.say for cue in script.back).lower()
        for word in ("clinic", "chair", "hands", "feet", "nurse"):
            assert word in back, (script.stem, word)
        assert "the voice has ended" in script.back[-1].say.lower()


def test_one_playlist_is_soundscapes_alone_and_one_plays_a_file(library: Library) -> None:
    files = {
        stem: [
            entry.track.file
            for section in content.sections.values()
            for entry in section
            if entry.track.file
        ]
        for stem, content in library.playlists.items()
    }
    assert [] in files.values() and any(files.values())
    for content in library.playlists.values():
        assert list(content.sections) == list(Phase)


def test_what_is_shipped_is_small_and_its_licence_is_named(home: Path) -> None:
    assert sum(path.stat().st_size for path in home.rglob("*.opus")) < 3 * 1024 * 1024
    for path in (home / "playlists").glob("*.yaml"):
        text = path.read_text()
        assert text.count("file:") == text.count("licence: CC0-1.0")
    notice = (ROOT / "NOTICE").read_text()
    assert "Carnegie Mellon University" in notice and "first-embers.opus" in notice


def test_recorded_sentences_are_level_and_short(
    config: Config, library: Library, home: Path
) -> None:
    lines = [config.call_line, *config.anchors]
    for line in lines:
        assert line.sound is not None and library.lines[line].clip == line.sound
        found = measure(home / "scripts_guided" / line.sound)
        assert found.loudness == pytest.approx(-18.0, abs=1.0)
        assert found.peak <= -3.0 and found.seconds < 7


def test_no_word_that_is_never_used(library: Library, config: Config) -> None:
    for path in TEXTS:
        assert not NEVER.search(path.read_text()), path.name
    assert not NEVER.search(json.dumps(as_json(library, config)))


def test_every_key_of_the_configuration_is_explained() -> None:
    """Every first-level key has a comment above it or beside one of its lines."""
    lines = (ROOT / "config.yaml").read_text().splitlines()
    explained = False
    for line in lines:
        if not line.strip():
            explained = False
        explained = explained or "#" in line
        if re.match(r"[a-z_]+:", line):
            assert explained, line
