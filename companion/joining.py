"""The one place where the real parts are chosen and joined, process by process.

Imports stand inside the functions: the supervisor must stay light, the screen process must not
load the sound, and the sound process must not load the screen.
"""

import gc
import sys
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from companion.moment import Instant, SystemClock

if TYPE_CHECKING:
    from companion.calling import Channel
    from companion.conductor import Conductor
    from companion.config import Config
    from companion.desk import Desk
    from companion.journal.history import WaitingRating
    from companion.journal.log import Recorded
    from companion.journal.standing_in import Begun
    from companion.journal.writer import Writer
    from companion.session.book import FileSetAside
    from companion.session.commands import Command
    from companion.session.state import State
    from companion.sound.wire import Notice

JOURNAL = "journal.db"
FALLBACK = "waiting.jsonl"
BALLAST = "ballast"
"""Room kept back for the journal: nothing is in it, and nobody need copy it."""


def run(home: Path, hint: str = "", runtime: Path | None = None) -> int:
    """The supervisor of `home`; its exit code. `hint` stands on the screens before a session."""
    from companion import supervisor
    from companion.home import fill_home
    from companion.terminal import harden

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


class Kept:
    """The journal as the conductor and the desk use it."""

    def __init__(self, writer: "Writer") -> None:
        self._writer = writer

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> Awaitable[bool]:
        return self._writer.submit(stream, first_seq, moment, events)

    async def mark_alive(self, stream: str, moment: Instant) -> None:
        """Note a sign of life, and bring what waits into the journal if it can be now."""
        if await self._writer.retry():
            await self._writer.ask(lambda log: log.mark_alive(stream, moment))

    async def codes(self) -> Collection[str]:
        """The patient codes that this tablet knows."""
        from companion.journal.history import codes

        return await self._writer.ask(codes)

    async def waiting_ratings(self, now: Instant) -> "Sequence[WaitingRating]":
        """The ratings that were left for later today."""
        from companion.journal.history import waiting_ratings

        return await self._writer.ask(lambda log: waiting_ratings(log, now))

    async def read(self, stream: str) -> "Sequence[Recorded]":
        """Every event of an earlier session."""
        return await self._writer.ask(lambda log: log.read(stream))


def screen(home: Path, socket: Path, beat_fd: int, life_fd: int, hint: str) -> int:
    """The body of the screen process; 0 when a nurse ended the day."""
    gc.disable()  # nothing that is made before the first frame is garbage
    from companion.terminal import harden

    harden()
    from companion.lifeline import beat, leave_when_alone

    leave_when_alone(life_fd)
    from companion.conductor import Conductor
    from companion.desk import Desk
    from companion.journal_care import JournalCare
    from companion.session.book import STREAM, FileSetAside
    from companion.sound.client import SoundClient
    from companion.ui.app import CompanionApp

    desk: Desk | None = None

    def tell_saved(saved: bool) -> None:
        conductor.saving(saved)
        if desk is not None:
            desk.saved = saved

    def tell_mended(told: FileSetAside) -> None:
        conductor.record_damaged()
        care.mended(told)

    def hear(notice: "Notice") -> None:
        for report in _heard(notice):
            conductor.hear(report)
        if desk is not None:
            tell_desk(desk, notice)

    clock = SystemClock()
    care = JournalCare(clock)
    begun, writer = _writer(home, tell_saved, tell_mended)
    kept = Kept(writer)
    client = SoundClient(socket, hear)
    conductor = Conductor(clock, kept, client)
    merged = writer.merge_fallback()
    records = writer.read(STREAM)

    def session_open() -> bool:
        return conductor.view is not None

    desk = Desk(home, clock, kept, kept, records=records, session_open=session_open)
    desk.saved, desk.record_unreadable = writer.saved, begun.unreadable
    if desk.asks_nurse or begun.told is not None:
        conductor.record_damaged()

    async def begin() -> None:
        stream = writer.latest_session()
        if stream is not None:
            alive = await writer.ask(lambda log: log.alive(stream))
            await _take_up(conductor, stream, writer.read(stream), alive)

    def back() -> None:
        """The journal can be written. Where nothing was read of it at the start, a fresh process
        reads all of it."""
        if begun.unreadable is not None:
            app.exit(return_code=1)

    app = CompanionApp(
        conductor,
        desk,
        clock,
        begin=begin,
        tasks=(
            client.run,
            conductor.run,
            partial(_live, desk, conductor, merged.set_aside),
            partial(care.run, writer, desk.write, session_open, back),
        ),
        beat=lambda: beat(beat_fd),
        note_fault=lambda line: _note(home, line),
        hint=hint,
    )
    day_ended = app.run()
    writer.close()
    return 0 if day_ended else app.return_code or 1


async def _live(desk: "Desk", conductor: "Conductor", aside: Path | None) -> None:
    """What can wait until the first frame stands. `aside` is where a file went that was torn."""
    gc.freeze()
    gc.enable()
    if aside is not None:
        await desk.set_aside(aside.name)
    await desk.load()
    if desk.content is not None:
        conductor.reach_by(_channels(desk.content.config))


