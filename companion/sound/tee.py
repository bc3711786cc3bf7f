"""An output that keeps a copy of everything it was given, as it was when it was played."""

import os
from collections import deque
from pathlib import Path

from companion.sound.finish import Samples
from companion.sound.output import Output


class Tee:
    """Another `Output` with a file beside it: 16-bit little-endian stereo, with no header.

    A chunk may change until the device has taken it, so it is written once the next one plays.
    """

    def __init__(self, output: Output, path: Path) -> None:
        """Raises OSError."""
        self._output = output
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._unwritten: deque[Samples] = deque()
        self._room: Samples | None = None

    @property
    def name(self) -> str:
        return self._output.name

    @property
    def gaps(self) -> int:
        return self._output.gaps

    def open(self) -> None:
        self._output.open()

    def room(self) -> Samples | None:
        self._room = self._output.room()
        if self._room is not None:
            self._write(1)
        return self._room

    def patience(self) -> float:
        return self._output.patience()

    def play(self) -> None:
        self._output.play()
        if self._room is not None:
            self._unwritten.append(self._room)

    def taken(self) -> int:
        return self._output.taken()

    def lost(self) -> str | None:
        return self._output.lost()

    def close(self, timeout: float) -> bool:
        self._write(0)
        return self._output.close(timeout)

    def _write(self, keep: int) -> None:
        while len(self._unwritten) > keep:
            os.write(self._file, self._unwritten.popleft().astype("<i2").tobytes())
