"""The shipped content keeps the rules it asks of others."""

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from companion.config import Config
from companion.config_loading import load_config
from companion.home import fill_home
from companion.library.check import Library, load_library
from companion.library.files import content_hash
from companion.library.loudness import decoding, measure
from companion.library.pace import pace
from companion.library.report import as_json
from companion.library.resolve import Card, plan_for
from companion.library.scripts import made_of, room
from companion.library.shelf import Shelf
from companion.session.plan import Cue, Phase, Script

ROOT = Path(__file__).parents[1]
PLAYLISTS = {"tidewater", "night-rain", "ember", "stillness", "slow-steps", "hardly-a-sound"}
SCRIPTS = {
    "en": {
        "arriving",
        "breath-without-counting",
        "the-quiet-shore",
        "the-open-garden",
        "a-warm-light",
        "setting-down",
    },
    "es": {"llegar", "la-orilla-tranquila", "un-jardin", "una-luz-calida"},
}
WAYS_OUT = {"en": ("open your eyes", "call"), "es": ("abrir los ojos", "llama")}
WAYS_BACK = {
    "en": ("in the clinic", "chair", "hands", "feet", "your nurse", "please stay"),
    "es": ("en la clínica", "sillón", "manos", "pies", "enfermería", "quédese"),
}
FIRST_OF_CELT = 16
ENDS = {"en": "the voice has ended", "es": "la voz ha terminado"}
NEVER = re.compile(
    r"\b(monitor\w*|alarm\w*|treats?|treated|safe\w*|tratamientos?|trata[rn]?|segur[oa]s?)\b",
    re.IGNORECASE,
)
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
    assert set(library.playlists) == PLAYLISTS
    for language, stems in SCRIPTS.items():
        found = {s.stem for s in library.scripts.values() if s.language == language}
        assert found == stems


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
            assert 4 <= cue.pause <= 8 or 30 <= cue.pause <= 120, (script.stem, cue)
        assert sum(cue.pause >= 30 for cue in cues) >= 3, (script.stem, "scenes")


def test_there_is_a_way_out_and_a_way_back(library: Library) -> None:
    for script in library.scripts.values():
        settle = " ".join(cue.say for cue in script.settle).lower()
        back = " ".join(cue.say for cue in script.back).lower()
        for word in WAYS_OUT[script.language]:
            assert word in settle, (script.stem, word)
        for word in WAYS_BACK[script.language]:
            assert word in back, (script.stem, word)
        assert ENDS[script.language] in script.back[-1].say.lower(), script.stem
        assert ENDS[script.language] not in settle


def test_every_sentence_is_recorded_and_nothing_else_is(library: Library, home: Path) -> None:
    """What a recording measures is shipped beside it: a new home measures none of them."""
    shelf = Shelf(home / "scripts_guided", home / "cache" / "unused")
    for script in library.scripts.values():
        made = made_of(script.stem, shelf)
        files = set()
        for name, cues in (("settle", script.settle), ("return", script.back)):
            for number, cue in enumerate(cues, 1):
                assert cue.clip == f"{script.stem}/{name}-{number:02}.opus"
                known = made.pop(content_hash(shelf.folder / cue.clip))
                assert known.say == cue.say and known.voice is not None
                assert known.loudness.loudness == pytest.approx(-20.0, abs=1.5), cue.clip
                assert known.loudness.peak <= -3.0 and known.loudness.seconds < 15, cue.clip
                files.add(shelf.folder / cue.clip)
        assert made == {} and set((shelf.folder / script.stem).glob("**/*.opus")) == files


def test_what_is_said_of_a_recording_is_what_it_measures(library: Library, home: Path) -> None:
    """One of each script: its figures are its own, its first word is not cut, and it keeps to one
    of Opus's ways of coding, for passing between them is where a decoder was found to fail."""
    shelf = Shelf(home / "scripts_guided", home / "cache" / "unused")
    for number, script in enumerate(library.scripts.values()):
        clip = shelf.folder / (script.back[number].clip or "")
        told = made_of(script.stem, shelf)[content_hash(clip)].loudness
        found = measure(clip)
        assert found.seconds == pytest.approx(told.seconds, abs=0.02)
        assert found.loudness == pytest.approx(told.loudness, abs=0.2)
        began, loudest = beginning(clip)
        assert 0.02 <= began <= 0.2, (clip.name, began)
        assert loudest < 0.01, (clip.name, loudest)
        with av.open(str(clip)) as container:
            packets = [bytes(packet) for packet in container.demux() if packet.size]
        assert all(packet[0] >> 3 >= FIRST_OF_CELT for packet in packets), clip.name


def beginning(clip: Path) -> tuple[float, float]:
    """Seconds until something is said, and the greatest sample of the first hundredth."""
    with decoding(clip) as (_, frames):
        heard = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return float(np.argmax(np.abs(heard) > 0.02)) / 48_000, float(np.abs(heard[:480]).max())


def test_every_playlist_says_plainly_what_it_is(library: Library) -> None:
    """A patient chooses by it: a sentence or two, whole in the card of the smallest screen."""
    for content in library.playlists.values():
        assert len(content.about) > 40 and len(textwrap.wrap(content.about, 24)) <= 4, content.stem
        assert list(content.sections) == list(Phase), content.stem
        titles = [e.track.title for section in content.sections.values() for e in section]
        assert all(title[0].isupper() and len(title) < 40 for title in titles)


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


def test_what_is_shipped_is_small_and_its_licence_is_named(home: Path) -> None:
    assert sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) < 30 * 1024**2
    for path in (home / "playlists").glob("*.yaml"):
        text = path.read_text()
        assert text.count("file:") == text.count("licence: CC0-1.0")
    notice = (ROOT / "NOTICE").read_text()
    assert "SVOX" in notice and "synthetic voice" in notice and "first-embers.opus" in notice
    for path in (home / "scripts_guided").glob("*.yaml"):
        text = path.read_text()
        assert "licence: CC0-1.0" in text and "synthetic voice" in text, path.name


def test_recorded_sentences_are_level_and_short(
    config: Config, library: Library, home: Path
) -> None:
    for said in (config, config.worded("es")):
        for line in (said.call_line, *said.anchors):
            assert line.sound is not None and library.lines[line].clip == line.sound
            found = measure(home / "scripts_guided" / line.sound)
            assert found.loudness == pytest.approx(-20.0, abs=1.0)
            assert found.peak <= -3.0 and found.seconds < 10


def test_a_line_with_other_words_is_not_said_by_its_old_recording(home: Path) -> None:
    text = (home / "config.yaml").read_text()
    (home / "config.yaml").write_text(text.replace("Your call is showing.", "We know of it."))
    changed = load_config(home / "config.yaml")
    (home / "config.yaml").write_text(text)

    library = load_library(home, changed)

    assert library.lines[changed.call_line].clip is None
    (problem,) = library.problems
    assert problem.path == "call_line.sound" and "says other words" in problem.message


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
