"""The shell of who works here: PINs tried, people added, changed and removed.

Hashing a PIN is slow on purpose, so it happens in a thread.
"""

import asyncio
from collections.abc import Callable

from companion import access
from companion.access import Act, Refusal, TryLater, Unlocked, Wrong
from companion.moment import Clock
from companion.session import book
from companion.session.book import Role
from companion.session.events import By
from companion.tablet_book import TabletBook


class Staffing:
    """The people of one tablet, as they change."""

    def __init__(
        self, clock: Clock, tablet_book: TabletBook, session_open: Callable[[], bool]
    ) -> None:
        self._clock = clock
        self._book = tablet_book
        self._session_open = session_open
        self._trying = asyncio.Lock()

    async def unlock(self, initials: str, pin: str) -> Unlocked | Wrong | TryLater:
        """Try a PIN, one at a time. The attempt is written down before it is looked at."""
        async with self._trying:
            people = self._book.people
            delay = access.wait(people, initials, self._clock.now(), self._session_open())
            if delay > 0:
                return TryLater(delay)
            await self._book.write(book.PinTried(initials=initials))
            person = self._book.people.find(initials)
            right = await asyncio.to_thread(
                access.pin_matches, pin, None if person is None else person.pin
            )
            if not right or person is None:
                await self._book.write(book.PinRefused(initials=initials))
                return Wrong()
            await self._book.write(book.PinAccepted(initials=initials, sealed=person.sealed))
            by = By(initials, confirmed=True, sealed=person.sealed)
            return Unlocked(by, person.role)

    async def locked(self, initials: str, why: str) -> None:
        """Write down that what `initials` had unlocked is locked again."""
        await self._book.write(book.Locked(initials=initials, why=why))

    async def add(self, initials: str, role: Role, pin: str, by: By | None) -> Refusal | None:
        """Add a person; the very first, a lead, is added by nobody."""
        people = self._book.people
        refusal = (
            access.refuse_act(people, by, Act.MANAGE_PEOPLE)
            or access.refuse_addition(people, initials, role)
            or access.refuse_pin(pin)
        )
        if refusal is not None:
            return refusal
        kept = await asyncio.to_thread(access.hash_pin, pin)
        await self._book.write(book.StaffAdded(initials=initials, role=role, pin=kept, by=by))
        return None

    async def seal(self, by: By) -> str | Refusal:
        """Draw a new emergency PIN; any earlier one is good for nothing from then on. It is told
        here, once, and kept only as its hash."""
        before = self._book.people.find(access.EMERGENCY)
        refusal = access.refuse_act(self._book.people, by, Act.MANAGE_PEOPLE)
        if before is not None and not before.sealed:
            refusal = refusal or Refusal.INITIALS_TAKEN
        if refusal is not None:
            return refusal
        pin = access.draw_pin()
        kept = await asyncio.to_thread(access.hash_pin, pin)
        await self._book.write(
            book.StaffAdded(
                initials=access.EMERGENCY, role=Role.NURSE, pin=kept, by=by, sealed=True
            )
            if before is None
            else book.PinChanged(initials=access.EMERGENCY, pin=kept, by=by)
        )
        return pin

    async def change_pin(self, initials: str, pin: str, by: By) -> Refusal | None:
        """Give a person a new PIN; her own she may change herself."""
        people = self._book.people
        own = by.who == initials and not by.sealed
        act = Act.CHANGE_OWN_PIN if own else Act.MANAGE_PEOPLE
        refusal = access.refuse_act(people, by, act) or access.refuse_pin(pin)
        if refusal is None and people.find(initials) is None:
            refusal = Refusal.UNKNOWN
        if refusal is not None:
            return refusal
        kept = await asyncio.to_thread(access.hash_pin, pin)
        await self._book.write(book.PinChanged(initials=initials, pin=kept, by=by))
        return None

    async def change_role(self, initials: str, role: Role, by: By) -> Refusal | None:
        """Give a person another role."""
        people = self._book.people
        refusal = access.refuse_act(people, by, Act.MANAGE_PEOPLE)
        if refusal := refusal or access.refuse_role(people, initials, role):
            return refusal
        await self._book.write(book.RoleChanged(initials=initials, role=role, by=by))
        return None

    async def remove(self, initials: str, by: By) -> Refusal | None:
        """Remove a person; her name stays on all she did."""
        people = self._book.people
        refusal = access.refuse_act(people, by, Act.MANAGE_PEOPLE)
        if refusal := refusal or access.refuse_removal(people, initials):
            return refusal
        await self._book.write(book.StaffRemoved(initials=initials, by=by))
        return None
