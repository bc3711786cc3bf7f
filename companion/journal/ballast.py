"""Room kept back on the journal's disk: given up when the disk is full, made again later."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from companion.durable import sync_folder
from companion.journal.files import create_private

SIZE = 16 * 2**20
"""Bytes kept back: many sessions fit in them."""

_ROOM = 4 * SIZE
"""Bytes that must be free for it to be made, so that it does not itself fill the disk."""


class Ballast:
    """The file at `path`. It holds nothing but room."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_kept(self) -> bool:
        """Whether there is any, as far as can be seen. Never raises."""
        with suppress(OSError):
            return self._path.exists()
        return False

    def make(self) -> None:
        """Keep room back, if there is enough and none is kept yet. Never raises."""
        with suppress(OSError):
            if self._path.exists() or shutil.disk_usage(self._path.parent).free < _ROOM:
                return
            draft = self._path.with_name(f".{self._path.name}.draft")
            draft.unlink(missing_ok=True)
            descriptor = create_private(draft)
            try:
                os.posix_fallocate(descriptor, 0, SIZE)
            finally:
                os.close(descriptor)
            draft.rename(self._path)

    def give_up(self) -> bool:
        """Let others have the room; whether there was any. Never raises."""
        try:
            self._path.unlink()
            sync_folder(self._path.parent)
        except OSError:
            return False
        return True
