"""Plain files that keep events while the journal cannot: one JSON object a line.

What is the patient's own stands on a line of its own, before the events it belongs to, so that
the two can be told apart here as in the journal.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from companion.durable import sync_folder
from companion.journal.elsewhere import is_ours
from companion.journal.files import create_private, set_aside
from companion.journal.log import Row


@dataclass(frozen=True, slots=True)
class Own:
    """The private body of one event."""

    stream: str
    seq: int
    body: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: either `own` or `rows` is empty."""

    own: tuple[Own, ...] = ()
    rows: tuple[Row, ...] = ()
    """Without their private bodies."""


class Fallback:
    """The file at `path`, and one of the same name in the folder `elsewhere` for what the first
    cannot take. They hold nothing, or need not exist, while all is well."""

    def __init__(self, path: Path, elsewhere: Path | None = None) -> None:
        self._path = path
        self._elsewhere = elsewhere

    def append(self, rows: Sequence[Row]) -> None:
        """Add `rows` and wait until they are on a disk. Raises `OSError` where no place takes
        them."""
        text = _text(rows)
        try:
            self._append(self._path, text)
        except OSError:
            if self._elsewhere is None:
                raise
            self._elsewhere.mkdir(mode=0o700, exist_ok=True)
            if not is_ours(self._elsewhere):
                raise PermissionError(f"{self._elsewhere} belongs to somebody else") from None
            self._append(self._elsewhere / self._path.name, text)

    def read(self) -> tuple[tuple[Row, ...], bool]:
        """Every row that is whole, those of a stream in order, and whether anything in a file was
        not. Raises `OSError`."""
        own: dict[tuple[str, int], str] = {}
        rows: dict[tuple[str, int], Row] = {}
        torn = False
        for path in self._paths():
            try:
                text = path.read_bytes()
            except FileNotFoundError:
                continue
            for piece in filter(None, text.split(b"\n")):
                try:
                    line = msgspec.json.decode(piece, type=Line)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    torn = True
                    continue
                own |= {(one.stream, one.seq): one.body for one in line.own}
                for row in line.rows:
                    place = (row.stream, row.seq)
                    rows[place] = replace(row, written=replace(row.written, private=own.get(place)))
        return _in_order(rows.values()), torn or not own.keys() <= rows.keys()

    def written(self) -> bytes:
        """All that waits as it is written, of both files one after the other: what can be read as
        one. Raises `OSError`."""
        return b"".join(path.read_bytes() for path in self._paths() if path.exists())

    def empty(self) -> None:
        """Forget everything, for good. Raises `OSError`."""
        for path in self._paths():
            if not path.exists():
                continue
            descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
            try:
                os.ftruncate(descriptor, 0)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def set_aside(self) -> Path | None:
        """Rename the files beside themselves; the new name of the first. Raises `OSError`."""
        asides = [set_aside(path) for path in self._paths()]
        return next((aside for aside in asides if aside is not None), None)

    def _paths(self) -> tuple[Path, ...]:
        """The two files; what somebody else put in the second place is nothing of ours."""
        if self._elsewhere is None or not is_ours(self._elsewhere):
            return (self._path,)
        return (self._path, self._elsewhere / self._path.name)

    def _append(self, path: Path, text: bytes) -> None:
        descriptor = self._open(path)
        try:
            before = os.fstat(descriptor).st_size
            try:
                while text:
                    text = text[os.write(descriptor, text) :]
                os.fsync(descriptor)
            except OSError:
                with suppress(OSError):  # a line that is torn is told from a whole one all the same
                    os.ftruncate(descriptor, before)
                raise
        finally:
            os.close(descriptor)

    def _open(self, path: Path) -> int:
        try:
            return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
        except FileNotFoundError:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = create_private(path)
            sync_folder(path.parent)
            return descriptor


def _text(rows: Sequence[Row]) -> bytes:
    own = tuple(
        Own(row.stream, row.seq, row.written.private)
        for row in rows
        if row.written.private is not None
    )
    public = tuple(replace(row, written=replace(row.written, private=None)) for row in rows)
    lines = (Line(own=own), Line(rows=public)) if own else (Line(rows=public),)
    # The leading newline ends a line that a fault tore off before.
    return b"".join(b"\n" + msgspec.json.encode(line) for line in lines) + b"\n"


def _in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Each stream by itself, the one that waited first in front."""
    streams: dict[str, list[Row]] = {}
    for row in rows:
        streams.setdefault(row.stream, []).append(row)
    ordered = [
        sorted(of_one, key=lambda row: (row.seq < 0, row.seq)) for of_one in streams.values()
    ]
    ordered.sort(key=lambda of_one: of_one[0].moment.wall)
    return tuple(row for of_one in ordered for row in of_one)
