"""Earlier sessions, for the people who work here: which there were, what happened, what is void."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from companion import access, stream
from companion.access import Act, People
from companion.journal.chain import short
from companion.moment import Clock, Instant, seconds_between
from companion.session.decide import Refused, Why
from companion.session.voiding import Void, void


class Record(stream.Record, Protocol):
    """One event of the journal, and what ties it to those before it."""

    @property
    def digest(self) -> str: ...


class Line(Protocol):
    """One session in a list; seconds are since 1970 UTC."""

    @property
    def stream(self) -> str: ...
    @property
    def began(self) -> float: ...
    @property
    def nurse(self) -> str: ...
    @property
    def minutes(self) -> float | None: ...
    @property
    def closed(self) -> bool: ...
    @property
    def head(self) -> str: ...
    @property
    def void_by(self) -> str | None: ...


class Reading(Protocol):
    """What reads earlier sessions."""

    def sessions(self) -> Awaitable[Sequence[Line]]: ...
    def read(self, stream: str) -> Awaitable[Sequence[Record]]: ...


class Keeping(Protocol):
    """What keeps events; True once they are in the journal."""

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> Awaitable[bool]: ...


def on_paper(head: str) -> str:
    """The head of a session as a person writes it down."""
    return short(head)


class Past:
    """The sessions of one tablet that are over."""

    def __init__(
        self,
        clock: Clock,
        keeping: Keeping,
        reading: Reading,
        people: Callable[[], People],
        session_open: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._keeping = keeping
        self._reading = reading
        self._people = people
        self._session_open = session_open

    async def sessions(self) -> tuple[Line, ...]:
        """The last sessions that are closed, the newest first."""
        return tuple(one for one in reversed(await self._reading.sessions()) if one.closed)

    async def session(self, stream: str) -> tuple[Record, ...]:
        """All that happened in one of them, in order."""
        return tuple(await self._reading.read(stream))

    async def void(self, stream: str, command: Void) -> access.Refusal | Refused | None:
        """Mark something in a closed session as void; why not. While a session is open here
        nothing is: what runs comes first."""
        if refusal := access.refuse_act(self._people(), command.by, Act.READ_HISTORY):
            return refusal
        if self._session_open():
            return Refused(Why.SESSION_OPEN)
        records = await self._reading.read(stream)
        decision = void([one.event for one in records], command, self._seconds(records))
        if isinstance(decision, Refused):
            return decision
        if decision:
            now = self._clock.now()
            await self._keeping.submit(stream, records[-1].seq + 1, now, decision)
        return None

    def _seconds(self, records: Sequence[Record]) -> float:
        """The session's seconds now, as far as the clocks tell."""
        if not records:
            return 0.0
        last = records[-1]
        return float(last.event.at) + seconds_between(last.moment, self._clock.now())[0]
