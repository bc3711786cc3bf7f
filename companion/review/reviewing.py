"""The shell of review: what lies in the library of this tablet, who wrote and accepted it, and what
may be offered of it.

Reading and copying may take as long as a disk takes, so both happen in a thread.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Protocol as Structural

from companion import access
from companion.access import Act
from companion.review import review
from companion.review import travel as review_travel
from companion.review.review import Refusal, Reviews
from companion.session import book
from companion.session.book import Kind, Version
from companion.session.events import By
from companion.tablet_book import TabletBook

if TYPE_CHECKING:
    from companion.library.check import Library
    from companion.library.offer import Offering, Standing
    from companion.library.playlists import PlaylistContent
    from companion.session.plan import Script

    Read = PlaylistContent | Script


class AtDesk(Structural):
    """What it needs of the desk."""

    async def load(self) -> None: ...
    def offer(self, library: "Library") -> None: ...


class Reviewing:
    """The library as it lies there, held against the book."""

    def __init__(self, home: Path, tablet_book: TabletBook, desk: AtDesk) -> None:
        self._home = home
        self._book = tablet_book
        self._desk = desk
        self.turn = asyncio.Lock()
        """Held by whoever reads the library or accepts something of it."""
        self.found: Library | None = None
        """All that lies there, read last, whoever accepted it; None: it is not read yet."""
        self.standings: tuple[Standing, ...] = ()
        """How every playlist and script stands, once the library was read."""

    @property
    def reviews(self) -> Reviews:
        """What was read and accepted, as the book tells."""
        return self._book.reviews

    @property
    def waiting(self) -> tuple["Standing", ...]:
        """What somebody should read; nothing of a demonstration."""
        return tuple(one for one in self.standings if one.waits and not self.reviews.waived)

    def of(self, kind: Kind, stem: str) -> "Standing | None":
        """How this playlist or script stands."""
        return next((one for one in self.standings if (one.kind, one.stem) == (kind, stem)), None)

    def offer(self, library: "Library", clear: bool) -> "Library":
        """What may be offered of `library`, which was just read; slow. With `clear`, copies that
        nothing refers to are removed: not while a session is open."""
        self.found = library
        self._offering().complete(library, self.reviews.accepted)
        offered = self._offer()
        if clear:
            self._offering().clear(self.reviews.accepted, self.standings)
        return offered

    def _offer(self) -> "Library":
        assert self.found is not None, "nothing is offered before it is read"
        offer = self._offering().offer(self.found, self.reviews.accepted)
        self.standings = offer.standings
        return self.found if self.reviews.waived else offer.library

    # --- what people do --------------------------------------------------------------------------

    async def accept(
        self, version: Version, by: By, reason: str = ""
    ) -> access.Refusal | Refusal | None:
        """Accept a version that `by` has read: from now on it is offered. It is copied first."""

        def refusal() -> access.Refusal | Refusal | None:
            return access.refuse_act(self._book.people, by, Act.CURATE) or self._refuse(
                version, by.who, reason
            )

        async with self.turn:
            kept = refusal() or await asyncio.to_thread(self._keep, version)
            if refused := kept or refusal():
                return refused
            await self._book.write(book.ContentReviewed(version=version, by=by, reason=reason))
            self._desk.offer(await asyncio.to_thread(self._offer))
        return None

    async def authored(self, kind: Kind, stem: str, by: By) -> None:
        """Write down that `by` wrote what lies there now, and read the library anew."""
        async with self.turn:
            version = await asyncio.to_thread(self._lies_there, kind, stem)
            if version is not None:
                await self._book.write(book.ContentSaved(version=version, by=by))
        await self._desk.load()

    async def take_in(self, folder: Path, by: By) -> access.Refusal | int:
        """Take in what another tablet gave in `folder`, and read the library anew; how many
        reviews are new here. Raises review_travel.Unreadable."""
        if refusal := access.refuse_act(self._book.people, by, Act.CURATE):
            return refusal
        told = await asyncio.to_thread(review_travel.read, folder)
        events = review_travel.taken_in(self.reviews, told, by)
        await self._book.write(*events)
        await self._desk.load()
        return sum(isinstance(event, book.ReviewTakenIn) for event in events)

    # --- what lies there, and what is offered of it ----------------------------------------------

    def _lies_there(self, kind: Kind, stem: str) -> Version | None:
        return self._offering().lies_there(kind, stem)

    def _refuse(self, version: Version, who: str, reason: str) -> Refusal | None:
        standing = self.of(version.kind, version.stem)
        if standing is None or standing.now != version:
            return Refusal.CHANGED
        return review.refuse(self.reviews, self._book.people, version, who, reason)

    def _keep(self, version: Version) -> Refusal | None:
        from companion.library.kept import Changed

        assert self.found is not None, "nothing is accepted before it is read"
        try:
            self._offering().keep(self.found, version)
        except Changed:
            return Refusal.CHANGED
        except OSError:
            return Refusal.NOT_KEPT
        return None

    async def contents(self, standing: "Standing") -> tuple["Read | None", "Read | None"]:
        """What was accepted last, if it can still be read, and what lies there now."""
        return await asyncio.to_thread(self._contents, standing)

    def _contents(self, standing: "Standing") -> tuple["Read | None", "Read | None"]:
        assert self.found is not None, "nothing is shown before it is read"
        here: Mapping[str, Read] = (
            self.found.playlists if standing.kind is Kind.PLAYLIST else self.found.scripts
        )
        newest = self.reviews.newest(standing.kind, standing.stem)
        before = None if newest is None else self._offering().earlier(newest.version)
        return before, here.get(standing.stem)

    def _offering(self) -> "Offering":
        from companion.library.offer import Offering

        return Offering(self._home)
