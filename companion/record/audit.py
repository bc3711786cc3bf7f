"""`companion audit`: who did what and when, and whether the record is as it was written.

It holds no patient's words and no code.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec

from companion.journal.chain import short
from companion.journal.codec import UnknownKind, Unreadable
from companion.journal.log import Log, Recorded
from companion.journal.schema import JournalUnusable, read_journal
from companion.journal.wholeness import Wrong, wrongs
from companion.record.event_told import book_event, session_event
from companion.record.keeping import JOURNAL
from companion.session.book import STREAM as BOOK
from companion.session.book import PinAccepted
from companion.session.events import By, SessionClosed
from companion.words import record_words, staff_words

_WORDS, _RECORD = staff_words("en"), record_words("en")

NOT_PROVED = (
    "The chain shows damage and accident. It does not prove that nobody changed the record on "
    "purpose: whoever can write the file can compute the chain anew, or take away the last events "
    "or a whole session. Only a head that was written on paper shows that: give it with --head."
)

_ID = 8
"""So many characters of a session's name tell it from the others on a screen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; None: it does not matter. `session` is the beginning of its name, or
    `book`."""

    session: str | None = None
    by: str | None = None
    since: date | None = None
    until: date | None = None
    head: str | None = None

    def wants(self, act: "Act") -> bool:
        """Whether `act` is among what is asked for."""
        day = datetime.fromisoformat(act.time).date()
        return (
            (self.by is None or act.who.casefold() == self.by.casefold())
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
        )

    def wants_stream(self, stream: str) -> bool:
        """Whether this stream is among what is asked for."""
        if self.session is None:
            return True
        if self.session == "book":
            return stream == BOOK
        return stream != BOOK and stream.startswith(self.session)


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did."""

    time: str
    """ISO 8601 with the offset to UTC."""
    session: str | None
    """None: it concerns the tablet itself."""
    seq: int
    who: str
    """Empty: the tablet itself, or somebody at a shell."""
    confirmed: bool
    """Whether her PIN confirmed it."""
    emergency: bool
    """Whether it was the emergency PIN."""
    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class Head:
    """The digest of the event that closed a session."""

    session: str
    seq: int
    time: str
    head: str


@dataclass(frozen=True, slots=True)
class Audit:
    """All that was asked for. `found` names the event of the head that was given."""

    events: int
    acts: tuple[Act, ...]
    heads: tuple[Head, ...]
    wrong: tuple[Wrong, ...]
    began: dict[str, str]
    """When each session began, by its name."""
    found: str | None
    asked_head: bool

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong, and the head that was given is there."""
        return not self.wrong and (self.found is not None or not self.asked_head)


def audit(home: Path, wish: Wish) -> Audit | None:
    """What the journal of `home` tells; None where nothing has been kept yet. Raises OSError."""
    path = home / JOURNAL
    if not path.exists():
        return None
    try:
        connection = read_journal(path)
    except JournalUnusable as error:
        raise OSError(str(error)) from None
    try:
        return _audit(Log(connection), wish)
    finally:
        connection.close()


def _audit(log: Log, wish: Wish) -> Audit:
    events = 0
    acts, heads, began = list[Act](), list[Head](), dict[str, str]()
    given = "".join((wish.head or "").split()).casefold()
    found = None
    for kept in _every(log):
        events += 1
        began.setdefault(kept.stream, _time(kept.moment.wall))
        if given and kept.digest.startswith(given):
            found = f"{_stream(kept.stream, began)}, event {kept.seq}: {_told(kept)}"
        if not wish.wants_stream(kept.stream):
            continue
        if isinstance(kept.event, SessionClosed):
            heads.append(Head(kept.stream, kept.seq, _time(kept.moment.wall), short(kept.digest)))
        act = _act(kept)
        if act is not None and wish.wants(act):
            acts.append(act)
    wrong = tuple(one for one in wrongs(log) if wish.wants_stream(one.stream))
    return Audit(events, tuple(acts), tuple(heads), wrong, began, found, bool(given))


def _every(log: Log) -> Iterator[Recorded]:
    """Every event that can be read, in the order of writing."""
    last = 0
    while kept := log.after(last, 500):
        for one in kept:
            last = one.number
            try:
                event = log.recorded(one.row).event
            except (UnknownKind, Unreadable):
                continue
            row = one.row
            yield Recorded(row.stream, row.seq, row.moment, event, digest=one.digest)


def _act(kept: Recorded) -> Act | None:
    """What a person did, and all that is in the tablet's own book; None: nobody did it."""
    event, in_book = kept.event, kept.stream == BOOK
    by: By | None = getattr(event, "by", None)
    if by is None and not in_book:
        return None
    who = by.who if by else str(getattr(event, "initials", ""))
    if by is None and type(event).__name__ not in _BY_HERSELF:
        who = ""
    accepted = isinstance(event, PinAccepted)
    confirmed = by.confirmed if by else accepted
    sealed = by.sealed if by else accepted and event.sealed
    return Act(
        time=_time(kept.moment.wall),
        session=None if in_book else kept.stream,
        seq=kept.seq,
        who=who,
        confirmed=confirmed,
        emergency=confirmed and sealed,
        kind=type(event).__name__,
        told=_told(kept),
    )


