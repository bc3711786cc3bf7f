"""A playlist edited as a person would: what is not changed stays as she wrote it, to the letter.

Each edit changes a few characters of the text and is then read back: where it does not say what
was meant, because a file is written in a rare way, the edit is refused and nothing has changed.
(Writing the whole file anew with ruamel.yaml moved comments to other tracks, changed spaces and
quoting, and broke a list in brackets with a comment in it.)
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from companion.durable import replace_file
from companion.library import section_text
from companion.library.forms import fill
from companion.library.layout import newline_of
from companion.library.playlists import PlaylistForm
from companion.library.reading import Location, dotted, read
from companion.library.section_text import ARC, NotFound
from companion.library.shelf import yaml_bytes
from companion.library.track_text import Value, new_piece, plain, with_field
from companion.problems import BadContent, Problem, nearest

_BOM = b"\xef\xbb\xbf"
Sections = dict[str, list[dict[str, Any]]]


class PlaylistEdit:
    """One playlist's file, opened to be edited; nothing is written before `save`.

    Sections are named as in the file (settle, onset, build, peak, return, recovery), tracks are
    counted from 0. A comment goes with the track it stands above, beside or within, and is taken
    away only with that track. Every edit raises BadContent, and changes nothing, where a section
    or a track is not there or the file is written in a way that cannot be edited here.
    """

    def __init__(self, path: Path) -> None:
        """Open the playlist at `path`. Raises BadContent as the loader does."""
        self._path = path
        self._name = f"{path.parent.name}/{path.name}"
        self._data = yaml_bytes(path.parent, path.name)
        self._text = self._data.removeprefix(_BOM).decode(errors="replace")
        self._check(self._data)

    def text(self) -> str:
        """The playlist as it now stands here."""
        return self._text

    @property
    def sections(self) -> Sections:
        """What the text says: the fields of each track of each section that has tracks, every
        value as the text that is written."""
        found = read(self._text.encode(), self._name).data
        assert isinstance(found, dict)
        sections = found.get("sections")
        return {k: v for k, v in sections.items() if v} if isinstance(sections, dict) else {}

    def add(self, phase_key: str, fields: Mapping[str, Value | None]) -> None:
        """A new track at the end of a section, with these fields in this order."""
        given = {key: value for key, value in fields.items() if value is not None}
        sections = self.sections
        tracks = sections.setdefault(phase_key, [])
        tracks.append({key: plain(value) for key, value in given.items()})
        piece = new_piece(given, in_braces="soundscape" in given)
        end = len(tracks) - 1
        self._become(
            lambda text: section_text.put(text, phase_key, end, piece), sections, (phase_key,)
        )

    def remove(self, phase_key: str, index: int) -> None:
        """A track away. The last of a section takes the section with it."""
        sections = self.sections
        self._taken(sections, phase_key, index)
        self._become(
            lambda text: section_text.take(text, phase_key, index)[0], sections, (phase_key, index)
        )

    def move(self, phase_key: str, index: int, to_index: int) -> None:
        """A track to another place of its section, where it then is track `to_index`."""
        self.put(phase_key, index, phase_key, to_index)

    def put(self, from_key: str, index: int, to_key: str, to_index: int) -> None:
        """A track into another section, where it then is track `to_index`."""
        sections = self.sections
        track = self._taken(sections, from_key, index)
        tracks = sections.setdefault(to_key, [])
        if not 0 <= to_index <= len(tracks):
            self._refuse((to_key, to_index), "there is no such place")
        tracks.insert(to_index, track)
        if from_key == to_key and index == to_index:
            return

        def moved(text: str) -> str:
            rest, piece = section_text.take(text, from_key, index)
            return section_text.put(rest, to_key, to_index, piece)

        self._become(moved, sections, (from_key, index))

    def change(self, phase_key: str, index: int, **fields: Value | None) -> None:
        """Fields of a track; None takes one away."""
        sections = self.sections
        track = self._taken(sections, phase_key, index)
        for key, value in fields.items():
            if value is None:
                track.pop(key, None)
            else:
                track[key] = plain(value)
        sections.setdefault(phase_key, []).insert(index, track)

        def changed(text: str) -> str:
            for key, value in sorted(fields.items(), key=lambda field: field[1] is None):
                item = section_text.track_of(text, phase_key, index)
                text = with_field(text, item, key, value)
            return text

        self._become(changed, sections, (phase_key, index))

    def save(self) -> None:
        """Write it, for ever or not at all. Raises BadContent where the loader would not take it,
        where the file has changed since it was opened, or where it cannot be written."""
        data = (_BOM if self._data.startswith(_BOM) else b"") + self._text.encode()
        self._check(data)
        if yaml_bytes(self._path.parent, self._path.name) != self._data:
            told = "was changed by somebody else since it was opened here"
            self._refuse((), told, "open it again; nothing was written")
        target = self._path.resolve()
        try:
            replace_file(target, data, target.stat().st_mode & 0o777)
        except OSError as error:
            self._refuse((), f"cannot be written: {error.strerror}", "nothing was changed")
        self._data = data

    def _check(self, data: bytes) -> None:
        fill(PlaylistForm, read(data, self._name))

    def _taken(self, sections: Sections, key: str, index: int) -> dict[str, Any]:
        """A track out of `sections`."""
        if not 0 <= index < len(sections.get(key, ())):
            self._refuse((key, index), "there is no such track")
        return sections[key].pop(index)

    def _become(self, edit: Callable[[str], str], meant: Sections, where: Location) -> None:
        """Let the text be what `edit` makes of it, where that says what is `meant`."""
        if where[0] not in ARC:
            self._refuse(where, "there is no such section", nearest(str(where[0]), ARC))
        before = self._text
        try:
            ended = before if before.endswith("\n") else before + newline_of(before)
            self._text = edit(ended)
            good = self.sections == {key: tracks for key, tracks in meant.items() if tracks}
        except (BadContent, NotFound, yaml.YAMLError, ValueError, IndexError):
            good = False
        if not good:
            self._text = before
            told = "is written in a way that cannot be changed here"
            self._refuse(where, told, "change it in a text editor")

    def _refuse(self, where: Location, told: str, hint: str = "") -> None:
        path = dotted(("sections", *where)) if where else ""
        raise BadContent([Problem(self._name, 0, 0, path, told, hint)])
