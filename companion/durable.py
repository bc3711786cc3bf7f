"""Files that are whole or not there: written beside their place, made durable, then renamed."""

import os
from pathlib import Path


def replace_file(path: Path, data: bytes, mode: int | None = None) -> None:
    """Make `data` the content of `path`, for ever or not at all. It is its owner's alone unless
    `mode` says otherwise. Raises OSError."""
    draft = draft_of(path)
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def draft_of(path: Path) -> Path:
    """Where `path` is written before it is whole; whoever lists a folder leaves such names out."""
    return path.with_name(f".{path.name}.draft")


def sync_folder(folder: Path) -> None:
    """Make new and changed names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
