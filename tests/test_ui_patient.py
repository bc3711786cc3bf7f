"""The patient's screens, touched: what each one does and what none of them may do."""

from dataclasses import replace
from pathlib import Path

import pytest
from cells import text
from ui_stage import LARGE, MK, SIZES, on_stage, plan

from companion.session import commands as c
from companion.session import events as e
from companion.session.plan import Mode, Question
from companion.session.view import Place
from companion.words import patient_words

WORDS = patient_words("en")
PLACES = [place for place in Place if place is not Place.READY]


async def test_hearing_finds_her_level_and_says_when_she_hears_nothing(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.HEARING)
        before = stage.view.level
        await stage.touch(WORDS.louder)
        assert stage.view.level == before + 2
        await stage.touch(WORDS.quieter)
        await stage.touch(WORDS.quieter)
        assert stage.view.level == before - 2
        assert not stage.shows(WORDS.tell_nurse_no_sound)
        await stage.touch(WORDS.hear_nothing)
        assert stage.view.place is Place.HEARING
        assert stage.shows(WORDS.tell_nurse_no_sound)
        await stage.touch(WORDS.hear_well)
        assert stage.view.place is Place.MODE


async def test_three_equal_modes_and_no_voice_without_a_script(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.MODE)
        tiles = [tile for tile in stage.tiles() if isinstance(tile.value, Mode)]
        assert [tile.value for tile in tiles] == list(Mode)
        assert len({(tile.region.height, tile.region.y, tile.styles.border) for tile in tiles}) == 1
        widths = [tile.region.width for tile in tiles]
        assert max(widths) - min(widths) <= 1
        await stage.touch(WORDS.modes[Mode.VOICE])
        assert stage.view.mode is Mode.VOICE
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.MODE, plan(script=None))
        assert WORDS.modes[Mode.VOICE] not in stage.labels()
        await stage.touch(WORDS.modes[Mode.SILENCE])
        assert stage.view.mode is Mode.SILENCE


async def test_an_intention_is_one_typed_sentence_or_none(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.INTENTION)
        await stage.press("b", "e", "space", "k", "i", "n", "x", "backspace", "d", "enter")
        await stage.until(lambda: stage.view.intention == "be kind")
        assert stage.view.place is Place.QUESTION
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.INTENTION)
        await stage.touch(WORDS.no_intention)
        assert stage.keeping.of(e.IntentionLeft)[0].words == ""


