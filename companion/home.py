"""The home: the folder that holds what a clinic writes and what the program keeps."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from companion.problems import BadContent, Problem

_CONFIG = "config.yaml"
_FOLDERS = ("playlists", "scripts_guided", "schemas")
_MANIFEST = ".shipped.json"
"""In the home: the hash of every shipped file as it was copied, by its path."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What filling a home did, as paths below it."""

    copied: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Files that a person edited and of which a newer version was shipped: hers stays."""


def find_home(option: Path | None = None) -> Path:
    """The home: `option`, else COMPANION_HOME, else the current folder if it holds `config.yaml`,
    else the folder `companion` in the user's data folder (XDG)."""
    if option is not None:
        return option.expanduser().absolute()
    named = os.environ.get("COMPANION_HOME")
    if named:
        return Path(named).expanduser().absolute()
    here = Path.cwd()
    if (here / _CONFIG).is_file():
        return here
    data = os.environ.get("XDG_DATA_HOME", "")
    base = Path(data) if Path(data).is_absolute() else Path.home() / ".local" / "share"
    return base / "companion"


def shipped() -> Path:
    """The folder of the shipped content: in the package, or beside it in a checkout."""
    packed = Path(__file__).with_name("shipped")
    return packed if packed.is_dir() else Path(__file__).resolve().parents[1]


def fill_home(home: Path) -> Filling:
    """Copy the shipped content to `home`, which is made (0700) where it is missing.

    What a person edited stays as she left it, what she deleted stays away; what nobody touched
    follows the shipped version. Raises BadContent where the home cannot be written.
    """
    source = shipped()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if home.resolve() == source.resolve():
            return Filling()
        return _filled(home, source)
    except OSError as error:
        told = f"the home cannot be written: {error.strerror or 'a fault of the disk'}"
        hint = "choose another with --home"
        raise BadContent([Problem(str(home), 0, 0, "", told, hint)]) from None


def _filled(home: Path, source: Path) -> Filling:
    known = shipped_files(home)
    now = dict(known)
    copied, kept = [], []
    for name in _content(source):
        new, old, target = _hash(source / name), known.get(name), home / name
        if os.path.lexists(target):
            present = _hash(target) if target.is_file() else ""
            if present not in (new, old):
                if old != new:
                    kept.append(name)
                continue
        elif old is not None:
            continue
        if not os.path.lexists(target) or _hash(target) != new:
            _copy(source / name, target)
            copied.append(name)
        now[name] = new
    if now != known:
        _write(home / _MANIFEST, json.dumps(now, indent=1, sort_keys=True).encode())
    return Filling(tuple(copied), tuple(kept))


def _content(source: Path) -> Iterator[str]:
    yield _CONFIG
    for folder in _FOLDERS:
        for path in sorted((source / folder).rglob("*")):
            name = path.relative_to(source)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                yield name.as_posix()


def shipped_files(home: Path) -> dict[str, str]:
    """The hash of every shipped file as it was copied to `home`, by its path."""
    try:
        found = json.loads((home / _MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(digest) for name, digest in found.items()}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    shutil.copyfile(source, draft)
    draft.chmod(0o600)
    draft.replace(target)


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.write_bytes(data)
    draft.chmod(0o600)
    draft.replace(path)
