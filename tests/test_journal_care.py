"""Who looks after the journal, and when."""

import asyncio

from companion.moment import SimulatedClock
from companion.record import journal_care
from companion.record.journal_care import JournalCare
from companion.session.book import FileSetAside

HOUR = 3600.0


class Journal:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.well = True

    async def retry(self) -> bool:
        self.done.append("retry")
        return self.well

    async def check(self) -> bool:
        self.done.append("check")
        return self.well


async def test_each_page_is_looked_at_once_a_day_and_never_in_a_session():
    clock, journal = SimulatedClock(), Journal()
    care = JournalCare(clock)
    for hours, session_open in ((0, False), (23, False), (2, True), (0, False), (1, False)):
        clock.advance(hours * HOUR)
        assert await care.tend(journal, session_open)
    assert journal.done == ["retry", "retry", "retry", "check", "retry"]
    clock.advance(24 * HOUR)
    await care.tend(journal, False)
    assert journal.done[-1] == "check"


async def test_what_was_set_aside_is_written_down_at_once(monkeypatch):
    care, journal = JournalCare(SimulatedClock()), Journal()
    written: list[FileSetAside] = []
    first, second = (FileSetAside(name=name, recovered=1) for name in ("one", "two"))

    async def write(told: FileSetAside) -> None:
        written.append(told)

    care.mended(first)
    running = asyncio.ensure_future(care.run(journal, write, lambda: False, lambda: None))
    while written != [first]:
        await asyncio.sleep(0)
    care.mended(second)
    while written != [first, second]:
        await asyncio.sleep(0)
    running.cancel()
    assert journal.done == ["retry"]


async def test_each_minute_it_is_tried_again_until_it_is_back(monkeypatch):
    monkeypatch.setattr(journal_care, "_MINUTE", 0.001)
    care, journal = JournalCare(SimulatedClock()), Journal()
    journal.well = False
    is_back = asyncio.Event()

    async def write(told: FileSetAside) -> None:
        raise AssertionError("nothing was set aside")

    running = asyncio.ensure_future(care.run(journal, write, lambda: True, is_back.set))
    while len(journal.done) < 3:
        await asyncio.sleep(0.001)
    assert not is_back.is_set()
    journal.well = True
    await asyncio.wait_for(is_back.wait(), 30.0)
    running.cancel()
    assert set(journal.done) == {"retry"}
