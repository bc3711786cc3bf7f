"""The library carried to a stick and from there to another tablet.

Everything is copied first, made durable and read back; only then does it get its names, so that a
stick pulled out or a full disk leaves all as it was. What is carried last is a list of every file
with its content's hash: a folder without it, or one that does not match it, is taken for unfinished
or damaged.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from companion.durable import replace_file
from companion.home import shipped_files
from companion.library.check import PLAYLISTS, SCRIPTS
from companion.library.clips import INDEX, INDEX_BYTES
from companion.library.copying import LEAST_FREE, alone_in, settle, stage, unstage
from companion.library.files import SOUND, SOUND_BYTES, Unusable, content_hash, find, open_plain
from companion.library.reading import BYTES

LIST: Final = "companion-library.json"
"""On the stick: the hash of every file of the library as it was carried there, by its path."""
CARRIED: Final = ".carried.json"
"""In the home: the hashes of every version of a file that was carried, in either direction, by its
path; the newest last."""
_REMEMBERED: Final = 50
"""Versions of a file."""
_FOLDERS: Final = (PLAYLISTS, SCRIPTS)
_LIST_BYTES: Final = 4 << 20

Hashes = dict[str, str]
"""SHA-256 by path below a home: `playlists/calm.yaml`."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was done, as paths below a home."""

    copied: tuple[str, ...]
    same: tuple[str, ...]
    """Files that were there already."""
    kept: tuple[str, ...]
    """Files that are newer over there, or were changed by somebody: these stay."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Files that the library does not play from, and why."""


def carry_to(home: Path, folder: Path, again: bool, progress: Callable[[float], None]) -> Carried:
    """Copy the library of `home` to `folder`, which must be there. With `again` files that
    somebody changed there are replaced. `progress` is told the part, 0 to 1, that is done. Raises
    Unusable, with nothing changed."""
    _apart(home, folder)
    files, left_out = _library(home)
    listed = {name: str(digest) for name, digest in (_json(folder / LIST) or {}).items()}
    known = _known(home)

    def older(path: str, there: str) -> bool:
        return there in known.get(path, ())

    carried = _carry(home, files, folder, older, again, progress, least_free=0)
    both = {path: files[path] for path in (*carried.copied, *carried.same)}
    still = {path: digest for path, digest in listed.items() if (folder / path).is_file()}
    _write(folder / LIST, still | both)
    _remember(home, both)
    return Carried(carried.copied, carried.same, carried.kept, left_out)


def carry_from(home: Path, folder: Path, again: bool, progress: Callable[[float], None]) -> Carried:
    """Copy the library in `folder`, which `carry_to` made, to `home`. With `again` files that
    somebody changed in this home are replaced. Raises Unusable, with nothing changed."""
    _apart(home, folder)
    files = _read(folder / LIST)
    for path, digest in files.items():
        if content_hash(_plain(folder, path)) != digest:
            raise Unusable(
                f"{path} is not what was copied to {folder}: it is damaged, was changed there, or "
                "the copying was not finished. Copy the library there again"
            )
    shipped, known = shipped_files(home), _known(home)

    def older(path: str, there: str) -> bool:
        seen = known.get(path, ())
        return there == shipped.get(path) or (there in seen and files[path] not in seen)

    carried = _carry(folder, files, home, older, again, progress, least_free=LEAST_FREE)
    _remember(home, {path: files[path] for path in (*carried.copied, *carried.same)})
    return carried


def _apart(home: Path, folder: Path) -> None:
    if not folder.is_dir():
        raise Unusable(f"{folder}: there is no such folder. Is the stick in?")
    one, other = home.resolve(), folder.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise Unusable(f"{folder} and this tablet's own folder lie in each other: choose another")


def _library(home: Path) -> tuple[Hashes, tuple[tuple[str, str], ...]]:
    """Every file of the library, sounds before what names them, and what is none of it."""
    found, left_out = Hashes(), list[tuple[str, str]]()
    for path in _names(home):
        try:
            found[path] = content_hash(_plain(home, path))
        except Unusable as error:
            left_out.append((path, str(error)))
    return dict(sorted(found.items(), key=lambda file: _order(file[0]))), tuple(left_out)


def _names(home: Path) -> Iterator[str]:
    for folder in _FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            inside = path.relative_to(home)
            if not path.is_dir() and not any(part.startswith(".") for part in inside.parts):
                yield inside.as_posix()


