"""A rehearsal tells what a patient would get, and finds what a curator must know."""

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from session_given import plan
from sound_files import write

from companion.config import Card
from companion.config_loading import load_config
from companion.home import fill_home
from companion.library.check import load_library
from companion.library.resolve import plan_for
from companion.rehearsal.rehearse import Rehearsal, rehearse
from companion.rehearsal.report import run
from companion.rehearsal.sound import render
from companion.session.plan import Cue, Phase, Plan, Section, Track
from companion.session.wanted import Music, Voice


def short(seconds: float) -> Plan:
    """A plan whose every phase takes `seconds`."""
    base = plan()
    protocol = replace(
        base.protocol,
        settle=seconds,
        onset=seconds,
        build=seconds,
        peak=seconds,
        back=seconds,
        voice_until=seconds,
        check_ins=(),
    )
    return replace(base, protocol=protocol)


def at(rehearsal: Rehearsal, what: str) -> float:
    return next(line.at for line in rehearsal.lines if line.what == what)


def test_the_phases_come_one_after_the_other_each_with_its_length() -> None:
    rehearsal = rehearse(short(40))

    assert at(rehearsal, "settling") == 0
    assert at(rehearsal, "infusion started, T0; onset") == 40
    assert at(rehearsal, "build") == 80
    assert at(rehearsal, "peak") == 120
    assert at(rehearsal, "return") == 160
    assert at(rehearsal, "recovering") == 200
    assert rehearsal.seconds > 200


def test_there_is_music_in_every_order_once_settling_began() -> None:
    rehearsal = rehearse(short(40))

    assert all(wanted.music for moment, wanted in rehearsal.orders if moment > 0)


def test_a_part_longer_than_its_phase_is_found_but_not_in_a_demonstration() -> None:
    talkative = tuple(Cue(f"Sentence {n}.", 10.0, 5.0) for n in range(20))
    base = short(40)
    assert base.script is not None
    long = replace(base, script=replace(base.script, settle=talkative, back=talkative))

    assert [(line.at, line.what.split(" takes ")[0]) for line in rehearse(long).findings] == [
        (80, f"the settle part of {base.script.stem}"),
        (200, f"the return part of {base.script.stem}"),
    ]
    assert rehearse(long, demonstration=True).findings == ()


def test_a_settling_part_that_is_far_too_long_never_reaches_the_peak() -> None:
    base = short(40)
    assert base.script is not None
    cues = tuple(Cue(f"Sentence {n}.", 2.0, 8.0) for n in range(30))
    late = replace(
        base,
        protocol=replace(base.protocol, voice_until=1000.0),
        script=replace(base.script, settle=cues),
    )

    rehearsal = rehearse(late)

    peak, end = at(rehearsal, "peak"), at(rehearsal, "return")
    spoken = [line.at for line in rehearsal.lines if line.what.startswith("words: Sentence")]
    assert spoken
    assert not [moment for moment in spoken if peak <= moment < end]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rehearsal") / "home"
    fill_home(home)
    return home


def test_taste_is_rehearsed_with_sound_without_gap_clip_or_startle(
    home: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    sound, as_json = tmp_path / "taste.flac", tmp_path / "taste.json"

    good = run(home, "taste", "ember", "arriving", told.append, json_file=as_json, sound=sound)

    data = json.loads(as_json.read_text())
    assert good and data["findings"] == [], told
    assert set(data) == {"seconds", "lines", "findings", "sound"}
    assert set(data["lines"][0]) == {"at", "what"}
    assert data["sound"]["loudest_rise"] < 6.0
    assert data["sound"]["held"] > -3.0
    assert data["sound"]["peak"] <= -5.99
    assert data["sound"]["longest_silence"] < 1.0
    assert -26 < data["sound"]["loudness"] < -18
    with av.open(str(sound)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    samples = np.concatenate(frames, axis=1)
    assert np.abs(samples.astype(np.int64)).max() < 2**15 * 0.51
    assert samples.size / 2 / 48_000 == pytest.approx(data["seconds"], abs=0.5)


@pytest.mark.parametrize("suffix", [".wav", ".ogg"])
def test_the_other_formats_can_be_read_back(home: Path, tmp_path: Path, suffix: str) -> None:
    config = load_config(home / "config.yaml")
    card = Card("taste", "tidewater", None, "en")
    beginning = replace(rehearse(plan_for(config, load_library(home, config), card)), seconds=5.0)
    path = tmp_path / f"hour{suffix}"

    measured = render(home, beginning, path)

    with av.open(str(path)) as container:
        seconds = sum(frame.samples for frame in container.decode(audio=0)) / 48_000
    assert seconds == pytest.approx(5.0, abs=0.3)
    assert measured.peak < -6


def test_silence_nobody_asked_for_is_found(home: Path, tmp_path: Path) -> None:
    config = load_config(home / "config.yaml")
    card = Card("taste", "tidewater", None, "en")
    whole = rehearse(plan_for(config, load_library(home, config), card))
    on = replace(whole.orders[0][1], fade=1.0)
    orders = ((0.0, on), (8.0, replace(on, music=None)), (16.0, on))

    measured = render(home, replace(whole, orders=orders, seconds=24.0), tmp_path / "gap.wav")

    assert measured.longest_silence > 5
    assert any("silence that nobody asked for" in found.what for found in measured.findings)


def test_a_track_that_the_guard_has_to_hold_down_is_found(home: Path, tmp_path: Path) -> None:
    config = load_config(home / "config.yaml")
    card = Card("taste", "tidewater", None, "en")
    whole = rehearse(plan_for(config, load_library(home, config), card))
    bursts = np.zeros((2, 30 * 48_000), np.float32)
    bursts[:, 20 * 48_000 :] = 0.3 * np.random.default_rng(1).standard_normal(10 * 48_000)
    write(home / "playlists" / "bursts.flac", bursts.T)
    section = Section(Phase.SETTLE, (Track("Bursts", file="bursts.flac", seconds=30.0),))
    on = replace(whole.orders[0][1], music=Music(section, 0.0, 8.0))

    measured = render(
        home,
        replace(whole, orders=((0.0, on), (60.0, on)), seconds=22.0),
        tmp_path / "held.wav",
    )

    assert measured.held < -20 and 19 <= measured.held_at <= 22
    assert measured.loudest_rise < 6.0
    held = [str(found) for found in measured.findings if "the guard holds" in found.what]
    assert len(held) == 1 and held[0].startswith("0:20 "), measured.findings


def test_a_voice_is_heard_over_the_music(home: Path, tmp_path: Path) -> None:
    config = load_config(home / "config.yaml")
    resolved = plan_for(config, load_library(home, config), Card("taste", "tidewater", None, "en"))
    whole = rehearse(resolved)
    spoken = replace(whole.orders[0][1], fade=10.0, voice=Voice(resolved.call_line, 12.0))

    measured = render(
        home,
        replace(whole, orders=((0.0, spoken), (60.0, spoken)), seconds=20.0),
        tmp_path / "said.wav",
    )

    assert 0.0 < measured.voice_rise < 10.0
    assert measured.held > -3.0
    assert measured.longest_silence < 1.0
