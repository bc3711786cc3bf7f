"""When something is: the wall clock for people, the boot clock for reckoning.

CLOCK_BOOTTIME never runs backwards and counts through suspend, so within one boot every
difference is exact. Across a reboot only the wall clock is left, and a person must confirm.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_LONGEST_GAP = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment: `wall` in seconds since 1970 UTC, `boot` in seconds since boot `boot_id`."""

    wall: float
    boot: float
    boot_id: str


def seconds_between(earlier: Instant, later: Instant) -> tuple[float, bool]:
    """Seconds from `earlier` to `later`, never negative, and whether they are exact.

    Across a reboot the wall clock decides, and a difference of more than twelve hours counts
    as twelve: the clock of a tablet that lost its battery may say anything.
    """
    if earlier.boot_id == later.boot_id:
        return max(0.0, later.boot - earlier.boot), True
    return min(max(0.0, later.wall - earlier.wall), _LONGEST_GAP), False


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> Instant: ...


class SystemClock:
    """The tablet's own clocks."""

    def __init__(self) -> None:
        self._boot_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()

    def now(self) -> Instant:
        return Instant(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME), self._boot_id)


class SimulatedClock:
    """A clock that moves only when told to: for rehearsals and tests."""

    def __init__(self, wall: float = 1_800_000_000.0) -> None:
        self._instant = Instant(wall, 1000.0, "simulated")

    def now(self) -> Instant:
        return self._instant

    def advance(self, seconds: float) -> None:
        """Let `seconds` (not negative) pass."""
        at = self._instant
        self._instant = Instant(at.wall + seconds, at.boot + seconds, at.boot_id)
