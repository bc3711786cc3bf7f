"""What the kernel counts of one process: processor time, memory, handles, threads."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Figures:
    """One process at one moment."""

    cpu: float
    """Seconds, in steps of 10 ms."""
    own: float
    """MB in memory of which no file is the source."""
    handles: int
    threads: int


def figures(pid: int) -> Figures:
    """Raises OSError when it has ended."""
    folder = Path("/proc", str(pid))
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    resident, mapped = map(int, (folder / "statm").read_text().split()[1:3])
    return Figures(
        cpu=(int(fields[11]) + int(fields[12])) / _TICKS,
        own=(resident - mapped) * _PAGE,
        handles=len(list((folder / "fd").iterdir())),
        threads=len(list((folder / "task").iterdir())),
    )
