"""A terminal for tests: runs a program on a pseudo-terminal and sees what a person would see.

It answers as a real terminal does: mouse reports only while the program asks for them, an
alternate screen, synchronised updates shown when they are whole.

    with PtyScreen(["companion", "demo"]) as term:
        term.wait_for("Give to patient")
        term.tap_text("Give to patient")
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from patience import PATIENCE
from picture import MOUSE, SGR_MOUSE, UPDATE, Cell, Picture

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "backspace": "\x7f",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "delete": "\x1b[3~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f12": "\x1b[24~",
}


class PtyScreen:
    """A pseudo-terminal, the picture on it, and the program that runs on it.

    The terminal outlives the program: `start` runs another one on it. Rows and columns count
    from 0.
    """

    def __init__(
        self,
        command: Sequence[str] = (),
        *,
        rows: int = 24,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._master, self._slave = pty.openpty()
        self._env = {**os.environ, **(env or {}), "TERM": "xterm-256color"}
        for pinned in ("COLUMNS", "LINES"):  # a test runner sets them, a terminal does not
            self._env.pop(pinned, None)
        self._env["COLORTERM"] = "truecolor"
        self._cwd = cwd
        self._picture = Picture(columns, rows)
        self._changed = threading.Condition()
        self._stop, self._stopping = os.pipe()
        self.program: subprocess.Popen[bytes] | None = None
        self.output = bytearray()
        """Every byte that the program wrote."""
        self._set_size(rows, columns)
        self._reader = threading.Thread(target=self._read, name="pty", daemon=True)
        self._reader.start()
        if command:
            self.start(command)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the program -----------------------------------------------------------------------------

    def start(self, command: Sequence[str], *, controlling: bool = True) -> int:
        """Run `command` here as the leader of a session of its own; its process id."""

        self.program = subprocess.Popen(
            ["setsid", *(["--ctty"] if controlling else []), *command],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=self._env,
            cwd=self._cwd,
        )
        return self.program.pid

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the program."""
        assert self.program is not None
        self.program.send_signal(number)

    def wait_end(self, deadline: float = PATIENCE) -> int:
        """The program's exit code (negative: the signal), when it ends within the deadline."""
        assert self.program is not None
        try:
            return self.program.wait(deadline)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end within {deadline} s\n{self.dump()}") from None

    def hang_up(self) -> None:
        """Close the window: the terminal is gone for the program."""
        os.write(self._stopping, b".")
        self._reader.join()
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    def close(self) -> None:
        """End the program if it lives, and the terminal."""
        if self._master >= 0:
            self.hang_up()
        if self.program is not None and self.program.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self.program.wait(1.0)
            self.program.kill()
            self.program.wait()
        os.close(self._stop)
        os.close(self._stopping)

    # --- what a person does ----------------------------------------------------------------------

    def keys(self, text: str) -> None:
        """Type `text` as it stands."""
        self.send(text.encode())

    def press(self, *names: str) -> None:
        """Press keys by name: `enter`, `escape`, `f1`, `ctrl+q`, or one character."""
        for name in names:
            letter = name.removeprefix("ctrl+")
            typed = chr(ord(letter) & 0x1F) if letter != name else KEYS.get(name, name)
            self.send(typed.encode())

    def tap(self, row: int, column: int) -> None:
        """A finger on a cell. Nothing is sent while the program does not ask for the mouse."""
        if self.mouse_on():
            place = f"{column + 1};{row + 1}"
            self.send(f"\x1b[<0;{place}M\x1b[<0;{place}m".encode())

    def tap_text(self, text: str, deadline: float = PATIENCE) -> None:
        """Wait until `text` shows and can be tapped, and tap the middle of it."""
        self.wait_for(lambda lines: self.mouse_on() and _find(lines, text) is not None, deadline)
        found = _find(self.screen(), text)
        assert found is not None, f"{text!r} went away\n{self.dump()}"
        row, column = found
        self.tap(row, column + len(text) // 2)

    def send(self, raw: bytes) -> None:
        """Send bytes as the terminal itself would."""
        while raw:
            raw = raw[os.write(self._master, raw) :]

    def resize(self, rows: int, columns: int) -> None:
        """Make the window another size."""
        with self._changed:
            self._picture.resize(rows, columns)
        self._set_size(rows, columns)

    # --- what a person sees ----------------------------------------------------------------------

    def wait_for(
        self, wanted: str | Callable[[list[str]], object], deadline: float = PATIENCE
    ) -> list[str]:
        """The lines of the screen, once `wanted` stands on them or says yes to them.

        Raises AssertionError with the screen when that does not come within `deadline` seconds.
        """
        until = time.monotonic() + deadline
        with self._changed:
            while True:
                lines = list(self._picture.display)
                if not self._picture.has(UPDATE) and _meets(lines, wanted):
                    return lines
                left = until - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"no {wanted!r} in {deadline} s\n{self.dump()}")
                self._changed.wait(min(left, 0.1))

    def screen(self) -> list[str]:
        """The lines that show now, each as wide as the screen."""
        return self.wait_for(lambda _: True)

    def cells(self) -> list[list[Cell]]:
        """Every cell that shows now, with its colours, by row and column."""
        with self._changed:
            return self._picture.cells()

    @property
    def columns(self) -> int:
        return int(self._picture.columns)

    def dump(self) -> str:
        """The screen in a frame, for a person who reads a failed test."""
        edge = "+" + "-" * self.columns + "+"
        with self._changed:
            return "\n".join([edge, *(f"|{line}|" for line in self._picture.display), edge])

    # --- what the kernel knows -------------------------------------------------------------------

    def mode(self, number: int) -> bool:
        """Whether a private mode of the terminal (`1049`, `2004`, …) is on."""
        with self._changed:
            return self._picture.has(number)

    def mouse_on(self) -> bool:
        """Whether the program asks for the mouse, in the form that `tap` sends."""
        return self.mode(MOUSE) and self.mode(SGR_MOUSE)

    def settings(self) -> list[Any]:
        """The termios attributes."""
        return termios.tcgetattr(self._slave)

    def foreground(self) -> int:
        """The process group in the foreground."""
        return os.tcgetpgrp(self._master)

    def _set_size(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        while self._stop not in (ready := select.select([self._master, self._stop], [], [])[0]):
            assert ready
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            with self._changed:
                self.output += data
                self._picture.write(data)
                self._changed.notify_all()
            if b"\x1b[?2026$p" in data:
                self.send(b"\x1b[?2026;2$y")


def _meets(lines: list[str], wanted: str | Callable[[list[str]], object]) -> bool:
    return wanted in "\n".join(lines) if isinstance(wanted, str) else bool(wanted(lines))


def _find(lines: list[str], text: str) -> tuple[int, int] | None:
    return next(((row, line.index(text)) for row, line in enumerate(lines) if text in line), None)
