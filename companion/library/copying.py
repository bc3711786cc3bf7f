"""Files brought into a folder whole or not at all, whatever happens on the way."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import Final

from companion.durable import draft_of, sync_folder
from companion.library.files import Unusable, content_hash, in_bytes

LEAST_FREE: Final = 200 * 2**20
"""Bytes that stay free on a disk that sessions are written to."""
_PIECE = 1 << 20


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else brings files into `folder` meanwhile; what an earlier try left unfinished is
    cleared away. The folder is made where it is missing. Raises Unusable and OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable("somebody else is bringing files here: try again soon") from None
        for draft in folder.rglob(".*.draft"):
            if draft.is_file():
                draft.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)


def bring(
    source: BufferedReader,
    target: Path,
    digest: str,
    progress: Callable[[int], None],
    least_free: int = 0,
) -> None:
    """Copy `source` to `target`, which is replaced: `stage` and `settle` in one. Raises Unusable;
    then `target` is as it was."""
    stage(source, target, digest, progress, least_free)
    settle(target)


def stage(
    source: BufferedReader,
    target: Path,
    digest: str,
    progress: Callable[[int], None],
    least_free: int = 0,
) -> None:
    """Copy `source`, whose content must have this SHA-256, to the draft of `target`, durably, and
    read it back. `progress` is told the bytes written so far; `least_free` bytes stay free. Raises
    Unusable; then there is no draft."""
    size = os.fstat(source.fileno()).st_size
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(target.parent).free < size + least_free:
            raise Unusable(f"finds no room here: it takes {in_bytes(size)}")
        _write(source, draft_of(target), digest, progress)
    except BaseException as error:
        unstage(target)
        if isinstance(error, OSError):
            raise Unusable(_unwritten(error)) from None
        raise


def settle(target: Path) -> None:
    """Give the draft of `target` its name. Raises Unusable."""
    try:
        draft_of(target).replace(target)
        sync_folder(target.parent)
    except OSError as error:
        unstage(target)
        raise Unusable(_unwritten(error)) from None


def unstage(target: Path) -> None:
    """Throw the draft of `target` away."""
    with suppress(OSError):
        draft_of(target).unlink(missing_ok=True)


def _unwritten(error: OSError) -> str:
    return f"cannot be written here: {error.strerror or 'a fault'}"


def _write(
    source: BufferedReader, draft: Path, digest: str, progress: Callable[[int], None]
) -> None:
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    done, read = 0, hashlib.sha256()
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
        while piece := _piece(source):
            file.write(piece)
            read.update(piece)
            done += len(piece)
            progress(done)
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if read.hexdigest() != digest:
        raise Unusable("changed since it was looked at: try again")
    if content_hash(draft) != digest:
        raise Unusable("was not written as it should be: the disk may be failing")


def _piece(source: BufferedReader) -> bytes:
    try:
        return source.read(_PIECE)
    except OSError as error:
        told = f"cannot be read any more: {error.strerror}"
        raise Unusable(f"{told}. Was a stick pulled out?") from None
