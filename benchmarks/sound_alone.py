"""The sound process alone, as its supervisor starts it, its sound going to SDL's `dummy` device."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from terminal import PYTHON  # finds the tests' modules as well

from sound_process import Line  # isort: skip


@contextmanager
def sound_alone(home: Path) -> Iterator[tuple[int, Line]]:
    """The pid of the sound process of `home`, and a connection to it."""
    address = home / "sound.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(address))
    listener.listen(8)
    life, ours = os.pipe()
    heard, beat = os.pipe2(os.O_NONBLOCK)
    wired = {"--home": home, "--listen-fd": listener.fileno(), "--life-fd": life, "--beat-fd": beat}
    arguments = [str(part) for pair in wired.items() for part in pair]
    process = subprocess.Popen(
        [*PYTHON, "-m", "companion", "sound", *arguments],
        pass_fds=(listener.fileno(), life, beat),
        env={**os.environ, "SDL_AUDIODRIVER": "dummy"},
        stderr=(home / "stderr.txt").open("ab"),
    )
    for descriptor in (life, beat):
        os.close(descriptor)
    line = Line(address)
    try:
        yield process.pid, line
    finally:
        line.close()
        listener.close()
        process.terminate()
        process.wait()
        for descriptor in (ours, heard):
            os.close(descriptor)
