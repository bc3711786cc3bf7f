"""From a card to a plan: every length known."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library_home import make_home

from companion.config import Config
from companion.config_loading import load_config
from companion.library.check import Library, load_library
from companion.library.playlists import Entry, PlaylistContent
from companion.library.resolve import Card, plan_for, resolve_playlist
from companion.problems import BadContent
from companion.session.plan import Phase, Protocol, Track

PROTOCOL = Protocol("p", "P", 300, 600, 600, 1500, 900, infusion=2400)


def scape(name: str = "shore", wanted: float | None = None, loudest: float = -22.0) -> Entry:
    return Entry(Track(name, soundscape=name), wanted, loudest, 0.0)


def recording(seconds: float, loudest: float = -20.0, at: float = 0.0) -> Entry:
    return Entry(Track("F", file="f.wav", seconds=seconds), None, loudest, at)


def content(sections: dict[Phase, tuple[Entry, ...]]) -> PlaylistContent:
    return PlaylistContent("s", "S", "", 8.0, sections, "h")


def seconds(sections: dict[Phase, tuple[Entry, ...]], protocol: Protocol) -> list[float | None]:
    playlist = resolve_playlist(content(sections), protocol)
    return [track.seconds for section in playlist.sections for track in section.tracks]


def test_soundscapes_share_their_phase_and_the_last_goes_on() -> None:
    both = {
        Phase.SETTLE: (scape(),),
        Phase.ONSET: (scape(), scape()),
        Phase.BUILD: (scape(),),
        Phase.PEAK: (scape(), recording(200), scape(), scape()),
        Phase.RETURN: (scape(),),
    }
    assert seconds(both, PROTOCOL) == [None, 300, None, None, 375, 200, 375, None, None]


def test_a_phase_without_a_section_lengthens_the_one_before() -> None:
    assert seconds({Phase.ONSET: (scape(), scape())}, PROTOCOL) == [1800, None]
    assert seconds({Phase.RECOVERY: (scape(), scape())}, PROTOCOL) == [5400, None]


def test_staff_may_say_how_long() -> None:
    section = (scape(wanted=90), scape(), scape(wanted=120))
    assert seconds({Phase.PEAK: section, Phase.RETURN: (scape(),)}, PROTOCOL) == [
        90,
        500,
        120,
        None,
    ]


def test_a_share_is_at_least_a_minute_or_a_third() -> None:
    many = {Phase.SETTLE: (scape(),) * 30, Phase.ONSET: (scape(),)}
    assert seconds(many, PROTOCOL)[0] == 60
    short = replace(PROTOCOL, settle=20)
    assert seconds(many, short)[0] == pytest.approx(20 / 3)


@given(st.integers(1, 40), st.floats(1, 14_400))
@settings(derandomize=True, max_examples=100)
def test_a_section_always_has_something_that_sounds(count: int, settle: float) -> None:
    lengths = seconds(
        {Phase.SETTLE: (scape(),) * count, Phase.ONSET: (scape(),)},
        replace(PROTOCOL, settle=settle),
    )[:count]
    assert lengths[-1] is None
    assert all(length is not None and length > 0 for length in lengths[:-1])


def test_a_recording_keeps_its_length_even_last() -> None:
    assert seconds({Phase.SETTLE: (scape(), recording(60))}, PROTOCOL) == [2000 - 50, 60]


def test_the_loudest_track_is_what_the_hearing_question_plays() -> None:
    sections = {
        Phase.SETTLE: (scape(),),
        Phase.PEAK: (recording(60, -19.0, 12.0), recording(90, -16.5, 40.5)),
        Phase.RETURN: (recording(60, -17.0, 3.0),),
    }
    playlist = resolve_playlist(content(sections), PROTOCOL)
    assert (playlist.loudest.seconds, playlist.loudest_at) == (90, 40.5)


@pytest.fixture
def shelf(tmp_path: Path) -> tuple[Config, Library]:
    home = make_home(tmp_path)
    config = load_config(home / "config.yaml")
    return config, load_library(home, config)


def test_the_plan_has_all_that_the_session_needs(shelf: tuple[Config, Library]) -> None:
    config, library = shelf
    plan = plan_for(config, library, config.usual)
    assert plan.protocol is config.protocols["short"]
    assert plan.playlist.stem == "calm" and plan.playlist.crossfade == 8
    assert plan.script is not None and plan.script.stem == "words"
    assert plan.call_line.clip == "spoken/call.wav"
    assert [cue.say for cue in plan.anchors] == ["You are here."]
    assert plan.anchors[0].clip is None
    assert (plan.reaches, plan.notes) == ("this screen only", ("nausea",))
    assert plan.levels == config.levels and not plan.intention
    quiet = plan_for(config, library, Card("quick", "calm", None, "en", eyes_covered=True))
    assert quiet.script is None and quiet.eyes_covered


def test_a_card_that_names_what_is_not_there(shelf: tuple[Config, Library]) -> None:
    with pytest.raises(BadContent) as bad:
        plan_for(*shelf, Card("shrt", "clam", "wrds", "en"))
    assert [problem.hint for problem in bad.value.problems] == [
        "did you mean 'short'?",
        "did you mean 'calm'?",
        "did you mean 'words'?",
    ]
