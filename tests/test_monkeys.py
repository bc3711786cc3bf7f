"""Monkeys at the whole app, with a real journal in a real home: no crash, nothing of what is the
staff's without an accepted PIN, the call bar on every screen of a session and at work at once.

    python -m pytest -m torture tests/test_monkeys.py -n 2 -s

lets 100 of them loose, `COMPANION_MONKEYS` or fewer, with 500 actions each.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from monkey import STAFF, Book, Monkey
from staff_home import clinic
from ui_stage import CODE, MK, USUAL, Stage, plan

from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.journal.writer import Writer
from companion.session import commands as c
from companion.session.book import STREAM
from companion.session.plan import Mode

SHORT, LONG = 60, 500
"""Actions of one monkey."""
LOOSE = int(os.environ.get("COMPANION_MONKEYS", "100"))
INTENTION = "zebra lullaby"
"""What an earlier patient wrote."""


@pytest.fixture(scope="module")
def covered() -> Iterator[Counter[str]]:
    """How often each screen stood there after an action."""
    counted: Counter[str] = Counter()
    yield counted
    print("\nscreens:", ", ".join(f"{name} {count}" for name, count in sorted(counted.items())))


@pytest.mark.parametrize("seed", range(3))
async def test_monkeys(tmp_path: Path, covered: Counter[str], seed: int) -> None:
    await let_loose(tmp_path, covered, seed, SHORT)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(100, 100 + LOOSE))
async def test_a_hundred_monkeys(tmp_path: Path, covered: Counter[str], seed: int) -> None:
    await let_loose(tmp_path, covered, seed, LONG)


async def let_loose(home: Path, covered: Counter[str], seed: int, actions: int) -> None:
    log = Log(open_journal(clinic(home) / "journal.db").connection)
    writer = Writer(log, home / "waiting.jsonl", lambda saved: None)
    keeping = Book(writer)
    stage = Stage(home, STAFF, keeping=keeping)
    for seq, record in enumerate(stage.book, start=1):
        log.append(STREAM, seq, record.moment, (record.event,))
    async with stage.app.run_test(size=USUAL, notifications=False, tooltips=False) as pilot:
        stage.pilot = pilot
        await stage.settle()
        await stage.desk.load()
        await an_earlier_patient(stage)
        monkey = Monkey(stage, seed, (CODE, "417 2038", INTENTION))
        if seed % 3:
            await stage.conductor.handle(c.PrepareSession(MK, "Room 2", plan(), "5724061"))
        for _ in range(actions):
            await monkey.act()
    covered.update(monkey.covered)
    assert stage.faults == []
    assert writer.close()


async def an_earlier_patient(stage: Stage) -> None:
    """She left a sentence and an answer; her session is closed."""
    await stage.do(
        c.PrepareSession(MK, "Room 2", plan(intention=True), CODE),
        c.AnswerHearing(True),
        c.ChooseMode(Mode.MUSIC),
        c.LeaveIntention(INTENTION),
        c.Rate("mood", 3),
        c.CloseSession(MK),
    )
