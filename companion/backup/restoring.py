"""A copy made by `backing_up` brought back. It proves itself before it replaces anything, and what
stood there before is set aside, never deleted.

All is brought in below the home first. Once it is proved a note says so; from then on whoever
starts next finishes what a power cut interrupted.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from companion.backup.backing_up import PREFIX
from companion.backup.contents import CONTENT, FILES, FOLDERS, LIST, Listed, prove_files, read_list
from companion.durable import replace_file, sync_folder
from companion.journal.log import Log
from companion.journal.schema import JournalUnusable, open_journal
from companion.journal.wholeness import wrongs
from companion.library.copying import LEAST_FREE, bring
from companion.library.files import Unusable, open_plain
from companion.moment import SystemClock
from companion.problems import BadContent, Problem
from companion.processes import locks
from companion.record.keeping import JOURNAL
from companion.session import book

STAGED: Final = ".restoring"
"""In the home: what is being brought in."""
_PROVED: Final = "proved.json"
"""In `STAGED`: all of it is there and proved."""
_SIDE_FILES: Final = ("-wal", "-shm", "-journal", "")
_LOCK: Final = "companion.lock"


class Running(Exception):  # noqa: N818 (it is what it says)
    """Companion runs in that home."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back."""

    copy: Path
    made: str
    files: int
    set_aside: Path | None
    """Where what stood there before lies now; None: there was nothing."""
    problems: tuple[Problem, ...]
    """What `companion check` finds in it."""
    wrong: tuple[str, ...]
    """Events that were not as they were written when the copy was made."""


def newest(folder: Path) -> Path:
    """The copy in `folder`: itself, or the newest that lies in it. Raises Unusable."""
    if (folder / LIST).exists() or folder.name.startswith(PREFIX):
        return folder
    copies = sorted(one for one in folder.glob(f"{PREFIX}*") if one.is_dir())
    if not copies:
        raise Unusable(f"{folder}: there is no copy made by `companion backup` here")
    return copies[-1]


def restore(home: Path, copy: Path, progress: Callable[[float], None]) -> Restored:
    """Bring `copy` back to `home`. Raises Running; and Unusable, with nothing in `home` changed
    that is in use."""
    with _alone(home):
        _finish(home)
        listed = read_list(copy)
        prove_files(copy, listed)
        staged = home / STAGED
        try:
            _bring_in(copy, listed, staged, progress)
            _prove_journal(staged, listed)
            problems = _problems(staged)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        aside = _free_name(home)
        brings = [one.name for one in staged.iterdir()]
        replace_file(staged / _PROVED, json.dumps({"aside": aside, "brings": brings}).encode())
        _finish(home)
        there = home / aside
        set_aside = there if there.exists() else None
        files = len(listed.files)
        return Restored(copy, listed.made, files, set_aside, problems, listed.wrong)


def finish(home: Path) -> None:
    """Finish a restore that was proved and then interrupted. While Companion runs there, nothing
    is done. Raises OSError."""
    if (home / STAGED / _PROVED).exists():
        try:
            with _alone(home):
                _finish(home)
        except Running:
            return


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = locks.take(home / _LOCK)
    if lock is None:
        raise Running
    try:
        yield
    finally:
        os.close(lock)


def _free_name(home: Path) -> str:
    name = first = f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    while (home / name).exists():
        number += 1
        name = f"{first}-{number}"
    return name


def _bring_in(copy: Path, listed: Listed, staged: Path, progress: Callable[[float], None]) -> None:
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    for number, (path, digest) in enumerate(listed.files.items(), start=1):
        target = staged / path
        for folder in reversed(target.relative_to(staged).parents):
            (staged / folder).mkdir(mode=0o700, exist_ok=True)
        try:
            with open_plain(copy / CONTENT / digest) as source:
                bring(source, target, digest, lambda _: None, LEAST_FREE)
        except Unusable as error:
            raise Unusable(f"{path} {error}") from None
        progress(number / len(listed.files))


def _prove_journal(staged: Path, listed: Listed) -> None:
    """Every page, the chain and every event; then it is written down that it was restored."""
    path = staged / JOURNAL
    if JOURNAL not in listed.files:
        return
    try:
        opened = open_journal(path)
    except JournalUnusable as error:
        raise Unusable(f"{JOURNAL} of the copy cannot be used: {error}") from None
    try:
        if opened.set_aside is not None:
            raise Unusable(f"{JOURNAL} of the copy is damaged")
        log = Log(opened.connection)
        for one in wrongs(log):
            if f"{one.stream} {one.seq} {one.flaw}" not in listed.wrong:
                raise Unusable(f"{JOURNAL} of the copy: event {one.seq} of {one.stream} {one.flaw}")
        now = SystemClock().now()
        day = listed.made[:10]
        log.append(book.STREAM, log.last_seq(book.STREAM) + 1, now, [book.Restored(day=day)])
        opened.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        opened.connection.close()


def _problems(staged: Path) -> tuple[Problem, ...]:
    """What is wrong in the clinic's files: told, and mended afterwards. They are as they were."""
    from companion.config_loading import load_config
    from companion.library.check import load_library

    try:
        config = load_config(staged / "config.yaml")
    except BadContent as error:
        return tuple(error.problems)
    return tuple(load_library(staged, config).problems)


def _finish(home: Path) -> None:
    """Set aside what stands in the home and give what is proved its place, step by step: done
    again after a power cut, each step that was done already does nothing."""
    staged = home / STAGED
    try:
        proved = json.loads((staged / _PROVED).read_bytes())
    except FileNotFoundError:
        return
    aside = home / str(proved["aside"])
    names = (*FILES, *FOLDERS)
    # What goes for good goes first: what waited for the old journal is never merged into the new.
    for name in names:
        if name not in proved["brings"]:
            _set_aside(home, name, aside)
    for name in names:
        if (staged / name).exists():
            _set_aside(home, name, aside)
            (staged / name).rename(home / name)
            sync_folder(home)
    shutil.rmtree(staged)
    sync_folder(home)


def _set_aside(home: Path, name: str, aside: Path) -> None:
    """Move `name`, and what SQLite keeps beside it, to `aside`."""
    for suffix in _SIDE_FILES if name == JOURNAL else ("",):
        there = home / (name + suffix)
        if there.exists() or there.is_symlink():
            aside.mkdir(mode=0o700, exist_ok=True)
            there.rename(aside / there.name)
            sync_folder(aside)
