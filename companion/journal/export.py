"""The record of all sessions for the clinic's own use: a table, or every event whole.

Both hold what is the patient's own, so the file is readable by its owner alone. The tablet's own
book, with its PIN hashes, is in neither.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import astuple, fields
from enum import StrEnum
from pathlib import Path

import msgspec

from companion.durable import sync_folder
from companion.journal.files import create_private
from companion.journal.log import Log, Recorded
from companion.journal.table import TableRow, Value, local_time, table
from companion.session.book import STREAM as BOOK
from companion.session.events import Voided
from companion.session.voiding import voids


class Format(StrEnum):
    """How the record is written."""

    CSV = "csv"
    JSON = "json"


def export(log: Log, form: Format) -> Iterator[str]:
    """The text of the export, in pieces. Raises what `Log.read` does."""
    streams = (log.read(stream) for stream in log.streams() if stream != BOOK)
    return _csv(streams) if form is Format.CSV else _json(log.tablet, streams)


def write_export(log: Log, form: Format, path: Path) -> None:
    """Write the export to `path`, which changes only when all is written. Raises `OSError`, and
    what `Log.read` does."""
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        with os.fdopen(create_private(part), "w", encoding="utf-8", newline="") as file:
            file.writelines(export(log, form))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _csv(streams: Iterable[tuple[Recorded, ...]]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(field.name for field in fields(TableRow))
    for stream in streams:
        writer.writerows([_cell(value) for value in astuple(row)] for row in table(stream))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _cell(value: Value) -> str:
    """`value` for a spreadsheet, which would run a text that begins like a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            risky = value[:1] in "\t\r\n" or value.lstrip()[:1] in tuple("=+-@|＝＋－＠")
            return f"'{value}" if value and risky else value
    return str(value)


def _json(tablet: str, streams: Iterable[tuple[Recorded, ...]]) -> Iterator[str]:
    yield f'{{"tablet": "{tablet}", "sessions": ['
    for number, stream in enumerate(streams):
        marks = voids([kept.event for kept in stream])
        events = [
            {
                "seq": kept.seq,
                "time": local_time(kept.moment.wall),
                "boot": kept.moment.boot,
                "boot_id": kept.moment.boot_id,
                "kind": type(kept.event).__name__,
                "event": kept.event,
                "digest": kept.digest,
                "void": _void(marks.get(kept.seq)),
            }
            for kept in stream
        ]
        session = msgspec.json.encode({"session": stream[0].stream, "events": events})
        yield (",\n" if number else "\n") + session.decode()
    yield "\n]}\n"


def _void(mark: Voided | None) -> dict[str, str] | None:
    """By whom and why it counts no more; None: it counts."""
    return None if mark is None else {"by": mark.by.who, "reason": mark.reason}
