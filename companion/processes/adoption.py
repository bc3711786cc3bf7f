"""The socket of the sound process: bound once, handed on, and taken over after a supervisor's end.

The sound outlives its supervisor for a while. The next one asks it, on this very socket, to be
its child: one line, the reading end of a new life pipe and the writing end of a new heartbeat go
over, one line and the listening descriptor come back.
"""

import hashlib
import json
import os
import socket
import stat
import tempfile
import time
from pathlib import Path

from companion.processes.child import Child

_LONGEST = 100
"""Bytes of a path that every Unix takes for a socket."""


def address(home: Path, runtime: Path | None = None) -> Path:
    """Where the sound of `home` listens, in a folder that is this user's alone.

    Raises OSError where there can be no such folder.
    """
    name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16] + ".sock"
    given = os.environ.get("XDG_RUNTIME_DIR")
    folder = runtime or (Path(given, "companion") if given and Path(given).is_dir() else _own())
    if len(os.fsencode(folder / name)) > _LONGEST:
        folder = _own()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    folder.chmod(0o700)
    return folder / name


def listen(path: Path) -> socket.socket:
    """Bind `path`, over whatever a dead process left there. Raises OSError."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(8)
    return listener


def adopt(path: Path, beat: int, patience: float = 2.0) -> tuple[Child, socket.socket] | None:
    """Take over the sound process that answers at `path` within `patience` seconds, if one does.

    From then on it beats on the descriptor `beat`.
    """
    life_read, life = os.pipe()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(patience)
            line.connect(str(path))
            socket.send_fds(line, [b'{"kind":"adopt"}\n'], [life_read, beat])
            pid, listener = _answer(line, time.monotonic() + patience)
        return Child(pid, os.pidfd_open(pid), life), listener
    except (OSError, ValueError, KeyError):
        os.close(life)
        return None
    finally:
        os.close(life_read)


def _answer(line: socket.socket, deadline: float) -> tuple[int, socket.socket]:
    """The process id and the listening socket, whatever else is said before."""
    said, descriptors = b"", list[int]()
    while time.monotonic() < deadline:
        part, more, _, _ = socket.recv_fds(line, 4096, 1)
        if not part:
            break
        said, descriptors = said + part, descriptors + more
        *lines, said = said.split(b"\n")
        for text in lines:
            message = json.loads(text)
            if message["kind"] == "adopted" and descriptors:
                return int(message["pid"]), socket.socket(fileno=descriptors.pop())
    raise TimeoutError("nobody answered")


def _own() -> Path:
    return Path(tempfile.gettempdir(), f"companion-{os.getuid()}")
