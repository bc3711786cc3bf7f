"""Who may do what, and how long a wrong PIN makes one wait: pure rules over the tablet's book.

A PIN tells the tablet who is touching it; it protects no stored data. Hashing one takes about a
tenth of a second, so it is called in a thread.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Protocol

from companion.moment import Instant, seconds_between
from companion.session.book import (
    PinAccepted,
    PinChanged,
    PinHash,
    PinTried,
    Role,
    RoleChanged,
    StaffAdded,
    StaffRemoved,
)
from companion.session.events import By

_WAITS = (0.0, 0.0, 0.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds to wait after so many attempts without an accepted one; the last holds from there on."""

_LONGEST_IN_SESSION = 60.0

EMERGENCY = "EMER"
"""What stands for initials on everything that is done with the emergency PIN."""

_N, _R, _P = 2**15, 8, 1
_MEMORY = 64 * 2**20


class Act(StrEnum):
    """What needs a role, beyond what anybody in the room may do."""

    RUN_SESSION = "run a session"
    CHANGE_OWN_PIN = "change the own PIN"
    END_DAY = "end the day"
    READ_HISTORY = "read earlier sessions"
    CURATE = "change the library"
    MANAGE_PEOPLE = "add and remove staff"
    EXPORT = "export the record"
    CALIBRATE = "calibrate the sound"
    KEEP_RECORD = "decide how the record is kept"


_NURSE = frozenset({Act.RUN_SESSION, Act.CHANGE_OWN_PIN, Act.END_DAY, Act.READ_HISTORY})
_CURATOR = _NURSE | {Act.CURATE}
_MAY = {Role.NURSE: _NURSE, Role.CURATOR: _CURATOR, Role.LEAD: frozenset(Act)}


class Refusal(StrEnum):
    """Why something about staff cannot be done; `words` says it in a sentence."""

    INITIALS_FORM = "initials form"
    INITIALS_TAKEN = "initials taken"
    UNKNOWN = "unknown"
    FIRST_IS_LEAD = "first is lead"
    LAST_LEAD = "last lead"
    PIN_FORM = "pin form"
    PIN_SIMPLE = "pin simple"
    NOT_ALLOWED = "not allowed"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A PIN was right."""

    by: By
    role: Role

    def may(self, act: Act) -> bool:
        """Whether the role allows `act`."""
        return act in _MAY[self.role]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A PIN was wrong, or nobody has these initials."""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Too many wrong PINs: the next may be tried in so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff, or the emergency PIN in its envelope (`sealed`)."""

    initials: str
    role: Role
    pin: PinHash
    sealed: bool = False
    opened: bool = False
    """The emergency PIN was used, so that its envelope is open: a new one is due."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a PIN was tried since the last accepted one, and when last."""

    count: int
    last: Instant


@dataclass(frozen=True, slots=True)
class People:
    """Staff in the order they were added, and the attempts that still count, by initials."""

    staff: tuple[Person, ...] = ()
    attempts: MappingProxyType[str, Attempts] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, initials: str) -> Person | None:
        """The person with exactly these initials."""
        return next((one for one in self.staff if one.initials == initials), None)


class Kept(Protocol):
    """An event as the journal gives it back."""

    @property
    def moment(self) -> Instant: ...
    @property
    def event(self) -> Any: ...


def fold(people: People, kept: Kept) -> People:
    """`people` after one more event of the tablet's book. Other events change nothing."""
    match kept.event:
        case StaffAdded(initials=initials, role=role, pin=pin, sealed=sealed):
            staff = (*people.staff, Person(initials, role, pin, sealed))
            return _forget(replace(people, staff=staff), initials)
        case StaffRemoved(initials=initials):
            staff = tuple(one for one in people.staff if one.initials != initials)
            return _forget(replace(people, staff=staff), initials)
        case RoleChanged(initials=initials, role=role):
            return _change(people, initials, role=role)
        case PinChanged(initials=initials, pin=pin):
            return _forget(_change(people, initials, pin=pin, opened=False), initials)
        case PinTried(initials=initials):
            return _count(people, initials, kept.moment)
        case PinAccepted(initials=initials, sealed=sealed):
            opened = _change(people, initials, opened=True) if sealed else people
            return _forget(opened, initials)
    return people


def replay(book: Iterable[Kept]) -> People:
    """Everybody, as the whole book tells it."""
    people = People()
    for kept in book:
        people = fold(people, kept)
    return people


