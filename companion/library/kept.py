"""Copies of accepted versions: a YAML file, the sounds it names and what is known of them, as they
were when accepted.

They lie in the hidden folder `.reviewed` of `playlists` and of `scripts_guided`, one folder a
version with the files under their own names, so that the sound process opens them as it opens
all others. What plays is the copy: a file that somebody writes over in the middle of a session
changes nothing of it. Copies are never links to a person's own file, which an editor may write
over in place; two versions with the same sound share it.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from companion.library.clips import INDEX
from companion.library.files import SOUND, SOUND_BYTES, Unusable, content_hash, find
from companion.library.playlists import PlaylistContent, files_of, load_playlist, playlist_from
from companion.library.scripts import clips_of, load_script, made_of, script_from
from companion.library.shelf import Shelf
from companion.problems import BadContent
from companion.session.plan import Script

_KEPT = ".reviewed"
_DRAFT = ".draft"


class Changed(Exception):  # noqa: N818 (it is what it says)
    """Raised where the files are no longer those of the version that was to be kept."""


class Content(Protocol):
    """A playlist or a script, as it was read."""

    @property
    def stem(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def hash(self) -> str: ...


C = TypeVar("C", bound=Content)


@dataclass(frozen=True, slots=True)
class Copies(Generic[C]):
    """The copies of one folder of the library."""

    shelf: Shelf
    read: Callable[[str, Shelf], C | None]
    """What lies under a stem on a shelf; None: it cannot be used."""
    _beside: Callable[[C], tuple[str, ...]]
    """What belongs to it besides its YAML file, as paths below the folder."""
    _from: Callable[[C, str], C]

    def keep(self, content: C) -> None:
        """Copy what lies there now, durably. Raises Changed, and OSError."""
        place = self._place(content.stem, content.hash)
        if self._whole(content):
            return
        draft = place.with_name(_DRAFT)
        _remove(draft)
        draft.mkdir(mode=0o700, parents=True)
        try:
            for name in self._files(content):
                self._copy(name, draft / name)
            self._check(content, draft)
        except Unusable as error:
            raise Changed(str(error)) from None
        for folder in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
            _sync(folder)
        _remove(place)
        draft.rename(place)
        for folder in (place.parent, place.parent.parent, self.shelf.folder):
            _sync(folder)

    def kept(self, stem: str, digest: str) -> C | None:
        """The copy of a version, to be played from where it lies; None: it is not what it was."""
        content = self.as_accepted(stem, digest)
        return None if content is None else self._moved(content)

    def as_accepted(self, stem: str, digest: str) -> C | None:
        """The same to be read, as it stood when it was accepted."""
        content = self.read(stem, Shelf(self._place(stem, digest), self.shelf.cache))
        return content if content is not None and content.hash == digest else None

    def played_from_copy(self, content: C) -> C:
        """What lies there now, to be played from its copy where that is whole."""
        return self._moved(content) if self._whole(content) else content

    def clear(self, stem_and_hash: Collection[tuple[str, str]]) -> None:
        """Remove every copy but these, and what was left of a copying that was cut short."""
        for place in self._all():
            if (place.parent.name, place.name) not in stem_and_hash:
                shutil.rmtree(place, ignore_errors=True)

    def _moved(self, content: C) -> C:
        place = self._place(content.stem, content.hash)
        return self._from(content, place.relative_to(self.shelf.folder).as_posix())

    def _place(self, stem: str, digest: str) -> Path:
        return self.shelf.folder / _KEPT / stem / digest

    def _all(self) -> Iterator[Path]:
        return (self.shelf.folder / _KEPT).glob("*/*")

    def _files(self, content: C) -> tuple[str, ...]:
        return (f"{content.stem}.yaml", *self._beside(content))

    def _whole(self, content: C) -> bool:
        """Whether there is a copy of it, and every file is there."""
        place = self._place(content.stem, content.hash)
        return all((place / name).is_file() for name in self._files(content))

    def _copy(self, name: str, target: Path) -> None:
        source = find(self.shelf.folder, name, (".yaml", ".json", *SOUND), SOUND_BYTES)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._share(name, content_hash(source), target):
            shutil.copyfile(source, target)
            target.chmod(0o400)
            _sync(target)

    def _share(self, name: str, digest: str, target: Path) -> bool:
        """Take the file from another version that has the same under the same name."""
        for place in self._all():
            with suppress(OSError, Unusable):
                if place.name != _DRAFT and content_hash(place / name) == digest:
                    target.hardlink_to(place / name)
                    return True
        return False

    def _check(self, content: C, draft: Path) -> None:
        copied = self.read(content.stem, Shelf(draft, self.shelf.cache))
        if copied is None or copied.hash != content.hash:
            raise Changed(f"{content.stem}.yaml or one of its sounds")


def playlist_copies(shelf: Shelf) -> Copies[PlaylistContent]:
    """The copies of accepted playlists in the folder of `shelf`."""
    return Copies(shelf, _playlist, files_of, playlist_from)


def script_copies(shelf: Shelf) -> Copies[Script]:
    """The copies of accepted scripts in the folder of `shelf`."""

    def beside(script: Script) -> tuple[str, ...]:
        clips = clips_of(script)
        try:
            known = made_of(script.stem, shelf)
        except Unusable:
            return clips
        return (*clips, f"{script.stem}/{INDEX}") if known else clips

    return Copies(shelf, _script, beside, script_from)


def _playlist(stem: str, shelf: Shelf) -> PlaylistContent | None:
    try:
        return load_playlist(stem, shelf)[0]
    except BadContent:
        return None


def _script(stem: str, shelf: Shelf) -> Script | None:
    try:
        return load_script(stem, shelf)[0].script
    except BadContent:
        return None


def _remove(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
