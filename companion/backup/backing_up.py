"""A copy of all that a tablet keeps: its journal, its settings and its library, while sessions run.

It is written to a draft folder, made durable, read back and only then given its name, so that a
stick pulled out or a full disk leaves nothing that looks whole. In a copy every file lies under
the SHA-256 of its content, which any stick can hold; a list says which path each belongs to.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

from companion.backup.contents import CONTENT, FILES, FOLDERS, read_list, write_list
from companion.durable import replace_file, sync_folder
from companion.journal.elsewhere import elsewhere
from companion.journal.fallback import Fallback
from companion.journal.files import create_private
from companion.journal.log import Log
from companion.journal.schema import JournalUnusable, read_journal
from companion.journal.wholeness import wrongs
from companion.last_good import CONFIG
from companion.library.copying import bring
from companion.library.files import Unusable, content_hash, in_bytes, open_plain
from companion.record.keeping import FALLBACK, JOURNAL

PREFIX: Final = "companion-backup-"

_TRIES = 3
"""How often a file is copied that is written meanwhile."""
_SPARE = 2**20
"""Bytes of room for the list and the folders."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was made and read back."""

    folder: Path
    files: int
    size: int
    """Bytes."""
    answers: int
    """How many sessions hold what a patient said, to be read by whoever holds the copy."""
    wrong: tuple[str, ...]
    """Events of the journal that were not as they were written when it was copied."""
    left_out: tuple[str, ...]
    """Files that cannot be copied, and why."""


def back_up(home: Path, target: Path, progress: Callable[[float], None]) -> Copy:
    """Copy all that `home` keeps into a new folder in `target`, which must be there. `progress` is
    told the part, 0 to 1, that is done. Raises Unusable, with nothing left of the copy."""
    if not target.is_dir():
        raise Unusable(f"{target}: there is no such folder. Is the stick in?")
    if target.resolve().is_relative_to(home.resolve()):
        raise Unusable(f"{target} lies in this tablet's own folder: choose another")
    if not (home / JOURNAL).exists() and not (home / CONFIG).exists():
        raise Unusable(f"{home}: nothing is kept here yet")
    name = f"{PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    draft = target / f".{name}-{os.getpid()}.draft"
    try:
        _clear_drafts(target)
        draft.mkdir(mode=0o700)
        (draft / CONTENT).mkdir(mode=0o700)
        return _copied(home, target / name, draft, progress)
    except (OSError, sqlite3.Error) as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        told = "there is no room" if full else getattr(error, "strerror", None) or str(error)
        raise Unusable(f"{target} cannot be written: {told}") from None
    finally:
        with suppress(OSError):
            shutil.rmtree(draft)


def _copied(home: Path, folder: Path, draft: Path, progress: Callable[[float], None]) -> Copy:
    content, left_out, listed = draft / CONTENT, list[str](), dict[str, dict[str, Any]]()
    files = dict(_files(home))
    total = sum(file.stat().st_size for file in files.values() if file.is_file()) or 1
    if shutil.disk_usage(draft).free < total + _SPARE:
        raise Unusable(f"{folder.parent} has no room for it: it takes {in_bytes(total)}")
    # What waits is copied before the journal: an event that moves between is then in both.
    files.pop(FALLBACK, None)
    if waiting := Fallback(home / FALLBACK, elsewhere(home)).written():
        listed[FALLBACK] = _keep_bytes(waiting, content)
    tablet, answers, wrong = "", 0, tuple[str, ...]()
    if files.pop(JOURNAL, None) is not None:
        listed[JOURNAL], tablet, answers, wrong = _journal(home / JOURNAL, draft)
    done = sum(int(one["bytes"]) for one in listed.values())
    for path, file in files.items():
        try:
            _plain_below(home, file)
            source = open_plain(file)
        except Unusable as error:
            left_out.append(f"{path} {error}")
            continue
        with source:
            try:
                kept = _keep(source, content)
            except Unusable as error:
                raise Unusable(f"{path} {error}") from None
            except _Unread as error:
                left_out.append(f"{path} {error}")
                continue
        listed[path] = kept
        done += int(kept["bytes"])
        progress(min(done / total, 1.0))
    sync_folder(content)
    write_list(draft, listed, tablet, wrong)
    read_list(draft)
    named = _named(draft, folder)
    size = sum(int(one["bytes"]) for one in listed.values())
    return Copy(named, len(listed), size, answers, wrong, tuple(left_out))


