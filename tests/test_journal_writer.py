"""The writer: nothing is lost while the disk fails, and all is in the journal once it does not."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from journal_samples import Place, answer, moment
from patience import PATIENCE

from companion.journal import keeper as keeper_file
from companion.journal.log import Log, Misplaced


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(keeper_file, "_PAUSE", 0.0)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


async def test_an_awaited_append_is_in_the_file(place):
    writer = place.writer()
    assert await writer.append("s", 1, moment(), [answer(1), answer(2)])
    outside = Log(sqlite3.connect(place.journal))
    assert [kept.event.value for kept in outside.read("s")] == [1, 2]
    assert place.heard == []
    assert not place.fallback.exists()
    assert writer.close()


async def test_appends_handed_in_without_waiting_keep_their_order(place):
    writer = place.writer()
    futures = [writer.submit("s", n, moment(), [answer(n % 11)]) for n in range(1, 51)]
    assert await asyncio.gather(*futures) == [True] * 50
    assert place.values() == [n % 11 for n in range(1, 51)]


async def test_a_cancelled_caller_loses_nothing(place):
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, said: complaints.append(said))
    writer = place.writer()
    held = threading.Event()
    blocked = asyncio.ensure_future(writer.ask(lambda _: held.wait(PATIENCE)))
    waiting = asyncio.ensure_future(writer.append("s", 1, moment(), [answer(1)]))
    await asyncio.sleep(0)
    dropped = writer.submit("s", 2, moment(), [answer(2)])
    waiting.cancel()
    dropped.cancel()
    held.set()
    await blocked
    assert await writer.append("s", 3, moment(), [answer(3)])
    assert place.values() == [1, 2, 3]
    assert complaints == []


async def test_a_passing_fault_is_retried_and_nobody_is_told(place):
    writer = place.writer()
    place.disk.fails_at, place.disk.times = "COMMIT", 3
    assert await writer.append("s", 1, moment(), [answer(1)])
    assert place.values() == [1]
    assert place.heard == []
    assert not place.fallback.exists()


@pytest.mark.parametrize("fails_at", ["BEGIN", "INSERT INTO private", "COMMIT"])
async def test_while_the_disk_fails_events_wait_in_order_and_then_all_are_kept(place, fails_at):
    writer = place.writer()
    assert await writer.append("s", 1, moment(), [answer(1)])
    place.disk.fails_at = fails_at
    assert not await writer.append("s", 2, moment(), [answer(2)])
    assert not await writer.append("t", 1, moment(), [answer(5)])
    assert not await writer.append("s", 3, moment(), [answer(3)])
    assert not await writer.retry()
    assert place.heard == [False]
    assert [kept.event.value for kept in writer.read("s")] == [1, 2, 3]
    assert writer.latest_session() == "s"
    place.disk.fails_at = None
    assert place.values() == [1]
    assert await writer.append("s", 4, moment(), [answer(4)])
    assert place.heard == [False, True]
    assert place.values() == [1, 2, 3, 4]
    assert place.values("t") == [5]
    assert place.fallback.read_bytes() == b""
    assert await writer.append("s", 5, moment(), [answer(6)])
    assert place.heard == [False, True]


async def test_the_minute_s_retry_is_enough(place):
    writer = place.writer()
    place.disk.fails_at = "COMMIT"
    await writer.append("s", 1, moment(), [answer(1)])
    place.disk.fails_at = None
    assert await writer.retry()
    assert place.heard == [False, True]
    assert place.values() == [1]


async def test_an_event_without_a_place_goes_to_its_caller_and_does_not_stay_in_the_way(place):
    writer = place.writer()
    with pytest.raises(Misplaced):
        await writer.append("s", 7, moment(), [answer(1)])
    assert await writer.append("s", 1, moment(), [answer(1)])
    assert place.heard == []


async def test_the_log_can_be_asked_and_marked_between_writes(place):
    writer = place.writer()
    await writer.append("s", 1, moment(), [answer(1)])
    assert await writer.ask(lambda log: log.streams()) == ("s",)
    await writer.ask(lambda log: log.mark_alive("s", moment(5.0)))
    assert await writer.ask(lambda log: log.alive("s")) == moment(5.0)
    assert writer.latest_session() == "s"
    with pytest.raises(ZeroDivisionError):
        await writer.ask(lambda log: 1 // 0)


@pytest.mark.parametrize("gone", ["", "-wal"])
async def test_a_journal_taken_away_under_us_is_written_once_more(place, gone):
    writer = place.writer()
    assert await writer.append("s", 1, moment(), [answer(1)])
    place.journal.with_name(place.journal.name + gone).unlink()
    assert await writer.append("s", 2, moment(), [answer(2)])
    assert [told.recovered for told in place.mended] == [1]
    assert place.on_disk("s") == [1, 2]


async def test_a_journal_replaced_by_another_is_found_by_the_retry(place):
    writer = place.writer()
    assert await writer.append("s", 1, moment(), [answer(1)])
    place.journal.rename(place.journal.with_name("moved.db"))
    place.journal.write_bytes(b"not ours")
    assert await writer.retry()
    (told,) = place.mended
    assert place.journal.with_name(told.name).read_bytes() == b"not ours"
    assert place.on_disk("s") == [1]


def test_a_loop_that_is_gone_does_not_disturb_the_writer(place):
    writer = place.writer()
    held = threading.Event()

    async def leave():
        writer.submit("s", 1, moment(), [answer(1)])
        holding = asyncio.ensure_future(writer.ask(lambda _: held.wait(PATIENCE)))
        writer.submit("s", 2, moment(), [answer(2)])
        await asyncio.sleep(0)
        return holding

    loop = asyncio.new_event_loop()
    holding = loop.run_until_complete(leave())
    loop.close()
    held.set()
    assert writer.close(10)
    assert place.values() == [1, 2]
    assert not holding.done()


def test_a_hanging_disk_does_not_hold_up_the_end_of_the_program():
    code = (
        "import threading; from companion.journal.one_thread import OneThread\n"
        "thread = OneThread('journal'); thread.submit(threading.Event().wait)\n"
        "assert not thread.close(0.01); print('left')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert ended.stdout == "left\n"
