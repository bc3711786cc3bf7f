"""The render thread: keeps a few finished blocks ready, so that a slow moment is never heard."""

import time
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

from companion.session.wanted import Wanted
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.guard import Ceiling
from companion.sound.programme import Programme

_READY = 3
"""Blocks rendered ahead."""


class Renderer:
    """Renders the programme under the ceiling, from `want` to `take`."""

    def __init__(self, programme: Programme, on_fault: Callable[[Exception], None]) -> None:
        """`on_fault` is called, in the render thread, when it cannot go on."""
        self._programme = programme
        self._on_fault = on_fault
        self._ceiling = Ceiling()
        self._ready: deque[Block] = deque()
        self._changed = Condition()
        self._order: tuple[Wanted, float] | None = None
        self._ending = False
        self._thread = Thread(target=self._run, name="render", daemon=True)

    @property
    def title(self) -> str:
        """Of the track that is rendered now."""
        return self._programme.title

    def start(self) -> None:
        self._thread.start()

    def want(self, wanted: Wanted, now: float) -> None:
        """The newest wish; `now` is the session's time at this moment."""
        with self._changed:
            self._order = (wanted, now - time.monotonic())
            self._changed.notify()

    def take(self) -> Block | None:
        """The next block; None if it is not ready."""
        with self._changed:
            self._changed.notify()
            return self._ready.popleft() if self._ready else None

    def stop(self) -> None:
        """Ends the thread and closes every source."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join()
        self._programme.close()

    def _run(self) -> None:
        try:
            while self._wait_for_room():
                block = self._ceiling.process(self._programme.render(BLOCK))
                with self._changed:
                    self._ready.append(block)
        except Exception as error:
            self._on_fault(error)

    def _wait_for_room(self) -> bool:
        """Hands a new order on as well; False when it is time to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._ending or len(self._ready) < _READY)
            order, self._order = self._order, None
            ahead = len(self._ready) * BLOCK / RATE
        if order is not None:
            wanted, offset = order
            self._programme.want(wanted, offset + time.monotonic() + ahead)
        return not self._ending
