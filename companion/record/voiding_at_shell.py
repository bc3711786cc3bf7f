"""`companion void`: what counts no more in a closed session, marked at a shell."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from companion import access
from companion.access import Act
from companion.at_shell import Refused, desk_of, unlocked
from companion.desk import Desk
from companion.record.record import RUNNING, session_names
from companion.session import decide
from companion.session.voiding import Reason, Void, What
from companion.words import record_words, staff_words

_WORDS, _RECORD = staff_words("en"), record_words("en")

Ask = Callable[[], str]


def run(
    home: Path,
    session: str,
    event: int | None,
    rating: bool,
    reason: str,
    ask_initials: Ask,
    ask_pin: Ask,
) -> int:
    """Mark it for whoever gives her PIN; the exit code. `session` is the beginning of its name.
    Raises OSError."""
    what = What.RATING if rating else What.SESSION if event is None else What.EVENT
    try:
        stream = _named(home, session)
        with desk_of(home, RUNNING) as desk:
            asyncio.run(_void(desk, stream, what, event, Reason(reason), ask_initials, ask_pin))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return refused.code
    return 0


def _named(home: Path, session: str) -> str:
    found = [name for name in session_names(home) if name.startswith(session)]
    if len(found) != 1:
        how_many = "No session here has" if not found else "More than one session here has"
        raise Refused(f"{how_many} a name that begins with {session}.")
    return found[0]


async def _void(
    desk: Desk,
    stream: str,
    what: What,
    event: int | None,
    reason: Reason,
    ask_initials: Ask,
    ask_pin: Ask,
) -> None:
    by = await unlocked(desk, ask_initials(), ask_pin(), Act.READ_HISTORY)
    match await desk.past.void(stream, Void(what, reason, by, event)):
        case access.Refusal() as refusal:
            raise Refused(_WORDS.staff_refused[refusal])
        case decide.Refused(why=why):
            raise Refused(_WORDS.refused[why])
    marked = _RECORD.whats[what].format(seq=event)
    print(_RECORD.is_void.format(what=marked))
