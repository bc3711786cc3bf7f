"""The app around the screens: what stands where, what ends it, and what does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cells import text
from textual import events
from textual.widget import Widget
from ui_stage import CODE, MK, Stage, on_stage, plan

from companion.session import commands as c
from companion.session import events as e
from companion.session.view import Place
from companion.ui.app import CompanionApp
from companion.ui.place import PlaceScreen
from companion.ui.screens.fault import FaultScreen
from companion.ui.screens.session import SessionScreen
from companion.ui.widgets.sentence import Sentence
from companion.words import patient_words

WORDS = patient_words("en")


class BrokenSession(SessionScreen):
    """Fails when it is touched, with something private in its locals."""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        secret = "417 203 8"
        raise RuntimeError(secret)


class StaffPlace(PlaceScreen):
    def furnish(self) -> Iterator[Widget]:
        yield Sentence("staff only")


async def _break(stage: Stage) -> None:
    """Put a screen that fails in place of the session's, and touch it."""
    await stage.go_to(Place.SESSION)
    stage.app.switch_screen(BrokenSession(stage.view))
    await stage.settle()
    stage.clock.advance(1)
    stage.put_finger(40, 6)
    await stage.until(lambda: isinstance(stage.app.screen, FaultScreen))
    await stage.settle()


async def test_a_fault_in_a_screen_leaves_the_session_and_the_call(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await _break(stage)
        assert stage.view.place is Place.SESSION
        assert stage.shows(WORDS.fault) and stage.shows(WORDS.call)
        assert "417" not in text(stage.app)
        assert len(stage.faults) == 1 and stage.faults[0].startswith("RuntimeError ")
        assert "417" not in stage.faults[0]
        assert [noted.what for noted in stage.keeping.of(e.FaultNoted)] == stage.faults
        await stage.touch_call()
        assert stage.view.place is Place.CALLED
        await stage.until(lambda: stage.screen_name() == "CalledScreen")
        stage.faults.clear()


async def test_from_a_fault_one_tap_goes_on(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await _break(stage)
        stage.clock.advance(1)
        await stage.touch(WORDS.fault_again)
        assert stage.screen_name() == "SessionScreen"
        await stage.touch_call()
        assert stage.view.place is Place.CALLED
        stage.faults.clear()


async def test_a_fault_in_the_app_itself_ends_nothing(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)

        def fail() -> None:
            raise ValueError

        stage.app.call_later(fail)
        await stage.until(lambda: isinstance(stage.app.screen, FaultScreen))
        await stage.touch_call()
        assert stage.view.place is Place.CALLED
        stage.faults.clear()


async def test_faults_without_end_end_the_process_and_not_the_day(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)

        def fail() -> None:
            raise ValueError

        for _ in range(3):
            stage.app.call_later(fail)
        await stage.until(lambda: not stage.app.is_running)
        assert stage.app.return_code == 1 and stage.app.return_value is None
        stage.faults.clear()


async def test_a_fault_in_the_work_behind_the_screens_starts_it_afresh(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        tries: list[int] = []

        async def work() -> None:
            tries.append(1)
            if len(tries) == 1:
                raise OSError

        stage.app.begin(stage.app._again_and_again(work))
        await stage.until(lambda: len(tries) == 2)
        assert len(stage.faults) == 1 and stage.faults[0].startswith("OSError ")
        stage.faults.clear()


async def test_a_call_shows_while_the_disk_stands_still(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.HEARING)
        stage.keeping.hold()
        region = stage.tile(WORDS.hear_well).region
        stage.put_finger(region.x + 5, region.y + 2)
        await stage.pilot.pause()
        assert stage.view.place is Place.HEARING, "durable first, visible second"
        stage.put_finger(40, 21)
        await stage.until(lambda: stage.screen_name() == "CalledScreen")
        stage.keeping.go()
        await stage.settle()
        assert stage.view.place is Place.CALLED


async def test_no_key_leaves_the_app_or_opens_anything(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        before = text(stage.app)
        keys = ("ctrl+q", "ctrl+p", "ctrl+c", "ctrl+z", "ctrl+d", "escape", "f12", "super+c")
        await stage.press(*keys)
        assert stage.app.is_running and len(stage.app.screen_stack) == 2
        assert text(stage.app) == before


async def test_nothing_can_be_selected(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.FAREWELL)
        await stage.pilot.mouse_down(offset=(30, 9))
        await stage.pilot.hover(offset=(60, 10))
        await stage.pilot.mouse_up(offset=(60, 10))
        assert not stage.app.screen.selections


async def test_a_staff_screen_stays_when_the_place_beneath_it_changes(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        stage.app.open_staff(StaffPlace())
        await stage.settle()
        await stage.do(c.GoToRecovery(MK))
        assert stage.screen_name() == "StaffPlace"
        assert stage.screen.view == stage.view
        stage.app.leave_staff()
        await stage.settle()
        assert stage.screen_name() == "RecoveryScreen"


async def test_a_staff_screen_has_the_call_bar_too(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        stage.app.open_staff(StaffPlace())
        await stage.settle()
        await stage.touch_call()
        assert stage.view.place is Place.CALLED
        assert stage.shows(WORDS.call_shows) and stage.screen_name() == "StaffPlace"


async def test_an_open_session_is_taken_up_before_the_first_frame(tmp_path: Path) -> None:
    stage = Stage(tmp_path)

    async def begin() -> None:
        await stage.conductor.handle(c.PrepareSession(MK, "Room 2", plan(), CODE))

    app = CompanionApp(
        stage.conductor, stage.desk, stage.clock, begin=begin, tasks=(stage.conductor.run,)
    )
    seen: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        seen.append(type(app.screen).__name__)
        await pilot.pause()
    assert seen == ["HearingScreen"]


async def test_it_tells_every_second_that_it_lives(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.until(lambda: stage.beats >= 2)


async def test_only_the_end_of_the_day_ends_it_well(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.app.end_day()
        await stage.until(lambda: not stage.app.is_running)
    assert stage.app.return_value is True and stage.app.return_code == 0


async def test_the_clinic_can_name_a_button_that_calls_at_one_press(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CompanionApp, "call_button", "f9")
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.press("f9")
        assert stage.keeping.of(e.Called)[0].source == "button"


async def test_keys_of_two_screens_count_together(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.HEARING)
        await stage.press("enter")
        await stage.do(c.AnswerHearing(True))
        await stage.press("enter")
        assert stage.view.place is Place.CALLED
