"""Sticks that are plugged in, and the sound files on them.

Whatever a stick does, it is only read here: what cannot be read any more is left out.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from companion.cleaning import clean
from companion.library.files import SOUND

ROOTS = (Path("/media"), Path("/run/media"), Path("/mnt"))
"""Below these a system mounts what is plugged in, at times in a folder for each user."""
MOST_FILES = 300
"""So many files of one stick are offered."""
_MOST_SEEN = 20_000
"""After so many names nothing more is looked for."""


@dataclass(frozen=True, slots=True)
class Stick:
    """One that can be read now."""

    path: Path

    @property
    def name(self) -> str:
        """As a screen may show it."""
        return clean(self.path.name, 40)


@dataclass(frozen=True, slots=True)
class OnStick:
    """The sound files that were found, in the order of their names."""

    files: tuple[Path, ...]
    all: bool
    """Whether these are all there are."""


def sticks(
    roots: Sequence[Path] = ROOTS, mounted: Callable[[Path], bool] = os.path.ismount
) -> tuple[Stick, ...]:
    """Every mounted folder right below `roots` or below a folder there."""
    found: list[Stick] = []
    for root in roots:
        for child in _folders(root):
            inner = (child,) if mounted(child) else filter(mounted, _folders(child))
            found += map(Stick, inner)
    return tuple(found)


def sound_files(stick: Path) -> OnStick:
    """The sound files below `stick`, its hidden names and links left out."""
    files: list[Path] = []
    seen = 0
    for folder, inner, names in os.walk(stick):
        inner[:] = sorted(filter(_shown, inner), key=str.casefold)
        for name in sorted(filter(_shown, names), key=str.casefold):
            path = Path(folder, name)
            if path.suffix.lower() in SOUND and _plain(path):
                if len(files) == MOST_FILES:
                    return OnStick(tuple(files), all=False)
                files.append(path)
        seen += len(names) + len(inner)
        if seen > _MOST_SEEN:
            return OnStick(tuple(files), all=False)
    return OnStick(tuple(files), all=True)


def _folders(path: Path) -> Iterator[Path]:
    try:
        yield from sorted(one for one in path.iterdir() if one.is_dir() and not one.is_symlink())
    except OSError:
        return


def _shown(name: str) -> bool:
    return not name.startswith(".")


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
