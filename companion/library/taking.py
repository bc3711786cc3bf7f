"""Examined sound files taken into the library: copied below `playlists/music` and entered in a
playlist, both or neither."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from companion.cleaning import clean
from companion.library.check import PLAYLISTS
from companion.library.copying import LEAST_FREE, alone_in, bring
from companion.library.edit import PlaylistEdit
from companion.library.files import SOUND, Unusable, content_hash, open_plain
from companion.library.heard import Heard, Verdict
from companion.library.loudness import keep
from companion.problems import BadContent

MUSIC_FOLDER: Final = "music"
"""Below `playlists`."""
_LONGEST_NAME: Final = 60
_LONGEST_TITLE: Final = 80


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file."""

    verdict: Verdict
    fields: dict[str, str]
    """As a track of a playlist: `file` (a path below `playlists`), `title`, `artist`, `licence`.
    Empty where it was not taken."""
    told: str
    """What was done or why not, in one plain sentence."""
    entered: bool = False
    """Whether the playlist has a track more."""


def take(
    verdict: Verdict,
    home: Path,
    playlist: str | None,
    section: str,
    progress: Callable[[float], None] = lambda _: None,
) -> Taken:
    """Copy an examined file into the library and enter it at the end of a section, unless it stands
    there already. Without a `playlist` it is only copied, for somebody who enters its `fields`
    herself.

    Where anything fails there is neither a copy nor an entry; a process that is killed leaves at
    most a whole copy that no playlist names. Raises nothing.
    """
    assert verdict.heard, "only what was heard is taken"
    folder = home / PLAYLISTS / MUSIC_FOLDER
    entered = False
    try:
        with alone_in(folder.parent):
            file, new = _copied(verdict, folder, progress)
            fields = _fields(verdict, verdict.heard, file)
            keep(home, verdict.hash, verdict.heard.loudness)
            if playlist is not None:
                try:
                    entered = _enter(home / PLAYLISTS / f"{playlist}.yaml", section, fields)
                except BadContent:
                    if new:
                        (folder.parent / file).unlink(missing_ok=True)
                    raise
    except (Unusable, BadContent) as error:
        return Taken(verdict, {}, f"not added: {error}")
    except OSError as error:
        return Taken(verdict, {}, f"not added: {error.strerror or 'a fault of the disk'}")
    if playlist is not None and not entered:
        return Taken(verdict, fields, f"stands in {playlist}, {section} already: {file}")
    where = f" to {playlist}, {section}" if playlist is not None else ""
    told = f"added{where}: {file}{'' if new else ', which was here already'}"
    return Taken(verdict, fields, told, entered)


def _copied(verdict: Verdict, folder: Path, progress: Callable[[float], None]) -> tuple[str, bool]:
    """The path below `playlists` of a file with this content, and whether it is new."""
    path = Path(verdict.file)
    with open_plain(path) as source:
        size = path.stat().st_size
        for present in _sounds(folder.parent):
            if present.stat().st_size == size and content_hash(present) == verdict.hash:
                return present.relative_to(folder.parent).as_posix(), False
        target = _free_name(folder, path)
        bring(source, target, verdict.hash, lambda done: progress(done / size), LEAST_FREE)
    return target.relative_to(folder.parent).as_posix(), True


def _sounds(folder: Path) -> Iterator[Path]:
    """The sound files below `folder` that are the person's own: what is hidden or behind a link is
    not."""
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if path.suffix.lower() in SOUND and path.is_file() and not path.is_symlink():
            yield path


def _free_name(folder: Path, path: Path) -> Path:
    """A plain name like that of `path` that nothing in `folder` has."""
    plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-") or "track"
    name, number = f"{stem}{path.suffix.lower()}", 1
    while (folder / name).exists() or (folder / name).is_symlink():
        number += 1
        name = f"{stem}-{number}{path.suffix.lower()}"
    return folder / name


def _fields(verdict: Verdict, heard: Heard, file: str) -> dict[str, str]:
    named = " ".join(clean(Path(verdict.file).stem.replace("_", " "), _LONGEST_TITLE).split())
    fields = {
        "file": file,
        "title": heard.title or named,
        "artist": heard.artist,
        "licence": verdict.licence,
    }
    return {key: text for key, text in fields.items() if text}


def _enter(path: Path, section: str, fields: dict[str, str]) -> bool:
    """Whether it was entered: adding the same files again changes nothing."""
    edit = PlaylistEdit(path)
    if fields["file"] in [track.get("file") for track in edit.sections.get(section, ())]:
        return False
    edit.add(section, fields)
    edit.save()
    return True
