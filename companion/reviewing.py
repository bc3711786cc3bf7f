"""What lies in the library of this tablet, who accepted it, and what may be offered of it.

Reading and copying may take as long as a disk takes: what does so is called in a thread.
"""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from companion import review
from companion.access import Kept, People
from companion.review import Refusal
from companion.session.book import Kind, Version

if TYPE_CHECKING:
    from companion.library.check import Library
    from companion.library.offer import Offering, Standing
    from companion.library.playlists import PlaylistContent
    from companion.session.plan import Script

    Read = PlaylistContent | Script


class Reviewing:
    """The library as it lies there, held against the book."""

    def __init__(self, home: Path, records: Iterable[Kept]) -> None:
        self._home = home
        self.found: Library | None = None
        """All that lies there, read last, whoever accepted it; None: it is not read yet."""
        self.reviews = review.replay(records)
        self.standings: tuple[Standing, ...] = ()
        """How every playlist and script stands, once the library was read."""

    def fold(self, kept: Kept) -> None:
        """One more event of the tablet's book."""
        self.reviews = review.fold(self.reviews, kept)

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
        offered = self.offer_again()
        if clear:
            self._offering().clear(self.reviews.accepted, self.standings)
        return offered

    def offer_again(self) -> "Library":
        """What may be offered now of what was read last; slow."""
        assert self.found is not None, "nothing is offered before it is read"
        offer = self._offering().offer(self.found, self.reviews.accepted)
        self.standings = offer.standings
        return self.found if self.reviews.waived else offer.library

    def lies_there(self, kind: Kind, stem: str) -> Version | None:
        """Which version of a playlist or script lies there now; None: it cannot be used; slow."""
        return self._offering().lies_there(kind, stem)

    def refuse(self, people: People, version: Version, who: str, reason: str) -> Refusal | None:
        """Why `who` may not accept `version`; None: she may."""
        standing = self.of(version.kind, version.stem)
        if standing is None or standing.now != version:
            return Refusal.CHANGED
        return review.refuse(self.reviews, people, version, who, reason)

    def keep(self, version: Version) -> Refusal | None:
        """Copy this version, so that it can be offered whatever becomes of its files; slow."""
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