class _Unread(Exception):  # noqa: N818 (it is what it says)
    """A file that cannot be read to its end, or never holds still; says so."""


def _clear_drafts(target: Path) -> None:
    """What copies that came to no end left here, but for those under way."""
    for draft in target.glob(f".{PREFIX}*.draft"):
        pid = draft.name.removesuffix(".draft").rpartition("-")[2]
        if not Path("/proc", pid).exists():
            shutil.rmtree(draft, ignore_errors=True)


def _named(draft: Path, folder: Path) -> Path:
    """Give the copy its name, and never that of another."""
    number = 1
    named = folder
    while named.exists():
        number += 1
        named = folder.with_name(f"{folder.name}-{number}")
    draft.rename(named)
    sync_folder(named.parent)
    return named


def _files(home: Path) -> Iterator[tuple[str, Path]]:
    """All that is kept in `home`, by its path there."""
    for name in FILES:
        if (home / name).exists():
            yield name, home / name
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if not path.is_dir() and not (path.name.startswith(".") and path.suffix == ".draft"):
                yield path.relative_to(home).as_posix(), path


def _plain_below(root: Path, file: Path) -> None:
    """Raises Unusable where `file` is no plain file, or a link leads out of `root`."""
    try:
        real = file.resolve(strict=True)
    except (OSError, RuntimeError):
        raise Unusable("cannot be reached") from None
    if not real.is_relative_to(root.resolve()):
        raise Unusable("leads out of this tablet's own folder")


def _journal(path: Path, draft: Path) -> tuple[dict[str, Any], str, int, tuple[str, ...]]:
    """Copy the journal as it stands at one moment, whoever writes meanwhile, and look at all of
    the copy; how it is listed, the tablet's name, how many sessions hold answers, and what is
    wrong in it. Raises Unusable."""
    copy = draft / JOURNAL
    try:
        connection = read_journal(path)
        try:
            os.close(create_private(copy))
            connection.execute("VACUUM INTO ?", (str(copy),))
        finally:
            connection.close()
        _make_durable(copy)
        copied = read_journal(copy)
    except JournalUnusable as error:
        raise Unusable(str(error)) from None
    try:
        (answers,) = copied.execute("SELECT count(DISTINCT stream) FROM private").fetchone()
        log = Log(copied)
        found = tuple(f"{one.stream} {one.seq} {one.flaw}" for one in wrongs(log))
        tablet = log.tablet
    finally:
        copied.close()
    digest, size = content_hash(copy), copy.stat().st_size
    copy.replace(draft / CONTENT / digest)
    return {"sha256": digest, "bytes": size}, tablet, int(answers), found


def _make_durable(path: Path) -> None:
    """Onto the disk, and out of memory: what is read of it next comes from the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def _keep(source: BufferedReader, content: Path) -> dict[str, Any]:
    """Copy `source` to the name of its content and read it back; how it is listed. Raises
    `_Unread`; and Unusable where it cannot be written."""
    for _ in range(_TRIES):
        try:
            source.seek(0)
            digest = file_digest(source, "sha256").hexdigest()
            size = source.tell()
        except OSError as error:
            raise _Unread(f"cannot be read: {error.strerror}") from None
        if not (content / digest).exists():
            source.seek(0)
            try:
                bring(source, content / digest, digest, lambda _: None)
            except Unusable:
                if _still(source, digest):
                    raise
                continue
        return {"sha256": digest, "bytes": size}
    raise _Unread("is being written all the time")


def _still(source: BufferedReader, digest: str) -> bool:
    """Whether `source` is what it was."""
    try:
        source.seek(0)
        return file_digest(source, "sha256").hexdigest() == digest
    except OSError as error:
        raise _Unread(f"cannot be read: {error.strerror}") from None


def _keep_bytes(data: bytes, content: Path) -> dict[str, Any]:
    digest = sha256(data).hexdigest()
    replace_file(content / digest, data)
    return {"sha256": digest, "bytes": len(data)}
