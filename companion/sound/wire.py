"""What the sound process and its clients say to each other: one JSON object per line.

Every line names its `kind`, and its `version` unless that is 1. Growth is additive: fields that
a reader does not know are ignored, kinds it does not know are refused by name. Moments are
session seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from companion.session.plan import Phase
from companion.session.wanted import Wanted

VERSION = 1
LONGEST_LINE = 1 << 20
"""Bytes; whoever sends a longer line is no client of ours."""


class UnreadableLine(Exception):  # noqa: N818 (it is what it says)
    """A line that cannot be read; `kind` names it, as far as it has a name."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


# --- orders, from a client to the sound ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Want:
    """The newest desired state. `revision` only grows on one connection."""

    revision: int
    now: float
    """The session's time when this line was sent."""
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Adopt:
    """A new supervisor takes the sound over. Two descriptors travel with the line: the read end of
    its life pipe and, where it wants to hear a heartbeat, the write end of a pipe for that. The
    answer is `Adopted`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How is it going? The answer is `Status`."""


Order = Want | Adopt | Ask

# --- notices, from the sound to its clients ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrackStarted:
    title: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class TrackFailed:
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class SoundLost:
    why: str


@dataclass(frozen=True, slots=True)
class SoundFound:
    """Also said to each new client while sound is there."""

    output: str


@dataclass(frozen=True, slots=True)
class OutputChanged:
    """Sound now leaves by another output than before: headphones unplugged, a stream moved."""

    output: str


@dataclass(frozen=True, slots=True)
class SystemVolume:
    """What the system does to the sound after us, told when it changes and to each new client."""

    percent: int
    """100 passes it on as it is."""
    muted: bool


class Refused(msgspec.Struct, frozen=True, rename={"kind": "refused"}):
    """An order of this kind was not understood. (`kind` on the line is the notice's own.)"""

    kind: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """A duplicate of the listening descriptor travels with the line."""

    pid: int


@dataclass(frozen=True, slots=True)
class Status:
    revision: int
    """Of the newest `Want`; 0 before the first."""
    title: str
    """Of the track that sounds; empty when none does."""
    since: float
    """The session second at which it came in; 0 when none sounds."""
    peak: float
    """dBFS, the highest sample given to the output within the last second; never under -120."""
    reduction: float
    """dB (not above 0) by which the guard held the sound down at most within the last second."""
    starvations: int
    """How often the output found nothing to play."""
    output: str
    """Empty while there is none."""


Notice = (
    TrackStarted
    | TrackFailed
    | SoundLost
    | SoundFound
    | OutputChanged
    | SystemVolume
    | Refused
    | Adopted
    | Status
)

_ORDERS: Mapping[str, type[Order]] = {"want": Want, "adopt": Adopt, "ask": Ask}
_NOTICES: Mapping[str, type[Notice]] = {
    "track-started": TrackStarted,
    "track-failed": TrackFailed,
    "sound-lost": SoundLost,
    "sound-found": SoundFound,
    "output-changed": OutputChanged,
    "system-volume": SystemVolume,
    "refused": Refused,
    "adopted": Adopted,
    "status": Status,
}
_KINDS: Mapping[type[Order | Notice], str] = {
    **{kind: name for name, kind in _ORDERS.items()},
    **{kind: name for name, kind in _NOTICES.items()},
}


def encode(message: Order | Notice) -> bytes:
    """One line, newline included."""
    fields = msgspec.to_builtins(message)
    line = msgspec.json.encode({"version": VERSION, "kind": _KINDS[type(message)], **fields})
    return line + b"\n"


def decode_order(line: bytes) -> Order:
    """Raises UnreadableLine."""
    kind, fields = _open(line)
    return _read(kind, fields, _ORDERS)


def decode_notice(line: bytes) -> Notice:
    """Raises UnreadableLine."""
    kind, fields = _open(line)
    return _read(kind, fields, _NOTICES)


def _open(line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError:
        raise UnreadableLine("a line that is no JSON object") from None
    kind = str(fields.get("kind", "a line without a kind"))
    if fields.get("version", VERSION) != VERSION:
        raise UnreadableLine(f"{kind} of version {fields.get('version')}")
    return kind, fields


_T = TypeVar("_T")


def _read(kind: str, fields: dict[str, Any], kinds: Mapping[str, type[_T]]) -> _T:
    if kind not in kinds:
        raise UnreadableLine(kind)
    try:
        return msgspec.convert(fields, kinds[kind])
    except msgspec.ValidationError as error:
        raise UnreadableLine(f"{kind}: {error}") from None
