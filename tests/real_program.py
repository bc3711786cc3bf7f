"""The real program in one home on one terminal, with its processes as the kernel sees them."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from patience import PATIENCE
from pty_screen import PtyScreen

PARTS = ("run", "screen", "sound", "plain")
MODES = (1000, 1002, 1003, 1004, 1006, 1049, 2004)
"""The private modes of a terminal that a screen switches on."""
_ONE_EACH = {"run": 1, "screen": 1, "sound": 1}


def until(true: Callable[[], object], deadline: float = PATIENCE) -> None:
    """Wait until `true` says yes. Raises AssertionError when the deadline passes."""
    end = time.monotonic() + deadline
    while not true():
        assert time.monotonic() < end, f"it did not come true within {deadline} s"
        time.sleep(0.01)


class Program:
    """Started as a clinic starts it: again whenever it ends with anything but 0."""

    def __init__(self, home: Path, **env: str) -> None:
        self.home = home
        self.command = [sys.executable, "-P", "-m", "companion", "--home", str(home), "run"]
        self.term = PtyScreen(env={"SDL_AUDIODRIVER": "dummy", **env}, cwd=home)

    def start(self, *, loop: bool = True) -> None:
        again = f"until {shlex.join(self.command)}; do :; done"
        self.term.start(["sh", "-c", again] if loop else self.command)

    def processes(self) -> dict[str, list[int]]:
        """The process ids of this home, by part; the supervisor's is `run`."""
        found: dict[str, list[int]] = {}
        for folder in Path("/proc").iterdir():
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if str(self.home) in words and "-P" in words:
                part = next(word for word in words if word in PARTS)
                found.setdefault(part, []).append(int(folder.name))
        return found

    def trio(self) -> dict[str, int]:
        """Supervisor, screen and sound, once there is one of each and nothing else."""
        until(lambda: {part: len(pids) for part, pids in self.processes().items()} == _ONE_EACH)
        return {part: pid for part, (pid,) in self.processes().items()}

    def replaced(self, before: dict[str, int]) -> set[str]:
        """Which of the three are others than `before`."""
        return {part for part, pid in self.trio().items() if pid != before[part]}

    def kill(self, parts: Iterable[str]) -> None:
        """Kill them, as close together as can be."""
        for pid in [self.trio()[part] for part in parts]:
            os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        self.term.close()
        for pids in self.processes().values():
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
