"""Which versions of playlists and scripts somebody read and accepted: pure rules over the
tablet's book.

Whoever saved a version through the program is its author. A version that came about in any other
way has no known author, and anybody who may change the library may review it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from companion.access import Act, Kept, People, may
from companion.session.book import (
    ContentReviewed,
    ContentSaved,
    Kind,
    ReviewTakenIn,
    ReviewWaived,
    Version,
)


class Refusal(StrEnum):
    """Why a version is not accepted; `words` says it in a sentence."""

    AUTHOR = "author"
    """She wrote it, and somebody else here can review it."""
    REASON = "reason"
    """She wrote it and is alone here: she must say why she accepts it."""
    CHANGED = "changed"
    """What lies there now is another version than she read."""
    ACCEPTED = "accepted"
    NOT_KEPT = "not kept"
    """The disk does not take the copy that would be offered."""


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody read a version and accepted it."""

    version: Version
    who: str
    wall: float
    """When, in seconds since 1970 UTC."""
    reason: str = ""
    elsewhere: bool = False
    """It was done on another tablet, and brought here."""


@dataclass(frozen=True, slots=True)
class Reviews:
    """All that the book knows of versions."""

    accepted: Mapping[Version, Review] = field(default_factory=lambda: MappingProxyType({}))
    """The newest last."""
    authors: Mapping[Version, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    waived: bool = False
    """A demonstration: everything is offered as it is."""

    def newest(self, kind: Kind, stem: str) -> Review | None:
        """The review that was done last of this playlist or script."""
        newest_first = reversed(tuple(self.accepted.values()))
        return next((one for one in newest_first if _is_of(one.version, kind, stem)), None)


def _is_of(version: Version, kind: Kind, stem: str) -> bool:
    return (version.kind, version.stem) == (kind, stem)


def fold(reviews: Reviews, kept: Kept) -> Reviews:
    """`reviews` after one more event of the tablet's book. Other events change nothing.

    Saving once more what was accepted makes nobody its author: it is the same version.
    """
    match kept.event:
        case ContentSaved(version=version, by=by) if version not in reviews.accepted:
            authors = reviews.authors.get(version, frozenset()) | {by.who}
            known = MappingProxyType({**reviews.authors, version: authors})
            return replace(reviews, authors=known)
        case ContentReviewed(version=version, by=by, reason=reason):
            return _accept(reviews, Review(version, by.who, kept.moment.wall, reason))
        case ReviewTakenIn(version=version, who=who, wall=wall, reason=reason):
            return _accept(reviews, Review(version, who, wall, reason, elsewhere=True))
        case ReviewWaived():
            return replace(reviews, waived=True)
    return reviews


def _accept(reviews: Reviews, review: Review) -> Reviews:
    accepted = MappingProxyType({**reviews.accepted, review.version: review})
    return replace(reviews, accepted=accepted)


def replay(book: Iterable[Kept]) -> Reviews:
    """Every review, as the whole book tells it."""
    reviews = Reviews()
    for kept in book:
        reviews = fold(reviews, kept)
    return reviews


def refuse(
    reviews: Reviews, people: People, version: Version, who: str, reason: str
) -> Refusal | None:
    """Why `who`, who may change the library, may not accept `version`; None: she may.

    Whoever is the only one here that may change the library is a lead: there is always one.
    """
    if version in reviews.accepted:
        return Refusal.ACCEPTED
    if who not in reviews.authors.get(version, frozenset()):
        return None
    able = [person.initials for person in people.staff if may(person.role, Act.CURATE)]
    if able != [who]:
        return Refusal.AUTHOR
    return None if reason.strip() else Refusal.REASON
