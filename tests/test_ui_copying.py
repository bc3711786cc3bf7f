"""Backup to stick by touch, with the real child and real files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cells import text
from past_stage import EARLIER, past_stage, session
from staff_stage import RECORD, WORDS, enter, tap
from test_ui_staff_look import _whole
from ui_stage import SIZES, SMALL, USUAL, Stage

from companion.backup.contents import prove_files, read_list
from companion.backup.restoring import newest, restore
from companion.curating.sticks import Stick
from companion.journal.log import Log
from companion.journal.schema import read_journal
from companion.session.book import BackedUp
from companion.session.events import By

PATIENCE = 60.0
"""Seconds for a child that starts on a busy machine."""


@asynccontextmanager
async def with_sticks(
    home: Path, *names: str, size: tuple[int, int] = USUAL, who: str = "MK"
) -> AsyncIterator[Stage]:
    """After a session, with these sticks plugged in, at the door of the copies."""
    (home / "tablet").mkdir()
    for name in names:
        (home / name).mkdir()
    async with past_stage(home / "tablet", size) as stage:
        stage.app.curating.find_sticks = lambda: tuple(
            Stick(home / name) for name in names if (home / name).exists()
        )
        await tap(stage, RECORD.tablet, RECORD.copy_to_stick, who)
        await enter(stage)
        yield stage


def said(stage: Stage) -> str:
    return " ".join(text(stage.app).split())


async def touch(stage: Stage, label: str) -> None:
    """Touch a tile while a child runs, which `tap` would wait for."""
    stage.clock.advance(1.0)
    region = stage.tile(label).region
    stage.put_finger(region.x + region.width // 2, region.y + region.height // 2)
    await stage.pilot.pause()


async def copied(stage: Stage, sentence: str) -> None:
    await touch(stage, RECORD.sure_copy)
    await stage.until(lambda: sentence in said(stage), PATIENCE)
    await stage.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_it_says_first_what_is_in_a_copy(tmp_path: Path, size: tuple[int, int]) -> None:
    async with with_sticks(tmp_path, "USB", size=size) as stage:
        assert stage.screen_name() == "CopyingScreen"
        assert RECORD.copy_says in said(stage)
        _whole(stage, "before", rows_below=0)


async def test_a_copy_is_made_by_touch_and_comes_back(tmp_path: Path) -> None:
    async with with_sticks(tmp_path, "USB", size=SMALL) as stage:
        await copied(stage, RECORD.copied)
        assert "not sealed" in said(stage)
        _whole(stage, "after", rows_below=0)
        (kept,) = stage.keeping.of(BackedUp)
        assert (kept.place, kept.by) == ("USB", By("MK", confirmed=True))
        await tap(stage, WORDS.back)
        assert stage.screen_name() == "ReadyScreen"
    restore(tmp_path / "new", newest(tmp_path / "USB"), lambda part: None)
    connection = read_journal(tmp_path / "new/journal.db")
    assert [one.event for one in Log(connection).read(EARLIER)] == session()
    connection.close()


async def test_of_two_sticks_one_is_chosen_and_without_one_it_says_so(tmp_path: Path) -> None:
    async with with_sticks(tmp_path, "A", "B") as stage:
        assert stage.shows(WORDS.ask_stick)
        await tap(stage, "B")
        assert f"{RECORD.copy_to_stick}: B" in said(stage)
        await tap(stage, WORDS.back)
        (tmp_path / "A").rmdir()
        (tmp_path / "B").rmdir()
        await tap(stage, RECORD.tablet, RECORD.copy_to_stick, "MK")
        await enter(stage)
        assert WORDS.no_stick in said(stage)
        (tmp_path / "B").mkdir()
        await tap(stage, RECORD.copy_again)
        assert f"{RECORD.copy_to_stick}: B" in said(stage)


async def test_a_stick_pulled_out_is_told_and_tried_again(tmp_path: Path) -> None:
    async with with_sticks(tmp_path, "USB") as stage:
        (tmp_path / "USB").rmdir()
        await copied(stage, RECORD.copy_failed)
        assert "Is the stick in?" in said(stage)
        assert stage.keeping.of(BackedUp) == []
        (tmp_path / "USB").mkdir()
        await touch(stage, RECORD.copy_again)
        await stage.until(lambda: RECORD.copied in said(stage), PATIENCE)
        await stage.settle()


async def test_to_leave_it_ends_the_copy_and_nothing_looks_whole(tmp_path: Path) -> None:
    async with with_sticks(tmp_path, "USB") as stage:
        await touch(stage, RECORD.sure_copy)
        await touch(stage, WORDS.cancel)
        await stage.until(lambda: stage.screen_name() == "ReadyScreen")
        await stage.settle()
        told = stage.keeping.of(BackedUp)
    named = [one for one in (tmp_path / "USB").iterdir() if not one.name.startswith(".")]
    # A quick copy may come to its end before the touch: then it is one, and whole.
    for copy in named:
        prove_files(copy, read_list(copy))
    assert len(told) <= len(named) <= 1


async def test_only_a_lead_makes_a_copy(tmp_path: Path) -> None:
    async with with_sticks(tmp_path, "USB", who="JS") as stage:
        assert WORDS.not_for_role.format(initials="JS") in said(stage)
        assert list((tmp_path / "USB").iterdir()) == []