@pytest.mark.parametrize("size", SIZES)
async def test_one_question_a_screen_and_a_tap_is_the_answer(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with on_stage(tmp_path, size) as stage:
        await stage.go_to(Place.RECOVERY)
        await stage.touch(WORDS.ready_to_answer)
        first, second = stage.conductor._state.plan.after
        assert first.text in text(stage.app) and second.text not in text(stage.app)
        assert first.low in text(stage.app) and first.high in text(stage.app)
        assert not any(tile.chosen for tile in stage.tiles())
        stage.clock.advance(1)
        await stage.touch("10")
        assert second.text in text(stage.app) and first.text not in text(stage.app)
        assert not any(tile.chosen for tile in stage.tiles())
        stage.clock.advance(1)
        await stage.touch(WORDS.back)
        assert first.text in text(stage.app)
        assert not any(tile.chosen for tile in stage.tiles()), "the earlier answer shows"
        stage.clock.advance(1)
        await stage.touch("0")
        stage.clock.advance(1)
        await stage.touch(WORDS.skip)
        assert stage.view.place is Place.FAREWELL
        answers = [(one.question, one.value) for one in stage.keeping.of(e.Answered)]
        assert answers[1:] == [("mood", 10), ("mood", 0)]


async def test_a_second_tap_cannot_answer_the_next_question(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.RECOVERY)
        await stage.do(c.OpenRating())
        await stage.touch("7")
        await stage.touch("7")
        assert stage.view.question_number == 2
        assert len(stage.keeping.of(e.Answered)) == 2


async def test_no_more_questions_and_rate_later(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.QUESTION)
        assert WORDS.rate_later not in stage.labels(), "before the infusion there is no later"
        await stage.touch(WORDS.no_more_questions)
        assert stage.view.place is Place.SESSION
        await stage.do(c.StartInfusion(MK), c.GoToRecovery(MK), c.OpenRating())
        await stage.touch(WORDS.rate_later)
        assert stage.view.postponed and stage.view.place is Place.FAREWELL


async def test_the_minutes_show_from_the_start_of_the_infusion_on(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.QUESTION)
        await stage.do(c.Rate("mood", 4))
        assert stage.shows(WORDS.settling)
        assert not stage.shows(WORDS.minutes)
        assert WORDS.infusion_started in stage.labels()
        await stage.do(c.StartInfusion(MK))
        await stage.pass_time(125)
        assert stage.shows(WORDS.minutes)
        assert WORDS.infusion_started not in stage.labels()
        assert stage.app.screen.query_one("#minutes").text == "2"


async def test_quieter_louder_and_sound_off(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        level = stage.view.level
        await stage.touch(WORDS.quieter)
        assert stage.view.level == level - 2
        await stage.touch(WORDS.louder)
        assert stage.view.level == level
        await stage.touch(WORDS.sound_off)
        assert not stage.view.sound_on
        assert WORDS.louder not in stage.labels(), "a tile that can do nothing is not drawn"
        await stage.touch(WORDS.sound_on)
        assert stage.view.sound_on


async def test_in_silence_there_is_nothing_to_make_quieter(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.MODE)
        await stage.do(c.ChooseMode(Mode.SILENCE), c.Rate("mood", 5), c.StartInfusion(MK))
        assert stage.labels() == [WORDS.staff]


async def test_words_of_the_script_stand_in_place_of_the_glow_and_never_rest(
    tmp_path: Path,
) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.MODE)
        await stage.do(c.ChooseMode(Mode.VOICE), c.Rate("mood", 5))
        for _ in range(40):
            if stage.view.words is not None:
                break
            await stage.pass_time(1)
        assert stage.view.words is not None
        assert "Let the chair carry you." in text(stage.app)
        stage.app.screen._touched = -100.0
        stage.app.tick()
        assert not stage.app.screen.resting


async def test_after_twenty_seconds_only_minutes_and_call_are_left(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.pass_time(19)
        assert WORDS.quieter in stage.labels()
        await stage.pass_time(3)
        assert stage.labels() == []
        assert stage.app.screen.query_one("#minutes").text == "23"
        await stage.tap(40, 14)
        assert stage.view.sound_on and WORDS.quieter in stage.labels(), "a touch only wakes"
        await stage.touch(WORDS.sound_off)
        assert stage.view.sound_on, "so soon after waking a touch counts for nothing"
        stage.clock.advance(0.8)
        await stage.touch(WORDS.sound_off)
        assert not stage.view.sound_on


async def test_a_check_in_asks_one_thing_and_goes_by_itself(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.CHECK_IN)
        assert stage.labels() == [WORDS.staff, WORDS.comfortable, WORDS.not_so_comfortable]
        await stage.touch(WORDS.comfortable)
        assert stage.keeping.of(e.CheckInAnswered)[0].comfortable is True
        assert stage.screen_name() == "SessionScreen"
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.CHECK_IN)
        await stage.pass_time(61)
        assert stage.screen_name() == "SessionScreen"


async def test_not_so_comfortable_offers_softer_and_marks_the_resting_screen(
    tmp_path: Path,
) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.CHECK_IN)
        await stage.touch(WORDS.not_so_comfortable)
        assert stage.view.uncomfortable
        await stage.pass_time(25)
        assert stage.app.screen.resting
        assert stage.shows(WORDS.not_so_comfortable)
        await stage.tap(40, 5)
        stage.clock.advance(1)
        await stage.touch(WORDS.softer)
        assert stage.view.soft
        assert WORDS.softer not in stage.labels()
        assert stage.shows(WORDS.call)


async def test_no_sound_and_not_saved_show_large_for_a_nurse(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.QUESTION)
        await stage.do(c.Rate("mood", 5))
        await stage.do(c.ReportSoundLost("unplugged"))
        assert stage.app.screen.query_one("#state").text == "NO SOUND"
        await stage.do(c.ReportSoundReturned("headphones"))
        stage.conductor.saving(False)
        await stage.settle()
        assert stage.app.screen.query_one("#state").text == "NOT SAVED"


HOSTILE = "[@click=app.quit]x[/] [/b] [$primary]y \x1b[2J\x1b]0;T\x07 \u202eabc"


@pytest.mark.parametrize("place", [Place.MODE, Place.QUESTION, Place.FAREWELL, Place.CALLED])
async def test_text_of_files_and_people_is_only_shown(tmp_path: Path, place: Place) -> None:
    hostile = plan(
        playlist=replace(plan().playlist, title=HOSTILE),
        before=(Question("mood", HOSTILE, HOSTILE, HOSTILE),),
        reminders=(HOSTILE,),
        reaches=HOSTILE,
    )
    async with on_stage(tmp_path, LARGE) as stage:
        await stage.go_to(place, hostile)
        shown = text(stage.app)
        assert "[/b]" in shown and "click=app.quit]x[/]" in shown
        assert not any(ord(character) < 32 for character in shown.replace("\n", ""))
        assert "\u202e" not in shown
        for y in range(1, 34, 3):
            stage.put_finger(60, y)
        await stage.settle()
        assert stage.app.is_running
