"""What the system tells of itself: its clock, its disk, its files, its versions. It only reads,
but for one file that is written, synced, read back and removed."""

import ctypes
import os
import platform
import resource
import secrets
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from companion.durable import sync_folder
from companion.moment import Instant, seconds_between
from companion.morning.facts import Timing

_UNSYNCHRONISED = 5
"""What adjtimex(2) returns (TIME_ERROR) where nothing disciplines the clock."""
_SYS = Path("/sys")
_MOUNTS = Path("/proc/self/mountinfo")
_SDL = "import pygame; print('.'.join(map(str, pygame.get_sdl_version())))"
_SDL_WITHIN = 20.0
_PARTS = (("Textual", "textual"), ("pygame", "pygame"), ("PyAV", "av"), ("numpy", "numpy"))
_PRIVATE = ("journal.db*", "waiting.jsonl*", "logs", "logs/*", "*.lock")


def why_unwritten(home: Path) -> str | None:
    """Write a file in `home`, sync it and its folder, read it back; why not, or None."""
    path = home / f".morning-check-{os.getpid()}"
    said = secrets.token_bytes(4096)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(said)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(home)
        if path.read_bytes() != said:
            return "what is read back is not what was written"
    except OSError as error:
        return error.strerror or type(error).__name__
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return None


def timing(now: Instant, last: Instant | None) -> Timing:
    """The clock at `now`, beside the moment of the `last` event that was written before."""
    local = time.localtime(now.wall)
    return Timing(
        year=local.tm_year,
        shown=time.strftime("%Y-%m-%d %H:%M (%Z)", local),
        synchronised=_synchronised(),
        moved=None if last is None else _moved(last, now),
    )


def _moved(last: Instant, now: Instant) -> float:
    """Within one boot by how much the wall clock was set; across a reboot only how far back."""
    passed, exact = seconds_between(last, now)
    wall = now.wall - last.wall
    return wall - passed if exact else min(0.0, wall)


def _synchronised() -> bool | None:
    """Whether something keeps the kernel's clock right; None where it does not say."""
    with suppress(OSError, AttributeError):
        status = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512))
        return None if status < 0 else status != _UNSYNCHRONISED
    return None


def exposed(home: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of `home` and the record in it: what others can look into, and what another user owns."""
    kept = (home, *(path for pattern in _PRIVATE for path in sorted(home.glob(pattern))))
    open_files, foreign = [], []
    for path in kept:
        with suppress(OSError):
            found = path.lstat()
            name = str(home) if path == home else str(path.relative_to(home))
            if stat.S_IMODE(found.st_mode) & 0o077 and not stat.S_ISLNK(found.st_mode):
                open_files.append(name)
            if found.st_uid != os.getuid():
                foreign.append(name)
    return tuple(open_files), tuple(foreign)


def dumps() -> bool:
    """Whether a crash of this process could leave its memory in a file."""
    return resource.getrlimit(resource.RLIMIT_CORE)[0] != 0


def encrypted(folder: Path, sys_folder: Path = _SYS, mounts: Path = _MOUNTS) -> bool | None:
    """Whether every disk under `folder` is encrypted as a whole (dm-crypt); None: it cannot be
    told, as on a network's disk or inside a container."""
    try:
        device = _device(folder, mounts)
    except OSError:
        return None
    if device is None:
        return None
    block = sys_folder / "dev" / "block" / device
    return _all_crypt(block.resolve()) if block.exists() else None


def _device(folder: Path, mounts: Path) -> str | None:
    """`major:minor` of the block device that holds `folder`."""
    number = folder.stat().st_dev
    name = f"{os.major(number)}:{os.minor(number)}"
    if os.major(number):
        return name
    for line in mounts.read_text(errors="replace").splitlines():
        fields = line.split()
        if len(fields) > 6 and fields[2] == name and "-" in fields:
            source = fields[fields.index("-") + 2]
            with suppress(OSError):
                found = Path(source).stat()
                if source.startswith("/dev/") and stat.S_ISBLK(found.st_mode):
                    return f"{os.major(found.st_rdev)}:{os.minor(found.st_rdev)}"
    return None


def _all_crypt(block: Path) -> bool:
    with suppress(OSError):
        if (block / "dm" / "uuid").read_text().startswith("CRYPT-"):
            return True
    below = list(_below(block))
    return bool(below) and all(_all_crypt(one) for one in below)


def _below(block: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (slave.resolve() for slave in sorted((block / "slaves").iterdir()))


def colours(environment: Mapping[str, str] = os.environ) -> int:
    """How many colours the terminal shows, as far as its variables tell."""
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return 2**24
    term = environment.get("TERM", "")
    if term.endswith("-direct") or term.startswith(("foot", "xterm-kitty", "alacritty")):
        return 2**24
    return 256 if "256color" in term else 16 if term not in ("", "dumb") else 1


def versions() -> tuple[tuple[str, str], ...]:
    """What runs here, each with its version. SDL's is asked of a process of its own."""
    from companion import __version__

    found = [
        ("Companion", __version__),
        ("Python", platform.python_version()),
        ("SQLite", sqlite3.sqlite_version),
    ]
    for name, package in _PARTS:
        try:
            found.append((name, metadata.version(package)))
        except metadata.PackageNotFoundError:
            found.append((name, "missing"))
    return (*found, ("SDL", _sdl()))


def _sdl() -> str:
    silent = {**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _SDL],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SDL_WITHIN,
            env=silent,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "missing"
    return done.stdout.split()[-1] if done.stdout.split() else "missing"
