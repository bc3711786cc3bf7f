"""The real program under bytes of every kind: the same screen process goes on, in the same
session, at the same stage; it notes no fault, calls at a touch, and comes to rest.

    python -m pytest -m torture tests/test_raw_bytes.py -n 0 -s

takes ten minutes, or `COMPANION_FUZZ_MINUTES`.
"""

import itertools
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import stages
from process_figures import figures
from raw_bytes import chunks
from real_program import Program, until
from short_home import staffed_home

from companion.session import events as e
from companion.session.state import replay
from companion.words import patient_words

SIZES = ((24, 80), (20, 64), (40, 120), (24, 80), (10, 30), (60, 200), (1, 1))
CHUNKS = 300
"""Of the daily form."""
_SHOWS = patient_words("en").call_shows
"""On the bar, whatever screen stands above it."""
_PACKET = 30
"""Chunks between two looks whether it lives."""


@pytest.fixture
def program() -> Iterator[Program]:
    with TemporaryDirectory(prefix="c-") as folder:
        running = Program(staffed_home(Path(folder) / "h"))
        yield running
        running.close()


def test_bytes_of_every_kind(program: Program) -> None:
    numbers = iter(range(CHUNKS // _PACKET))
    live_through(program, 1, lambda: next(numbers, None) is not None)


@pytest.mark.torture
def test_bytes_of_every_kind_for_ten_minutes(program: Program) -> None:
    minutes = float(os.environ.get("COMPANION_FUZZ_MINUTES", "10"))
    end = time.monotonic() + 60 * minutes
    sent = live_through(program, 2, lambda: time.monotonic() < end)
    print(f"\n{sent} chunks in {minutes:g} minutes")


def live_through(program: Program, seed: int, goes_on: Callable[[], bool]) -> int:
    """Send a packet after the other; how many chunks that were."""
    stages.standing_at(program.home, stages.infusing)
    program.start()
    program.term.wait_for("minutes")
    before = program.trio()
    drawn, sizes, sent = chunks(seed), itertools.cycle(SIZES), 0
    while goes_on():
        program.term.resize(*next(sizes))
        for chunk in itertools.islice(drawn, _PACKET):
            program.term.send(chunk)
        sent += _PACKET
        lives(program)
        assert program.trio() == before, sent
    calls(program)
    comes_to_rest(before["screen"])
    assert program.trio() == before
    state = replay(record.event for record in stages.kept(program.home))
    assert state is not None
    assert state.stage == "infusing"
    assert not [one for one in stages.kept(program.home) if isinstance(one.event, e.FaultNoted)]
    assert not (program.home / "logs" / "screen.log").exists()
    return sent


def lives(program: Program) -> None:
    """It draws itself anew in a window of another size."""
    program.term.resize(26, 90)
    program.term.resize(24, 80)
    program.term.wait_for(lambda lines: lines[-1][0] + lines[-1][79:] in ("╰╯", "┗┛"))


def calls(program: Program) -> None:
    """The first touches may belong to a paste or a sequence that never ended."""

    def called() -> bool:
        program.term.tap(21, 40)
        time.sleep(0.1)
        return _SHOWS in "\n".join(program.term.screen())

    until(called)
    assert any(isinstance(record.event, e.Called) for record in stages.kept(program.home))


def comes_to_rest(pid: int) -> None:
    """A second in which it hardly computes."""

    def rests() -> bool:
        spent = figures(pid).cpu
        time.sleep(1.0)
        return figures(pid).cpu - spent < 0.3

    until(rests)