def _writer(
    home: Path,
    on_saved: Callable[[bool], None],
    on_mended: "Callable[[FileSetAside], None]" = lambda told: None,
) -> "tuple[Begun, Writer]":
    """The journal of `home`, or what stands in for it, and the writer of it."""
    from companion.journal.elsewhere import elsewhere
    from companion.journal.log import Log
    from companion.journal.standing_in import begin_with
    from companion.journal.writer import Writer

    begun = begin_with(home / JOURNAL, home / BALLAST)
    writer = Writer(
        Log(begun.connection),
        home / FALLBACK,
        on_saved,
        elsewhere=elsewhere(home),
        ballast=home / BALLAST,
        stands_in_for=begun.stands_in_for,
        on_mended=on_mended,
    )
    return begun, writer


async def _take_up(
    conductor: "Conductor", stream: str, records: "Sequence[Recorded]", alive: Instant | None
) -> None:
    """Resume the newest session, if it is still open."""
    from companion.session.state import Stage, replay

    state = replay(record.event for record in records)
    if state is not None and state.stage is not Stage.READY:
        await conductor.resume(stream, records, alive)


def _heard(notice: "Notice") -> "Sequence[Command]":
    """What a notice of the sound means to a session."""
    from companion.session import commands as c
    from companion.sound import wire

    match notice:
        case wire.TrackStarted(title=title):
            return (c.ReportTrack(title),)
        case wire.TrackFailed(title=title, why=why):
            return (c.ReportTrackFailed(title, why),)
        case wire.SoundLost(why=why):
            return (c.ReportSoundLost(why),)
        case wire.SoundFound(output=output):
            return (c.ReportSoundReturned(output), c.ReportOutput(output))
        case wire.OutputChanged(output=output):
            return (c.ReportOutput(output),)
        case wire.SystemVolume(percent=percent, muted=muted):
            return (c.ReportSystemVolume(percent, muted),)
        case wire.Refused(kind=kind):
            return (c.ReportFault(f"the sound refused {kind}"),)
        case wire.Status() | wire.Adopted():
            return ()


def tell_desk(desk: "Desk", notice: "Notice") -> None:
    """Tell the desk what a notice of the sound means to the tablet."""
    from companion.sound import wire

    match notice:
        case wire.SoundLost(why=why):
            desk.sound_lost = why
        case wire.SoundFound(output=output):
            desk.sound_lost, desk.output = None, output
        case wire.OutputChanged(output=output):
            desk.output = output
        case wire.SystemVolume(percent=percent, muted=muted):
            desk.volume, desk.muted = percent, muted or percent <= 0


def _channels(config: "Config") -> "tuple[Channel, ...]":
    from companion.calling import CommandChannel, WebhookChannel

    calls = config.calls
    command = (CommandChannel(calls.command),) if calls.command else ()
    webhook = (WebhookChannel(calls.webhook),) if calls.webhook else ()
    return (*command, *webhook)


def _note(home: Path, line: str) -> None:
    """Append a line to the screen's log; it holds no patient's words."""
    with suppress(OSError):
        (home / "logs").mkdir(mode=0o700, exist_ok=True)
        with (home / "logs" / "screen.log").open("a") as log:
            log.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {line}\n")


def plain(home: Path, beat_fd: int, life_fd: int) -> int:
    """The body of the plain screen: it can still call."""
    import asyncio

    from companion.plain import show
    from companion.terminal import harden
    from companion.words.plain import plain_words

    harden()
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
    from companion.session.state import Stage, replay

    with suppress(Exception), journal(home) as writer:
        stream = writer.latest_session()
        state = None if stream is None else replay(one.event for one in writer.read(stream))
        return None if state is None or state.stage is Stage.READY else state
    return None


async def _call_plainly(home: Path) -> None:
    """Write a call into the open session, without any screen of ours."""
    from companion.conductor import Conductor
    from companion.session import commands as c

    with journal(home) as writer:
        stream = writer.latest_session()
        if stream is None:
            return
        conductor = Conductor(SystemClock(), Kept(writer), _SoundAsItIs())
        alive = await writer.ask(lambda log: log.alive(stream))
        await _take_up(conductor, stream, writer.read(stream), alive)
        await conductor.handle(c.Call("key"))


@contextmanager
def journal(home: Path) -> "Iterator[Writer]":
    """The journal of `home`, or what stands in for it, for whoever is soon done with it. Raises
    OSError."""
    _, writer = _writer(home, lambda saved: None)
    writer.merge_fallback()
    try:
        yield writer
    finally:
        writer.close()


class _SoundAsItIs:
    """The plain screen leaves the sound alone."""

    def want(self, wanted: Any, now: Callable[[], float]) -> None:
        """Nothing is wanted from here."""
