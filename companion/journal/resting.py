"""What is done with a session once it rests: sealed where the clinic has a key, and its traces
in SQLite's log gone.

A session rests when it is closed and no rating of it waits for later today. Until then its private
bodies lie in the journal as they were written, because a restart needs them.
"""

from companion.journal.codec import UnknownKind, Unreadable
from companion.journal.history import waiting_ratings
from companion.journal.log import Log
from companion.journal.sealing import key_in_use, seal
from companion.journal.transaction import transaction
from companion.moment import Instant
from companion.session.state import Stage, replay


class NotSealed(Exception):  # noqa: N818 (it is what it says)
    """A session that cannot be read was left as it is."""


def seal_some(log: Log, now: Instant, at_most: int = 20) -> bool:
    """Seal sessions that rest at `now`; whether there may be more of them. The clinic may have no
    key: then nothing is sealed.

    In one step the private bodies of a session are sealed and the readable ones gone; a power cut
    leaves the one or the other. Raises `NotSealed` when all that is left cannot be read, and the
    connection's own errors.
    """
    key = key_in_use(log)
    if key is None:
        return False
    found = log.connection.execute("SELECT DISTINCT stream FROM private").fetchall()
    waiting = {one.stream for one in waiting_ratings(log, now)} if found else ()
    sealed = unreadable = 0
    for (stream,) in found:
        try:
            rests = stream not in waiting and _is_closed(log, stream)
        except (UnknownKind, Unreadable):
            unreadable += 1
            continue
        if rests:
            _seal(log, stream, key)
            sealed += 1
        if sealed == at_most:
            return True
    if unreadable:
        told = "1 session" if unreadable == 1 else f"{unreadable} sessions"
        raise NotSealed(f"not sealed because it cannot be read: {told}")
    return False


def _is_closed(log: Log, stream: str) -> bool:
    state = replay(kept.event for kept in log.read(stream))
    return state is None or state.stage is Stage.READY


def _seal(log: Log, stream: str, key: str) -> None:
    execute = log.connection.execute
    with transaction(log.connection):
        bodies = execute("SELECT seq, body FROM private WHERE stream = ?", (stream,)).fetchall()
        for seq, body in bodies:
            execute(
                "INSERT OR REPLACE INTO sealed (stream, seq, body) VALUES (?, ?, ?)",
                (stream, seq, seal(body, key)),
            )
        execute("DELETE FROM private WHERE stream = ?", (stream,))


def empty_wal(log: Log) -> bool:
    """Write SQLite's log into the journal's file and cut it to nothing: what was deleted stands
    there still. False while somebody else reads the journal: to be tried again."""
    (busy, *_) = log.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