_BY_HERSELF = ("PinTried", "PinAccepted", "PinRefused", "Locked")
"""What somebody with these initials did, rather than what was done to her."""


def _told(kept: Recorded) -> str:
    tell = book_event if kept.stream == BOOK else session_event
    return tell(kept.event, _WORDS, _RECORD)


def _time(wall: float) -> str:
    return datetime.fromtimestamp(wall).astimezone().isoformat(timespec="seconds")


def _stream(stream: str, began: dict[str, str]) -> str:
    if stream == BOOK:
        return "the tablet's book"
    when = began.get(stream, "")[:16].replace("T", " ")
    return f"session {stream[:_ID]}{f' of {when}' if when else ''}"


# --- told ----------------------------------------------------------------------------------------


def as_json(found: Audit) -> str:
    """For a program to read."""
    wrong = [asdict(one) | {"told": wrong_told(one, found.began)} for one in found.wrong]
    told = {
        "whole": found.whole,
        "events": found.events,
        "first_wrong": wrong[0] if wrong else None,
        "wrong": wrong,
        "head_found": found.found if found.asked_head else None,
        "heads": [asdict(one) for one in found.heads],
        "acts": [asdict(one) for one in found.acts],
        "not_proved": NOT_PROVED,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1).decode()


def lines(found: Audit) -> Iterator[str]:
    """For a person to read."""
    for act in found.acts:
        yield _line(act)
    if not found.acts:
        yield "Nothing of that was done here."
    yield ""
    for head in found.heads:
        place = _stream(head.session, found.began)
        yield f"head of {place} at its close (event {head.seq}): {head.head}"
    if found.heads:
        yield ""
    if not found.wrong:
        yield f"The chain is whole: {found.events} event{'s' * (found.events != 1)}."
    for one in found.wrong:
        yield f"NOT WHOLE: {wrong_told(one, found.began)}"
    if found.asked_head:
        yield (
            f"The head that was given is here: {found.found}."
            if found.found
            else "NOT HERE: no event has the head that was given. The record is not the one that "
            "it was written down from, or a letter of it is wrong."
        )
    yield NOT_PROVED


def wrong_told(one: Wrong, began: dict[str, str]) -> str:
    """The first wrong event of a session, or of the tablet's book, in words."""
    place = _stream(one.stream, began)
    return f"{place}: event {one.seq} {_RECORD.flaws[one.flaw]}; what follows it proves nothing."


def _line(act: Act) -> str:
    when = act.time[:19].replace("T", " ")
    if act.who:
        pin = "with PIN" if act.confirmed else "without PIN"
        pin = _RECORD.emergency.upper() if act.emergency else pin
    else:
        pin = ""
    place = "book" if act.session is None else act.session[:_ID]
    return f"{when}  {act.who or '-':<4}  {pin:<13}  {place:<8}  {act.seq:>4}  {act.told}"
