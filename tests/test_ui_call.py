"""Calls, look-ins and keys: what a hand reaches from every place."""

from pathlib import Path

import pytest
from cells import text
from ui_stage import LARGE, SIZES, SMALL, USUAL, on_stage, plan

from companion.session import commands as c
from companion.session import events as e
from companion.session.events import By
from companion.session.plan import Mode
from companion.session.view import Place
from companion.words import patient_words

WORDS = patient_words("en")
PLACES = [place for place in Place if place is not Place.READY]


@pytest.mark.parametrize("place", PLACES)
async def test_at_every_place_the_rim_is_dead_and_the_call_one_touch_away(
    tmp_path: Path, place: Place
) -> None:
    async with on_stage(tmp_path, SIZES[PLACES.index(place) % len(SIZES)]) as stage:
        await stage.go_to(place)
        before = stage.view
        width, height = stage.app.size
        rim = [(x, 0) for x in range(0, width, 9)]
        rim += [(x, y) for x in (0, width - 1) for y in range(0, height - 5, 4)]
        for x, y in rim:
            stage.put_finger(x, y)
        await stage.settle()
        assert stage.view == before
        assert stage.shows(WORDS.call_shows if place is Place.CALLED else WORDS.call)
        await stage.touch_call()
        assert stage.view.place is Place.CALLED
        assert stage.screen_name() == "CalledScreen"
        assert [call.source for call in stage.keeping.of(e.Called)] == ["screen"]


async def test_every_cell_of_the_bottom_five_rows_calls(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        for x, y in ((0, 19), (79, 23), (0, 23), (40, 21)):
            await stage.tap(x, y)
            assert stage.view.place is Place.CALLED
            await stage.do(c.AnswerCall(By("MK")))


async def test_at_rest_the_call_is_still_one_touch(tmp_path: Path) -> None:
    for place in (Place.SESSION, Place.RECOVERY):
        async with on_stage(tmp_path) as stage:
            await stage.go_to(place)
            await stage.pass_time(30)
            assert stage.app.screen.resting
            await stage.touch_call()
            assert stage.view.place is Place.CALLED


async def test_a_call_is_taken_back_by_one_tile_alone_and_for_five_seconds(
    tmp_path: Path,
) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.touch_call()
        stage.clock.advance(1)
        for x, y in ((5, 2), (40, 8), (40, 21)):
            await stage.tap(x, y)
        assert stage.view.place is Place.CALLED
        await stage.touch(WORDS.take_back)
        assert stage.view.place is Place.SESSION and stage.view.taken_back
        await stage.touch_call()
        await stage.pass_time(6)
        assert WORDS.take_back not in stage.labels()
        assert WORDS.here in stage.labels()


async def test_a_nurse_answers_a_call_with_her_name(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.CALLED)
        await stage.pass_time(130)
        assert stage.shows(WORDS.call_told)
        await stage.touch(WORDS.here)
        await stage.touch("JS")
        assert stage.view.place is Place.CALLED, "so soon after a change it counts for nothing"
        stage.clock.advance(1)
        await stage.touch("JS")
        assert stage.keeping.of(e.CallAnswered)[0].by == By("JS", confirmed=False)
        await stage.until(lambda: stage.screen_name() == "SessionScreen")


async def test_what_became_of_the_call_is_said_in_plain_words(tmp_path: Path) -> None:
    async with on_stage(tmp_path, LARGE) as stage:
        await stage.go_to(Place.CALLED, plan(reaches="this screen and the desk"))
        await stage.do(c.ReportCallNotSent("webhook", "no answer"))
        assert "this screen and the desk" in text(stage.app)
        assert stage.shows(WORDS.call_not_sent.format(channels="webhook"))
        await stage.do(c.ReportCallSent("webhook"))
        assert not stage.shows(WORDS.call_not_sent.format(channels="webhook"))
        assert stage.shows(WORDS.call_sent.format(channels="webhook"))


@pytest.mark.parametrize("size", (USUAL, SMALL))
async def test_a_look_in_that_is_due_shows_also_at_rest_and_takes_a_name(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with on_stage(tmp_path, size) as stage:
        await stage.go_to(Place.SESSION)
        assert stage.app.screen.query_one("#state").text == "LOOK IN"
        await stage.pass_time(25)
        assert stage.app.screen.resting
        assert stage.app.screen.query_one("#state").region
        await stage.tap(30, 3)
        stage.clock.advance(1)
        await stage.touch(WORDS.looked_in)
        stage.clock.advance(1)
        await stage.touch("AR")
        assert stage.keeping.of(e.LookedIn)[0].by == By("AR", confirmed=False)
        assert stage.app.screen.query_one("#state").text == ""
        assert WORDS.looked_in not in stage.labels()


async def test_names_that_do_not_fit_come_by_more(tmp_path: Path) -> None:
    names = [f"A{chr(65 + index)}" for index in range(23)]
    async with on_stage(tmp_path, SMALL, names) as stage:
        await stage.go_to(Place.CALLED)
        await stage.touch(WORDS.here)
        seen: set[str] = set()
        for _ in range(6):
            stage.clock.advance(1)
            seen |= set(stage.labels())
            await stage.touch(WORDS.more)
        assert seen >= set(names)
        await stage.touch(WORDS.back)
        assert WORDS.here in stage.labels()


async def test_touches_so_soon_after_a_change_count_for_nothing_but_a_call(
    tmp_path: Path,
) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.prepare()
        await stage.conductor.handle(c.AnswerHearing(True))
        await stage.settle()
        stage.clock.advance(0.6)
        await stage.touch(WORDS.modes[Mode.MUSIC])
        assert stage.view.mode is None
        stage.clock.advance(0.2)
        await stage.touch(WORDS.modes[Mode.MUSIC])
        assert stage.view.mode is Mode.MUSIC
        await stage.touch_call()
        assert stage.view.place is Place.CALLED


async def test_the_same_key_twice_calls(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        for key in ("enter", "space", "tab", "escape", "left", "f5", "ctrl+q"):
            await stage.press(key)
            stage.clock.advance(2.5)
            await stage.press(key)
            assert stage.view.place is Place.SESSION, "too late for the second of two"
            await stage.press(key)
            assert stage.view.place is Place.CALLED, key
            assert stage.keeping.of(e.Called)[-1].source == "key"
            await stage.do(c.AnswerCall(By("MK")))


async def test_two_different_keys_do_not_call(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.press("enter", "up", "enter", "up")
        assert stage.view.place is Place.SESSION


async def test_letters_and_digits_do_what_a_finger_does(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.MODE)
        await stage.press("c")
        assert stage.view.mode is Mode.MUSIC
        stage.clock.advance(1)
        await stage.press("t")
        assert stage.keeping.of(e.Answered)[0].value == 10
