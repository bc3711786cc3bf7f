"""The render thread: keeps a block ready, so that a slow moment is never heard."""

import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from companion.session.wanted import Wanted
from companion.sound.curves import BLOCK, RATE, Block, Coming
from companion.sound.named_thread import NamedThread
from companion.sound.openings import Openings
from companion.sound.order_log import Note, Want
from companion.sound.programme import Programme

_READY: Final = 1
"""Blocks rendered ahead of the next one that is taken."""


class Renderer:
    """Renders `programme`, from `want` to `take`."""

    def __init__(
        self,
        programme: Programme,
        openings: Openings,
        note: Note,
        on_fault: Callable[[Exception], None],
    ) -> None:
        """`openings` is the shelf of the programme. `note` and `on_fault` are called in the render
        thread, the latter when it cannot go on."""
        self._programme = programme
        self._openings = openings
        self._note = note
        self._on_fault = on_fault
        self._room: SimpleQueue[bool] = SimpleQueue()
        """One for each block that there is room for; False: no more."""
        self._ready: SimpleQueue[tuple[Block, Coming]] = SimpleQueue()
        self._orders: SimpleQueue[tuple[Wanted, float]] = SimpleQueue()
        self._rendered = 0
        self._taken = 0
        self._reductions = deque((0.0,), maxlen=RATE // BLOCK)
        self.coming = Coming()
        """How the sound comes from silence at the end of the block taken last. For the thread that
        takes."""
        self._heard = time.monotonic()
        """The moment at which frame 0 was heard, or would have been."""
        self._thread = NamedThread("render", self._run)

    @property
    def title(self) -> str:
        """Of the track that is rendered now."""
        return self._programme.title

    @property
    def since(self) -> float:
        """The session second at which that track came in; 0 when none sounds."""
        return self._programme.since

    @property
    def reduction(self) -> float:
        """dB (not above 0) by which the guard held the sound down at most, in the blocks of the
        last second."""
        return min(self._reductions)

    def start(self) -> None:
        for _ in range(_READY):
            self._room.put(True)
        self._thread.start()

    def want(self, wanted: Wanted, now: float) -> None:
        """The newest wish; `now` is the session's time at this moment."""
        self._orders.put((wanted, now - time.monotonic()))

    def take(self, moment: float) -> Block | None:
        """The next block, which will be heard at `moment` of the monotonic clock; None if it is
        not ready."""
        try:
            block, self.coming = self._ready.get_nowait()
        except Empty:
            return None
        self._heard = moment - self._taken / RATE
        self._taken += BLOCK
        self._room.put(True)
        return block

    def stop(self) -> None:
        """Ends the thread and closes every source."""
        self._room.put(False)
        self._thread.join()
        self._programme.close()

    def _run(self) -> None:
        try:
            while self._room.get():
                self._openings.settle(self._rendered)
                self._pass_on()
                block = self._programme.render(BLOCK)
                self._reductions.append(self._programme.reduction)
                self._ready.put((block, self._programme.coming))
                self._rendered += BLOCK
        except Exception as error:
            self._on_fault(error)

    def _pass_on(self) -> None:
        """The newest wish, from the next frame on."""
        while not self._orders.empty():
            wanted, offset = self._orders.get()
            if self._orders.empty():
                now = offset + self._heard + self._rendered / RATE
                self._note(self._rendered, Want(now, wanted))
                self._programme.want(wanted, now)
