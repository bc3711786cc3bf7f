"""Putting away: a session is sealed at its close, a later one in its turn, and a fault is told."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from at_rest import files_with
from journal_samples import MK, Place
from test_journal_sealing import CODE, WORDS, counts, session, use_key

from companion.moment import SimulatedClock
from companion.record import putting_away
from companion.record.putting_away import PuttingAway
from companion.session import events


class Tablet:
    """A journal with its writer, and whether a session is open on it."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder)
        self.clock = SimulatedClock()
        self.writer = self.place.writer()
        self.open = False
        self.told: list[bool] = []
        self.away = PuttingAway(self.clock, self.writer, lambda: self.open, self.told.append)

    @property
    def kept(self) -> tuple[int, int]:
        return counts(self.place.log)


@pytest.fixture
def tablet(tmp_path: Path) -> Tablet:
    return Tablet(tmp_path)


@asynccontextmanager
async def running(tablet: Tablet) -> AsyncIterator[None]:
    task = asyncio.ensure_future(tablet.away.run())
    yield
    task.cancel()


async def until(true) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.005)


async def test_what_rests_is_sealed_and_its_bytes_gone(tablet: Tablet, tmp_path: Path) -> None:
    use_key(tablet.place.log)
    session(tablet.place.log, "s")
    await tablet.away.once()
    assert (tablet.kept, tablet.told) == ((0, 4), [True])
    assert files_with(tmp_path, [WORDS, CODE]) == {}


async def test_without_a_key_all_stays_and_all_is_well(tablet: Tablet) -> None:
    session(tablet.place.log, "s")
    await tablet.away.once()
    assert (tablet.kept, tablet.told) == ((4, 0), [True])


async def test_nothing_happens_while_a_session_is_open(tablet: Tablet) -> None:
    use_key(tablet.place.log)
    session(tablet.place.log, "s")
    tablet.open = True
    await tablet.away.once()
    assert (tablet.kept, tablet.told) == ((4, 0), [])


async def test_the_close_of_a_session_is_enough(tablet: Tablet) -> None:
    use_key(tablet.place.log)
    session(tablet.place.log, "s", closed=False)
    async with running(tablet):
        await until(lambda: tablet.told)
        assert tablet.kept == (4, 0)
        tablet.away.look(object())
        closed = events.SessionClosed(at=3200.0, by=MK)
        await tablet.writer.append("s", 5, tablet.clock.now(), [closed])
        tablet.away.look(None)
        await until(lambda: len(tablet.told) > 1)
        assert tablet.kept == (0, 4)


async def test_it_comes_round_by_itself(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(putting_away, "_EVERY", 0.01)
    use_key(tablet.place.log)
    async with running(tablet):
        await until(lambda: tablet.told)
        session(tablet.place.log, "s")
        await until(lambda: tablet.kept == (0, 4))


async def test_a_disk_that_fails_is_told_and_tried_again(tablet: Tablet) -> None:
    use_key(tablet.place.log)
    session(tablet.place.log, "s")
    tablet.place.disk.fails_at = "BEGIN"
    await tablet.away.once()
    assert (tablet.kept, tablet.told) == ((4, 0), [False])
    tablet.place.disk.fails_at = None
    await tablet.away.once()
    assert (tablet.kept, tablet.told) == ((0, 4), [False, True])


async def test_a_session_that_cannot_be_read_is_told(tablet: Tablet, tmp_path: Path) -> None:
    use_key(tablet.place.log)
    session(tablet.place.log, "s")
    sqlite3.connect(tmp_path / "journal.db", isolation_level=None).execute(
        "UPDATE private SET body = '{}' WHERE seq = 1"
    )
    await tablet.away.once()
    assert (tablet.kept, tablet.told) == ((4, 0), [False])
