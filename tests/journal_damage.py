"""What disks and people do to a journal's file."""

import os
import sqlite3
from pathlib import Path

from companion.journal.schema import APPLICATION_ID

PAGE = 4096


def empty(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name)")
    other.commit()
    other.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)


def zeroed_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(100))


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def junk_in_the_middle(path: Path) -> None:
    junk_at(path, path.stat().st_size // PAGE // 2)


def junk_after_the_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xa5" * 3996)


def junk_at(path: Path, page: int) -> None:
    """Junk over one page; the first is 0."""
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(b"\xa5" * PAGE)


def never_begun(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA application_id={APPLICATION_ID}")
    other.execute("PRAGMA user_version=1")
    other.close()


DAMAGES = (
    empty,
    foreign,
    no_database,
    zeroed_header,
    zeroed,
    half,
    junk_in_the_middle,
    junk_after_the_header,
    never_begun,
)

HOPELESS = (empty, foreign, no_database, zeroed, never_begun)
"""Nothing of a journal is left."""

HARMLESS = (zeroed_header, junk_after_the_header)
"""Every event is left: the first page holds none."""
