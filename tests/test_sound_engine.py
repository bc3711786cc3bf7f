"""The sound as a real process: its sound in a file, its clients, its life and its end."""

import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sound_files import tone, write
from sound_process import Line, SoundProcess, until

from companion.session.plan import Phase, Section, Track
from companion.session.wanted import Arc, Music, Wanted
from companion.sound.ruler import levels
from companion.sound.wire import (
    Adopt,
    Adopted,
    Ask,
    Refused,
    SoundFound,
    SoundLost,
    Status,
    TrackFailed,
    TrackStarted,
    Want,
)

PLAYING = Wanted(
    Arc(Phase.PEAK, 0.0, 0.0, 0.0),
    Music(Section(Phase.PEAK, (Track("Tone", file="tone.flac", seconds=40.0),)), 0.0, 8.0),
    fade=1.0,
    level=-6.0,
    until=1e6,
)
LEVEL = -26.0
"""dBFS (RMS) of that music at the patient's level."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write(tmp_path / "playlists" / "tone.flac", tone(40, level=LEVEL + 6 + 3.01))
    return tmp_path


@pytest.fixture
def sound(home: Path) -> Iterator[SoundProcess]:
    process = SoundProcess(home)
    yield process
    process.close()


def test_what_is_wanted_sounds_without_a_gap_whoever_comes_and_goes(sound: SoundProcess) -> None:
    line = Line(sound.path)
    line.say(Want(1, 0.0, PLAYING))
    assert line.expect(TrackStarted) == TrackStarted("Tone", Phase.PEAK)
    sound.hear(LEVEL - 0.5)
    line.close()
    for number in range(5):
        other = Line(sound.path)
        other.say(Want(1, 3.0 + number / 10, PLAYING))
        other.say(Ask())
        status = other.expect(Status)
        other.close()
    assert status.title == "Tone" and status.output == "disk" and status.starvations == 0
    assert status.peak == pytest.approx(LEVEL + 3.01, abs=0.5)
    before = len(sound.heard())
    until(lambda: len(sound.heard()) > before + 48_000)
    read = levels(sound.heard())
    first = int(np.flatnonzero(read > LEVEL - 1)[0])
    assert read[first + 3 :] == pytest.approx(LEVEL, abs=0.2)
    assert np.diff(read[first - 8 : first]) == pytest.approx(0.5, abs=0.1)  # as the guard lets it


def test_level_and_sound_off_act_at_once(sound: SoundProcess) -> None:
    line = Line(sound.path)
    line.say(Want(1, 0.0, PLAYING))
    sound.hear(LEVEL - 0.5)
    sent = len(sound.heard())
    line.say(Want(2, 3.0, replace(PLAYING, on=False)))
    until(lambda: len(sound.heard()) > sent + 80_000)
    after = sound.heard()[sent:]
    began = int(np.flatnonzero(levels(after) < LEVEL - 2)[0]) / 10
    assert began < 0.7  # the file may be a few buffers behind what was read of it
    gone = int(np.flatnonzero(after.any(axis=1))[-1]) / 48_000
    assert gone - began < 0.9


def test_an_older_revision_changes_nothing_and_unknown_orders_are_refused(
    sound: SoundProcess,
) -> None:
    line = Line(sound.path)
    line.say(Want(5, 0.0, PLAYING))
    line.say(Want(4, 0.0, replace(PLAYING, on=False)))
    line.say(b'{"version":1,"kind":"dance"}\n')
    assert line.expect(Refused) == Refused("dance")
    line.say(b"not json\n")
    assert line.expect(Refused).kind == "a line that is no JSON object"
    line.say(Ask())
    assert line.expect(Status).revision == 5
    sound.hear(LEVEL - 0.5)


def test_a_playlist_of_nothing_but_faults_still_sounds(sound: SoundProcess) -> None:
    os.mkfifo(sound.home / "playlists" / "pipe.flac")
    tracks = (Track("Pipe", file="pipe.flac", seconds=60.0), Track("Gone", file="x", seconds=60.0))
    line = Line(sound.path)
    music = Music(Section(Phase.PEAK, tracks), 0.0, 8.0)
    line.say(Want(1, 0.0, replace(PLAYING, music=music)))
    assert {line.expect(TrackFailed).title, line.expect(TrackFailed).title} == {"Pipe", "Gone"}
    assert line.expect(TrackStarted).title == "Shore"
    sound.hear(-45)


def test_a_new_client_is_told_of_the_sound(sound: SoundProcess) -> None:
    assert Line(sound.path).expect(SoundFound) == SoundFound("disk")


def test_told_to_end_it_fades_and_ends(sound: SoundProcess) -> None:
    line = Line(sound.path)
    line.say(Want(1, 0.0, PLAYING))
    sound.hear(LEVEL - 0.5)
    sound.process.send_signal(signal.SIGTERM)
    assert sound.process.wait(5) == 0
    read = levels(sound.heard())
    last = int(np.flatnonzero(read > LEVEL - 1)[-1])
    fall = np.diff(read[last + 1 : last + 8])
    assert np.all(fall < -2) and read[-1] < -60


def test_orphaned_it_plays_on_and_is_adopted(sound: SoundProcess) -> None:
    line = Line(sound.path)
    line.say(Want(1, 0.0, PLAYING))
    sound.hear(LEVEL - 0.5)
    sound.abandon()
    sound.listener.close()
    adopter = Line(sound.path)
    adopter.say(b'{"kind":"adopt"}\n')
    assert adopter.expect(Refused).kind == "adopt without a descriptor"
    life, sound.life = os.pipe()
    adopter.say(Adopt(), life)
    os.close(life)
    assert adopter.expect(Adopted) == Adopted(sound.process.pid)
    (listening,) = adopter.descriptors
    sound.listener = socket.socket(fileno=listening)
    assert sound.listener.getsockname() == str(sound.path)
    before = len(sound.heard())
    until(lambda: len(sound.heard()) > before + 24_000)
    read = levels(sound.heard())
    first = int(np.flatnonzero(read > LEVEL - 1)[0])
    assert read[first + 3 :] == pytest.approx(LEVEL, abs=0.2)
    assert sound.process.poll() is None


def test_without_a_device_time_goes_on_and_it_says_so(home: Path) -> None:
    process = SoundProcess(home, driver="no-such-driver")
    try:
        line = Line(process.path)
        assert line.expect(SoundLost).why
        line.say(Want(1, 0.0, PLAYING))
        assert line.expect(TrackStarted).title == "Tone"
        line.say(Ask())
        assert line.expect(Status).output == ""
        process.process.send_signal(signal.SIGTERM)
        assert process.process.wait(5) == 0
    finally:
        process.close()
