"""What the sound server does with our sound, asked by `pactl`: PulseAudio and PipeWire alike."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import msgspec

from companion.cleaning import clean
from companion.sound.probe import Seen

_PATIENCE = 2.0
"""Seconds that the server may take to answer."""
_FULL = 65_536
"""The volume that passes the sound on as it is."""
_LONGEST = 80
_STAND_IN = "auto_null"
"""What servers put in the place of an output where there is none."""
_CONCERNS_US = re.compile(rb" on (sink|sink-input|server|card) #")


class NoServer(Exception):  # noqa: N818 (it is what it says)
    """There is no sound server, or none that lets itself be asked."""


class Unclear(Exception):  # noqa: N818
    """What it answers cannot be understood, or it does not answer: ask again later."""


class NoAnswer(Unclear):
    """It does not answer in time."""


class _Volume(msgspec.Struct):
    value: int


class _Port(msgspec.Struct):
    name: str
    description: str = ""


class _Sink(msgspec.Struct):
    index: int
    name: str
    mute: bool
    volume: dict[str, _Volume]
    description: str | None = None
    ports: tuple[_Port, ...] = ()
    active_port: str | None = None


class _Stream(msgspec.Struct):
    index: int
    sink: int
    mute: bool
    volume: dict[str, _Volume]
    properties: dict[str, str]


def why_nobody() -> str:
    """Why no server can be asked, whatever there is; empty: one can."""
    driver = os.environ.get("SDL_AUDIODRIVER", "")
    if driver and "pulse" not in driver:
        return f"the sound goes to {driver}"
    return "" if shutil.which("pactl") else "pactl is not installed"


def why_closed() -> str:
    """Why no output may be opened now; empty: one may, as far as is known.

    SDL waits for a server that does not answer, and holds up every thread of the process with it;
    on a server without any output it breaks the process off.
    """
    try:
        if not why_nobody() and not _run("list", "short", "sinks").strip():
            return "the sound server has no output"
    except NoAnswer:
        return "the sound server does not answer"
    except (NoServer, Unclear):
        pass
    return ""


def see(process: int) -> Seen:
    """What becomes of the sound of the process with this id.

    Waits up to four seconds. Raises NoServer and Unclear.
    """
    streams = [
        stream
        for stream in _ask("sink-inputs", tuple[_Stream, ...])
        if stream.properties.get("application.process.id") == str(process)
    ]
    if not streams:
        return Seen("", 100, False)
    ours = max(streams, key=lambda stream: stream.index)
    for sink in _ask("sinks", tuple[_Sink, ...]):
        if sink.index == ours.sink:
            if sink.name == _STAND_IN:
                return Seen("no output", 100, True)
            percent = round(100 * _loudest(sink.volume) * _loudest(ours.volume))
            return Seen(_name(sink), percent, sink.mute or ours.mute)
    raise Unclear("the stream is on its way from one output to another")


class Subscription:
    """A `pactl` that tells for as long as it lives whenever something changed."""

    def __init__(self) -> None:
        """Raises OSError."""
        self._process = subprocess.Popen(
            [*_mortal(), "pactl", "subscribe"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
        )
        assert self._process.stdout is not None
        self._told = self._process.stdout.fileno()
        self._rest = b""

    def fileno(self) -> int:
        return self._told

    def read(self) -> bool | None:
        """Whether what it tells concerns our sound; None when it has ended."""
        told = os.read(self._told, 1 << 16)
        if not told:
            return None
        *lines, self._rest = (self._rest + told).split(b"\n")
        return any(_CONCERNS_US.search(line) for line in lines)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def _ask(what: str, kind: type[Any]) -> Any:
    """What `pactl` lists, as `kind`. Raises NoServer and Unclear."""
    told = _run("--format=json", "list", what)
    try:
        return msgspec.json.decode(told.decode(errors="replace"), type=kind)
    except msgspec.MsgspecError as error:
        raise Unclear(str(error)) from None


def _run(*words: str) -> bytes:
    """What `pactl` says to `words`. Raises NoServer and Unclear."""
    try:
        done = subprocess.run(
            [*_mortal(), "pactl", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            timeout=_PATIENCE,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise NoAnswer("it does not answer in time") from None
    except subprocess.CalledProcessError as error:
        raise NoServer(f"pactl ends with {error.returncode}") from None
    except OSError as error:
        raise Unclear(str(error)) from None
    return done.stdout


def _mortal() -> Sequence[str]:
    """What makes a command die with this process, however it ends: `pactl` waits for ever on a
    frozen server, and a forgotten one goes on telling nobody."""
    return ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()


def _surroundings() -> dict[str, str]:
    """The numbers of JSON, and the lines of a subscription, are those of the plain locale."""
    return {**os.environ, "LC_ALL": "C"}


def _loudest(volume: dict[str, _Volume]) -> float:
    """Of all channels, as a share of the full volume; full where none is told."""
    return max((one.value for one in volume.values()), default=_FULL) / _FULL


def _name(sink: _Sink) -> str:
    """`Built-in Audio · Headphones`: the device and the socket it now uses."""
    device = sink.description or sink.name
    port = next((port.description for port in sink.ports if port.name == sink.active_port), "")
    return clean(device if port in device else f"{device} · {port}", _LONGEST)
