"""The tablet's own book for the tests of access."""

from dataclasses import dataclass
from typing import Any

from companion.access import People
from companion.moment import Instant
from companion.session.book import (
    PinHash,
    PinRefused,
    PinTried,
    Role,
    StaffAdded,
)

PIN = PinHash("00", "00", 2, 8, 1)
OTHER_PIN = PinHash("01", "01", 2, 8, 1)


@dataclass(frozen=True)
class Kept:
    moment: Instant
    event: Any


def at(seconds: float, boot_id: str = "one") -> Instant:
    return Instant(1_800_000_000.0 + seconds, 1000.0 + seconds, boot_id)


def book(*events: Any, when: float = 0.0) -> list[Kept]:
    return [Kept(at(when), event) for event in events]


def added(initials: str, role: Role = Role.NURSE) -> StaffAdded:
    return StaffAdded(initials=initials, role=role, pin=PIN)


def tries(count: int, initials: str = "MK", when: float = 0.0) -> list[Kept]:
    return [
        kept
        for _ in range(count)
        for kept in book(PinTried(initials=initials), PinRefused(initials=initials), when=when)
    ]


def names(people: People) -> list[tuple[str, Role]]:
    return [(one.initials, one.role) for one in people.staff]
