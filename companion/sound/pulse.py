"""The probe for PulseAudio and PipeWire, in a thread and processes of its own.

A subscription tells at once that something changed; what it is, is then asked. Without one it is
asked every few seconds, and ever less often while nobody answers. A server that is frozen, or is
none, holds up nobody.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from select import POLLIN, poll

from companion.sound.named_thread import NamedThread
from companion.sound.pactl import NoServer, Subscription, Unclear, see, why_nobody
from companion.sound.probe import Seen

_GATHER = 0.1
"""Seconds in which further news are awaited before a look: a move tells of itself several times."""
_PAUSE = 0.25
"""Seconds between two looks at least: a slider that is drawn tells of each of its steps."""
_SETTLING = 1.0
"""Seconds until a subscription surely tells, so that nothing is missed while it begins."""
_OFTEN = 5.0
"""Seconds between two looks while no subscription tells."""
_SELDOM = 90.0
"""Seconds between two looks while one does; also the longest pause while nobody answers."""
_LEAVE = 0.5


class PulseProbe:
    """A `Probe`. Where the sound goes to another driver, or `pactl` is missing, it asks nobody."""

    def __init__(self) -> None:
        self._tell: Callable[[Seen | None], None] = lambda seen: None
        self._bell, self._ring = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._thread = NamedThread("probe", self._run)
        self._ending = False
        self._wanted = 1
        """How many looks were asked for; the first is that of the start."""
        self._answered = 0
        """The one that was answered last."""
        self._told: Seen | None = None
        self._subscription: Subscription | None = None
        self._subscribe_at = 0.0
        self._pause = _OFTEN
        self._why = ""

    def start(self, tell: Callable[[Seen | None], None]) -> None:
        self._tell = tell
        self._thread.start()

    def look(self) -> None:
        self._wanted += 1
        with suppress(BlockingIOError):  # then it is ringing already
            os.write(self._ring, b"!")

    def stop(self) -> None:
        """A thread that waits for an answer is left alone: it ends with the process."""
        self._ending = True
        self.look()
        self._thread.join(_LEAVE)

    # --- in the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        why = why_nobody()
        if why:
            _say(f"no sound server is asked: {why}")
        while not self._ending:
            wanted = self._wanted
            if why:
                self._answer(wanted, None)
                self._wait(None)
            else:
                self._wait(self._look(wanted))
        self._unsubscribe()

    def _look(self, wanted: int) -> float:
        """One look; returns the seconds until the next."""
        began = time.monotonic()
        try:
            seen = see(os.getpid())
        except NoServer as error:
            if self._answered != wanted:
                self._answer(wanted, None)
            return self._missed(str(error))
        except Unclear as error:
            return self._missed(str(error))
        self._note("")
        self._pause = _OFTEN
        if wanted == self._wanted and (self._answered, self._told) != (wanted, seen):
            self._answer(wanted, seen)
        return _SELDOM if self._subscription is not None else self._subscribe(began)

    def _answer(self, wanted: int, seen: Seen | None) -> None:
        self._answered, self._told = wanted, seen
        self._tell(seen)

    def _missed(self, why: str) -> float:
        self._note(why)
        patience, self._pause = self._pause, min(_SELDOM, 2 * self._pause)
        return patience

    def _note(self, why: str) -> None:
        """Say once that nobody answers, and once that somebody does again."""
        if bool(why) != bool(self._why):
            _say(f"no word from the sound server: {why}" if why else "the sound server answers")
        self._why = why

    def _subscribe(self, now: float) -> float:
        if now < self._subscribe_at:
            return _OFTEN
        self._subscribe_at = now + _OFTEN
        with suppress(OSError):
            self._subscription = Subscription()
            return _SETTLING
        return _OFTEN

    def _unsubscribe(self) -> None:
        if self._subscription is not None:
            self._subscription.end()
            self._subscription = None

    def _wait(self, patience: float | None) -> None:
        """Until a look is asked for, something changed, or `patience` seconds have passed."""
        now = began = time.monotonic()
        until = None if patience is None else began + patience
        while until is None or now < until:
            heard = self._listen(None if until is None else until - now)
            now = time.monotonic()
            if self._bell in heard:
                os.read(self._bell, 1 << 12)
                return
            if self._subscription is not None and self._subscription.fileno() in heard:
                news = self._subscription.read()
                if news is None:
                    self._unsubscribe()
                    return
                if news and until is not None:
                    until = min(until, max(now + _GATHER, began + _PAUSE))

    def _listen(self, patience: float | None) -> list[int]:
        """The descriptors that have something to read within `patience` seconds."""
        listening = poll()
        listening.register(self._bell, POLLIN)
        if self._subscription is not None:
            listening.register(self._subscription, POLLIN)
        return [fd for fd, _ in listening.poll(None if patience is None else patience * 1000 + 1)]


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)  # the log file