def _change(people: People, initials: str, **changed: Any) -> People:
    staff = tuple(
        replace(one, **changed) if one.initials == initials else one for one in people.staff
    )
    return replace(people, staff=staff)


def _count(people: People, initials: str, moment: Instant) -> People:
    before = people.attempts.get(initials)
    attempts = Attempts(before.count + 1 if before else 1, moment)
    return replace(people, attempts=MappingProxyType({**people.attempts, initials: attempts}))


def _forget(people: People, initials: str) -> People:
    kept = {name: tried for name, tried in people.attempts.items() if name != initials}
    return replace(people, attempts=MappingProxyType(kept))


def wait(people: People, initials: str, now: Instant, session_open: bool) -> float:
    """Seconds until `initials` may try a PIN again; 0: now.

    It counts attempts, not refusals, and survives a restart and a reboot. After a reboot at least
    the time since boot has passed, whatever the wall clock says, so that no clock can lock
    anybody out for good.
    """
    tried = people.attempts.get(initials)
    if tried is None:
        return 0.0
    delay = _WAITS[min(tried.count, len(_WAITS) - 1)]
    if session_open:
        delay = min(delay, _LONGEST_IN_SESSION)
    passed, exact = seconds_between(tried.last, now)
    if not exact:
        passed = max(passed, now.boot)
    return max(0.0, delay - passed)


def may(role: Role, act: Act) -> bool:
    """Whether somebody with `role` may do `act`."""
    return act in _MAY[role]


def refuse_act(people: People, by: By | None, act: Act) -> Refusal | None:
    """Why `by` may not do `act`; None: she may. Before anybody is here, nobody is asked."""
    if by is None:
        return Refusal.NOT_ALLOWED if people.staff else None
    person = people.find(by.who)
    allowed = person is not None and by.confirmed and may(person.role, act)
    return None if allowed else Refusal.NOT_ALLOWED


def refuse_addition(people: People, initials: str, role: Role) -> Refusal | None:
    """Why a person cannot be added; None: she can."""
    if not (2 <= len(initials) <= 4 and initials.isalpha()):
        return Refusal.INITIALS_FORM
    if initials.casefold() in {one.initials.casefold() for one in people.staff}:
        return Refusal.INITIALS_TAKEN
    if not people.staff and role is not Role.LEAD:
        return Refusal.FIRST_IS_LEAD
    return None


def refuse_removal(people: People, initials: str) -> Refusal | None:
    """Why a person cannot be removed; None: she can."""
    person = people.find(initials)
    if person is None:
        return Refusal.UNKNOWN
    leads = [one for one in people.staff if one.role is Role.LEAD]
    return Refusal.LAST_LEAD if leads == [person] else None


def refuse_role(people: People, initials: str, role: Role) -> Refusal | None:
    """Why a person cannot have `role` from now on; None: she can."""
    person = people.find(initials)
    if person is not None and person.sealed:
        return Refusal.SEALED
    refusal = refuse_removal(people, initials)
    if refusal is Refusal.LAST_LEAD and role is Role.LEAD:
        return None
    return refusal


def refuse_pin(pin: str) -> Refusal | None:
    """Why nobody may have this PIN; None: it will do."""
    if not (len(pin) == 6 and pin.isascii() and pin.isdigit()):
        return Refusal.PIN_FORM
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return Refusal.PIN_SIMPLE if steps in ({0}, {1}, {9}) else None


def draw_pin() -> str:
    """A PIN that nobody chose, for the sealed envelope."""
    while refuse_pin(pin := f"{secrets.randbelow(10**6):06d}") is not None:
        pass
    return pin


def hash_pin(pin: str) -> PinHash:
    """`pin` as it is kept: scrypt with 32 MiB and a salt of its own."""
    salt = os.urandom(16).hex()
    return PinHash(salt, _scrypt(pin, salt, _N, _R, _P), _N, _R, _P)


_NOBODY = PinHash("00" * 16, "00" * 64, _N, _R, _P)


def pin_matches(pin: str, kept: PinHash | None) -> bool:
    """Whether `pin` is the one kept. A name without one (None) costs the same time."""
    of = kept or _NOBODY
    same = hmac.compare_digest(_scrypt(pin, of.salt, of.n, of.r, of.p), of.hash)
    return same and kept is not None


def _scrypt(pin: str, salt: str, n: int, r: int, p: int) -> str:
    key = hashlib.scrypt(
        pin.encode(), salt=bytes.fromhex(salt), n=n, r=r, p=p, maxmem=_MEMORY, dklen=64
    )
    return key.hex()
