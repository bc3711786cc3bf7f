"""The morning check by touch: a touch, a tone, and what was found, kept with a name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cells import text
from staff_stage import RECORD, WORDS, clinic_stage, enter, tap
from ui_stage import SIZES, Stage

from companion.calling import Unsent
from companion.session import book
from companion.session.events import By
from companion.ui.screens.morning import MorningScreen
from companion.ui.widgets.leaves import Leaves

OUTPUT = "Headphones"


class Pager:
    """A channel that takes calls, or does not."""

    name = "command"

    def __init__(self, fails: bool) -> None:
        self.fails = fails
        self.tested: list[tuple[str, bool]] = []

    async def send(self, room: str, at: object, *, test: bool = False) -> None:
        self.tested.append((room, test))
        if self.fails:
            raise Unsent("no line")


@asynccontextmanager
async def at_check(
    home: Path, size: tuple[int, int] = SIZES[0], output: str = OUTPUT
) -> AsyncIterator[Stage]:
    """Before the first touch of a check, behind MK's PIN."""
    async with clinic_stage(home, size) as stage:
        stage.desk.output = output
        await tap(stage, RECORD.tablet, WORDS.morning_check, "MK")
        await enter(stage)
        yield stage


def check(stage: Stage) -> MorningScreen:
    shown = stage.app.screen
    assert isinstance(shown, MorningScreen)
    return shown


def reads(stage: Stage, words: str) -> bool:
    """Whether `words` can be read, wherever their lines end."""
    return words in " ".join(text(stage.app).split())


async def done(stage: Stage) -> book.Checked:
    """What was kept, once everything has been looked at."""
    await stage.until(lambda: bool(stage.keeping.of(book.Checked)), 30.0)
    await stage.settle()
    (kept,) = stage.keeping.of(book.Checked)
    return kept


async def begin(stage: Stage) -> None:
    """The first touch; what is looked at goes on behind the question."""
    region = stage.tile(WORDS.touch_here).region
    stage.clock.advance(1.0)
    stage.put_finger(region.x + 5, region.y + 2)
    await stage.until(lambda: WORDS.touch_here not in stage.labels())
    await stage.pilot.pause()


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_nurse_checks_the_tablet_in_three_touches(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_check(tmp_path, size) as stage:
        await begin(stage)
        assert stage.shows(WORDS.ask_heard)
        wanted = stage.sound.wanted[-1]
        assert wanted.music is not None
        assert (wanted.output, wanted.level, wanted.fade) == (OUTPUT, -24.0, 3.0)
        await stage.until(lambda: check(stage)._facts is not None, 30.0)
        await tap(stage, WORDS.heard_it)
        assert stage.sound.wanted[-1].music is None
        kept = await done(stage)
        assert (kept.by, kept.heard) == (By("MK", confirmed=True), True)
        assert "calibration" in kept.found
        assert {"sound", "disk", "journal", "touch"} & set(kept.found) == set()
        read = ""
        leaves = stage.app.screen.query_one(Leaves)
        for page in range(leaves.pages):
            read += str(leaves.render())
            if page + 1 < leaves.pages:
                await tap(stage, WORDS.next_page)
        assert "Touch is felt" in read and "SQLite" in read
        await tap(stage, WORDS.done)
        assert reads(stage, "· checked today at")
        await tap(stage, RECORD.tablet)
        assert any(tile.second.startswith("checked today") for tile in stage.tiles())


async def test_heard_nothing_is_kept_and_told(tmp_path: Path) -> None:
    async with at_check(tmp_path) as stage:
        await begin(stage)
        await tap(stage, WORDS.heard_nothing)
        kept = await done(stage)
        assert (kept.heard, kept.found[0]) == (False, "sound")
        assert stage.shows("nobody heard it")


async def test_without_an_output_nobody_is_asked(tmp_path: Path) -> None:
    async with at_check(tmp_path, output="") as stage:
        stage.desk.sound_lost = "unplugged"
        await begin(stage)
        kept = await done(stage)
        assert (kept.heard, kept.found[0]) == (None, "sound")
        assert stage.shows("There is no sound: unplugged.")
        assert all(wanted.music is None for wanted in stage.sound.wanted)


@pytest.mark.parametrize("fails", [False, True])
async def test_each_way_of_a_call_is_tried_as_a_test(tmp_path: Path, fails: bool) -> None:
    pager = Pager(fails)
    async with at_check(tmp_path, output="") as stage:
        stage.conductor.reach_by([pager])
        await begin(stage)
        kept = await done(stage)
        assert pager.tested == [("Room 2", True)]
        assert ("call by command" in kept.found) is fails


async def test_a_journal_that_takes_nothing_is_wrong(tmp_path: Path) -> None:
    async with at_check(tmp_path, output="") as stage:
        stage.keeping.saves = False
        await begin(stage)
        kept = await done(stage)
        assert kept.found[:1] == ("journal",)
        assert stage.shows("no session can begin")


async def test_left_in_its_midst_the_tone_goes_and_nothing_is_kept(tmp_path: Path) -> None:
    async with at_check(tmp_path) as stage:
        await begin(stage)
        await stage.until(lambda: check(stage)._facts is not None, 30.0)
        await stage.pass_time(301.0)
        assert stage.screen_name() == "ReadyScreen"
        assert stage.sound.wanted[-1].music is None
        assert stage.keeping.of(book.Checked) == []


async def test_tomorrow_it_is_not_checked(tmp_path: Path) -> None:
    async with at_check(tmp_path, output="") as stage:
        await begin(stage)
        await done(stage)
        await tap(stage, WORDS.done)
        assert reads(stage, "· checked today")
        await stage.pass_time(24 * 3600.0)
        assert reads(stage, WORDS.not_checked)
