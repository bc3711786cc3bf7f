"""The sound process, as the supervisor starts it, over a real PulseAudio that things happen to."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from patience import PATIENCE
from pulse_server import HEADPHONES, SPEAKER, PulseServer, Recorder
from sound_files import Samples, write
from sound_process import Line, until

from companion.session.plan import Phase, Section, Track
from companion.session.wanted import Arc, Music, Wanted
from companion.sound.wire import (
    Ask,
    Notice,
    OutputChanged,
    SoundFound,
    SoundLost,
    Status,
    SystemVolume,
    Want,
)

PLAYING = Wanted(
    Arc(Phase.PEAK, 0.0, 0.0, 0.0),
    Music(Section(Phase.PEAK, (Track("Rising", file="rising.flac", seconds=120.0),)), 0.0, 8.0),
    fade=1.0,
    level=-6.0,
    output=HEADPHONES,
    until=1e6,
)
LEVEL = -26.0
"""dBFS (RMS) of that music at the patient's level."""
SILENCE = -75.0
HARDLY_HEARD = -70.0
COMING = -56.0
"""Under it the fade of the music itself, from nothing, may be steeper: the ruler's -50 dBFS at the
patient's level."""
WELL_HEARD = -38.0
"""Far enough up to tell a fade from a step; a whole one would take ten seconds."""
SOON = [PATIENCE, pytest.param(5.0, marks=pytest.mark.torture, id="promised")]
"""Seconds in which a loss is told and sound is found again; what is promised holds where nothing
else keeps the machine busy."""
AWAY = 12.0
"""Seconds of the programme that nobody hears, so that going on with it is told from everything
else: on a busy machine half of them may be lost."""


def rising(seconds: float) -> Samples:
    """A sine that rises by 10 Hz a second from 300 Hz on: its pitch tells the place."""
    t = np.arange(round(seconds * 48_000)) / 48_000
    wave = 10 ** ((LEVEL + 6 + 3.01) / 20) * np.sin(2 * np.pi * (300 * t + 5 * t**2))
    return np.stack([wave, wave], axis=1).astype(np.float32)


def place(samples: Samples) -> float:
    """The second of `rising` that the last half second of `samples` is."""
    last = samples[-24_000:, 0] * np.hanning(24_000)
    return float(np.argmax(np.abs(np.fft.rfft(last, 1 << 18))) * 48_000 / (1 << 18) - 300) / 10


def levels(samples: Samples) -> Samples:
    """dBFS (RMS) of each tenth of a second."""
    tenths = samples[: len(samples) // 4800 * 4800].reshape(-1, 9600)
    return 10 * np.log10(np.maximum(np.mean(np.square(tenths), axis=1), 1e-15))


def no_faster_than_a_fade(heard: Samples, least: float = HARDLY_HEARD) -> None:
    """From `least` on, which is silence or nearly, it rises 6 dB a second, and at no moment more.
    It is compared with the loudest so far: after a drop-out of the server the level is only back
    where it was."""
    read = np.maximum.accumulate(np.maximum(levels(heard), least))
    assert read[0] == least
    assert read[-1] > least + 8
    assert np.diff(read).max() < 2.5
    assert (read[10:] - read[:-10]).max() < 8


class PulseSound:
    """The sound of `home`, which goes to a server of the test. As by its supervisor it is started
    again when it ends."""

    def __init__(self, home: Path, server: PulseServer) -> None:
        self.path = home / "sound.sock"
        self.began = 0.0
        self._home, self._server = home, server
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen(8)
        self._pipes = (*os.pipe(), *os.pipe())
        self._ended = Event()
        self.process = self._start()
        self._supervisor = Thread(target=self._supervise)
        self._supervisor.start()

    def _start(self) -> subprocess.Popen[bytes]:
        life, _, _, beat = self._pipes
        with (self._home / "stderr.txt").open("ab") as log:
            return subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "companion", "sound", f"--home={self._home}"),
                    *(f"--listen-fd={self._listener.fileno()}", f"--life-fd={life}"),
                    f"--beat-fd={beat}",
                ],
                pass_fds=(self._listener.fileno(), life, beat),
                env={**os.environ, **self._server.environment},
                stderr=log,
            )

    def _supervise(self) -> None:
        while not self._ended.wait(0.2):
            if self.process.poll() is not None:
                self.process = self._start()

    def want(self, wanted: Wanted) -> "Client":
        """A new client that wants this."""
        self.began = self.began or time.monotonic()
        return Client(self, wanted)

    @property
    def programme(self) -> float:
        """The second of the programme that should be heard."""
        return time.monotonic() - self.began

    def close(self) -> None:
        self._ended.set()
        self._supervisor.join()
        self.process.kill()
        self.process.wait()
        self._listener.close()
        for end in self._pipes:
            os.close(end)


