"""What the commands tell of the record, and how they change staff: the journal at a shell."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from companion import access
from companion.journal.chain import short
from companion.journal.export import Format, write_export
from companion.journal.export import export as pieces
from companion.journal.history import SessionLine
from companion.journal.history import sessions as all_sessions
from companion.journal.log import Log
from companion.journal.schema import JournalUnusable, read_journal
from companion.journal.sealing import BadKey, opener
from companion.journal.writer import Writer
from companion.moment import SystemClock
from companion.processes import locks
from companion.record import keeping
from companion.review.review import Reviews, replay
from companion.session import book
from companion.words import staff_words

RUNNING = "Companion runs in this home. End the day there first."


@contextmanager
def _log(
    home: Path, open_sealed: Callable[[bytes], str | None] = lambda sealed: None
) -> Iterator[Log | None]:
    """The journal of `home`; None where nothing has been kept yet. Raises OSError."""
    path = home / keeping.JOURNAL
    if not path.exists():
        yield None
        return
    try:
        connection = read_journal(path)
    except JournalUnusable as error:
        raise OSError(str(error)) from None
    try:
        yield Log(connection, open_sealed=open_sealed)
    finally:
        connection.close()


def session_lines(home: Path) -> list[str]:
    """One line a session, the latest last."""
    with _log(home) as log:
        told = () if log is None else all_sessions(log)
    return [_line(one) for one in told] or ["No session yet."]


def session_names(home: Path) -> tuple[str, ...]:
    """The streams of all sessions, in the order in which they began."""
    with _log(home) as log:
        streams = () if log is None else log.streams()
    return tuple(stream for stream in streams if stream != book.STREAM)


def _line(one: SessionLine) -> str:
    began = datetime.fromtimestamp(one.began).astimezone()
    minutes = "not started" if one.minutes is None else f"{one.minutes:.0f} min"
    calls = f"{one.calls} call{'s' * (one.calls != 1)}"
    closed = f"closed {short(one.head)}" if one.closed else "open"
    void = "" if one.void_by is None else f"  void ({one.void_by})"
    return (
        f"{began:%Y-%m-%d %H:%M}  {one.room}  {one.nurse}  {one.protocol}  {minutes}  "
        f"{calls}  {one.answered} answered, {one.skipped} skipped  {closed}{void}"
    )


def export(home: Path, form: str, to: Path | None, key: str | None = None) -> tuple[str, int]:
    """The export as text, written to `to` instead where that is given; and how much in it stays
    sealed, though opened with the private `key`, if there is one. Raises OSError."""
    left = 0

    def open_sealed(sealed: bytes) -> str | None:
        nonlocal left
        opened = opening(sealed)
        left += opened is None
        return opened

    try:
        opening = opener(key) if key is not None else lambda sealed: None
    except BadKey as error:
        raise OSError(str(error)) from None
    with _log(home, open_sealed) as log:
        if log is None:
            return "", 0
        if to is None:
            return "".join(pieces(log, Format(form))), left
        write_export(log, Format(form), to)
        return "", left


def staff_lines(home: Path) -> list[str]:
    """One line a person."""
    with _log(home) as log:
        people = access.People() if log is None else access.replay(log.read(book.STREAM))
    told = [
        f"{one.initials:<5} {one.role}{', emergency PIN' if one.sealed else ''}"
        for one in people.staff
    ]
    return told or ["Nobody yet."]


def reviews(home: Path) -> Reviews:
    """Every review of playlists and scripts. Raises OSError."""
    with _log(home) as log:
        return Reviews() if log is None else replay(log.read(book.STREAM))


def change_staff(home: Path, act: str, initials: str, role: str, pin: str) -> str | None:
    """Add (`add`), give a PIN (`pin`) or remove (`remove`); why not, in a sentence.

    It is for whoever keeps the tablet, so it asks for no PIN and is recorded without a name.
    Raises OSError.
    """
    with _own_journal(home) as writer:
        if writer is None:
            return RUNNING
        people = access.replay(writer.read(book.STREAM))
        outcome = _CHANGES[act](people, initials, role, pin)
        if isinstance(outcome, access.Refusal):
            return staff_words("en").staff_refused[outcome]
        _append(writer, outcome)
        return None


def waive_review(home: Path) -> None:
    """Say in the book that `home` is a demonstration's: all that lies in it is offered unread.
    Raises OSError."""
    with _own_journal(home) as writer:
        if writer is None:
            raise OSError(RUNNING)
        _append(writer, book.ReviewWaived())


def note_backup(home: Path, place: str) -> None:
    """Say in the book that all was copied to `place`. While Companion runs there it is left to
    whoever touched the screen. Raises OSError."""
    with _own_journal(home) as writer:
        if writer is not None:
            _append(writer, book.BackedUp(place=place))


@contextmanager
def _own_journal(home: Path) -> Iterator[Writer | None]:
    """The journal of `home` to write to, with what waited beside it merged; None while Companion
    runs there. Raises OSError."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = locks.take(home / "companion.lock")
    if lock is None:
        yield None
        return
    try:
        with keeping.readable_journal(home) as writer:
            yield writer
    finally:
        os.close(lock)


def _append(writer: Writer, event: book.BookEvent) -> None:
    """Keep `event` after all that is in the book. Raises OSError where the journal cannot be
    written: then it waits beside it."""
    place = len(writer.read(book.STREAM)) + 1
    if not writer.keep(book.STREAM, place, SystemClock().now(), (event,)):
        raise OSError("The journal cannot be written now; what was done waits beside it.")


_Outcome = access.Refusal | book.BookEvent


def _added(people: access.People, initials: str, role: str, pin: str) -> _Outcome:
    as_role = book.Role(role)
    return (
        access.refuse_addition(people, initials, as_role)
        or access.refuse_pin(pin)
        or book.StaffAdded(initials=initials, role=as_role, pin=access.hash_pin(pin))
    )


def _new_pin(people: access.People, initials: str, _role: str, pin: str) -> _Outcome:
    if people.find(initials) is None:
        return access.Refusal.UNKNOWN
    return access.refuse_pin(pin) or book.PinChanged(initials=initials, pin=access.hash_pin(pin))


def _removed(people: access.People, initials: str, _role: str, _pin: str) -> _Outcome:
    return access.refuse_removal(people, initials) or book.StaffRemoved(initials=initials)


_CHANGES: dict[str, Callable[[access.People, str, str, str], Any]] = {
    "add": _added,
    "pin": _new_pin,
    "remove": _removed,
}
