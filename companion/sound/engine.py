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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from selectors import EVENT_READ, DefaultSelector
from types import FrameType

from companion.sound.feeder import Feeder
from companion.sound.finish import Finish
from companion.sound.listening import Client, Listening
from companion.sound.output import Output
from companion.sound.programme import Programme
from companion.sound.renderer import Renderer
from companion.sound.shelf import Shelf
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


def serve(listener: socket.socket, life: int, home: Path, output: Output) -> int:
    """Be the sound of `home` until told to end; returns the exit code.

    `life` is the read end of a pipe whose write end the supervisor holds. After a fault the process
    ends from within: a frozen sound server would hold up an ordinary exit for ever.
    """
    code = _Engine(listener, life, home, output).run()
    if code != ENDED:
        sys.stderr.flush()
        os._exit(code)
    return code


class _Engine:
    def __init__(self, listener: socket.socket, life: int, home: Path, output: Output) -> None:
        self._selector = DefaultSelector()
        self._listening = Listening(listener, self._selector)
        self._listener = listener
        self._life = life
        self._selector.register(life, EVENT_READ, life)
        self._news: SimpleQueue[Notice] = SimpleQueue()
        self._bell, self._ring = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._bell, EVENT_READ, self._bell)
        self._fault: Exception | None = None
        self._terminated = False
        self._orphan_until: float | None = None
        self._exit_at: float | None = None
        self._revision = 0
        self._sound: SoundFound | SoundLost | None = None
        opening = ThreadPoolExecutor(4, thread_name_prefix="open")
        self._renderer = Renderer(Programme(Shelf(home, opening), self._tell), self._break)
        self._finish = Finish()
        self._feeder = Feeder(output, self._renderer, self._finish, self._tell, self._break)

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._terminate)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._renderer.start()
        self._feeder.start()
        while (code := self._ended()) is None:
            for key, _ in self._selector.select(self._patience()):
                self._attend(key.data)
            self._pass_on()
        self._listening.close()
        if code == ENDED:
            self._feeder.stop()
            self._renderer.stop()
        return code

    # --- called from other threads, or by a signal -------------------------------------------

    def _tell(self, notice: Notice) -> None:
        self._news.put(notice)
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
            if client and self._sound:
                self._listening.send(client, self._sound)
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
        if self._exit_at is None:
            self._finish.aim(wanted.level, wanted.on, wanted.fade)

    def _be_adopted(self, client: Client) -> None:
        if not client.descriptors:
            self._listening.send(client, Refused("adopt without a descriptor"))
            return
        self._let_life_go()
        self._life = client.descriptors.pop(0)
        self._selector.register(self._life, EVENT_READ, self._life)
        self._orphan_until = None
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
                notice = self._news.get_nowait()
            except Empty:
                return
            if isinstance(notice, SoundFound | SoundLost):
                self._sound = notice
            self._listening.send_all(notice)

    def _status(self) -> Status:
        return Status(
            revision=self._revision,
            title=self._renderer.title,
            peak=self._finish.peak,
            starvations=self._feeder.starvations,
            output=self._feeder.output,
        )

    # --- the end -----------------------------------------------------------------------------

    def _ended(self) -> int | None:
        """The exit code once it is time."""
        now = time.monotonic()
        if self._fault is not None:
            return BROKEN
        if self._feeder.hung:
            return HUNG
        if self._exit_at is None:
            if self._terminated:
                self._go_out(now, _TERMINATED)
            elif self._orphan_until is not None and now >= self._orphan_until:
                self._go_out(now, _LAST_FADE)
            return None
        return ENDED if now >= self._exit_at else None

    def _go_out(self, now: float, seconds: float) -> None:
        self._finish.end(seconds)
        self._exit_at = now + (_DRAIN if self._finish.silent else seconds + _DRAIN)

    def _patience(self) -> float:
        """Seconds that the control loop may sleep."""
        now = time.monotonic()
        dues = [due - now for due in (self._orphan_until, self._exit_at) if due is not None]
        return max(0.0, min([1.0, *dues]))
