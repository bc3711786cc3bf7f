"""A disk whose power fails: it remembers every write and sync, and forgets what was not synced.

SQLite's files are written through an apsw VFS, plain files through the functions of `os`. A cut at
any moment gives the files as a disk might hold them: what was synced is there; of every write
since, each 512-byte sector is there or not, as chance has it; an unlink or a new name that no
folder's sync made durable may be undone.
"""

import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512


@dataclass
class Disk:
    """Everything that was done to the files of one folder, in order."""

    done: list[tuple[Any, ...]] = field(default_factory=list)

    def files_after(self, count: int, rng: random.Random) -> dict[str, bytes]:
        """What the folder holds when the power fails after the first `count` acts."""
        synced: dict[str, bytearray] = {}
        pending: dict[str, list[tuple[Any, ...]]] = {}
        unlinked: dict[str, bytearray] = {}
        for act, name, *rest in self.done[:count]:
            match act:
                case "write" | "truncate":
                    synced.setdefault(name, bytearray())
                    pending.setdefault(name, []).append((act, *rest))
                case "sync":
                    content = synced.setdefault(name, bytearray())
                    for one in pending.pop(name, []):
                        _apply(content, *one)
                case "delete":
                    content = synced.pop(name, bytearray())
                    pending.pop(name, None)
                    (durable,) = rest
                    unlinked.pop(name, None)
                    if not durable:
                        unlinked[name] = content
                case "folder":
                    unlinked.clear()
        for name, acts in pending.items():
            for one in acts:
                _survive(synced[name], one, rng)
        for name, content in unlinked.items():
            if name not in synced and rng.random() < 0.5:
                synced[name] = content
        return {name: bytes(content) for name, content in synced.items()}


def _apply(content: bytearray, act: str, *rest: Any) -> None:
    if act == "truncate":
        (size,) = rest
        del content[size:]
        content.extend(bytes(size - len(content)))
    else:
        at, data = rest
        content.extend(bytes(max(0, at - len(content))))
        content[at : at + len(data)] = data


def _survive(content: bytearray, act: tuple[Any, ...], rng: random.Random) -> None:
    """An act that no sync followed: whole, torn, or not at all."""
    chance = rng.random()
    if chance < 0.5:
        return
    if act[0] == "truncate" or chance < 0.75:
        _apply(content, *act)
        return
    _, at, data = act
    start = at
    while start < at + len(data):
        end = min(at + len(data), start - start % SECTOR + SECTOR)
        if rng.random() < 0.5:
            _apply(content, "write", start, data[start - at : end - at])
        start = end


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._disk, self._name = disk, Path(path).name if path else ""
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._disk.done.append(("write", self._name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._disk.done.append(("truncate", self._name, size))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._disk.done.append(("sync", self._name))


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.name = f"power-{id(disk)}"
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802
        return _File(self._disk, name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(name, syncdir)
        self._disk.done.append(("delete", Path(name).name, bool(syncdir)))


class Power:
    """Connections and plain files of `folder`, all written to one remembered disk."""

    def __init__(self, folder: Path) -> None:
        self.disk = Disk()
        self._vfs = _Vfs(self.disk)
        self._folder = folder

    def connect(self, name: str) -> apsw.Connection:
        """A connection to `name` in the folder."""
        connection = apsw.Connection(str(self._folder / name), vfs=self._vfs.name)
        connection.set_busy_timeout(1000)
        return connection

    def moment(self) -> int:
        """How much has been done so far."""
        return len(self.disk.done)


class WatchedOs:
    """The functions of `os` for plain files, in place of the module; the rest is as it is."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def write(self, descriptor: int, data: bytes) -> int:
        at = os.fstat(descriptor).st_size
        count = os.write(descriptor, data)
        self._disk.done.append(("write", self._name(descriptor), at, bytes(data[:count])))
        return count

    def ftruncate(self, descriptor: int, size: int) -> None:
        os.ftruncate(descriptor, size)
        self._disk.done.append(("truncate", self._name(descriptor), size))

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)
        self._disk.done.append(("sync", self._name(descriptor)))

    def _name(self, descriptor: int) -> str:
        return Path(f"/proc/self/fd/{descriptor}").readlink().name
