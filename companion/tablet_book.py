"""The tablet's own book at work: what it tells, and how one more event comes into it."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from companion import access
from companion.access import Kept
from companion.calibration import calibration
from companion.moment import Clock, Instant
from companion.record import loss
from companion.record.loss import RecordLoss
from companion.review import review
from companion.session import book


class Keeping(Protocol):
    """What keeps the tablet's book; True once it is in the journal."""

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> Awaitable[bool]: ...


class TabletBook:
    """Written by one program at a time. Everything told of it is a pure fold over its events."""

    def __init__(self, clock: Clock, keeping: Keeping, records: Sequence[Kept]) -> None:
        self._clock = clock
        self._keeping = keeping
        self._length = len(records)
        self._turn = asyncio.Lock()
        self.people = access.replay(records)
        """Everybody with the attempts that still count, for the rules of `access`."""
        self.calibrations = calibration.replay(records)
        """The newest of each output."""
        self.reviews = review.replay(records)
        """Which versions of playlists and scripts were read and accepted."""
        self.last_before: Instant | None = records[-1].moment if records else None
        """The moment of the newest event that an earlier run wrote."""
        self.checked: Kept | None = None
        """The last morning check, a `book.Checked`."""
        self.loss: RecordLoss | None = None
        """The journal that was set aside, should there be one."""
        for kept in records:
            self._fold_rest(kept)

    async def write(self, *events: book.BookEvent) -> None:
        """Write these down; what the book tells holds them once this returns."""
        async with self._turn:
            moment = self._clock.now()
            first = self._length + 1
            self._length += len(events)
            await self._keeping.submit(book.STREAM, first, moment, events)
            for event in events:
                self._fold(_Written(moment, event))

    def _fold(self, kept: Kept) -> None:
        self.people = access.fold(self.people, kept)
        self.calibrations = calibration.fold(self.calibrations, kept)
        self.reviews = review.fold(self.reviews, kept)
        self._fold_rest(kept)

    def _fold_rest(self, kept: Kept) -> None:
        if isinstance(kept.event, book.Checked):
            self.checked = kept
        self.loss = loss.fold(self.loss, kept)


@dataclass(frozen=True, slots=True)
class _Written:
    moment: Instant
    event: book.BookEvent
