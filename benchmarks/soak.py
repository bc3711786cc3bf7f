"""The real sound process in real time, for as long as asked: what it holds and what it costs.

    python benchmarks/soak.py --minutes 60 --table soak.csv

It plays files of every kind, broken ones too, into SDL's `dummy` device, with crossfades, words,
levels, calls, silence, and the sound off and on. Each minute is a line of the table. At the end it
says whether handles and threads stayed as they were, memory grew by less than half a megabyte an
hour after the first ten minutes, and nothing was ever missing; the exit code is 1 if not.
"""

import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import click
import numpy as np
from sound_alone import sound_alone  # finds the tests' modules as well
from tree import cpu, pss

from long_session import fill, wanted_at  # isort: skip
from sound_process import Line  # isort: skip

from companion.sound.wire import Ask, Status, Want

_SETTLED = 10
"""Minutes after which nothing may grow."""
_GROWTH = 0.5
"""MB an hour."""
_LOOK = 0.25
"""Seconds between two looks at what is wanted."""
_ASK = 10
"""Seconds between two questions how it goes."""


@dataclass(frozen=True, slots=True)
class Minute:
    """The process after one minute more."""

    minute: int
    handles: int
    threads: int
    rss: float
    """MB in memory …"""
    own: float
    """… of which no file is the source: this may not grow …"""
    pss: float
    """… and all of it, what is shared divided among those who share it."""
    seconds: float
    """CPU of this minute."""
    starvations: int
    """So far."""
    title: str


@click.command()
@click.option("--minutes", default=60, show_default=True)
@click.option("--table", type=click.Path(path_type=Path), default=Path("soak.csv"))
def main(minutes: int, table: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home)
        with table.open("w", newline="") as file, sound_alone(home) as (process, line):
            rows = csv.writer(file)
            rows.writerow(field.name for field in fields(Minute))
            told = []
            for one in _minutes(process, line, minutes):
                rows.writerow(astuple(one))
                file.flush()
                print(*astuple(one), sep="\t", flush=True)
                told.append(one)
    faults = _faults(told)
    print(*(faults or ["all is well"]), sep="\n")
    sys.exit(bool(faults))


def _minutes(process: int, line: Line, minutes: int) -> Iterator[Minute]:
    """Wish for whatever a long session wishes for, and measure each minute."""
    began, spent = time.monotonic(), cpu(process)
    revision, wanted, asked, minute = 0, None, 0.0, 0
    status: Status | None = None
    while minute < minutes:
        now = time.monotonic() - began
        if wanted_at(now // 1) != wanted:
            wanted = wanted_at(now // 1)
            revision += 1
            line.say(Want(revision, now, wanted))
        if status is None or now >= asked + _ASK:
            line.say(Ask())
            status, asked = line.expect(Status), now
        if now >= (minute + 1) * 60:
            minute += 1
            before, spent = spent, cpu(process)
            yield _measured(process, minute, spent - before, status)
        time.sleep(_LOOK)


def _measured(process: int, minute: int, seconds: float, status: Status) -> Minute:
    folder = Path("/proc", str(process))
    resident, mapped = map(int, (folder / "statm").read_text().split()[1:3])
    page = os.sysconf("SC_PAGE_SIZE") / 1e6
    return Minute(
        minute,
        handles=len(list((folder / "fd").iterdir())),
        threads=len(list((folder / "task").iterdir())),
        rss=round(resident * page, 1),
        own=round((resident - mapped) * page, 1),
        pss=round(pss(process), 1),
        seconds=round(seconds, 2),
        starvations=status.starvations,
        title=status.title,
    )


def _faults(told: list[Minute]) -> list[str]:
    """What should not have happened."""
    late = told[_SETTLED:]
    faults = []
    if told and told[-1].starvations:
        faults.append(f"{told[-1].starvations} times nothing was ready")
    if len(late) < 2 * _SETTLED:
        return [*faults, "too short to tell whether anything grows"]
    hours = np.arange(len(late)) / 60
    growth = float(np.polyfit(hours, [one.own for one in late], 1)[0])
    print(f"memory grows by {growth:.2f} MB an hour")
    if growth >= _GROWTH:
        faults.append(f"memory grows by {growth:.2f} MB an hour")
    half = len(late) // 2
    for name in ("handles", "threads"):
        early, after = ([getattr(one, name) for one in part] for part in (late[:half], late[half:]))
        if max(after) > max(early):
            faults.append(f"{name} grew from {max(early)} to {max(after)}")
    return faults


if __name__ == "__main__":
    main()
