"""The feeding thread: the only one that touches the output.

It hands finished blocks on, looks whether the device still takes them, and comes back when there is
one again. What is handed over and not yet taken is finished anew when an order changes it: so
blocks can be long, and sound off is still heard at once. Without a device time goes on: blocks are
used up as fast as they would have sounded, so the music is at the right place when the sound
returns.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final

import numpy as np

from companion.sound.curves import BLOCK, RATE, Block, decibels
from companion.sound.finish import BreakOff, ComeBack, ComesIn, Finish, FinishOrder, Samples
from companion.sound.named_thread import NamedThread
from companion.sound.order_log import Found, Lost, Missed, Note
from companion.sound.output import NoOutput, Output
from companion.sound.renderer import Renderer
from companion.sound.wire import Notice, SoundFound, SoundLost

_SECONDS: Final = BLOCK / RATE
_LATE = 0.02
"""Seconds between two looks for a block that should be ready."""
_PATIENCE = 0.25
"""Seconds that the output may wait for a late block before it gets silence instead. What it plays
lasts about as long again: time enough to fade."""
_LOOK = 0.4
"""Seconds between two looks at the device."""
_WINDOW = 3.0
"""Seconds of which it must have taken half."""
_GRACE = 5.0
"""Seconds that a fresh device may take nothing."""
_RETRY = 1.0
_QUIT = 3.0
"""Seconds that letting go of a device may take."""
_LATENCY = 0.1
"""Seconds from the device's taking to the ear, about."""


class OutputHangs(Exception):  # noqa: N818 (it is what it says)
    """The output does not let go: only a new process helps."""


@dataclass(frozen=True, slots=True)
class _Handed:
    """A block as it was handed over."""

    first: int
    block: Block
    chunk: Samples


@dataclass(frozen=True, slots=True)
class _Lose:
    why: str


