"""The screen on which a lead calibrates: what sounds, what is kept, and that it goes quiet."""

import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import groupby
from pathlib import Path

import pytest
from cells import text
from staff_stage import HEEDED, LEAD, RECORD, WORDS, clinic_stage, enter, tap
from ui_stage import MK, SIZES, USUAL, Stage

from companion.calibration.calibration import LASTS
from companion.fitness import Power
from companion.session import commands as c
from companion.session import events as e
from companion.session.book import Calibrated, Locked
from companion.session.wanted import Wanted
from companion.ui.screens.calibrate import CalibrateScreen
from companion.ui.widgets.sentence import Sentence

OUTPUT = "Headphones"


@asynccontextmanager
async def calibrating(home: Path, size: tuple[int, int] = USUAL) -> AsyncIterator[Stage]:
    async with clinic_stage(home, size) as stage:
        stage.desk.output = OUTPUT
        stage.app.open_staff(CalibrateScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        yield stage


def heard(stage: Stage) -> Wanted:
    return stage.sound.wanted[-1]


def noisy(stage: Stage) -> bool:
    """Whether the reference noise is wanted, and for how long still."""
    wanted = heard(stage)
    tracks = () if wanted.music is None else wanted.music.section.tracks
    return [track.soundscape for track in tracks] == ["reference-noise"]


# --- the way there -------------------------------------------------------------------------------


async def test_a_lead_reaches_it_from_people_and_nobody_else_does(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        stage.desk.output = OUTPUT
        await tap(stage, RECORD.tablet, WORDS.people, "JS")
        await enter(stage)
        assert WORDS.calibration.calibrate not in stage.labels()
        await tap(stage, "MK")
        await enter(stage)
        await tap(stage, WORDS.calibration.calibrate)
        assert stage.screen_name() == "CalibrateScreen"
        await tap(stage, WORDS.back)
        assert stage.screen_name() == "PeopleScreen"


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_all_of_it_can_be_read_at_every_step(tmp_path: Path, size: tuple[int, int]) -> None:
    async with calibrating(tmp_path, size) as stage:
        for step in (
            WORDS.calibration.calibrate_place,
            WORDS.calibration.calibrate_play,
            WORDS.calibration.calibrate_read,
        ):
            assert step in text(stage.app)
        assert WORDS.calibration.never_calibrated in text(stage.app)
        assert stage.labels() == [WORDS.calibration.play, WORDS.quieter, WORDS.louder, WORDS.back]
        await tap(stage, WORDS.calibration.play, WORDS.calibration.enter_reading)
        assert WORDS.calibration.ask_reading in text(stage.app)
        await tap(stage, "4", "0")
        shown = " ".join(text(stage.app).split())
        assert WORDS.calibration.reading_means.format(reading=40, level=-30, ceiling=0) in shown
        assert WORDS.calibration.volume_up.format(loudest=70) in shown
        assert WORDS.save in stage.labels()
        for tile in stage.tiles():
            assert tile.region.width >= 12
            assert tile.region.height >= 5


# --- what sounds ---------------------------------------------------------------------------------


async def test_nothing_sounds_before_it_is_asked_for_and_then_quietly(tmp_path: Path) -> None:
    async with calibrating(tmp_path) as stage:
        await tap(stage, WORDS.louder, WORDS.quieter, WORDS.quieter)
        assert not any(wanted.music for wanted in stage.sound.wanted)
        await tap(stage, WORDS.calibration.play)
        assert noisy(stage)
        assert (heard(stage).level, heard(stage).output) == (-32.0, OUTPUT)
        await tap(stage, WORDS.stop)
        assert not noisy(stage)
        assert heard(stage).level == -32.0


async def test_it_goes_by_two_db_and_never_above_0(tmp_path: Path) -> None:
    async with calibrating(tmp_path) as stage:
        await tap(stage, WORDS.calibration.play)
        began = heard(stage).music
        for _ in range(16):
            await tap(stage, WORDS.louder)
        levels = [wanted.level for wanted in stage.sound.wanted if wanted.music is not None]
        told_anew = [level for level, _ in groupby(levels)]  # as it is whenever the clock jumps
        assert told_anew == [float(level) for level in range(-30, 1, 2)]
        assert WORDS.refused["loudest"] in text(stage.app)
        assert heard(stage).music == began


@pytest.mark.parametrize("way", ["back", "locked", "fault"])
async def test_it_goes_with_the_screen(tmp_path: Path, way: str) -> None:
    async with calibrating(tmp_path) as stage:
        await tap(stage, WORDS.calibration.play)
        assert noisy(stage)
        if way == "back":
            await tap(stage, WORDS.back)
        elif way == "locked":
            await stage.pass_time(LASTS)
            assert stage.keeping.of(Locked)[-1].why == "untouched"
        else:
            stage.app._show_fault()
            await stage.until(lambda: stage.screen_name() == "FaultScreen")
            stage.app.leave_staff()
        await stage.settle()
        assert stage.screen_name() == "ReadyScreen"
        assert not noisy(stage)


async def test_three_minutes_after_it_was_last_asked_for_it_ends(tmp_path: Path) -> None:
    async with calibrating(tmp_path) as stage:
        await tap(stage, WORDS.calibration.play)
        await stage.pass_time(LASTS - 30)
        await tap(stage, WORDS.louder)
        assert heard(stage).until == pytest.approx(stage.conductor.seconds() + LASTS, abs=2)
        await stage.pass_time(100)
        await tap(stage, WORDS.calibration.enter_reading, WORDS.back)
        await stage.pass_time(100)
        assert noisy(stage)
        await stage.press("f5")  # a touch, but none that asks for the noise
        await stage.pass_time(90)
        assert stage.screen_name() == "CalibrateScreen"
        assert not noisy(stage)
        assert WORDS.calibration.play in stage.labels()


async def test_an_output_that_changes_ends_it_and_what_was_read_of_it(tmp_path: Path) -> None:
    async with calibrating(tmp_path) as stage:
        await tap(
            stage, WORDS.calibration.play, WORDS.louder, WORDS.calibration.enter_reading, "6", "8"
        )
        assert WORDS.save in stage.labels()
        stage.desk.output = "Speaker"
        await stage.pass_time(1)
        assert not noisy(stage)
        assert WORDS.save not in stage.labels()
        assert WORDS.calibration.calibrate_output.format(output="Speaker") in text(stage.app)
        assert WORDS.calibration.other_output in text(stage.app)
        await tap(stage, WORDS.calibration.play)
        assert (heard(stage).output, heard(stage).level) == ("Speaker", -30.0)
        stage.desk.sound_lost = "unplugged"
        await stage.pass_time(1)
        assert not noisy(stage)
        assert WORDS.calibration.no_output in text(stage.app)
        assert WORDS.calibration.play not in stage.labels()


# --- what is kept --------------------------------------------------------------------------------


async def test_a_reading_is_entered_and_saved_and_told(tmp_path: Path) -> None:
    async with calibrating(tmp_path) as stage:
        await tap(
            stage,
            WORDS.calibration.play,
            WORDS.louder,
            WORDS.louder,
            WORDS.calibration.enter_reading,
            "6",
            "8",
        )
        assert noisy(stage)
        assert not stage.keeping.of(Calibrated)
        await tap(stage, WORDS.save)
        await stage.until(lambda: WORDS.save not in stage.labels())
        assert WORDS.calibration.full_level.format(loudest=75, output=OUTPUT) in text(stage.app)
        assert "by MK: full level is -19 dB" in text(stage.app)
        assert not noisy(stage)
        (kept,) = stage.keeping.of(Calibrated)
        assert kept == Calibrated(output=OUTPUT, level=-26.0, reading=68.0, by=MK)


async def test_a_reading_belongs_to_its_level(tmp_path: Path) -> None:
    async with calibrating(tmp_path) as stage:
        await tap(
            stage, WORDS.calibration.play, WORDS.calibration.enter_reading, "6", "8", WORDS.louder
        )
        assert WORDS.save not in stage.labels()


async def test_a_reading_of_the_room_is_refused(tmp_path: Path) -> None:
    async with calibrating(tmp_path) as stage:
        await tap(stage, WORDS.calibration.play, WORDS.calibration.enter_reading, "3", "9")
        assert WORDS.calibration.reading_refused["too quiet"] in " ".join(text(stage.app).split())
        assert WORDS.save not in stage.labels()


async def test_a_session_has_the_ceiling_and_the_screens_say_what_is_known(tmp_path: Path) -> None:
    async with calibrating(tmp_path) as stage:
        stage.app.leave_staff()
        await stage.settle()
        assert "not calibrated" in text(stage.app)
        await stage.desk.calibrate(OUTPUT, -30.0, 80.0, MK)
        stage.app.tick()
        await stage.settle()
        assert WORDS.ready in text(stage.app)
        assert "not calibrated" not in text(stage.app)
        await tap(stage, "MK")
        await enter(stage)
        assert "not calibrated" not in text(stage.app)
        await tap(stage, WORDS.give)
        await stage.until(lambda: stage.conductor.view is not None)
        (prepared,) = stage.keeping.of(e.SessionPrepared)
        assert prepared.plan.levels.highest(OUTPUT) == -35
        await stage.do(c.ReportOutput(OUTPUT))
        assert (stage.view.level, stage.view.loudest) == (-35, -35)
        await stage.until(lambda: heard(stage).level == -35)
        stage.clock.advance(HEEDED)
        await stage.do(c.Quieter())
        assert stage.view.level == -37


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_card_tells_it_too(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.desk.power", lambda: Power(84, on_mains=False))
    async with clinic_stage(tmp_path, size) as stage:
        stage.desk.output = OUTPUT
        await tap(stage, "MK")
        await enter(stage)
        fit = stage.app.screen.query_one("#fit", Sentence)
        said = str(fit.content)
        assert "not calibrated" in said
        assert "screen only" in said
        room = fit.content_size
        assert len(textwrap.wrap(said, room.width)) <= room.height


async def test_another_volume_of_the_system_is_told_first(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        stage.desk.output, stage.desk.volume = OUTPUT, 60
        await stage.desk.calibrate(OUTPUT, -20.0, 70.0, MK)
        stage.desk.volume = 90
        stage.app.tick()
        await stage.settle()
        shown = " ".join(text(stage.app).split())
        assert f"{WORDS.look_first} {WORDS.sound_other_volume.capitalize()}" in shown
