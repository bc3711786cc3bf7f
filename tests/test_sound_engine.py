"""The sound as a real process: its sound in a file, its clients, its life and its end."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from patience import PATIENCE
from sound_files import tone, write
from sound_process import Line, SoundProcess, until

from companion.session.plan import Phase, Section, Track
from companion.session.wanted import Arc, Music, Wanted
from companion.sound.finish import Aim
from companion.sound.order_log import Entry, Found, read_orders
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


def furnished(home: Path) -> Path:
    write(home / "playlists" / "tone.flac", tone(40, level=LEVEL + 6 + 3.01))
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return furnished(tmp_path)


@pytest.fixture
def sound(home: Path) -> Iterator[SoundProcess]:
    process = SoundProcess(home)
    yield process
    process.close()


def unless_starved(folder: Path, lives: Callable[[SoundProcess], None]) -> None:
    """Have a sound process live through what is tested; anew where it says that the machine kept
    it from playing, for then there is nothing to judge. One that says so each time fails."""
    for number in range(5):
        sound = SoundProcess(furnished(folder / f"{number}"))
        try:
            lives(sound)
        except AssertionError:
            if not starvations(sound):
                raise
        else:
            return
        finally:
            sound.close()
    raise AssertionError("it starves again and again")


def starvations(sound: SoundProcess) -> int:
    line = Line(sound.path)
    line.say(Ask())
    status = line.expect(Status)
    line.close()
    return int(status.starvations)


def test_what_is_wanted_sounds_without_a_gap_whoever_comes_and_goes(tmp_path: Path) -> None:
    unless_starved(tmp_path, _comes_and_goes)


def _comes_and_goes(sound: SoundProcess) -> None:
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


def test_sound_off_is_obeyed_within_what_was_given_already_and_done_in_a_second(
    sound: SoundProcess,
) -> None:
    line = Line(sound.path)
    line.say(Want(1, 0.0, PLAYING))
    sound.hear(LEVEL - 0.5)
    line.say(Want(2, 3.0, replace(PLAYING, on=False)))
    until(lambda: any(off(entry) for entry in read_orders(sound.orders)))
    entries = list(read_orders(sound.orders))
    (found,) = (entry.frame for entry in entries if isinstance(entry.order, Found))
    (obeyed,) = (entry.frame for entry in entries if off(entry))
    after = (obeyed - found) * 4
    until(lambda: sound.given.stat().st_size > after + 4 * 96_000)
    given = np.fromfile(sound.given, "<i2", offset=after).reshape(-1, 2) / np.float32(32768)
    assert np.argmax(levels(given) < LEVEL - 2) < 3
    assert not given[48_000:].any()


def off(entry: Entry) -> bool:
    """Whether it is the order to switch the sound off."""
    return isinstance(entry.order, Aim) and not entry.order.on


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
    assert sound.process.wait(PATIENCE) == 0
    read = levels(sound.heard())
    last = int(np.flatnonzero(read > LEVEL - 1)[-1])
    fall = np.diff(read[last + 1 : last + 8])
    assert np.all(fall < -2) and read[-1] < -60


def test_orphaned_it_plays_on_and_is_adopted(tmp_path: Path) -> None:
    unless_starved(tmp_path, _orphaned_and_adopted)


def _orphaned_and_adopted(sound: SoundProcess) -> None:
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
        assert process.process.wait(PATIENCE) == 0
    finally:
        process.close()
