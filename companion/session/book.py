"""What happened to the tablet itself, apart from any session: its staff, its content, its sound.

The tablet's book is a stream like a session's, kept under the name `STREAM`. Its events carry no
time of their own: the moment that the journal keeps with each is enough.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from companion.session.events import By, happening

STREAM = "tablet"
"""The stream of the tablet's own book. Every other stream is a session."""


class Role(StrEnum):
    """What somebody is here for. Each role may do all that the one before it may."""

    NURSE = "nurse"
    CURATOR = "curator"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class PinHash:
    """A PIN as scrypt leaves it. `salt` and `hash` are hexadecimal; `n`, `r`, `p` are its cost."""

    salt: str
    hash: str
    n: int
    r: int
    p: int


class Kind(StrEnum):
    """What is read and accepted before a patient hears it."""

    PLAYLIST = "playlist"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a playlist or script, its sounds included."""

    kind: Kind
    stem: str
    """Of its file."""
    hash: str
    """SHA-256 of the YAML and of every sound that plays, in hex."""


@happening
class StaffAdded:
    """`by` is None for the very first lead, whom nobody could add. `sealed`: it is no person but
    the emergency PIN, drawn by the program and sealed in an envelope."""

    initials: str
    role: Role
    pin: PinHash
    by: By | None = None
    sealed: bool = False


@happening
class PinChanged:
    initials: str
    pin: PinHash
    by: By | None = None


@happening
class RoleChanged:
    initials: str
    role: Role
    by: By | None = None


@happening
class StaffRemoved:
    initials: str
    by: By | None = None


@happening
class PinTried:
    """Written before the PIN is looked at, so that pulling the plug does not undo the attempt."""

    initials: str


@happening
class PinAccepted:
    """`sealed`: it was the emergency PIN."""

    initials: str
    sealed: bool = False


@happening
class PinRefused:
    initials: str


@happening
class Locked:
    """What `initials` had unlocked was locked again."""

    initials: str
    why: str


@happening
class FileSetAside:
    """A file that could not be used was renamed to `name`, and a new one begun.

    Without a `name` there was no file left to rename: a journal is gone.

    Of a journal, `recovered` is how many events were read from it again and `lost` how many are
    known to be missing; None and 0 of any other file.
    """

    name: str
    recovered: int | None = None
    lost: int = 0
    private_lost: int = 0
    """Answers and words that are not there although their events are."""
    more_lost: bool = False
    """Parts of the file could not be read at all: more may be missing."""


@happening
class CalledWithoutSession:
    """Somebody called while the record no longer told whether a session was under way."""


@happening
class EntryLost:
    """Here stood an entry that could not be read again when the journal was damaged."""


@happening
class Calibrated:
    """The reference noise, played on `output` at `level` dB, read `reading` dB(A) on a meter.

    `volume` is the system's own in per cent, None where nobody knew it.
    """

    output: str
    level: float
    reading: float
    by: By
    volume: int | None = None


@happening
class Checked:
    """`by` did the morning check. `found` names each subject that was not well, the worst first;
    `heard`: whether she heard the tone, None where there was no sound to hear."""

    by: By
    found: tuple[str, ...] = ()
    heard: bool | None = None


@happening
class ContentSaved:
    """`by` wrote this version through the program: she is its author."""

    version: Version
    by: By


@happening
class ContentReviewed:
    """`by` read this version and accepted it. A `reason` is given by a lead who is alone here and
    accepts what she wrote herself."""

    version: Version
    by: By
    reason: str = ""


@happening
class ReviewTakenIn:
    """This version was accepted on another tablet, by `who` at `wall` (seconds since 1970 UTC);
    `by` brought the review here."""

    version: Version
    who: str
    wall: float
    by: By
    reason: str = ""


@happening
class ReviewWaived:
    """This home is a demonstration's: what lies in it is offered as it is."""


@happening
class FlawFound:
    """Event `seq` of `stream` is not as it was written: `flaw` says what is wrong with it."""

    stream: str
    seq: int
    flaw: str


@happening
class BackedUp:
    """All that is kept here was copied to `place`. `by` is None where it was done at a shell."""

    place: str
    by: By | None = None


@happening
class Restored:
    """All that is kept here came from the copy of `day`."""

    day: str


@happening
class SealingKeyMade:
    """`key` is public: what is sealed to it only the private one on paper opens. Nothing is
    sealed to it before somebody proved that she holds the paper."""

    key: str
    by: By


@happening
class SealingKeyProved:
    """Somebody gave the private key from the paper, and it fits: from now on `key` is in use."""

    key: str
    by: By


@happening
class AnswersDeleted:
    """What the patient of `session` had said herself (her code, answers and words, `count` of
    them) was deleted. Keeping this event deletes it, in the same step.

    `by` is None where it was done at a shell by the clinic's rule, `keep_days`.
    """

    session: str
    count: int
    keep_days: int
    by: By | None = None


BookEvent = (
    StaffAdded
    | PinChanged
    | RoleChanged
    | StaffRemoved
    | PinTried
    | PinAccepted
    | PinRefused
    | Locked
    | FileSetAside
    | CalledWithoutSession
    | EntryLost
    | Calibrated
    | Checked
    | ContentSaved
    | ContentReviewed
    | ReviewTakenIn
    | ReviewWaived
    | FlawFound
    | BackedUp
    | Restored
    | SealingKeyMade
    | SealingKeyProved
    | AnswersDeleted
)

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(BookEvent)}
"""Every kind of event in the book by the name that the journal keeps. A name, once used, stays."""
