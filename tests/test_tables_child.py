"""The tables of the soundscapes, made ahead: while the tablet rests, and never beside a session."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from companion.processes import tables_child
from companion.processes.tables_child import make_while_resting
from companion.sound.synthesis import tables_of


async def test_they_are_made_once_no_session_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = iter([False, False, True, False, True, True])
    stood: list[bool] = []

    def resting() -> bool:
        assert not tables_of(tmp_path).exists()
        stood.append(next(asked))
        return stood[-1]

    await make_while_resting(tmp_path, resting, rest=0)
    assert stood[-2:] == [True, True] and next(asked, None) is None
    assert list(tables_of(tmp_path).glob("*.table"))


async def test_it_ends_with_the_screen_that_wanted_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[asyncio.subprocess.Process] = []
    create = asyncio.create_subprocess_exec

    async def keep(*command: str, **where: int) -> asyncio.subprocess.Process:
        started.append(await create(*command, **where))
        return started[-1]

    monkeypatch.setattr(tables_child.asyncio, "create_subprocess_exec", keep)
    making = asyncio.create_task(make_while_resting(tmp_path, lambda: True, rest=0))
    while not started:
        await asyncio.sleep(0.01)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    await started[0].wait()


def test_a_child_whose_parent_is_gone_leaves(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "companion", "--home", str(tmp_path), "tables"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(60) == 0
    assert len(list(tables_of(tmp_path).glob("*.table"))) < 10
