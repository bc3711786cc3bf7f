"""What takes long to reckon: made once, kept in memory, and on disk from one start to the next.

A file's name holds a hash of what it was made from and of the code that made it, so that a change
of either makes it anew. A file that is damaged, cut short or missing is made again; a folder that
cannot be written costs only time. Files are read whole, not mapped: what plays must not wait for
a disk, and a mapped file that shrinks would end the process.
"""

import contextlib
import hashlib
import io
import os
import threading
import zlib
from collections.abc import Hashable, Iterable
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE

Array = npt.NDArray[Any]
UNIT: Final = 4096.0
"""What an int16 table holds for an amplitude of one. Peaks reach 18 dB above it, the noise of
rounding lies 83 dB below."""

_ENDING = ".table"
_MARK = 4
"""Bytes of the check sum at the end of a file."""


class Recipe(Hashable, Protocol):
    """What one table is made from. Its `repr` tells all of it."""

    @property
    def name(self) -> str:
        """For people who look into the folder."""

    def made(self) -> Array:
        """Make the table: the same on the same machine."""


class Tables:
    """The tables of one folder, or of memory alone."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._known: dict[Recipe, Future[Array]] = {}

    def get(self, recipe: Recipe) -> Array:
        """The table of `recipe`, read-only. Whoever asks while it is being made waits for it."""
        with self._lock:
            found = self._known.get(recipe)
            if found is None:
                mine = self._known[recipe] = Future[Array]()
        if found is not None:
            return found.result()
        try:
            mine.set_result(self._found_or_made(recipe))
        except BaseException as error:
            del self._known[recipe]
            mine.set_exception(error)
        return mine.result()

    def build(self, recipes: Iterable[Recipe]) -> None:
        """See that every one of `recipes` is on disk, and no table that is none of them."""
        if self._folder is None:
            return
        wanted = {self._folder / _file(recipe): recipe for recipe in recipes}
        for path, recipe in wanted.items():
            if _read(path) is None:
                _write(path, recipe.made())
        with contextlib.suppress(OSError):
            for path in set(self._folder.glob(f"*{_ENDING}*")) - set(wanted):
                path.unlink()

    def _found_or_made(self, recipe: Recipe) -> Array:
        if self._folder is None:
            return _sealed(recipe.made())
        path = self._folder / _file(recipe)
        table = _read(path)
        if table is None:
            table = _sealed(recipe.made())
            _write(path, table)
        return table


@cache
def tables(folder: Path | None) -> Tables:
    """The one `Tables` of `folder` in this process."""
    return Tables(folder)


def whole(waves: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.int16]:
    """A loop as a table: in units of `UNIT`, its first block repeated at its end."""
    scaled = np.rint(waves * UNIT).clip(-32768, 32767).astype(np.int16)
    return np.concatenate((scaled, scaled[:BLOCK]))


def pour(side: npt.NDArray[np.float32], loop: Array, frame: int, gain: Array) -> None:
    """Add the block of `loop` that begins at `frame`, of however many rounds, to `side` at the
    amplitudes `gain` (in units of `UNIT`), which are used up."""
    at = frame % (len(loop) - BLOCK)
    gain *= loop[at : at + BLOCK]
    side += gain


def _file(recipe: Recipe) -> str:
    made_from = f"{recipe!r} {BLOCK} {RATE} {np.__version__} {_code()}"
    return f"{recipe.name}-{hashlib.sha256(made_from.encode()).hexdigest()[:16]}{_ENDING}"


@cache
def _code() -> str:
    """A hash of the code in this folder."""
    read = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        read.update(path.read_bytes())
    return read.hexdigest()


def _read(path: Path) -> Array | None:
    """The table in the file at `path`; None unless it is whole."""
    try:
        raw = path.read_bytes()
        if zlib.crc32(memoryview(raw)[:-_MARK]) != int.from_bytes(raw[-_MARK:], "little"):
            return None
        return _sealed(np.load(io.BytesIO(raw), allow_pickle=False))
    except (OSError, EOFError, ValueError):
        return None


def _sealed(table: Array) -> Array:
    """`table`, which several read and nobody may write."""
    table.setflags(write=False)
    return table


def _write(path: Path, table: Array) -> None:
    """Write the whole file or none."""
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
    file = io.BytesIO()
    np.save(file, table, allow_pickle=False)
    body = file.getvalue()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_bytes(body + zlib.crc32(body).to_bytes(_MARK, "little"))
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
