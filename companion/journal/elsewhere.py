"""A second place for what the journal's own disk cannot take: memory that outlives the process.

It is a folder of this home's own, this user's alone, found again by its name.
"""

import hashlib
import os
import stat
from pathlib import Path

_SHARED_MEMORY = Path("/dev/shm")


def elsewhere(home: Path) -> Path | None:
    """The folder for `home`, whether or not it is there yet; None where there can be none.

    In memory (XDG_RUNTIME_DIR, else /dev/shm), so that neither a full disk nor one that went
    read-only reaches it. What is there does not outlive the tablet's own power.
    """
    name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and Path(given).is_dir():
        return Path(given) / f"companion-{name}"
    if _SHARED_MEMORY.is_dir():
        return _SHARED_MEMORY / f"companion-{os.getuid()}-{name}"
    return None


def is_ours(folder: Path) -> bool:
    """Whether `folder` is a folder of this user's, and nobody else's to look into."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.geteuid()
        and not stat.S_IMODE(found.st_mode) & 0o077
    )