class Client(Line):
    """As the conductor's, it says anew what it wants to a process that was started anew."""

    def __init__(self, sound: PulseSound, wanted: Wanted) -> None:
        self._sound, self._wanted = sound, wanted
        self._connect()

    def _connect(self) -> None:
        super().__init__(self._sound.path)
        self.say(Want(1, self._sound.programme, self._wanted))

    def expect(self, kind: type[Notice]) -> Any:
        for _ in range(10):
            try:
                return super().expect(kind)
            except (AssertionError, ConnectionError):  # the process ended
                self.close()
                self._wanted = replace(self._wanted, fade=10.0)
                self._connect()
        raise AssertionError("it ends again and again")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PulseServer]:
    folder = tmp_path / "pulse"
    folder.mkdir()
    server = PulseServer(folder)
    yield server
    server.thaw()
    server.close()


@pytest.fixture
def sound(tmp_path: Path, server: PulseServer) -> Iterator[PulseSound]:
    home = tmp_path / "home"
    write(home / "playlists" / "rising.flac", rising(120))
    process = PulseSound(home, server)
    yield process
    process.close()


def audible(recorder: Recorder, level: float = COMING) -> Callable[[], bool]:
    """Whether it was heard at `level` within the last half second."""
    return lambda: bool(levels(recorder.heard()[-24_000:]).max(initial=-200) > level)


def playing(
    sound: PulseSound, server: PulseServer, level: float = COMING
) -> tuple[Client, Recorder]:
    """It is heard where it was agreed to, at `level` already."""
    recorder = server.record(HEADPHONES)
    line = sound.want(PLAYING)
    assert line.expect(SoundFound) == SoundFound(HEADPHONES)
    until(audible(recorder, level))
    return line, recorder


def answers(path: Path) -> str:
    """The output that the sound tells of; one that ended over the question is asked again."""
    deadline = time.monotonic() + PATIENCE
    while True:
        line = Line(path)
        try:
            line.say(Ask())
            return line.expect(Status).output
        except (AssertionError, ConnectionError):
            assert time.monotonic() < deadline, "it does not answer"
        finally:
            line.close()


def tells(line: Client, kind: type[Notice], soon: float) -> None:
    """It tells of `kind` within `soon` seconds."""
    began = time.monotonic()
    line.expect(kind)
    assert time.monotonic() - began < soon


def plays(recorder: Recorder, least: float, sound: PulseSound) -> None:
    """What is heard last is no earlier in the programme than `least`, and not ahead of it."""
    assert least < place(recorder.heard()) < sound.programme + 1


def gone_on(sound: PulseSound, seconds: float = AWAY) -> float:
    """Let the programme go on for so long; half of it is what must have passed for the sound too.
    Returns the place that it must be beyond then."""
    before = sound.programme
    until(lambda: sound.programme > before + seconds)
    return before + seconds / 2


