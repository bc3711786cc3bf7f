"""What a curator hears between sessions: the value, and how it sounds in the real programme."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sound_files import Samples, rms, tone, write

from companion import audition
from companion.session.plan import Cue, Phase, Track
from companion.session.wanted import Wanted
from companion.sound.curves import BLOCK, RATE
from companion.sound.programme import Programme
from companion.sound.ruler import rises
from companion.sound.shelf import AtOnce, Shelf

LOW = Track("Low", file="music/low.wav", gain=0.0, seconds=60.0)
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
    return audition.heard(piece, Phase.PEAK, "Headphones", level, BEGAN, BEGAN)


def render(programme: Programme, seconds: float) -> Samples:
    count = round(seconds * RATE / BLOCK)
    return np.concatenate([programme.render(BLOCK) for _ in range(count)])


def test_a_track_fades_in_sounds_and_fades_out(programme: Programme) -> None:
    programme.want(wanted(LOW), BEGAN)
    heard = render(programme, 12)
    assert rms(heard[: RATE // 4]) < -60
    assert rms(heard[-2 * RATE :]) == pytest.approx(rms(tone(2.0)), abs=1.0)
    assert rises(heard[RATE:]).max() < 10
    now = BEGAN + 12
    programme.want(audition.silence(LOW, -18.0, now), now)
    assert rms(render(programme, 4)[-RATE:]) < -60


def test_it_turns_while_it_sounds_without_a_hole(programme: Programme) -> None:
    programme.want(wanted(LOW), BEGAN)
    render(programme, 10)
    quieter = Track("Low", file=LOW.file, gain=-6.0, seconds=60.0)
    now = BEGAN + 10
    turned = audition.heard(quieter, Phase.PEAK, "Headphones", -18.0, BEGAN, now)
    programme.want(turned, now)
    heard = render(programme, 5)
    loudness = [rms(heard[at : at + RATE // 2]) for at in range(0, len(heard), RATE // 2)]
    assert min(loudness) > rms(tone(1.0)) - 8
    assert loudness[-1] == pytest.approx(rms(tone(1.0)) - 6, abs=1.0)


def test_a_sentence_is_heard_from_its_first_word(programme: Programme) -> None:
    spoken = wanted(REST)
    assert spoken.voice is not None
    programme.want(spoken, BEGAN)
    before = spoken.voice.begins - BEGAN
    heard = render(programme, before + REST.seconds + 1)
    first = heard[round((before + 0.5) * RATE) : round((before + 1) * RATE)]
    assert rms(first) == pytest.approx(rms(tone(0.5, 600.0)), abs=1.0)
    assert audition.over(REST, BEGAN) == spoken.voice.begins + REST.seconds


def test_a_sentence_is_switched_off_and_music_fades(programme: Programme) -> None:
    assert audition.silence(REST, -18.0, BEGAN).on is False
    assert audition.silence(LOW, -18.0, BEGAN).on is True


def test_it_is_never_louder_than_0_and_a_soundscape_has_no_end() -> None:
    shore = Track("Shore", soundscape="shore")
    assert wanted(shore, level=5.0).level == 0.0
    assert audition.over(shore, BEGAN) == float("inf")
    assert BEGAN + 50 < audition.over(LOW, BEGAN) < BEGAN + 60
