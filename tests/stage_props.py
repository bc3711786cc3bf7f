"""What stands behind the stage: a plan, a journal in memory, a sound that only remembers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from companion.access import hash_pin
from companion.moment import Instant, SimulatedClock
from companion.session import book
from companion.session.plan import (
    Cue,
    Phase,
    Plan,
    Playlist,
    Protocol,
    Question,
    Script,
    Section,
    Track,
)
from companion.session.wanted import Wanted

PIN = "274951"


def plan(**changes: Any) -> Plan:
    """A plan like the clinic's usual one, with `changes`."""
    shore = Track("Shore", soundscape="shore")
    said = (Cue("Let the chair carry you. There is nothing to hold up.", 6.0, 6.0),)
    usual = Plan(
        protocol=Protocol(
            name="standard-40",
            title="Standard, 40 minutes",
            settle=300.0,
            onset=600.0,
            build=600.0,
            peak=1500.0,
            back=900.0,
            infusion=2400.0,
            check_ins=(540.0,),
        ),
        playlist=Playlist(
            stem="tidewater",
            title="Tidewater",
            about="Slow surf under long, warm chords.",
            crossfade=8.0,
            sections=(Section(Phase.SETTLE, (shore,)),),
            loudest=shore,
        ),
        script=Script("the-quiet-shore", "The Quiet Shore", "en", said, said),
        language="en",
        eyes_covered=False,
        words_on_screen=True,
        before=(Question("mood", "How is your mood right now?", "very low", "very good"),),
        after=(
            Question("mood", "How is your mood right now?", "very low", "very good"),
            Question("clear", "How clear-headed are you right now?", "not at all", "entirely"),
        ),
        anchors=(Cue("You are in the chair, in the clinic.", 4.0, 4.0),),
        call_line=Cue("Your call is showing.", 3.0, 0.0),
        notes=("nausea", "toilet", "anxious"),
        reminders=("Do not drive today.", "Somebody takes you home."),
        reaches="this screen only",
    )
    return replace(usual, **changes)


class FakeKeeping:
    """A journal in memory; `hold()` makes its disk slow without end."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, Any]] = []
        self.saves = True
        self._moves = asyncio.Event()
        self._moves.set()

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[Any]
    ) -> Awaitable[bool]:
        self.kept += [(stream, event) for event in events]
        return self._keep()

    async def mark_alive(self, stream: str, moment: Instant) -> None:
        return None

    async def can_save(self, moment: Instant) -> bool:
        return self.saves

    def hold(self) -> None:
        self._moves.clear()

    def go(self) -> None:
        self._moves.set()

    def of(self, kind: type) -> list[Any]:
        """Every kept event of `kind`."""
        return [event for _, event in self.kept if isinstance(event, kind)]

    async def _keep(self) -> bool:
        await self._moves.wait()
        return True


class FakeSound:
    """Remembers what was wanted."""

    def __init__(self) -> None:
        self.wanted: list[Wanted] = []

    def want(self, wanted: Wanted, now: Callable[[], float]) -> None:
        self.wanted.append(wanted)


class NothingRead:
    """A tablet that has had no session yet."""

    async def codes(self) -> Sequence[str]:
        return ()

    async def waiting_ratings(self, now: Instant) -> Sequence[Any]:
        return ()

    async def read(self, stream: str) -> Sequence[Any]:
        return ()

    async def sessions(self) -> Sequence[Any]:
        return ()

    async def outlived(self, keep_days: int, now: Instant) -> Sequence[Any]:
        return ()


@dataclass(frozen=True)
class Added:
    """An event of the book, as the journal gives it back."""

    moment: Instant
    event: book.BookEvent


@cache
def _kept_pin() -> book.PinHash:
    return hash_pin(PIN)


def people(clock: SimulatedClock, names: Sequence[str]) -> list[Added]:
    """The book of a tablet that knows `names`, the first one a lead, all with the same PIN."""
    return [
        Added(
            clock.now(),
            book.StaffAdded(
                initials=name,
                role=book.Role.NURSE if index else book.Role.LEAD,
                pin=_kept_pin(),
                by=None,
            ),
        )
        for index, name in enumerate(names)
    ]
