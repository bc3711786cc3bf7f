"""What staff must know of a damaged journal: a pure fold over the tablet's book."""

from dataclasses import dataclass, replace
from typing import Any, Protocol

from companion.moment import Instant, seconds_between
from companion.session.book import FileSetAside, PinAccepted, StaffAdded

_TOLD_FOR = 12 * 3600.0
"""Seconds after a journal was set aside in which it is told even though somebody has seen it."""


class Kept(Protocol):
    """An event as the journal gives it back."""

    @property
    def moment(self) -> Instant: ...
    @property
    def event(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class RecordLoss:
    """The newest journal that was set aside, and whether anybody of staff has come since."""

    told: FileSetAside
    moment: Instant
    seen: bool = False

    @property
    def asks_nurse(self) -> bool:
        """Whether a session may have been under way that nobody knows of any more."""
        return not self.seen and (self.told.lost > 0 or self.told.more_lost)

    def told_still(self, now: Instant) -> bool:
        """Whether the ready screen tells of it: until somebody has seen it, and a while longer."""
        return not self.seen or seconds_between(self.moment, now)[0] < _TOLD_FOR


def fold(loss: RecordLoss | None, kept: Kept) -> RecordLoss | None:
    """`loss` after one more event of the book. Other events change nothing."""
    match kept.event:
        case FileSetAside(recovered=int()) as told:
            return RecordLoss(told, kept.moment)
        case PinAccepted() | StaffAdded():
            return None if loss is None else replace(loss, seen=True)
    return loss
