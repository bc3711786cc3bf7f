"""Every order that changed the sound, with the frame from which on it did: together with the
library, all that it takes to render the same bytes again."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from companion.session.wanted import Wanted
from companion.sound.finish import FinishOrder


class Want(msgspec.Struct, frozen=True, tag="want"):
    """The programme was to follow `wanted`. The frame counts what was rendered."""

    now: float
    """The session second of that frame."""
    wanted: Wanted


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """What the programme asked for as its `number`th from 0 was open. The frame counts what was
    rendered."""

    number: int


class Missed(msgspec.Struct, frozen=True, tag="missed"):
    """Nothing was ready: a block of silence was handed over in its place."""


class Found(msgspec.Struct, frozen=True, tag="found"):
    """An output was opened: what is handed over from this frame on is played."""


class Lost(msgspec.Struct, frozen=True, tag="lost"):
    """The output was gone: time goes on, and nothing is played."""


class Entry(msgspec.Struct, frozen=True):
    """One line."""

    frame: int
    """Counts what was handed over, unless the order says otherwise."""
    order: Want | Opened | Missed | Found | Lost | FinishOrder


Note = Callable[[int, Want | Opened | Missed | Found | Lost | FinishOrder], None]
"""Takes a frame and an order; for any thread."""


def no_note(frame: int, order: object) -> None:
    """Where nobody will render it again."""


class OrderLog:
    """A file of JSON lines."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def note(self, frame: int, order: object) -> None:
        """A `Note`: each line is written at once and whole."""
        os.write(self._file, msgspec.json.encode({"frame": frame, "order": order}) + b"\n")


def read_orders(path: Path) -> Iterator[Entry]:
    """The entries of a log. Raises OSError and msgspec.MsgspecError."""
    with path.open("rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line, type=Entry)
