"""Whether the tablet itself is fit for a session: its power and the room on its disk."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from companion.calibration.calibration import Known

_SUPPLIES = Path("/sys/class/power_supply")

LOW_BATTERY = 50
"""Per cent under which a battery without mains may not last a session."""

LOW_DISK = 200 * 2**20
"""Bytes under which the disk counts as nearly full."""


@dataclass(frozen=True, slots=True)
class Power:
    """`percent` of the battery; None: there is none, so it is on mains."""

    percent: int | None
    on_mains: bool

    @property
    def low(self) -> bool:
        """Whether it may not last a session."""
        return not self.on_mains and self.percent is not None and self.percent < LOW_BATTERY


@dataclass(frozen=True, slots=True)
class Fitness:
    """How the tablet stands."""

    power: Power
    free: int
    """Bytes free where the journal is kept."""
    sound_lost: str | None
    """Why there is no sound; None: there is."""
    saved: bool
    """Whether the journal takes events."""
    calibrated: Known | None = None
    """What is known of how loud the output in use is; None while there is none."""
    output: str = ""
    """Where the sound leaves; empty: it is not known."""
    volume: int | None = None
    """The system's volume in per cent, where it is known."""
    answers_sealed: bool = True
    """Whether earlier sessions are sealed, where they are to be."""
    muted: bool = False
    """Whether the system lets no sound through."""

    @property
    def disk_low(self) -> bool:
        """Whether the disk is nearly full."""
        return self.free < LOW_DISK


def power(supplies: Path = _SUPPLIES) -> Power:
    """What the kernel tells of the battery and the mains below `supplies`.

    The battery of a mouse or a keyboard (scope `Device`) does not count; of two batteries the
    emptier one does.
    """
    percents: list[int] = []
    feeds: list[bool] = []
    draining = False
    for supply in sorted(supplies.glob("*")):
        kind = _read(supply / "type")
        if kind == "Battery" and _read(supply / "scope") != "Device":
            capacity = _read(supply / "capacity")
            percents += [int(capacity)] if capacity.isdigit() else []
            draining = draining or _read(supply / "status") == "Discharging"
        elif kind in ("Mains", "USB"):
            feeds.append(_read(supply / "online") == "1")
    on_mains = any(feeds) or not (draining or (feeds and percents))
    return Power(min(percents, default=None), on_mains)


async def watch(tell: Callable[[Power], None], *, every: float = 60.0) -> None:
    """Tell how the tablet is fed, at once and then every so many seconds."""
    while True:
        tell(power())
        await asyncio.sleep(every)


def free(folder: Path) -> int:
    """Bytes free on the disk that holds `folder`; 0 where nobody can tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
