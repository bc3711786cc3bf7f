"""Every sentence that staff read of the record: earlier sessions, what happened, copies of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordWords:
    """One field a sentence; what stands in braces is filled in."""

    # what happened
    happened: Mapping[str, str]
    """What is told of an event besides `StaffWords.told`, by its kind."""
    booked: Mapping[str, str]
    """What is told of an event of the tablet's book, by its kind."""
    whats: Mapping[str, str]
    """By the value of `session.voiding.What`; an event by its kind as in `voidable`."""
    reasons: Mapping[str, str]
    """By the value of `session.voiding.Reason`."""
    voidable: Mapping[str, str]
    """What an event is called that can be marked as void, by its kind."""
    yes: str
    no: str
    emergency: str
    flaws: Mapping[str, str]
    """What is wrong with an event, by the value of `journal.wholeness.Flaw`."""

    # the doors to what concerns the tablet
    tablet: str
    ask_door: str

    # earlier sessions
    history: str
    ask_session: str
    no_session: str
    session_line: str
    session_minutes: str
    not_started: str
    void: str
    session_title: str
    head: str
    event_line: str
    event_line_void: str
    earlier: str
    later: str
    mark_void: str
    ask_void: str
    ask_why: str
    whole_session: str
    whole_rating: str
    nothing_to_void: str
    is_void: str
    not_whole: str

    # copies
    copy_to_stick: str
    copy_says: str
    copying: str
    copied: str
    copy_failed: str
    copy_again: str
    sure_copy: str
