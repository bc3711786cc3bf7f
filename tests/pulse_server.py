"""A PulseAudio of a test's own: an ordinary process with null sinks, and all that may befall it.

It has its own socket and folders and touches no other sound server of the machine.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from patience import PATIENCE
from sound_files import Samples
from sound_process import until

SPEAKER, HEADPHONES = "Speaker", "Headphones"
"""Its two sinks at the beginning; the second is the default one."""


class PulseServer:
    """Starts at once; its sinks are known by what a person calls them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "native"
        for name in ("run", "home"):
            (folder / name).mkdir(mode=0o700)
        self.environment: Mapping[str, str] = {
            "PULSE_SERVER": f"unix:{self._socket}",
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "HOME": str(folder / "home"),
            "SDL_AUDIODRIVER": "pulseaudio",
        }
        """For a process whose sound goes here."""
        self._modules: dict[str, str] = {}
        self._recorders: list[Recorder] = []
        self.start()

    # --- its life --------------------------------------------------------------------------------

    def start(self) -> None:
        """It runs, with its two sinks; whatever was changed before is forgotten."""
        self._socket.unlink(missing_ok=True)
        log = (self._folder / "pulseaudio.log").open("ab")
        self.process = subprocess.Popen(
            [
                *("setpriv", "--pdeathsig", "KILL", "pulseaudio", "-n", "--daemonize=no"),
                *("--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no"),
                *("--high-priority=no", "--log-target=stderr", "--log-level=debug"),
                *("-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"),
            ],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        until(lambda: self._pactl("info", fails=True) is not None)
        # A source of its own as the default one: recorders follow that when it changes.
        self._do("load-module", "module-null-source", "source_name=nothing")
        self._do("set-default-source", "nothing")
        self._modules.clear()
        for name in (SPEAKER, HEADPHONES):
            self.add_sink(name)
        self.set_default(HEADPHONES)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        for recorder in self._recorders:
            recorder.close()
        if self.process.poll() is None:
            self.kill()

    # --- its sinks -------------------------------------------------------------------------------

    def add_sink(self, name: str) -> None:
        self._modules[name] = self._do(
            *("load-module", "module-null-sink", f"sink_name={name.lower()}", "rate=48000"),
            *("format=s16le", "channels=2", f"sink_properties=device.description='{name}'"),
        ).strip()

    def remove_sink(self, name: str) -> None:
        """As when headphones are unplugged: what sounds there moves to the default sink."""
        self._do("unload-module", self._modules.pop(name))

    def set_default(self, name: str) -> None:
        self._do("set-default-sink", name.lower())

    def mute(self, name: str, muted: bool) -> None:
        self._do("set-sink-mute", name.lower(), "1" if muted else "0")

    def volume(self, name: str, percent: int) -> None:
        self._do("set-sink-volume", name.lower(), f"{percent}%")

    def streams(self) -> list[str]:
        """The numbers of all streams."""
        return [line.split()[0] for line in self._do("list", "short", "sink-inputs").splitlines()]

    def move(self, name: str) -> None:
        """Every stream goes to this sink."""
        for stream in self.streams():
            self._do("move-sink-input", stream, name.lower())

    @property
    def underruns(self) -> int:
        """How often it says that a stream had nothing for it, be it at its end."""
        return (self._folder / "pulseaudio.log").read_text().count("underrun of")

    def record(self, name: str, latency: int = 20) -> "Recorder":
        """Record what leaves by this sink, from now on. The sink too works in steps of `latency`
        milliseconds then, where nobody asks for shorter ones."""
        recorder = Recorder(self, name, self._folder / f"{len(self._recorders)}.raw", latency)
        self._recorders.append(recorder)
        return recorder

    # --- asking it -------------------------------------------------------------------------------

    def _do(self, *words: str) -> str:
        told = self._pactl(*words)
        assert told is not None
        return told

    def _pactl(self, *words: str, fails: bool = False) -> str | None:
        done = subprocess.run(
            ["pactl", *words],
            env={**os.environ, **self.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=not fails,
        )
        return done.stdout if done.returncode == 0 else None


class Recorder:
    """What left by one sink: 48 kHz, 16 bit, stereo."""

    def __init__(self, server: PulseServer, name: str, file: Path, latency: int) -> None:
        self._file = file
        with file.open("wb") as out:
            self._process = subprocess.Popen(
                [
                    *("setpriv", "--pdeathsig", "KILL", "parec", "--raw", "--format=s16le"),
                    *("--rate=48000", "--channels=2", f"--latency-msec={latency}"),
                    f"--device={name.lower()}.monitor",
                ],
                env={**os.environ, **server.environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )
        until(lambda: file.stat().st_size > 0)

    def heard(self) -> Samples:
        """Everything so far."""
        data = self._file.read_bytes()
        whole = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2)
        return whole.astype(np.float32) / 32768

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
