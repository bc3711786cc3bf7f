"""The sound process: orders in, notices out, and the threads between them kept going.

It outlives whoever started it: when the supervisor's end of the life pipe closes, the sound plays
on and waits to be adopted, for a patient must not hear that a process died.
"""

import contextlib
import os
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from queue import Empty, SimpleQueue
from selectors import EVENT_READ, DefaultSelector
from types import FrameType

from companion.sound.feeder import Feeder, OutputHangs
from companion.sound.finish import Agree, Aim, End, Finish, GoOn
from companion.sound.listening import Client, Listening
from companion.sound.memory import share_one_arena
from companion.sound.openings import Openings
from companion.sound.order_log import Note, no_note
from companion.sound.output import Output
from companion.sound.probe import Probe, Seen
from companion.sound.programme import Programme
from companion.sound.renderer import Renderer
from companion.sound.route import Route
from companion.sound.shelf import Apart
from companion.sound.wire import (
    Adopt,
    Adopted,
    Ask,
    Notice,
    Refused,
    SoundFound,
    SoundLost,
    Status,
    UnreadableLine,
    Want,
    decode_order,
)

ENDED, BROKEN, HUNG = 0, 70, 75
"""Exit codes: told to end; a thread cannot go on; the output would not let go."""
_ORPHANED = 60.0
"""Seconds that it plays on without a supervisor."""
_LAST_FADE = 8.0
_TERMINATED = 0.65
"""Seconds of the fade when it is told to end."""
_DRAIN = 0.35
"""Seconds that finished sound takes to leave the device."""
_BEAT = 2.0
"""Seconds between two heartbeats."""


def serve(
    listener: socket.socket,
    life: int,
    home: Path,
    output: Output,
    *,
    probe: Probe | None = None,
    beat: int = -1,
    note: Note = no_note,
) -> int:
    """Be the sound of `home` until told to end; returns the exit code.

    `life` is the read end of a pipe whose write end the supervisor holds; on `beat`, if it is a
    descriptor, something is written every two seconds. `probe` tells where the sound goes, and
    `note` takes all that is needed to render it again. After a fault the process ends from within:
    a frozen sound server would hold up an ordinary exit for ever.
    """
    share_one_arena()
    code = _Engine(listener, life, home, output, probe, beat, note).run()
    if code != ENDED:
        sys.stderr.flush()
        os._exit(code)
    return code


