"""Renders again, byte for byte, what was handed over: from the library and the log of orders."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import numpy as np

from companion.sound.curves import BLOCK, Block
from companion.sound.finish import Finish, FinishOrder, Samples
from companion.sound.openings import OpeningsAgain
from companion.sound.order_log import Entry, Missed, Opened, Want
from companion.sound.programme import Programme


def rerender(home: Path, entries: Sequence[Entry]) -> Iterator[tuple[int, Samples]]:
    """The frame number and the samples of one block after another, without end.

    What was not played is among them: it is what would have been. The same bytes come only on the
    same machine with the same libraries, and where no disk stalled.
    """
    again = _Again(home, entries)
    for frame in count(0, BLOCK):
        yield frame, again.block(frame)


class _Again:
    def __init__(self, home: Path, entries: Sequence[Entry]) -> None:
        opened = {e.order.number: e.frame for e in entries if isinstance(e.order, Opened)}
        self._wants = deque((e.frame, e.order) for e in entries if isinstance(e.order, Want))
        self._missed = {e.frame for e in entries if isinstance(e.order, Missed)}
        self._finish_orders = deque(
            (e.frame, e.order) for e in entries if isinstance(e.order, FinishOrder)
        )
        self._openings = OpeningsAgain(home, opened)
        self._programme = Programme(self._openings, lambda notice: None)
        self._rendered = 0
        self._finish = Finish()

    def block(self, frame: int) -> Samples:
        """The one that was handed over as `frame`."""
        missed = frame in self._missed
        block = np.zeros((BLOCK, 2), np.float32) if missed else self._render()
        made = np.empty((BLOCK, 2), np.int16)
        self._finish.make(block, frame, made)
        while self._finish_orders and self._finish_orders[0][0] < frame + BLOCK:
            at, order = self._finish_orders.popleft()
            self._finish.obey(order, at)
            self._finish.make(block, frame, made, at - frame)
        return made

    def _render(self) -> Block:
        self._openings.settle(self._rendered)
        while self._wants and self._wants[0][0] <= self._rendered:
            _, want = self._wants.popleft()
            self._programme.want(want.wanted, want.now)
        self._rendered += BLOCK
        return self._programme.render(BLOCK)
