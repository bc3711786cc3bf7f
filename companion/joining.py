"""The one place where the real parts are chosen and joined, process by process.

Imports stand inside the functions: the supervisor must stay light, the screen process must not
load the sound, and the sound process must not load the screen.
"""

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from companion.moment import SystemClock

if TYPE_CHECKING:
    from companion.calling import Channel
    from companion.config import Config
    from companion.session.state import State


def run(home: Path, hint: str = "", runtime: Path | None = None) -> int:
    """The supervisor of `home`; its exit code. `hint` stands on the screens before a session."""
    from companion.home import fill_home
    from companion.processes import supervisor
    from companion.processes.terminal import harden

    harden()
    fill_home(home)
    command = [sys.executable, "-P", "-m", "companion", "--home", str(home)]
    return supervisor.run(
        home,
        screen=[*command, "screen", "--hint", hint],
        sound=[sys.executable, "-P", "-m", "companion", "sound"],
        plain=[*command, "plain"],
        runtime=runtime,
    )


def sound(home: Path, listen_fd: int, beat_fd: int, life_fd: int) -> int:
    """The body of the sound process."""
    import socket

    from companion.sound.output import PygameOutput  # sets the environment, so before numpy

    from companion.sound.engine import serve  # isort: skip
    from companion.sound.pulse import PulseProbe  # isort: skip

    listener = socket.socket(fileno=listen_fd)
    return serve(listener, life_fd, home, PygameOutput(), probe=PulseProbe(), beat=beat_fd)


def tables(home: Path) -> None:
    """The body of the child that makes the tables of the soundscapes; it ends with its parent."""
    import os

    from companion.processes.lifeline import leave_when_alone
    from companion.sound.synthesis import build_tables, tables_of

    os.nice(19)
    leave_when_alone(sys.stdin.fileno(), lambda: os._exit(0))
    build_tables(tables_of(home))


def screen(home: Path, socket: Path, beat_fd: int, life_fd: int, hint: str) -> int:
    """The body of the screen process; 0 when a nurse ended the day."""
    gc.disable()  # nothing that is made before the first frame is garbage
    _close_in(home)
    from companion.processes.lifeline import beat, leave_when_alone

    leave_when_alone(life_fd)
    from companion.processes.screen_process import ScreenProcess

    def note(line: str) -> None:
        _note(home, line)

    return ScreenProcess(home, socket, beat=lambda: beat(beat_fd), note=note, hint=hint).run()


def channels(config: "Config") -> "tuple[Channel, ...]":
    """The ways of a call besides the screen that `config` names."""
    from companion.calling import CommandChannel, WebhookChannel

    calls = config.calls
    command = (CommandChannel(calls.command),) if calls.command else ()
    webhook = (WebhookChannel(calls.webhook),) if calls.webhook else ()
    return (*command, *webhook)


def _close_in(home: Path) -> None:
    """Nothing reaches into this process, and none of its faults is told but in the screen's log."""
    from companion.faults import keep_quiet
    from companion.processes.terminal import harden

    harden()
    keep_quiet(lambda line: _note(home, line))


def _note(home: Path, line: str) -> None:
    """Append a line to the screen's log; it holds no patient's words."""
    with suppress(OSError):
        (home / "logs").mkdir(mode=0o700, exist_ok=True)
        with (home / "logs" / "screen.log").open("a") as log:
            log.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {line}\n")


def plain(home: Path, beat_fd: int, life_fd: int) -> int:
    """The body of the plain screen: it can still call."""
    import asyncio

    from companion.processes.plain import show
    from companion.words.plain import plain_words

    _close_in(home)
    state = _open_session(home)
    return show(
        plain_words("en" if state is None else state.plan.language),
        lambda: asyncio.run(_call_plainly(home)),
        called=state is not None and state.call is not None,
        life_fd=life_fd,
        beat_fd=beat_fd,
    )


def _open_session(home: Path) -> "State | None":
    """Where the open session stands, as far as the journal can be read."""
    from companion.record.keeping import journal
    from companion.session.state import Stage, replay

    with suppress(Exception), journal(home) as writer:
        stream = writer.latest_session()
        state = None if stream is None else replay(one.event for one in writer.read(stream))
        return None if state is None or state.stage is Stage.READY else state
    return None


async def _call_plainly(home: Path) -> None:
    """Write a call into the open session, without any screen of ours."""
    from companion.conductor import Conductor
    from companion.record.keeping import Kept, readable_journal
    from companion.session import commands as c
    from companion.taking_up import take_up

    with readable_journal(home) as writer:
        stream = writer.latest_session()
        if stream is None:
            return
        conductor = Conductor(SystemClock(), Kept(writer), _SoundAsItIs())
        alive = await writer.ask(lambda log: log.alive(stream))
        await take_up(conductor, stream, writer.read(stream), alive)
        await conductor.handle(c.Call("key"))


class _SoundAsItIs:
    """The plain screen leaves the sound alone."""

    def want(self, wanted: Any, now: Callable[[], float]) -> None:
        """Nothing is wanted from here."""