class _Engine:
    def __init__(
        self,
        listener: socket.socket,
        life: int,
        home: Path,
        output: Output,
        probe: Probe | None,
        beat: int,
        note: Note,
    ) -> None:
        self._selector = DefaultSelector()
        self._listening = Listening(listener, self._selector)
        self._listener = listener
        self._life = life
        self._selector.register(life, EVENT_READ, life)
        self._beat, self._beat_at = beat, 0.0
        self._news: SimpleQueue[Notice | Seen | None] = SimpleQueue()
        self._bell, self._ring = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._bell, EVENT_READ, self._bell)
        self._fault: Exception | None = None
        self._terminated = False
        self._orphan_until: float | None = None
        self._exit_at: float | None = None
        self._revision = 0
        self._wanted_output = ""
        self._agreed = True
        self._probe = probe
        openings = Openings(home, Apart(), note)
        programme = Programme(openings, self._tell)
        self._renderer = Renderer(programme, openings, note, self._break)
        self._feeder = Feeder(output, self._renderer, Finish(), self._tell, note, self._break)
        self._route = Route(probe, self._listening.send_all, self._feeder.lose)

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._terminate)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if self._probe is not None:
            self._probe.start(self._tell)
        self._renderer.start()
        self._feeder.start()
        while (code := self._ended()) is None:
            for key, _ in self._selector.select(self._patience()):
                self._attend(key.data)
            self._pass_on()
            self._be_alive()
        self._listening.close()
        if code == ENDED:
            self._feeder.stop()
            self._renderer.stop()
        if self._probe is not None:
            self._probe.stop()
        return code

    # --- called from other threads, or by a signal -------------------------------------------

    def _tell(self, news: Notice | Seen | None) -> None:
        self._news.put(news)
        self._wake()

    def _break(self, fault: Exception) -> None:
        traceback.print_exception(fault)  # stderr is the log file
        self._fault = fault
        self._wake()

    def _terminate(self, signum: int, frame: FrameType | None) -> None:
        self._terminated = True
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # then it is ringing already
            os.write(self._ring, b"!")

    # --- the control loop --------------------------------------------------------------------

    def _attend(self, who: object) -> None:
        if isinstance(who, Client):
            for line in self._listening.lines(who):
                self._obey(who, line)
        elif who == self._listener:
            client = self._listening.accept()
            if client:
                for notice in self._route.known():
                    self._listening.send(client, notice)
        elif who == self._life:
            self._be_orphaned()
        else:
            os.read(self._bell, 1 << 12)

    def _obey(self, client: Client, line: bytes) -> None:
        try:
            order = decode_order(line)
        except UnreadableLine as error:
            self._listening.send(client, Refused(error.kind))
            return
        match order:
            case Want():
                self._want(client, order)
            case Adopt():
                self._be_adopted(client)
            case Ask():
                self._listening.send(client, self._status())

    def _want(self, client: Client, order: Want) -> None:
        if order.revision <= client.revision:
            return
        client.revision = self._revision = order.revision
        wanted = order.wanted
        self._renderer.want(wanted, order.now)
        self._wanted_output = wanted.output
        self._agree()
        self._feeder.order(Aim(wanted.level, wanted.on, wanted.fade))

    def _agree(self) -> None:
        """Sound only where a person agreed to it."""
        agreed = self._wanted_output in ("", self._route.output)
        if agreed != self._agreed:
            self._agreed = agreed
            self._feeder.order(Agree(agreed))

    def _be_adopted(self, client: Client) -> None:
        if not client.descriptors:
            self._listening.send(client, Refused("adopt without a descriptor"))
            return
        self._let_life_go()
        self._life = client.descriptors.pop(0)
        self._selector.register(self._life, EVENT_READ, self._life)
        if self._beat >= 0:
            os.close(self._beat)
        self._beat = client.descriptors.pop(0) if client.descriptors else -1
        self._orphan_until = None
        if self._exit_at is not None and not self._terminated:
            self._exit_at = None
            self._feeder.order(GoOn())
        self._listening.hand_over(client, Adopted(os.getpid()))

    def _be_orphaned(self) -> None:
        if os.read(self._life, 1 << 12):
            return
        self._let_life_go()
        self._orphan_until = time.monotonic() + _ORPHANED

    def _let_life_go(self) -> None:
        if self._life >= 0:
            self._selector.unregister(self._life)
            os.close(self._life)
            self._life = -1

    def _pass_on(self) -> None:
        while True:
            try:
                news = self._news.get_nowait()
            except Empty:
                break
            match news:
                case None | Seen():
                    self._route.see(news)
                case SoundFound():
                    self._route.open(news.output)
                case SoundLost():
                    self._route.lose(news)
                case _:
                    self._listening.send_all(news)
        self._route.tend(time.monotonic())
        self._agree()

    def _be_alive(self) -> None:
        now = time.monotonic()
        if self._beat >= 0 and now >= self._beat_at:
            self._beat_at = now + _BEAT
            with contextlib.suppress(OSError):  # nobody hears it
                os.write(self._beat, b".")

    def _status(self) -> Status:
        return Status(
            revision=self._revision,
            title=self._renderer.title,
            since=self._renderer.since,
            peak=self._feeder.peak,
            reduction=self._renderer.reduction,
            starvations=self._feeder.starvations,
            output=self._route.output,
        )

    # --- the end -----------------------------------------------------------------------------

    def _ended(self) -> int | None:
        """The exit code once it is time."""
        now = time.monotonic()
        if self._fault is not None:
            return HUNG if isinstance(self._fault, OutputHangs) else BROKEN
        if self._exit_at is None:
            if self._terminated:
                self._go_out(now, _TERMINATED)
            elif self._orphan_until is not None and now >= self._orphan_until:
                self._go_out(now, _LAST_FADE)
            return None
        return ENDED if now >= self._exit_at else None

    def _go_out(self, now: float, seconds: float) -> None:
        silent = self._feeder.silent
        self._feeder.order(End(seconds))
        self._exit_at = now + (_DRAIN if silent else seconds + _DRAIN)
        self._orphan_until = None

    def _patience(self) -> float | None:
        """Seconds that the control loop may sleep; None: until something happens."""
        beat_at = self._beat_at if self._beat >= 0 else None
        dues = (self._orphan_until, self._exit_at, self._route.due, beat_at)
        waited_for = [due for due in dues if due is not None]
        return max(0.0, min(waited_for) - time.monotonic()) if waited_for else None
