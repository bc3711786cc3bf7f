"""A process killed while it writes: what it said was kept is there, once, without a gap."""

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from journal_samples import moment

from companion.journal.log import Log
from companion.journal.schema import open_journal

WRITER = """
import sys
from pathlib import Path
from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.session.events import Answered
sys.path.insert(0, sys.argv[2])
from journal_samples import moment
opened = open_journal(Path(sys.argv[1]))
assert opened.set_aside is None
log = Log(opened.connection)
n = log.last_seq("s")
while True:
    pair = [Answered(at=float(n + k), when="after", question="mood", value=7) for k in (1, 2)]
    log.append("s", n + 1, moment(), pair)
    n += 2
    print(n, flush=True)
"""


def killed_while_writing(path: Path, rng: random.Random) -> int:
    """Start a writer, kill it a random time after its first word; the last it acknowledged."""
    here = str(Path(__file__).parent)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), here], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    time.sleep(rng.uniform(0, 0.1))
    process.kill()
    said += process.stdout.read()
    process.wait()
    whole = said[: said.rfind("\n")].split()
    assert whole, "the writer said nothing"
    return int(whole[-1])


def check(path: Path, acknowledged: int) -> None:
    opened = open_journal(path)
    assert opened.set_aside is None
    kept = Log(opened.connection).read("s")
    opened.connection.close()
    assert len(kept) in (acknowledged, acknowledged + 2)
    assert [one.seq for one in kept] == list(range(1, len(kept) + 1))
    assert [one.event.at for one in kept] == [float(one.seq) for one in kept]
    assert all(one.event.value == 7 and one.moment == moment() for one in kept)


def kill_many(path: Path, times: int, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(times):
        check(path, killed_while_writing(path, rng))


def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path):
    kill_many(tmp_path / "journal.db", 15, seed=1)


def test_a_kill_while_the_journal_is_made_leaves_one_that_can_be_used(tmp_path):
    """Whatever was there goes aside; the next start has a journal."""
    making = (
        "import sys; from pathlib import Path; from companion.journal.schema import open_journal;"
        "print('now', flush=True); open_journal(Path(sys.argv[1])); sys.stdin.read()"
    )
    rng = random.Random(2)
    for n in range(6):
        path = tmp_path / str(n) / "journal.db"
        process = subprocess.Popen(
            [sys.executable, "-c", making, str(path)],
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.008))
        process.kill()
        process.communicate()
        connection = open_journal(path).connection
        assert connection.execute("SELECT count(*) FROM tablet").fetchone() == (1,)
        again = open_journal(path)
        assert again.set_aside is None
        assert isinstance(again.connection, sqlite3.Connection)


@pytest.mark.torture
def test_nothing_acknowledged_is_lost_by_hundreds_of_kills(tmp_path):
    for round_ in range(20):
        kill_many(tmp_path / str(round_) / "journal.db", 15, seed=100 + round_)
