"""`companion retention`: how many old sessions still have a patient's answers, and their end."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from companion.at_shell import Refused, journal_of
from companion.config_loading import load_config
from companion.journal.log import Log
from companion.journal.resting import empty_wal
from companion.journal.retention import Outlived, outlived, tombstones
from companion.journal.writer import Writer
from companion.moment import SystemClock
from companion.record.old_answers import deleted_told, old_answers_told
from companion.session.book import STREAM
from companion.words import staff_words

_WORDS = staff_words("en")
_RUNNING = "Companion runs in this home. Delete on its screen: People, Old answers."
_TRACES = (
    "Somebody reads the journal, so traces of them stay in journal.db-wal until the next start."
)


def run(
    home: Path,
    sure: Callable[[str], bool],
    echo: Callable[[str], None],
    warn: Callable[[str], None],
) -> int:
    """Tell what the rule of `home` no longer keeps, and delete it once `sure` says yes to that;
    the exit code. Raises BadContent and OSError."""
    keep_days = load_config(home / "config.yaml").keep_days
    try:
        with journal_of(home, _RUNNING) as writer:
            return asyncio.run(_run(writer, keep_days, sure, echo))
    except Refused as refused:
        warn(str(refused))
        return refused.code


async def _run(
    writer: Writer,
    keep_days: int | None,
    sure: Callable[[str], bool],
    echo: Callable[[str], None],
) -> int:
    now = SystemClock().now()

    def find(log: Log) -> tuple[Outlived, ...]:
        return () if keep_days is None else outlived(log, keep_days, now)

    sessions = await writer.ask(find)
    told = old_answers_told(sessions, keep_days, now, _WORDS)
    if keep_days is None or not sessions:
        echo(told)
    elif sure(told):
        last = await writer.ask(lambda log: log.last_seq(STREAM))
        gone = tombstones(sessions, keep_days, None)
        if not await writer.append(STREAM, last + 1, now, gone):
            raise Refused("The journal cannot be written, so nothing was deleted yet.")
        echo(deleted_told(sessions, _WORDS))
        if not await writer.ask(empty_wal):
            echo(_TRACES)
    return 0
