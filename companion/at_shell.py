"""What the commands have in common that somebody of staff does at a shell: the desk of a home in
which Companion does not run, and a PIN."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from companion.access import Act, TryLater, Unlocked, Wrong
from companion.desk import Desk
from companion.journal.writer import Writer
from companion.moment import SystemClock
from companion.processes import locks
from companion.record import keeping
from companion.session.book import STREAM
from companion.session.events import By
from companion.session.state import Stage, replay
from companion.words import staff_words

_WORDS = staff_words("en")
FAULT, NOT_NOW = 1, 2


class Refused(Exception):  # noqa: N818 (it is what it says)
    """Raised where it cannot be done; says why in one plain sentence."""

    def __init__(self, told: str, code: int = FAULT) -> None:
        super().__init__(told)
        self.code = code
        """What the command exits with."""


@contextmanager
def journal_of(home: Path, running: str) -> Iterator[Writer]:
    """The journal of `home`, for this command alone. Raises Refused, by `running` while Companion
    runs there and in other words while a session is open, and OSError."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = locks.take(home / "companion.lock")
    if lock is None:
        raise Refused(running, NOT_NOW)
    try:
        with keeping.readable_journal(home) as writer:
            stream = writer.latest_session()
            state = stream and replay(record.event for record in writer.read(stream))
            if state and state.stage is not Stage.READY:
                raise Refused(_WORDS.refused["session open"], NOT_NOW)
            yield writer
    finally:
        os.close(lock)


@contextmanager
def desk_of(home: Path, running: str) -> Iterator[Desk]:
    """The desk of `home`. Raises what `journal_of` does."""
    with journal_of(home, running) as writer:
        yield desk_on(home, writer)


def desk_on(home: Path, writer: Writer) -> Desk:
    """The desk of `home` over its journal. Raises Refused where nobody works there yet."""
    kept, records = keeping.Kept(writer), writer.read(STREAM)
    clock = SystemClock()
    desk = Desk(home, clock, kept, kept, records=records, session_open=lambda: False)
    if not desk.staff:
        raise Refused("Nobody works here yet: `companion run` makes the first lead.")
    return desk


async def unlocked(desk: Desk, initials: str, pin: str, act: Act) -> By:
    """Whoever has these initials and this PIN, if she may do `act`. Raises Refused."""
    match await desk.staffing.unlock(initials, pin):
        case Unlocked(by=by) as found if found.may(act):
            return by
        case Unlocked():
            raise Refused(_WORDS.not_for_role.format(initials=initials))
        case Wrong():
            raise Refused(_WORDS.pin_wrong.format(initials=initials))
        case TryLater():
            raise Refused(_WORDS.later_minute.format(initials=initials))
