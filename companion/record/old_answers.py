"""What staff are told before and after the answers of old sessions are deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from companion.moment import Instant
from companion.words.staff import StaffWords

if TYPE_CHECKING:
    from companion.journal.retention import Outlived

_DAY = 86_400.0


def old_answers_told(
    sessions: "Sequence[Outlived]", keep_days: int | None, now: Instant, words: StaffWords
) -> str:
    """How many sessions are older than the clinic's rule, as a question; or that there is none.
    The day it reckons from is named, so that a wrong clock is seen."""
    if keep_days is None:
        return words.all_answers_kept
    if not sessions:
        return words.no_old_answers.format(days=keep_days)
    before = datetime.fromtimestamp(now.wall - keep_days * _DAY).astimezone()
    return words.ask_delete_answers.format(
        sessions=_counted(sessions, words), days=keep_days, date=f"{before:%Y-%m-%d}"
    )


def deleted_told(sessions: "Sequence[Outlived]", words: StaffWords) -> str:
    """That the answers of `sessions` are gone."""
    return words.answers_deleted.format(sessions=_counted(sessions, words))


def _counted(sessions: "Sequence[Outlived]", words: StaffWords) -> str:
    one = len(sessions) == 1
    return words.one_session if one else words.many_sessions.format(count=len(sessions))
