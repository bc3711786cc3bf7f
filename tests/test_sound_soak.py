"""Hours of sound on a simulated clock: handles, threads and memory stay as they are.

What `benchmarks/soak.py` does to a real sound process in real time is done here as fast as it goes.
"""

import statistics
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from long_session import fill, wanted_at
from sound_process import until

from companion.sound.curves import BLOCK, RATE
from companion.sound.memory import share_one_arena
from companion.sound.programme import Programme
from companion.sound.shelf import Apart, Shelf
from companion.sound.wire import Notice, TrackFailed, TrackStarted

STEP = BLOCK / RATE
MEGABYTE = 1 << 20
PAGE = 4096


class Awaited(Apart):
    """Real threads, but time stands still until they have done what they were given."""

    def __init__(self) -> None:
        self._given: list[Future[Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        self._given.append(future)
        return future

    def wait(self) -> None:
        while self._given:
            self._given.pop().exception()


@dataclass(frozen=True, slots=True)
class Sample:
    """The process at one minute."""

    handles: int
    threads: int
    megabytes: float
    """Resident."""


def sample() -> Sample:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    handles = len(list(Path("/proc/self/fd").iterdir()))
    return Sample(handles, threading.active_count(), pages * PAGE / MEGABYTE)


def soak(home: Path, minutes: int) -> tuple[list[Sample], list[Notice]]:
    """Play for so long; a sample for each minute, always in the middle of a track."""
    share_one_arena()  # as the sound process does
    fill(home)
    told: list[Notice] = []
    disk = Awaited()
    programme = Programme(Shelf(home, disk), told.append)
    samples = []
    wanted, t = wanted_at(0.0), 0.0
    programme.want(wanted, t)
    while t < minutes * 60:
        if wanted_at(t) != wanted:
            wanted = wanted_at(t)
            programme.want(wanted, t)
        disk.wait()
        heard = programme.render(BLOCK)
        assert np.isfinite(heard).all()
        t += STEP
        if t % 60 == 0:
            samples.append(sample())
    programme.close()
    disk.wait()
    return samples, told


def slope(samples: list[Sample]) -> float:
    """MB an hour that memory grows by, after the first ten minutes."""
    late = [one.megabytes for one in samples[10:]]
    return float(np.polyfit(np.arange(len(late)) / 60, late, 1)[0])


def test_minutes_leave_nothing_behind(tmp_path: Path) -> None:
    before = sample()
    samples, told = soak(tmp_path, 11)
    until(lambda: sample().threads <= before.threads)  # the last one still closes its file
    assert sample().handles <= before.handles
    assert max(one.handles for one in samples) <= before.handles + 4
    assert max(one.threads for one in samples) <= before.threads + 4
    assert sum(isinstance(notice, TrackStarted) for notice in told) > 11
    assert {notice.title for notice in told if isinstance(notice, TrackFailed)} == {"torn.flac"}


@pytest.mark.torture
def test_three_hours_leave_nothing_behind(tmp_path: Path) -> None:
    samples, told = soak(tmp_path, 180)
    print(f"\n{slope(samples):.2f} MB an hour;", samples[10], samples[-1])
    assert slope(samples) < 0.5
    for of in ("handles", "threads"):
        early, late = (
            statistics.median(getattr(one, of) for one in part)
            for part in (samples[:60], samples[-60:])
        )
        assert late <= early
    failed = {notice.title for notice in told if isinstance(notice, TrackFailed)}
    assert failed == {"torn.flac", "none.mp3", "missing.ogg"}
