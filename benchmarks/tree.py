"""What a program costs with all its processes, as the kernel counts it."""

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def processes(root: int) -> tuple[int, ...]:
    """`root` and everything that descends from it."""
    children: dict[int, list[int]] = {}
    for pid, fields in _stats():
        children.setdefault(int(fields[1]), []).append(pid)
    found, open_ends = [root], [root]
    while open_ends:
        below = children.get(open_ends.pop(), [])
        found += below
        open_ends += below
    return tuple(found)


def cpu(pid: int) -> float:
    """CPU seconds of a process and of its children that have ended, in steps of 10 ms."""
    return sum(int(field) for field in _fields(pid)[11:15]) / _TICKS


def tree_cpu(root: int) -> float:
    """CPU seconds of a whole tree, ended children included."""
    return sum(map(cpu, processes(root)))


def pss(root: int) -> float:
    """Memory of a whole tree in MB, what is shared divided among those who share it."""
    return sum(map(_pss, processes(root))) * 1024 / 1e6


def part(root: int, word: str) -> int:
    """The process below `root` that has `word` among its arguments."""
    return next(pid for pid in processes(root)[1:] if word in _arguments(pid))


def _stats() -> Iterator[tuple[int, list[str]]]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), _fields(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue


def _fields(pid: int) -> list[str]:
    """The fields of `stat` after the name: state, parent, … (`man proc`, from number 3 on)."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _arguments(pid: int) -> list[str]:
    return (_PROC / str(pid) / "cmdline").read_text().split("\0")


def _pss(pid: int) -> int:
    """In units of 1024 bytes."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
