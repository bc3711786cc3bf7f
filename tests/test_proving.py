"""The record is proved while the program runs, and what is wrong is told and written down once."""

import asyncio
import threading
from pathlib import Path

import pytest
from cells import text
from past_stage import EARLIER, past_stage
from staff_stage import RECORD, WORDS, tap
from test_ui_history import open_session

from companion.journal.log import Log
from companion.moment import SimulatedClock
from companion.record import proving
from companion.record.proving import Proving
from companion.session.book import STREAM, FlawFound


def meddle(home: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(home / "journal.db", isolation_level=None)
    connection.execute("DROP TRIGGER event_is_fixed")
    connection.execute("UPDATE event SET wall = 1 WHERE seq = 5")
    connection.close()


class Book:
    """The tablet's book, and what was told."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.told: list[FlawFound | None] = []

    async def write(self, flaw: FlawFound) -> None:
        seq = self.log.last_seq(STREAM) + 1
        self.log.append(STREAM, seq, SimulatedClock().now(), [flaw])

    def proving(self, home: Path) -> Proving:
        return Proving(home / "journal.db", self.log.read(STREAM), self.told.append, self.write)


async def test_a_whole_record_is_told_as_whole(tmp_path: Path) -> None:
    async with past_stage(tmp_path) as stage:
        book = Book(stage.log)
        await book.proving(tmp_path).prove()
        assert book.told == [None]
        assert stage.log.read(STREAM) == ()


async def test_what_is_wrong_is_told_each_time_and_written_down_once(tmp_path: Path) -> None:
    async with past_stage(tmp_path) as stage:
        meddle(tmp_path)
        book = Book(stage.log)
        flaw = FlawFound(stream=EARLIER, seq=5, flaw="changed")
        await book.proving(tmp_path).prove()
        again = book.proving(tmp_path)  # as after a restart
        await again.prove()
        await again.prove()
        assert book.told == [flaw, flaw, flaw]
        assert [one.event for one in stage.log.read(STREAM)] == [flaw]


async def test_staff_read_it_on_the_first_screen_and_in_the_session(tmp_path: Path) -> None:
    async with past_stage(tmp_path) as stage:
        stage.desk.flaw = FlawFound(stream=EARLIER, seq=5, flaw="changed")
        await stage.pass_time(61.0)
        assert WORDS.record_not_whole in " ".join(text(stage.app).split()).lower()
        await open_session(stage)
        told = RECORD.not_whole.format(seq=5, flaw=RECORD.flaws["changed"])
        assert told in " ".join(text(stage.app).split())
        await tap(stage, WORDS.back)


async def test_an_end_does_not_wait_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It rests for an hour between two readings, and is done all the same."""
    async with past_stage(tmp_path, sessions=12) as stage:
        monkeypatch.setattr(proving, "_BREATH", 3600.0)
        book, begun, over = Book(stage.log), threading.Event(), threading.Event()
        works = book.proving(tmp_path)
        first = works._first

        def watched(stop: threading.Event) -> FlawFound | None:
            begun.set()
            try:
                return first(stop)
            finally:
                over.set()

        monkeypatch.setattr(works, "_first", watched)
        running = asyncio.ensure_future(works.run(at_rest=0.0))
        await asyncio.to_thread(begun.wait)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await asyncio.to_thread(over.wait)
        assert book.told == []


async def test_a_journal_that_cannot_be_opened_is_left_to_others(tmp_path: Path) -> None:
    told: list[FlawFound | None] = []

    async def write(flaw: FlawFound) -> None:
        raise AssertionError(flaw)

    (tmp_path / "journal.db").write_bytes(b"")
    await Proving(tmp_path / "journal.db", (), told.append, write).prove()
    assert told == [None]
