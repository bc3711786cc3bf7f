"""What a curator hears between sessions: the value, and how it sounds in the real programme."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sound_files import Samples, rms, tone, write

from companion.curating import audition
from companion.curating.audition import Alone, Hour
from companion.session.plan import Cue, Phase, Section, Track
from companion.session.wanted import Arc, Music, Voice, Wanted
from companion.sound.curves import BLOCK, RATE
from companion.sound.programme import Programme
from companion.sound.ruler import rises
from companion.sound.shelf import AtOnce, Shelf

LOW = Track("Low", file="music/low.wav", gain=0.0, seconds=60.0)
HIGH = Track("High", file="music/high.wav", gain=0.0, seconds=60.0)
REST = Cue("You may rest here for a while.", 3.0, 4.0, "spoken/rest.wav")
BEGAN = 100.0


@pytest.fixture
def programme(tmp_path: Path) -> Iterator[Programme]:
    for path, sound in (
        ("playlists/music/low.wav", tone(60.0)),
        ("scripts_guided/spoken/rest.wav", tone(3.0, 600.0)),
    ):
        (tmp_path / path).parent.mkdir(parents=True)
        write(tmp_path / path, sound)
    playing = Programme(Shelf(tmp_path, AtOnce()), lambda notice: None)
    yield playing
    playing.close()


def wanted(piece: audition.Piece, level: float = -18.0) -> Wanted:
    return heard(Alone(piece, Phase.PEAK, BEGAN), BEGAN, level)


def heard(what: audition.Audible, t: float, level: float = -18.0) -> Wanted:
    return audition.heard(what, "Headphones", level, t, t + 200)


def render(programme: Programme, seconds: float) -> Samples:
    count = round(seconds * RATE / BLOCK)
    return np.concatenate([programme.render(BLOCK) for _ in range(count)])


def test_a_track_fades_in_sounds_and_fades_out(programme: Programme) -> None:
    programme.want(wanted(LOW), BEGAN)
    sound = render(programme, 12)
    assert rms(sound[: RATE // 4]) < -60
    assert rms(sound[-2 * RATE :]) == pytest.approx(rms(tone(2.0)), abs=1.0)
    assert rises(sound[RATE:]).max() < 10
    now = BEGAN + 12
    programme.want(audition.silence(Alone(LOW, Phase.PEAK, BEGAN), -18.0, now), now)
    assert rms(render(programme, 4)[-RATE:]) < -60


def test_it_turns_while_it_sounds_without_a_hole(programme: Programme) -> None:
    programme.want(wanted(LOW), BEGAN)
    render(programme, 10)
    quieter = Track("Low", file=LOW.file, gain=-6.0, seconds=60.0)
    now = BEGAN + 10
    turned = heard(Alone(quieter, Phase.PEAK, BEGAN), now)
    programme.want(turned, now)
    sound = render(programme, 5)
    loudness = [rms(sound[at : at + RATE // 2]) for at in range(0, len(sound), RATE // 2)]
    assert min(loudness) > rms(tone(1.0)) - 8
    assert loudness[-1] == pytest.approx(rms(tone(1.0)) - 6, abs=1.0)


def test_a_sentence_is_heard_from_its_first_word(programme: Programme) -> None:
    spoken = wanted(REST)
    assert spoken.voice is not None
    programme.want(spoken, BEGAN)
    before = spoken.voice.begins - BEGAN
    sound = render(programme, before + REST.seconds + 1)
    first = sound[round((before + 0.5) * RATE) : round((before + 1) * RATE)]
    assert rms(first) == pytest.approx(rms(tone(0.5, 600.0)), abs=1.0)
    assert Alone(REST, Phase.PEAK, BEGAN).over == spoken.voice.begins + REST.seconds


def test_a_sentence_is_switched_off_and_music_fades(programme: Programme) -> None:
    assert audition.silence(Alone(REST, Phase.PEAK, BEGAN), -18.0, BEGAN).on is False
    assert audition.silence(Alone(LOW, Phase.PEAK, BEGAN), -18.0, BEGAN).on is True


def test_it_is_never_louder_than_0_and_a_soundscape_has_no_end() -> None:
    shore = Track("Shore", soundscape="shore")
    assert wanted(shore, level=5.0).level == 0.0
    assert Alone(shore, Phase.PEAK, BEGAN).over == float("inf")
    assert BEGAN + 50 < Alone(LOW, Phase.PEAK, BEGAN).over < BEGAN + 60


# --- a whole hour --------------------------------------------------------------------------------


def hour(start: float, began: float = BEGAN) -> Hour:
    """The long shore of two tracks and a sentence, from second `start` on."""
    section = Section(Phase.ONSET, (LOW, HIGH))
    arc = Arc(Phase.ONSET, 0.0, 0.0, 1 / 600)
    settle = Wanted(arc=arc, music=Music(section, 5.0, 8.0))
    spoken = replace(settle, voice=Voice(REST, 90.0, then=130.0))
    return Hour(((0.0, settle), (80.0, spoken), (95.0, settle)), 600.0, start, began)


def test_the_hour_goes_on_from_the_second_it_was_asked_for() -> None:
    asked = hour(85.0)
    assert [asked.second(BEGAN + passed) for passed in (0.0, 2.0, 700.0)] == [85.0, 87.0, 600.0]
    spoken = asked.wanted(BEGAN).voice
    assert spoken is not None and (spoken.begins, spoken.then) == (BEGAN + 5, BEGAN + 45)
    assert asked.wanted(BEGAN + 9.9).voice == spoken
    assert asked.wanted(BEGAN + 10).voice is None
    assert asked.over == BEGAN + 515


@given(start=st.floats(0, 599), passed=st.floats(0, 300), began=st.floats(0, 1e6))
def test_what_sounds_in_a_second_does_not_depend_on_where_one_began(
    start: float, passed: float, began: float
) -> None:
    """Seen from the moment at which the session would have begun."""
    origin = began - start
    there = hour(start, began).wanted(began + passed)
    from_the_start = hour(0.0, origin).wanted(began + passed)
    assert there.arc.since == pytest.approx(from_the_start.arc.since, abs=1e-3)
    assert there.music is not None and from_the_start.music is not None
    assert there.music.began == pytest.approx(from_the_start.music.began, abs=1e-3)


def test_the_hour_sounds_as_its_minute_does(tmp_path: Path, programme: Programme) -> None:
    """Fifty seconds in, Low is nearly over and High takes its place."""
    (tmp_path / "playlists/music").mkdir(parents=True, exist_ok=True)
    write(tmp_path / "playlists/music/high.wav", tone(60.0, 2000.0))
    programme.want(heard(hour(45.0), BEGAN), BEGAN)
    early = render(programme, 8)[-RATE:]
    late = render(programme, 12)[-RATE:]
    assert pitch(early) < 1000
    assert pitch(late) == pytest.approx(2000.0, abs=5)


def pitch(sound: Samples) -> float:
    """Hertz of the strongest tone in one second."""
    return float(np.argmax(np.abs(np.fft.rfft(sound[:, 0]))))


def test_what_is_heard_of_an_hour_is_switched_off() -> None:
    assert audition.silence(hour(0.0), -18.0, BEGAN).on is False
