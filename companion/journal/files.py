"""Files that are the owner's alone, made durable, and never thrown away."""

import os
import time
from pathlib import Path

from companion.durable import sync_folder

_SIDE_FILES = ("-wal", "-shm", "-journal")


def create_private(path: Path) -> int:
    """Create `path`, readable by its owner alone, and return a descriptor open for appending.

    Raises `FileExistsError` when something is there already.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW
    return os.open(path, flags, 0o600)


def set_aside(path: Path, aside: Path | None = None) -> Path | None:
    """Rename `path`, and what SQLite keeps beside it, to `aside` or a name with the time in it.

    Returns the new name; None when there was nothing. No other file is overwritten. The side
    files go first: left behind, SQLite would take them for those of the next file at `path`.
    """
    there = [suffix for suffix in (*_SIDE_FILES, "") if _beside(path, suffix).exists()]
    if not there:
        return None
    aside = aside or free_name(path)
    for suffix in there:
        _beside(path, suffix).rename(_beside(aside, suffix))
    sync_folder(path.parent)
    return aside


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def side_files(path: Path) -> tuple[Path, ...]:
    """Where SQLite keeps what belongs to `path`, and `path` itself last."""
    return tuple(_beside(path, suffix) for suffix in (*_SIDE_FILES, ""))


def free_name(path: Path) -> Path:
    """A name beside `path`, with the time in it, that nothing has yet."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    name = first = path.with_name(f"{path.name}.aside-{stamp}")
    number = 1
    while any(_beside(name, suffix).exists() for suffix in (*_SIDE_FILES, "")):
        number += 1
        name = first.with_name(f"{first.name}-{number}")
    return name


def identity(path: Path) -> tuple[tuple[int, int], ...]:
    """Which files stand at `path` and as SQLite's log beside it; another value once one of them
    was replaced. Raises `OSError` when one is gone."""
    found = (path.stat(), _beside(path, "-wal").stat())
    return tuple((file.st_dev, file.st_ino) for file in found)
