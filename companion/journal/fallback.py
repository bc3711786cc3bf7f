"""A plain file that keeps events while the journal cannot: one JSON object a line.

What is the patient's own stands on a line of its own, before the events it belongs to, so that
the two can be told apart here as in the journal.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from companion.durable import sync_folder
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
    """The file at `path`. It holds nothing, or need not exist, while all is well."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, rows: Sequence[Row]) -> None:
        """Add `rows` and wait until they are on the disk. Raises `OSError`."""
        own = tuple(
            Own(row.stream, row.seq, row.written.private)
            for row in rows
            if row.written.private is not None
        )
        public = tuple(replace(row, written=replace(row.written, private=None)) for row in rows)
        lines = (Line(own=own), Line(rows=public)) if own else (Line(rows=public),)
        # The leading newline ends a line that a fault tore off before.
        text = b"".join(b"\n" + msgspec.json.encode(line) for line in lines) + b"\n"
        descriptor = self._open()
        try:
            while text:
                text = text[os.write(descriptor, text) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def read(self) -> tuple[tuple[Row, ...], bool]:
        """Every row that is whole, in order, and whether anything in the file was not."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return (), False
        own: dict[tuple[str, int], str] = {}
        rows: dict[tuple[str, int], Row] = {}
        torn = False
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
        return tuple(rows.values()), torn or not own.keys() <= rows.keys()

    def empty(self) -> None:
        """Forget everything, for good. Raises `OSError`."""
        if not self._path.exists():
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            os.ftruncate(descriptor, 0)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def set_aside(self) -> Path | None:
        """Rename the file beside itself; the new name. Raises `OSError`."""
        return set_aside(self._path)

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
        except FileNotFoundError:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = create_private(self._path)
            sync_folder(self._path.parent)
            return descriptor
