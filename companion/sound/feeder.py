"""The feeding thread: the only one that touches the output.

It hands finished blocks on in halves, looks whether the device still takes them, and comes back
when there is one again. Without a device time goes on: blocks are used up as fast as they would
have sounded, so the music is at the right place when the sound returns.
"""

import time
from collections import deque
from collections.abc import Callable
from threading import Thread
from typing import Final

import numpy as np

from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.finish import Finish
from companion.sound.output import NoOutput, Output
from companion.sound.renderer import Renderer
from companion.sound.wire import Notice, SoundFound, SoundLost

_CHUNK: Final = BLOCK // 2
"""Frames handed to the output at a time: short, so that sound off is heard at once."""
_SECONDS: Final = _CHUNK / RATE
_POLL = 0.02
_REST = 0.115
"""Seconds after a chunk before the output is asked again whether it has room."""
_LOOK = 0.5
"""Seconds between two looks at the device."""
_WINDOW = 3.0
"""Seconds of which it must have taken half."""
_GRACE = 5.0
"""Seconds that a fresh device may take nothing."""
_RETRY = 1.0
_QUIT = 3.0
"""Seconds that letting go of a device may take."""


class Feeder:
    """From `renderer` through `finish` to `output`."""

    def __init__(
        self,
        output: Output,
        renderer: Renderer,
        finish: Finish,
        tell: Callable[[Notice], None],
        on_fault: Callable[[Exception], None],
    ) -> None:
        """`tell` and `on_fault` are called in the feeding thread."""
        self._output = output
        self._renderer = renderer
        self._finish = finish
        self._tell = tell
        self._on_fault = on_fault
        self._half: Block | None = None
        self._fed: deque[float] = deque(maxlen=round(_WINDOW / _SECONDS / 2))
        self._opened: float | None = None
        self._look_at = 0.0
        self._used_until = 0.0
        self._told_lost = False
        self._ending = False
        self._thread = Thread(target=self._run, name="feed", daemon=True)
        self.hung = False
        """Whether the output would not let go: then only a new process helps."""
        self._dry = 0
        self._flowing = False
        """Whether the first block has come, so that a missing one is a hole."""

    @property
    def output(self) -> str:
        """The name of what plays; empty while nothing does."""
        return self._output.name if self._opened is not None else ""

    @property
    def starvations(self) -> int:
        return self._dry + self._output.gaps

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Lets go of the output and ends the thread."""
        self._ending = True
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ending and not self.hung:
                time.sleep(self._turn(time.monotonic()))
            if self._opened is not None:
                self.hung = not self._output.close(_QUIT)
        except Exception as error:
            self._on_fault(error)

    def _turn(self, now: float) -> float:
        """Do what is due; returns the seconds until the next turn."""
        if self._opened is None:
            return self._without_output(now)
        fed = False
        while self._output.ready():
            self._output.play(self._chunk())
            self._fed.append(now)
            fed = True
        if now >= self._look_at:
            self._look_at = now + _LOOK
            self._look(now)
        return _REST if fed else _POLL

    def _without_output(self, now: float) -> float:
        if now >= self._look_at:
            self._look_at = now + _RETRY
            try:
                self._output.open()
            except NoOutput as error:
                self._lose(str(error))
            else:
                self._find(now)
                return 0.0
        while self._used_until < now:
            self._used_until = max(self._used_until, now - _WINDOW) + _SECONDS
            self._chunk()
        return _SECONDS

    def _find(self, now: float) -> None:
        self._opened = self._look_at = now
        self._fed.clear()
        if self._told_lost:
            self._finish.come_back()
        self._told_lost = False
        self._tell(SoundFound(self._output.name))

    def _look(self, now: float) -> None:
        why = self._output.lost()
        if why is None and self._opened is not None and now - self._opened > _GRACE:
            taken = len(self._fed) == self._fed.maxlen and self._fed[0] >= now - _WINDOW
            why = None if taken else "the sound device takes no sound"
        if why is not None:
            self._opened = None
            self._used_until = now
            self._lose(why)
            self.hung = not self._output.close(_QUIT)

    def _lose(self, why: str) -> None:
        if not self._told_lost:
            self._told_lost = True
            self._tell(SoundLost(why))

    def _chunk(self) -> bytes:
        """The next half of a block, finished; silence if none is ready."""
        if self._half is not None:
            block, self._half = self._half, None
            return self._finish.make(block)
        whole = self._renderer.take()
        if whole is None:
            self._dry += self._flowing
            return self._finish.make(np.zeros((_CHUNK, 2), np.float32))
        self._flowing = True
        self._half = whole[_CHUNK:]
        return self._finish.make(whole[:_CHUNK])
