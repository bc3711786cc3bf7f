"""Disks that fail, with and without the right to mount one, and a tablet that lives on them."""

import errno
import os
import resource
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from companion.conductor import Conductor
from companion.desk import Desk
from companion.journal import fallback
from companion.journal.log import Log
from companion.journal.schema import read_journal
from companion.moment import Instant, SimulatedClock
from companion.record import keeping
from companion.session import book
from companion.session import events as e
from companion.session.book import STREAM as BOOK
from companion.session.wanted import Wanted
from companion.taking_up import take_up

NOBODY = 65534

Place = tuple[str, int]


class NoSound:
    def want(self, wanted: Wanted, now: Callable[[], float]) -> None:
        return None


class Home:
    """A home, and all that was ever handed in to be kept there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = folder / keeping.JOURNAL
        self.waiting = folder / keeping.FALLBACK
        self.ballast = folder / keeping.BALLAST
        self.clock = SimulatedClock()
        self.handed_in: dict[Place, Any] = {}
        self.tablets: list[Tablet] = []

    def start(self) -> "Tablet":
        """A process on this home; the one before it is gone."""
        self.close()
        tablet = Tablet(self)
        self.tablets.append(tablet)
        return tablet

    def stands(self, stream: str | None = None) -> dict[Place, Any]:
        """What another process finds in the journal."""
        log = Log(read_journal(self.journal))
        streams = log.streams() if stream is None else (stream,)
        return {(one.stream, one.seq): one.event for name in streams for one in log.read(name)}

    def close(self) -> None:
        for tablet in self.tablets:
            tablet.writer.close()
            tablet.writer._keeper._held.log.close()
        self.tablets.clear()


class Tablet:
    """The conductor and the desk on the real writer, as `joining` puts them together."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.saved: list[bool] = []
        self.mended: list[book.FileSetAside] = []
        self.begun, self.writer = keeping.open_writer(home.folder, self._saved, self._mended)
        self.conductor = Conductor(home.clock, _Remembering(self), NoSound())
        self.merged = self.writer.merge_fallback()
        records = self.writer.read(BOOK)
        self.desk = Desk(
            home.folder,
            home.clock,
            _Remembering(self),
            keeping.Kept(self.writer),
            records=records,
            session_open=lambda: self.conductor.view is not None,
        )

    def _saved(self, saved: bool) -> None:
        self.saved.append(saved)
        self.conductor.saving(saved)

    def _mended(self, told: book.FileSetAside) -> None:
        self.mended.append(told)
        self.conductor.record_damaged()

    async def take_up(self) -> None:
        stream = self.writer.latest_session()
        if stream is not None:
            alive = await self.writer.ask(lambda log: log.alive(stream))
            await take_up(self.conductor, stream, self.writer.read(stream), alive)

    async def write_mended(self) -> None:
        while self.mended:
            await self.desk.write(self.mended.pop(0))


class _Remembering(keeping.Kept):
    """Knows all that was handed in."""

    def __init__(self, tablet: Tablet) -> None:
        super().__init__(tablet.writer)
        self._known = tablet.home.handed_in

    def submit(self, stream: str, first_seq: int, moment: Instant, events: Sequence[e.Event]):
        for seq, event in enumerate(events, start=first_seq):
            assert (stream, seq) not in self._known, "two events for one place"
            self._known[stream, seq] = event
        return super().submit(stream, first_seq, moment, events)


# --- a disk without room -------------------------------------------------------------------------


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[bool]:
    """A disk of its own at `folder`; whether it could be mounted."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """No byte is free on the disk of `folder`."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65536))
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"0")
    try:
        yield
    finally:
        filler.unlink(missing_ok=True)


@contextmanager
def without_room(home: Home, monkeypatch) -> Iterator["_FullIn"]:
    """The same without any mount: no file of this process may grow beyond what SQLite's log is
    now, and nothing at all fits into plain files in the home."""
    size = home.journal.with_name(home.journal.name + "-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with monkeypatch.context() as full:
            watched = _FullIn(home.folder)
            full.setattr(fallback, "os", watched)
            yield watched
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class _FullIn:
    """The functions of `os`, on a disk where nothing more fits into files below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.synced: list[Path] = []

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)
        self.synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def write(self, descriptor: int, data: bytes) -> int:
        if Path(f"/proc/self/fd/{descriptor}").readlink().is_relative_to(self._folder):
            raise OSError(errno.ENOSPC, "No space left on device")
        return os.write(descriptor, data)


# --- a disk that may not be written --------------------------------------------------------------


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the right to pass by a mode: root becomes somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def give_to_nobody(folder: Path) -> None:
    """`folder` and all in it belong to whom `as_nobody` makes of root."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
