"""One sound file examined before it may come into the library: its name, its size, and all of its
sound, heard by a process that can do no harm."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from companion.library.files import (
    SOUND,
    SOUND_BYTES,
    Unusable,
    content_hash,
    in_bytes,
    open_plain,
)
from companion.library.heard import Heard, Verdict, judge, refused
from companion.library.loudness import Loudness

TIME_LIMIT: Final = 1200.0
"""Seconds that a file may take to be heard; an hour of music takes 40 s of a server's core."""
_PROTECTED = (".m4p", ".aax", ".aa", ".wma")
_READ = 1 << 16


def examine(
    path: Path,
    *,
    section: str,
    licence: str = "",
    words_sung: bool | None = None,
    progress: Callable[[float], None] = lambda _: None,
    time_limit: float = TIME_LIMIT,
) -> Verdict:
    """What is to be said of the file at `path` for a section of a playlist. Never raises for what
    a file is. `progress` is told the part of it, 0 to 1, that was heard."""
    file = str(path)
    try:
        before = _looked_at(path)
        digest = content_hash(path)
        heard = _heard(path.absolute(), progress, time_limit)
        if _looked_at(path) != before:
            return refused(file, "changed while it was being heard: try again")
    except Unusable as error:
        return refused(file, str(error))
    return judge(file, digest, heard, section=section, licence=licence, words_sung=words_sung)


def _looked_at(path: Path) -> tuple[int, ...]:
    """What tells this version of the file from another. Raises Unusable where it is none that can
    be heard."""
    suffix = path.suffix.lower()
    if suffix in _PROTECTED:
        raise Unusable(f"is of a kind that is mostly protected against copying ({suffix})")
    if suffix not in SOUND:
        raise Unusable(f"must end in one of {', '.join(SOUND)}")
    with open_plain(path) as opened:
        found = os.fstat(opened.fileno())
    if not found.st_size:
        raise Unusable("is empty")
    if found.st_size > SOUND_BYTES:
        size, most = in_bytes(found.st_size), in_bytes(SOUND_BYTES)
        raise Unusable(f"is too large: {size}, and {most} is the most")
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _heard(path: Path, progress: Callable[[float], None], time_limit: float) -> Heard:
    """`hearing.hear` in a process of its own, which ends with everything that it started."""
    command = [sys.executable, "-P", "-m", "companion.library.hearing", str(path)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for line in _lines(process, time.monotonic() + time_limit):
            if "part" in line:
                progress(line["part"])
            elif "unusable" in line:
                raise Unusable(line["unusable"])
            else:
                found = line["heard"]
                return Heard(**found | {"loudness": Loudness(**found["loudness"])})
    except (ValueError, TypeError, KeyError):
        pass  # whatever it wrote, it was not what it says it writes
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
    raise Unusable("cannot be heard: the decoder failed")


def _lines(process: "subprocess.Popen[bytes]", deadline: float) -> Iterator[dict[str, Any]]:
    """What the process tells, until it ends. Raises Unusable when it takes too long."""
    assert process.stdout
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            piece = os.read(process.stdout.fileno(), _READ)
            if not piece:
                return
            *lines, rest = (rest + piece).split(b"\n")
            yield from map(json.loads, lines)
    raise Unusable("takes too long to be heard")
