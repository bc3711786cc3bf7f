"""What comes out is what was given to the output, and can be rendered again to the byte: while the
client is busy, dies and comes back, and all that can change does."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import restless
from patience import PATIENCE
from pulse_server import HEADPHONES, PulseServer
from sound_process import Line, SoundProcess

from companion.sound.curves import BLOCK, RATE
from companion.sound.finish import Aim, Samples
from companion.sound.order_log import Found, Opened, Want, read_orders
from companion.sound.rerender import rerender
from companion.sound.wire import Ask, Status

_SHORT, _LONG = 18.0, 300.0
_DEATHS = (0.4, 0.7)
"""Parts of the time after which the client is killed."""


@pytest.mark.parametrize(
    "seconds", [_SHORT, pytest.param(_LONG, marks=pytest.mark.torture)], ids=["short", "long"]
)
def test_a_file_holds_what_was_given_and_would_be_given_again(
    tmp_path: Path, seconds: float
) -> None:
    with _sound(tmp_path) as sound:
        starved = _live_through(sound, seconds)
    given = _samples(sound.given)
    assert len(given) > seconds * RATE / 2
    _assert_heard(_samples(sound.file), given, starved)
    assert np.array_equal(_again(sound, len(given)), given)


@pytest.mark.parametrize(
    "seconds", [_SHORT, pytest.param(_LONG, marks=pytest.mark.torture)], ids=["short", "long"]
)
def test_a_sound_server_plays_what_was_given_but_for_what_it_says_it_missed(
    tmp_path: Path, seconds: float
) -> None:
    home, folder = tmp_path / "home", tmp_path / "pulse"
    folder.mkdir()
    server = PulseServer(folder)
    try:
        recorder = server.record(HEADPHONES, latency=200)
        with _sound(home, "pulseaudio", server.environment) as sound:
            _live_through(sound, seconds)
            missed = server.underruns
        given = _samples(sound.given)
        heard = np.rint(recorder.heard() * 32768).astype(np.int16)
        _assert_heard(heard, given, missed)
        assert np.array_equal(_again(sound, len(given)), given)
    finally:
        server.close()


@contextmanager
def _sound(
    home: Path, driver: str = "disk", environment: Mapping[str, str] | None = None
) -> Iterator[SoundProcess]:
    """It is ended by its supervisor, so that all it was given is in its files."""
    restless.fill(home)
    process = SoundProcess(home, driver, environment)
    try:
        yield process
        process.process.terminate()
        assert process.process.wait(PATIENCE) == 0
    finally:
        process.close()


def _live_through(sound: SoundProcess, seconds: float) -> int:
    """Let a restless client want things for so long, and die twice meanwhile; how often the
    machine kept the sound from being played."""
    began = time.monotonic()
    for part in (*_DEATHS, 1.0):
        client = subprocess.Popen(
            [sys.executable, restless.__file__, str(sound.path), str(began)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        try:
            left = began + part * seconds - time.monotonic()
            with pytest.raises(subprocess.TimeoutExpired):
                client.wait(max(0.1, left))
        finally:
            client.kill()
            client.wait()
    line = Line(sound.path)
    line.say(Ask())
    starved = int(line.expect(Status).starvations)
    line.close()
    kinds = [type(entry.order) for entry in read_orders(sound.orders)]
    assert min(kinds.count(Want), kinds.count(Aim), kinds.count(Opened)) > 1
    return starved


def _samples(path: Path) -> Samples:
    return np.fromfile(path, "<i2").reshape(-1, 2)


def _assert_heard(heard: Samples, given: Samples, holes: int = 0) -> None:
    """But for what was not played any more, the quiet before the first, and so many holes, each
    with what was lost in it."""
    begins = _first_sound(heard) - _first_sound(given)
    assert begins >= 0 and not heard[:begins].any()
    heard = heard[begins:]
    while (same := _same(heard, given)) < len(given) - 2 * BLOCK:
        assert holes, f"{len(given) - same} frames before the end something else is heard"
        holes -= 1
        heard, given = _after_hole(heard[same:], given[same:])


def _same(heard: Samples, given: Samples) -> int:
    """The number of frames at the beginning that are the same."""
    frames = min(len(heard), len(given))
    differing = np.flatnonzero((heard[:frames] != given[:frames]).any(axis=1))
    return int(differing[0]) if len(differing) else frames


def _after_hole(heard: Samples, given: Samples) -> tuple[Samples, Samples]:
    """Where `heard`, which begins with silence, comes back to what was given."""
    back = heard[_first_sound(heard) :]
    for lost in range(RATE):
        if np.array_equal(back[:1000], given[lost : lost + 1000]):
            return back, given[lost:]
    raise AssertionError("after a hole something else is heard")


def _first_sound(samples: Samples) -> int:
    return int(np.flatnonzero(samples.any(axis=1))[0])


def _again(sound: SoundProcess, frames: int) -> Samples:
    """What the log gives for the frames that were played."""
    entries = list(read_orders(sound.orders))
    (found,) = (entry.frame for entry in entries if isinstance(entry.order, Found))
    blocks: list[Samples] = []
    for frame, block in rerender(sound.home, entries):
        if frame >= found + frames:
            return np.concatenate(blocks)
        if frame >= found:
            blocks.append(block)
    raise AssertionError