def _plain(root: Path, path: str) -> Path:
    """The file of the library at `path` below `root`. Raises Unusable."""
    folder, _, inside = path.partition("/")
    if folder not in _FOLDERS or not inside or any(p.startswith(".") for p in path.split("/")):
        raise Unusable(f"{path} is no file of a library")
    try:
        if folder == SCRIPTS and path.endswith(f"/{INDEX}"):
            return find(root / folder, inside, (".json",), INDEX_BYTES)
        most = BYTES if path.endswith(".yaml") else SOUND_BYTES
        return find(root / folder, inside, (".yaml", *SOUND), most)
    except Unusable as error:
        raise Unusable(f"{path} {error}") from None


def _order(path: str) -> tuple[bool, str]:
    return path.endswith(".yaml"), path


def _carry(
    source: Path,
    files: Mapping[str, str],
    target: Path,
    older: Callable[[str, str], bool],
    again: bool,
    progress: Callable[[float], None],
    least_free: int,
) -> Carried:
    """`older` tells of a path and the hash of what lies there whether it may be replaced."""
    with ExitStack() as stack:
        for folder in _FOLDERS:
            stack.enter_context(alone_in(target / folder))
        wanted, same, kept = list[str](), list[str](), list[str]()
        for path, digest in files.items():
            there = _there(target, path)
            if there == digest:
                same.append(path)
            elif again or there is None or older(path, there):
                wanted.append(path)
            else:
                kept.append(path)
        wanted.sort(key=_order)
        _copy(source, {path: files[path] for path in wanted}, target, progress, least_free)
    return Carried(tuple(wanted), tuple(same), tuple(kept))


def _there(target: Path, path: str) -> str | None:
    """The hash of what lies at `path`; None: nothing does; empty: no file of a library."""
    place = target / path
    if not place.parent.resolve().is_relative_to((target / path.partition("/")[0]).resolve()):
        raise Unusable(f"{path} would be written outside of {target}")
    if not place.exists() and not place.is_symlink():
        return None
    try:
        return content_hash(_plain(target, path))
    except Unusable:
        return ""


def _copy(
    source: Path,
    files: Mapping[str, str],
    target: Path,
    progress: Callable[[float], None],
    least_free: int,
) -> None:
    """All of them, or none."""
    total = sum(_plain(source, path).stat().st_size for path in files) or 1
    done = 0

    def tell(written: int) -> None:
        progress((done + written) / total)

    try:
        for path, digest in files.items():
            with open_plain(_plain(source, path)) as file, _naming(path):
                stage(file, target / path, digest, tell, least_free)
                done += file.tell()
    except BaseException:
        for path in files:
            unstage(target / path)
        raise
    for path in files:
        with _naming(path):
            settle(target / path)


@contextmanager
def _naming(path: str) -> Iterator[None]:
    try:
        yield
    except Unusable as error:
        raise Unusable(f"{path} {error}") from None


# --- lists ---------------------------------------------------------------------------------------


def _read(path: Path) -> Hashes:
    """The list at `path`. Raises Unusable."""
    found = _json(path)
    if found is None:
        told = "holds no library that `companion library to` copied there, or not all of it"
        raise Unusable(f"{path.parent} {told}")
    return {name: str(digest) for name, digest in found.items()}


def _write(path: Path, found: Mapping[str, str | list[str]]) -> None:
    try:
        replace_file(path, json.dumps(found, indent=1, sort_keys=True).encode())
    except OSError as error:
        raise Unusable(f"{path} cannot be written: {error.strerror}") from None


def _known(home: Path) -> dict[str, list[str]]:
    """What was carried before; nothing where that is not known any more."""
    found = _json(home / CARRIED) or {}
    return {name: list(map(str, seen)) for name, seen in found.items() if isinstance(seen, list)}


def _remember(home: Path, hashes: Hashes) -> None:
    known = _known(home)
    for path, digest in hashes.items():
        before = [one for one in known.get(path, ()) if one != digest]
        known[path] = [*before, digest][-_REMEMBERED:]
    _write(home / CARRIED, known)


def _json(path: Path) -> dict[str, Any] | None:
    try:
        with open_plain(path) as file:
            found = json.loads(file.read(_LIST_BYTES))
    except (Unusable, OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
