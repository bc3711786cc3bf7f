"""A real sound process for the tests, its output a file (SDL's disk driver) or nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from patience import PATIENCE
from sound_files import Samples

from companion.sound.wire import Notice, Order, decode_notice, encode

_PROGRAM = """
import json, socket, sys
from pathlib import Path
from companion.sound.output import PygameOutput
from companion.sound import engine
from companion.sound.order_log import OrderLog
from companion.sound.tee import Tee
listener, life, home = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
for name, value in json.loads(sys.argv[4]).items():
    setattr(engine, name, value)
output, log = Tee(PygameOutput(), home / "given.raw"), OrderLog(home / "orders.jsonl")
sys.exit(engine.serve(socket.socket(fileno=listener), life, home, output, note=log.note))
"""


def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What `condition` gives as soon as it is something; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)
    return found


class SoundProcess:
    """The sound of `home`, its socket and the supervisor's end of its life pipe.

    Beside what is heard, what was given to the output and every order is kept.
    """

    def __init__(
        self,
        home: Path,
        driver: str = "disk",
        environment: Mapping[str, str] | None = None,
        **engine: float,
    ) -> None:
        """`engine` gives other values to its constants."""
        self.home = home
        self.file = home / "heard.raw"
        self.given, self.orders = home / "given.raw", home / "orders.jsonl"
        self._environment = {**(environment or {}), "SDL_AUDIODRIVER": driver}
        self._engine = json.dumps(engine)
        self.path = home / "sound.sock"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(8)
        life, self.life = os.pipe()
        self.process = self._start(life)
        os.close(life)

    def _start(self, life: int) -> subprocess.Popen[bytes]:
        number = self.listener.fileno()
        return subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(number), str(life), str(self.home), self._engine],
            pass_fds=(number, life),
            env={
                **os.environ,
                **self._environment,
                "SDL_DISKAUDIOFILE": str(self.file),
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            stderr=(self.home / "stderr.txt").open("ab"),
        )

    def heard(self) -> Samples:
        """Everything that came out so far."""
        data = self.file.read_bytes() if self.file.exists() else b""
        whole = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2)
        return whole.astype(np.float32) / 32768

    def hear(self, level: float, seconds: float = PATIENCE) -> None:
        """Wait until the last quarter second is at least at `level` dBFS."""
        until(lambda: _level(self.heard()[-12_000:]) >= level, seconds)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.listener.close()
        if self.life >= 0:
            os.close(self.life)

    def abandon(self) -> None:
        """The supervisor dies."""
        os.close(self.life)
        self.life = -1


class Line:
    """One client's connection, blocking."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(str(path))
        self.descriptors: list[int] = []
        self._read = b""

    def say(self, order: Order | bytes, *descriptors: int) -> None:
        line = order if isinstance(order, bytes) else encode(order)
        socket.send_fds(self.socket, [line], list(descriptors))

    def expect(self, kind: type[Notice]) -> Any:
        """The next notice of `kind`."""
        while True:
            while b"\n" not in self._read:
                data, descriptors, _, _ = socket.recv_fds(self.socket, 1 << 16, 4)
                assert data, "the sound hung up"
                self._read += data
                self.descriptors += descriptors
            line, self._read = self._read.split(b"\n", 1)
            assert json.loads(line)["version"] == 1
            notice = decode_notice(line)
            if isinstance(notice, kind):
                return notice

    def close(self) -> None:
        self.socket.close()


def _level(samples: Samples) -> float:
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return float(10 * np.log10(max(power, 1e-15)))
