"""The list of a copy: which files it holds, under which names, and whether they are whole."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from companion import __version__
from companion.durable import replace_file
from companion.last_good import CONFIG, LAST_GOOD
from companion.library.files import Unusable, content_hash, open_plain
from companion.record.keeping import FALLBACK, JOURNAL

LIST: Final = "companion-backup.json"
"""In a copy: what it holds. Written last."""
CONTENT: Final = "content"
"""In a copy: the folder of the files, each named by its SHA-256."""
_FORM: Final = 1
"""The form of a copy; another one is refused."""
FILES: Final = (JOURNAL, FALLBACK, CONFIG, LAST_GOOD, ".shipped.json", ".carried.json")
FOLDERS: Final = ("playlists", "scripts_guided", "schemas")
"""With `FILES`, all of a home that is kept: neither logs nor what can be made again."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a copy says of itself."""

    made: str
    """ISO 8601, UTC."""
    files: dict[str, str]
    """SHA-256 by path below a home."""
    wrong: tuple[str, ...]


def write_list(
    draft: Path, files: dict[str, dict[str, Any]], tablet: str, wrong: tuple[str, ...]
) -> None:
    """Write what the copy in `draft` holds: of each file its digest and size. Raises OSError."""
    told = {
        "form": _FORM,
        "companion": __version__,
        "tablet": tablet,
        "made": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "wrong": list(wrong),
        "files": files,
    }
    written = {**told, "sha256": _digest_of(told)}
    replace_file(draft / LIST, json.dumps(written, indent=1, sort_keys=True).encode())


def read_list(copy: Path) -> Listed:
    """What the copy at `copy` says of itself. Raises Unusable."""
    try:
        with open_plain(copy / LIST) as file:
            told = json.loads(file.read())
    except Unusable:
        raise Unusable(f"{copy} holds no whole copy: {LIST} is missing") from None
    except (OSError, ValueError):
        raise Unusable(f"{copy / LIST} is damaged") from None
    if not isinstance(told, dict) or told.pop("sha256", None) != _digest_of(told):
        raise Unusable(f"{copy / LIST} is damaged")
    if told.get("form") != _FORM:
        raise Unusable(f"{copy} was made by a newer Companion: install that version or a later one")
    files = {str(path): str(one["sha256"]) for path, one in told["files"].items()}
    return Listed(str(told["made"]), files, tuple(map(str, told["wrong"])))


def prove_files(copy: Path, listed: Listed) -> None:
    """Look at every file of `copy`. Raises Unusable, which names the first that is missing or
    damaged."""
    for path, digest in listed.files.items():
        _check_name(path)
        kept = copy / CONTENT / digest
        try:
            same = not kept.is_symlink() and content_hash(kept) == digest
        except Unusable as error:
            raise Unusable(f"{path} ({kept}) {error}") from None
        if not same:
            raise Unusable(f"{path} ({kept}) is damaged")


def _check_name(path: str) -> None:
    """Raises Unusable for a path that does not belong into a home."""
    first, *rest = path.split("/")
    known = path in FILES or (first in FOLDERS and bool(rest))
    if not known or "\0" in path or any(part in ("", ".", "..") for part in rest):
        raise Unusable(f"the copy names {path}, which is no file of a home")


def _digest_of(told: dict[str, Any]) -> str:
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
