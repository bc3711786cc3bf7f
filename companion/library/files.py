"""Files of the library, opened only below its own folders."""

import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path

SOUND = (".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a")
"""The suffixes of sound files that can be played."""
SOUND_BYTES = 300 * 1024 * 1024
"""The largest sound file, in bytes."""


class Unusable(Exception):  # noqa: N818 (it is what it says)
    """Raised where a file cannot be used; says why in one plain sentence."""


def find(root: Path, relative: str, suffixes: tuple[str, ...], most: int) -> Path:
    """The regular file `relative` below `root`, of at most `most` bytes. Raises Unusable.

    Refused: an empty name, an absolute one, an address, anything that leads out of `root` (also
    by a link), other suffixes, and whatever is not a plain file: opening a pipe would wait for
    ever.
    """
    if not relative or relative.startswith(("/", "~")) or set(relative) & set("\0\\:"):
        raise Unusable("must be the path of a file below this folder, such as music/first.ogg")
    if Path(relative).suffix.lower() not in suffixes:
        raise Unusable(f"must end in one of {', '.join(suffixes)}")
    try:
        path = (root / relative).resolve(strict=True)
        found = path.stat()
    except FileNotFoundError:
        raise Unusable("there is no such file") from None
    except (OSError, RuntimeError):
        raise Unusable("the file cannot be reached") from None
    if not path.is_relative_to(root.resolve()):
        raise Unusable("leads out of the library's folder")
    if not stat.S_ISREG(found.st_mode):
        raise Unusable("is not a plain file")
    if found.st_size > most:
        raise Unusable(f"is too large: {in_bytes(found.st_size)}, and {in_bytes(most)} is the most")
    return path


def open_plain(path: Path) -> BufferedReader:
    """Open a regular file, without ever waiting, as opening a pipe would. Raises Unusable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or "its name is no file's"
        raise Unusable(f"cannot be opened: {told}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unusable("is not a plain file")
    return os.fdopen(descriptor, "rb")


def content_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex. Raises Unusable."""
    try:
        with open_plain(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unusable(f"cannot be read: {error.strerror}") from None


def in_bytes(size: int) -> str:
    """`size` as people say it."""
    return f"{size / 1024 / 1024:.0f} MB" if size >= 1024 * 1024 else f"{-(-size // 1024)} kB"