class Feeder:
    """From `renderer` through `finish` to `output`."""

    def __init__(
        self,
        output: Output,
        renderer: Renderer,
        finish: Finish,
        tell: Callable[[Notice], None],
        note: Note,
        on_fault: Callable[[Exception], None],
    ) -> None:
        """`tell`, `note` and `on_fault` are called in the feeding thread, the last one when it
        cannot go on."""
        self._output = output
        self._renderer = renderer
        self._finish = finish
        self._tell = tell
        self._note = note
        self._on_fault = on_fault
        self._inbox: SimpleQueue[FinishOrder | _Lose | None] = SimpleQueue()
        self._handed: deque[_Handed] = deque(maxlen=2)
        """What the output plays, and what waits there."""
        self._silence: Block = np.zeros((BLOCK, 2), np.float32)
        self._frame = 0
        """The next one to be handed over."""
        self._opened: float | None = None
        self._opened_at = 0
        """The frame at which the output was opened."""
        self._taken = 0
        """The end of the block that came last from the renderer."""
        self._turned = 0
        """The last frame at which an order took effect."""
        self._fed: deque[float] = deque(maxlen=round(_WINDOW / _SECONDS / 2))
        self._look_at = 0.0
        self._used_until = 0.0
        self._told_lost = False
        self._ending = False
        self._flowing = False
        """Whether the first block has come, so that a missing one is a hole."""
        self._missed = False
        """Whether the last one was missing."""
        self._late_since: float | None = None
        self._dry = 0
        self._thread = NamedThread("feed", self._run)

    @property
    def starvations(self) -> int:
        return self._dry + self._output.gaps

    @property
    def silent(self) -> bool:
        """Whether what is handed over next is silence, whatever sounds."""
        return self._finish.silent(self._frame)

    @property
    def peak(self) -> float:
        """dBFS, the highest sample that the output plays now or has waiting: of one second."""
        chunks = [handed.chunk for handed in tuple(self._handed)]
        highest = max((max(int(c.max()), -int(c.min())) for c in chunks), default=0)
        return decibels(highest / 32767)

    def start(self) -> None:
        self._used_until = time.monotonic()
        self._thread.start()

    def order(self, order: FinishOrder) -> None:
        """Obeyed as soon as it can be heard."""
        self._inbox.put(order)

    def lose(self, why: str) -> None:
        """Somebody knows that the output plays nothing: open it anew."""
        self._inbox.put(_Lose(why))

    def stop(self) -> None:
        """Lets go of the output and ends the thread."""
        self._inbox.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ending:
                self._attend(self._turn(time.monotonic()))
            if self._opened is not None:
                self._let_go()
        except Exception as error:
            self._on_fault(error)

    # --- orders --------------------------------------------------------------------------------

    def _attend(self, patience: float) -> None:
        """Obey what comes within `patience` seconds, the first of it at once."""
        try:
            order = self._inbox.get(timeout=patience)
        except Empty:
            return
        match order:
            case None:
                self._ending = True
            case _Lose():
                if self._opened is not None:
                    self._lose(order.why)
            case _:
                self._obey(order)

    def _obey(self, order: FinishOrder) -> None:
        """From the first frame on that can still be changed."""
        frame = self._frame
        if self._opened is not None:
            frame = self._opened_at + self._output.taken()
        self._obey_from(order, frame)

    def _obey_from(self, order: FinishOrder, frame: int) -> None:
        self._turned = frame = max(frame, self._turned)
        opens = isinstance(order, ComeBack) or self._finish.silent(frame)
        self._finish_by(order, frame)
        if opens:
            self._come_in(frame)

    def _come_in(self, frame: int) -> None:
        """Let the doors know how the music itself comes from silence."""
        coming = self._renderer.coming.earlier(max(0, self._taken - frame) / RATE)
        self._finish_by(ComesIn(coming.level, coming.seconds), frame)

    def _finish_by(self, order: FinishOrder, frame: int) -> None:
        if self._finish.obey(order, frame):
            self._note(frame, order)
            for handed in self._handed:
                self._finish_from(handed, frame)

    def _finish_from(self, handed: _Handed, frame: int) -> None:
        begin = max(0, frame - handed.first)
        if begin < BLOCK:
            self._finish.make(handed.block, handed.first, handed.chunk, begin)

    # --- feeding -------------------------------------------------------------------------------

    def _turn(self, now: float) -> float:
        """Do what is due; returns the seconds until the next turn."""
        if self._opened is None:
            return self._without_output(now)
        if now >= self._look_at:
            self._look_at = now + _LOOK
            self._look(now)
        while self._opened is not None and (chunk := self._output.room()) is not None:
            block = self._block(now)
            if block is None:
                return _LATE
            self._feed(block, chunk)
            self._fed.append(now)
        return self._output.patience() if self._opened is not None else 0.0

    def _feed(self, block: Block, chunk: Samples) -> None:
        self._finish.make(block, self._frame, chunk)
        self._output.play()
        self._handed.append(_Handed(self._frame, block, chunk))
        self._frame += BLOCK

    def _block(self, now: float) -> Block | None:
        """The next block; None while it is worth waiting for it, then silence."""
        left = (self._frame - self._opened_at - self._output.taken()) / RATE
        block = self._take(now + left + _LATENCY)
        if block is not None:
            self._flowing, self._late_since = True, None
            if self._missed:
                self._missed = False
                self._obey_from(ComeBack(), self._frame)
            return block
        if self._late_since is None:
            self._late_since = now
        if now < self._late_since + _PATIENCE:
            return None
        self._late_since = None
        if self._flowing and not self._missed:
            self._obey(BreakOff())
        self._missed = self._flowing
        self._dry += self._flowing
        self._note(self._frame, Missed())
        return self._silence

    def _take(self, moment: float) -> Block | None:
        came = self._renderer.coming.seconds > 0.0
        block = self._renderer.take(moment)
        if block is not None:
            self._taken = self._frame + BLOCK
            if self._renderer.coming.seconds > 0.0 and not came:
                self._turned = self._frame
                self._come_in(self._frame)
        return block

    # --- the device ----------------------------------------------------------------------------

    def _without_output(self, now: float) -> float:
        if now >= self._look_at:
            self._look_at = now + _RETRY
            try:
                self._output.open()
            except NoOutput as error:
                self._tell_lost(str(error))
            else:
                self._find(now)
                return 0.0
        while self._used_until < now:
            self._used_until = max(self._used_until, now - _WINDOW) + _SECONDS
            if self._take(self._used_until) is None:
                self._note(self._frame, Missed())
            self._frame += BLOCK
        return _SECONDS

    def _find(self, now: float) -> None:
        self._opened = self._look_at = now
        self._opened_at = self._frame
        self._fed.clear()
        self._note(self._frame, Found())
        if self._told_lost:
            self._obey(ComeBack())
        self._told_lost = False
        self._tell(SoundFound(self._output.name))

    def _look(self, now: float) -> None:
        why = self._output.lost()
        if why is None and self._opened is not None and now - self._opened > _GRACE:
            taken = len(self._fed) == self._fed.maxlen and self._fed[0] >= now - _WINDOW
            why = None if taken else "the sound device takes no sound"
        if why is not None:
            self._lose(why)

    def _lose(self, why: str) -> None:
        self._opened = None
        self._used_until = self._look_at = time.monotonic()
        self._handed.clear()
        self._note(self._frame, Lost())
        self._tell_lost(why)
        self._let_go()

    def _tell_lost(self, why: str) -> None:
        if not self._told_lost:
            self._told_lost = True
            self._tell(SoundLost(why))

    def _let_go(self) -> None:
        if not self._output.close(_QUIT):
            raise OutputHangs
