"""Reading ahead: apart from who hears it, so that a slow disk is not heard."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from threading import Event, active_count
from typing import Any

import numpy as np
import pytest
from patience import PATIENCE
from sound_files import noise, tone, write
from sound_process import until

from companion.session.plan import Cue, Phase, Section, Track
from companion.session.wanted import Arc, Music, Voice, Wanted
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.decode import FileSource
from companion.sound.programme import Programme
from companion.sound.read_ahead import ReadAhead
from companion.sound.ruler import levels
from companion.sound.shelf import Apart, AtOnce, Shelf
from companion.sound.source import Tone
from companion.sound.wire import Notice, TrackFailed, TrackStarted


class Disk(Executor):
    """Does what it is given at once; while it is `stuck`, what needs a file waits until it is
    free again."""

    def __init__(self) -> None:
        self.stuck = False
        self._waiting: list[Callable[[], None]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()

        def do() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)

        of_a_soundscape = bool(args) and isinstance(args[0], Track) and args[0].soundscape
        if self.stuck and not of_a_soundscape:
            self._waiting.append(do)
        else:
            do()
        return future

    def free(self) -> None:
        self.stuck = False
        while self._waiting:
            self._waiting.pop(0)()


class Slow(Tone):
    """A tone on a disk that gives it when the test says so."""

    def __init__(self) -> None:
        super().__init__(440, -20)
        self.gives = Event()
        self.gives.set()
        self.asked = self.given = 0
        self.closed = False

    def read(self, frames: int) -> Block:
        self.asked += frames
        assert self.gives.wait(PATIENCE)
        assert not self.closed
        self.given += frames
        return super().read(frames)

    def close(self) -> None:
        self.closed = True


def test_reading_ahead_tells_the_end_before_it_is_heard(tmp_path: Path) -> None:
    path = write(tmp_path / "half-minute.flac", noise(30, -30))
    source = ReadAhead(FileSource(path), AtOnce())
    told = {}
    for read in range(1, 15):
        source.read(RATE)
        told[read] = source.left()
    assert told[5] is None and told[12] == pytest.approx(18.0)
    assert len(source.read(18 * RATE)) == 16 * RATE
    assert source.left() == 0.0
    source.close()


def test_who_hears_never_waits_for_the_disk() -> None:
    slow = Slow()
    source = ReadAhead(slow, Apart())
    until(lambda: slow.given == 22 * RATE)
    slow.gives.clear()
    heard = 0

    def all_heard() -> bool:
        nonlocal heard
        heard += len(source.read(RATE))
        return heard == 22 * RATE

    until(all_heard)
    assert len(source.read(RATE)) == 0 and source.stalled and source.left() == 0.0
    slow.gives.set()
    until(lambda: source.read(0) is not None and not source.stalled)
    assert source.left() is None and len(source.read(RATE)) == RATE
    source.close()
    until(lambda: slow.closed)


def test_what_is_closed_while_the_disk_reads_is_closed_after_that() -> None:
    slow = Slow()
    source = ReadAhead(slow, Apart())
    until(lambda: slow.given == 22 * RATE)
    slow.gives.clear()
    source.read(5 * RATE)
    until(lambda: len(source.read(1)) and slow.asked > slow.given)
    source.close()
    assert not slow.closed
    slow.gives.set()
    until(lambda: slow.closed)


def test_closing_while_reading_goes_well_every_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", noise(20, -20))
    handles, threads = len(list(Path("/proc/self/fd").iterdir())), active_count()
    sources = [ReadAhead(FileSource(path, number / 10), Apart()) for number in range(12)]
    for source in sources:
        source.read(BLOCK)
        source.close()
    until(lambda: active_count() <= threads)
    assert len(list(Path("/proc/self/fd").iterdir())) <= handles


# --- a disk that stalls while a session plays ----------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    for number, name in enumerate("ab"):
        write(home / "playlists" / f"{name}.flac", tone(100, 300 + 150 * number, -20))
    write(home / "scripts_guided" / "one.flac", tone(3, 1000, -9))
    return home


TRACKS = tuple(Track(name, file=f"{name}.flac", seconds=100.0) for name in "ab")
CUE = Cue("Let go.", 3.0, 6.0, clip="one.flac")


def session(home: Path, disk: Executor) -> tuple[Programme, list[Notice]]:
    told: list[Notice] = []
    programme = Programme(Shelf(home, disk), told.append)
    programme.want(wanted(), 0.0)
    return programme, told


def wanted(voice: Voice | None = None) -> Wanted:
    playing = Music(Section(Phase.PEAK, TRACKS), 0.0, 8.0)
    return Wanted(Arc(Phase.PEAK, 0.0, 0.0, 0.0), playing, voice, fade=2.0, until=1e6)


def play(programme: Programme, seconds: float) -> Block:
    return np.concatenate([programme.render(BLOCK) for _ in range(round(seconds * RATE / BLOCK))])


@pytest.fixture(scope="module")
def undisturbed(home: Path) -> Block:
    programme, _ = session(home, AtOnce())
    heard = play(programme, 120.0)
    programme.close()
    return heard


@pytest.mark.parametrize("begins", [4.0, 61.0, 78.5, 89.0, 95.0])
def test_a_disk_that_stalls_for_ten_seconds_is_not_heard(
    home: Path, undisturbed: Block, begins: float
) -> None:
    disk = Disk()
    programme, told = session(home, disk)
    heard = [play(programme, begins)]
    disk.stuck = True
    heard.append(play(programme, 10.0))
    disk.free()
    heard.append(play(programme, 110.0 - begins))
    programme.close()
    assert np.array_equal(np.concatenate(heard), undisturbed)
    assert not any(isinstance(notice, TrackFailed) for notice in told)


def test_when_it_stalls_for_longer_something_else_plays_and_later_the_files_again(
    home: Path,
) -> None:
    disk = Disk()
    programme, told = session(home, disk)
    play(programme, 30.0)
    disk.stuck = True
    heard = levels(play(programme, 60.0))
    assert heard.min() > -50
    assert [notice.why for notice in told if isinstance(notice, TrackFailed)] == [
        "it cannot be read in time",
        "it takes too long to open",
    ]
    disk.free()
    assert levels(play(programme, 330.0)).min() > -50
    started = [notice.title for notice in told if isinstance(notice, TrackStarted)]
    assert started[:2] == ["a", "Shore"] and set(started[2:]) <= {"a", "b"} and started[2:]
    programme.close()


def test_a_sentence_that_the_disk_does_not_give_in_time_is_left_out(home: Path) -> None:
    disk = Disk()
    programme, told = session(home, disk)
    play(programme, 10.0)
    disk.stuck = True
    programme.want(wanted(Voice(CUE, 14.0)), 10.0)
    play(programme, 9.0)
    disk.free()
    assert levels(play(programme, 12.0)).max() < -22
    assert [(notice.title, notice.why) for notice in told if isinstance(notice, TrackFailed)] == [
        ("one.flac", "it takes too long to open")
    ]
    programme.close()