@pytest.mark.parametrize("soon", SOON)
def test_it_outlives_the_server_and_comes_back_where_the_programme_is(
    sound: PulseSound, server: PulseServer, soon: float
) -> None:
    line, recorder = playing(sound, server, LEVEL - 1)
    plays(recorder, 0.0, sound)
    server.kill()
    tells(line, SoundLost, soon)
    beyond = gone_on(sound)
    server.start()
    recorder = server.record(HEADPHONES)
    tells(line, SoundFound, soon)
    until(audible(recorder))
    no_faster_than_a_fade(recorder.heard())
    plays(recorder, beyond, sound)


@pytest.mark.parametrize("soon", SOON)
def test_a_frozen_server_neither_hangs_it_nor_goes_unnoticed(
    sound: PulseSound, server: PulseServer, soon: float
) -> None:
    line, recorder = playing(sound, server)
    first = sound.process.pid
    server.freeze()
    tells(line, SoundLost, soon)
    until(lambda: answers(sound.path) == "" and sound.process.pid != first)
    line = sound.want(replace(PLAYING, fade=10.0))
    assert answers(sound.path) == ""
    beyond = gone_on(sound)
    server.thaw()
    tells(line, SoundFound, soon)
    before = len(recorder.heard())
    until(audible(recorder, WELL_HEARD))
    no_faster_than_a_fade(recorder.heard()[before:], COMING)
    plays(recorder, beyond, sound)


def test_volume_mute_and_output_are_told_and_it_sounds_only_where_a_person_agreed_to(
    sound: PulseSound, server: PulseServer
) -> None:
    line, _ = playing(sound, server)
    assert line.expect(SystemVolume) == SystemVolume(100, False)
    server.volume(HEADPHONES, 70)
    assert line.expect(SystemVolume) == SystemVolume(70, False)
    server.mute(HEADPHONES, True)
    assert line.expect(SystemVolume) == SystemVolume(70, True)
    assert sound.want(PLAYING).expect(SystemVolume) == SystemVolume(70, True)
    server.mute(HEADPHONES, False)
    assert line.expect(SystemVolume) == SystemVolume(70, False)

    speaker = server.record(SPEAKER)
    server.remove_sink(HEADPHONES)
    moved = len(speaker.heard())
    assert line.expect(OutputChanged) == OutputChanged(SPEAKER)
    until(lambda: len(speaker.heard()) > moved + 2 * 48_000)
    assert levels(speaker.heard()[moved + 48_000 :]).max() < SILENCE

    server.add_sink(HEADPHONES)
    headphones = server.record(HEADPHONES)
    server.move(HEADPHONES)
    assert line.expect(OutputChanged) == OutputChanged(HEADPHONES)
    until(audible(headphones))
    no_faster_than_a_fade(headphones.heard())

    server.move(SPEAKER)
    assert line.expect(OutputChanged) == OutputChanged(SPEAKER)
    until(lambda: not audible(speaker, SILENCE)())
    beyond = gone_on(sound)
    new = sound.want(replace(PLAYING, output=SPEAKER))
    assert new.expect(SoundFound) == SoundFound(SPEAKER)
    allowed = len(speaker.heard())
    until(audible(speaker))
    no_faster_than_a_fade(speaker.heard()[allowed:])
    plays(speaker, beyond, sound)


@pytest.mark.parametrize("soon", SOON)
def test_without_any_output_it_waits_for_one(
    sound: PulseSound, server: PulseServer, soon: float
) -> None:
    server.remove_sink(SPEAKER)
    line = sound.want(replace(PLAYING, fade=10.0))
    assert line.expect(SoundFound) == SoundFound(HEADPHONES)
    server.remove_sink(HEADPHONES)
    tells(line, SoundLost, soon)
    server.add_sink(HEADPHONES)
    recorder = server.record(HEADPHONES)
    tells(line, SoundFound, soon)
    until(audible(recorder, WELL_HEARD))
    no_faster_than_a_fade(recorder.heard(), COMING)
