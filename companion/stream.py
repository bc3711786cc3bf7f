"""One session's events on their way into the journal, and the state they add up to.

Events are handed to the journal in the order they are decided, numbered without a gap. Those that
must be durable first count in `state` once they are kept; the others count at once.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from companion.moment import Clock, Instant, seconds_between
from companion.session import events as e
from companion.session.state import Stage, State, evolve


class Record(Protocol):
    """One event of the journal."""

    @property
    def seq(self) -> int: ...
    @property
    def moment(self) -> Instant: ...
    @property
    def event(self) -> e.Event: ...


class Keeping(Protocol):
    """What keeps events: True once they are in the journal, False where it could not take them."""

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[e.Event]
    ) -> Awaitable[bool]: ...

    def mark_alive(self, stream: str, moment: Instant) -> Awaitable[None]: ...

    def can_save(self, moment: Instant) -> Awaitable[bool]:
        """Whether a real commit works now, and nothing waits for one."""
        ...


@dataclass(slots=True)
class _Entry:
    """An event that is not yet kept."""

    event: e.Event
    shown: bool
    kept: bool = False


class Stream:
    """The stream of the session that is open, or of none."""

    def __init__(
        self,
        clock: Clock,
        keeping: Keeping,
        changed: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """`changed` is called whenever events were kept, `failed` where keeping them raised."""
        self._clock = clock
        self._keeping = keeping
        self._changed = changed
        self._failed = failed
        self.forget()

    def forget(self) -> None:
        """Nothing of a session stays here."""
        self.id = ""
        self.lost = False
        """Whether something of this session could not even be handed to the journal."""
        self._seq = 0
        self._kept: State | None = None
        self._on_the_way: list[_Entry] = []
        self._origin, self._seconds = self._clock.now(), 0.0

    def begin(self) -> None:
        """A new session, with nothing in it yet; its seconds count from now."""
        self.forget()
        self.id = str(uuid.uuid4())

    def restore(self, stream: str, records: Sequence[Record]) -> None:
        """The session in `records`. Its seconds are those that the chain of moments tells, and
        never fewer than an event already says. From now on the clock of this boot alone counts
        them: after a reboot the wall clock is asked this once, for somebody may yet set it."""
        self.forget()
        self.id, self._seq = stream, records[-1].seq
        self._origin = records[0].moment
        for record in records:
            self._kept = evolve(self._kept, record.event)
            passed = seconds_between(self._origin, record.moment)[0]
            self._seconds = max(self._seconds + passed, record.event.at)
            self._origin = record.moment
        self._seconds, self._origin = self.seconds(), self._clock.now()

    def seconds(self) -> float:
        """The session's seconds now; they never run backwards."""
        return self._seconds + seconds_between(self._origin, self._clock.now())[0]

    @property
    def state(self) -> State | None:
        """What may be shown: all that is kept, and what counts at once."""
        return _fold(self._kept, (entry for entry in self._on_the_way if entry.shown))

    @property
    def decided(self) -> State | None:
        """All that has been decided, kept or not: what the next decision builds on."""
        return _fold(self._kept, self._on_the_way)

    def append(self, events: Sequence[e.Event], at_once: bool) -> "asyncio.Task[None]":
        """Hand `events` over. The task is done once they are kept, or cannot be; whoever waits
        for it may be cancelled without any of them being lost."""
        entries = [_Entry(event, shown=at_once) for event in events]
        self._on_the_way += entries
        try:
            kept = self._keeping.submit(self.id, self._seq + 1, self._clock.now(), events)
            self._seq += len(events)
        except Exception as error:
            kept = _raising(error)
        return asyncio.ensure_future(self._show_when(kept, entries))

    async def _show_when(self, kept: Awaitable[bool], entries: list[_Entry]) -> None:
        try:
            await kept
        except Exception as error:
            self.lost = True
            self._failed(error)
        for entry in entries:
            entry.shown = entry.kept = True
        while self._on_the_way and self._on_the_way[0].kept:
            self._kept = evolve(self._kept, self._on_the_way.pop(0).event)
        if self._kept is not None and self._kept.stage is Stage.READY and not self._on_the_way:
            self.forget()
        self._changed()

    async def can_save(self) -> bool:
        """Whether what happens from now on would be saved."""
        return await self._keeping.can_save(self._clock.now())

    async def mark_alive(self) -> None:
        """Tell the journal that the session goes on."""
        if self.id:
            await self._keeping.mark_alive(self.id, self._clock.now())


def _fold(state: State | None, entries: Iterable[_Entry]) -> State | None:
    for entry in entries:
        state = evolve(state, entry.event)
    return state


async def _raising(error: Exception) -> bool:
    raise error
