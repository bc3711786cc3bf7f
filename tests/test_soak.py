"""The whole program in real time, with sound, deaths, a journal that cannot write, and input:
memory, handles, threads and processor time of each process stay as they are.

    python -m pytest -m torture tests/test_soak.py -n 0 -s

takes an hour, or `COMPANION_SOAK_MINUTES`; each minute is a line. The daily form lives through a
minute's worth of the same without judging what only time can show.
"""

import itertools
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import pytest
import stages
from process_figures import Figures, figures
from raw_bytes import chunks
from real_program import Program, until
from short_home import staffed_home

from companion.session import events as e
from companion.session.state import replay
from companion.words import patient_words

_SETTLED = 0.25
"""The part of the time after which nothing may grow."""
_GROWTH = 3.0
"""MB by which one process may be larger in the second half than in the first."""
_DEATH_EVERY, _LOCK_EVERY = 10, 3
"""Minutes between two deaths, and between two times in which the journal cannot be written."""
_LOCKED = 4.0
"""Seconds for which something else holds the journal."""
_SHOWS = patient_words("en").call_shows
"""On the bar, whatever screen stands above it."""
PARTS = ("run", "screen", "sound")


@dataclass(frozen=True, slots=True)
class Minute:
    """The three processes after one minute more, and what each of them spent in it."""

    minute: int
    each: dict[str, Figures]
    spent: dict[str, float]
    """CPU seconds."""

    def line(self) -> str:
        parts = (
            f"{part}: {one.own:.1f} MB, {one.handles} handles, {one.threads} threads, "
            f"{self.spent[part]:.1f} s"
            for part, one in self.each.items()
        )
        return f"{self.minute}\t" + "\t".join(parts)


@pytest.fixture
def program() -> Iterator[Program]:
    with TemporaryDirectory(prefix="c-") as folder:
        running = Program(staffed_home(Path(folder) / "h"))
        yield running
        running.close()


class Living:
    """A session under way, and a restless hand at its screen."""

    def __init__(self, program: Program, seed: int) -> None:
        self.program = program
        self._chance = Random(seed)
        self._raw = chunks(seed)
        stages.standing_at(program.home, stages.infusing)
        program.start()
        program.term.wait_for("minutes")

    def touch(self) -> None:
        """Something of what a hand, or a cloth, does to a screen."""
        term = self.program.term
        match self._chance.randrange(8):
            case 0:
                term.send(next(self._raw))
            case 1:
                term.resize(*self._chance.choice(((24, 80), (20, 64), (40, 120))))
            case 2:
                term.tap(21, 40)
            case 3:
                term.keys(self._chance.choice("abcdefgh"))
            case _:
                term.tap(self._chance.randrange(20), self._chance.randrange(64))

    def lock(self, seconds: float) -> None:
        """Something else holds the journal: nothing can be written to it meanwhile."""
        other = sqlite3.connect(self.program.home / "journal.db", isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                self.touch()
                time.sleep(0.25)
            other.execute("ROLLBACK")
        finally:
            other.close()

    def lose(self, part: str) -> None:
        """A process dies, and another takes its place."""
        before = self.program.trio()
        self.program.kill([part])
        until(lambda: part in self.program.replaced(before))

    def still_stands(self) -> None:
        """The session goes on, every event once, and a touch still calls."""
        term = self.program.term
        term.resize(24, 80)

        def called() -> bool:
            term.tap(21, 40)
            time.sleep(0.2)
            return _SHOWS in "\n".join(term.screen())

        until(called)
        records = stages.kept(self.program.home)
        assert [record.seq for record in records] == list(range(1, len(records) + 1))
        state = replay(record.event for record in records)
        assert state is not None
        assert not state.finished  # an hour is longer than the programme: she may have rated too
        assert not [record for record in records if isinstance(record.event, e.FaultNoted)]
        assert not (self.program.home / "logs" / "screen.log").exists()


def test_a_soak_in_small(program: Program) -> None:
    living = Living(program, 3)
    for _ in range(40):
        living.touch()
    living.lock(_LOCKED / 4)
    living.lose("sound")
    living.lose("screen")
    living.still_stands()
    for pid in program.trio().values():
        assert figures(pid).handles > 0


@pytest.mark.torture
def test_an_hour_leaves_nothing_behind(program: Program) -> None:
    minutes = int(os.environ.get("COMPANION_SOAK_MINUTES", "60"))
    living = Living(program, 4)
    deaths = itertools.cycle(("screen", "sound", "run"))
    told: list[Minute] = []
    for minute in range(1, minutes + 1):
        before = {part: (pid, figures(pid)) for part, pid in program.trio().items()}
        _touch_for(living, 60.0)
        pids = program.trio()
        assert {part: pid for part, (pid, _) in before.items()} == pids
        each = {part: figures(pids[part]) for part in PARTS}
        spent = {part: each[part].cpu - before[part][1].cpu for part in PARTS}
        told.append(Minute(minute, each, spent))
        print(told[-1].line(), flush=True)
        if minute % _DEATH_EVERY == 0:
            living.lose(next(deaths))
        elif minute % _LOCK_EVERY == 0:
            living.lock(_LOCKED)
        living.still_stands()
    _judge(told)


def _touch_for(living: Living, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        living.touch()
        time.sleep(0.5)


def _judge(told: list[Minute]) -> None:
    """The later half of the time beside the half before it, once all has settled. Of memory the
    most counts: whatever takes the place of a process that died fills its caches anew."""
    late = told[round(len(told) * _SETTLED) :]
    assert len(late) >= 10, "too short to tell whether anything grows"
    halves = late[: len(late) // 2], late[len(late) // 2 :]
    for part in PARTS:
        early, after = ([minute.each[part] for minute in half] for half in halves)
        own = [max(one.own for one in half) for half in (early, after)]
        spent = [median(minute.spent[part] for minute in half) for half in halves]
        print(f"{part}: {own[0]:.1f} then {own[1]:.1f} MB, {spent[0]:.1f} then {spent[1]:.1f} s")
        assert own[1] < own[0] + _GROWTH, part
        assert max(one.handles for one in after) <= max(one.handles for one in early) + 1, part
        assert max(one.threads for one in after) <= max(one.threads for one in early) + 1, part
        assert spent[1] <= 1.5 * spent[0] + 0.5, part
