"""After a reboot the nurse is asked how long it has been, by touch and behind her PIN."""

from pathlib import Path

from staff_stage import LEAD, WORDS, clinic_stage, enter, nurse_view, tap

from companion.session import commands as c
from companion.session import events as e
from companion.session.view import Offer, Place

ASKED = WORDS.ask_elapsed.format(minutes=23)
MORE, LESS = WORDS.elapsed_more, WORDS.elapsed_less


async def test_whoever_unlocks_after_a_reboot_is_asked_and_her_answer_counts(
    tmp_path: Path,
) -> None:
    async with clinic_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.ReportReturn(180.0, exact=False))
        assert stage.view.minutes == 23
        await tap(stage, "staff")
        await enter(stage)
        assert stage.screen_name() == "ElapsedScreen"
        assert stage.shows(ASKED)
        await tap(stage, *(label.format(minutes=m) for label, m in ((MORE, 5), (LESS, 1))))
        assert stage.keeping.of(e.ElapsedConfirmed) == []
        await tap(stage, WORDS.elapsed_is.format(minutes=27))
        (said,) = stage.keeping.of(e.ElapsedConfirmed)
        assert (said.seconds, said.by.who, said.by.confirmed) == (240.0, "MK", True)
        assert stage.view.minutes == 27
        assert stage.screen_name() == "NurseScreen"
        assert stage.shows("elapsed 4 min more (MK)")


async def test_it_is_right_with_one_touch_and_not_asked_again(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.ReportReturn(180.0, exact=False))
        await tap(stage, "staff")
        await enter(stage)
        await tap(stage, WORDS.elapsed_is.format(minutes=23))
        assert stage.keeping.of(e.ElapsedConfirmed)[0].seconds == 0.0
        await tap(stage, WORDS.back_to_patient, "staff")
        await enter(stage)
        assert stage.screen_name() == "NurseScreen"


async def test_the_question_stays_open_and_is_found_under_more(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.ReportReturn(180.0, exact=False))
        await nurse_view(stage, LEAD)
        assert stage.shows(WORDS.elapsed_not_sure)
        await tap(stage, WORDS.more, WORDS.confirm_elapsed, WORDS.back)
        assert Offer.CONFIRM_ELAPSED in stage.view.offers
        await tap(stage, WORDS.more, WORDS.confirm_elapsed)
        for _ in range(5):
            await tap(stage, LESS.format(minutes=5))
        await tap(stage, WORDS.elapsed_is.format(minutes=0))
        assert stage.view.minutes == 0


async def test_a_call_comes_before_the_question(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.ReportReturn(180.0, exact=False), c.Call())
        await tap(stage, "staff")
        await enter(stage)
        assert stage.screen_name() == "NurseScreen"


async def test_a_card_that_could_not_be_saved_is_refused_in_plain_words(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        stage.keeping.saves = False
        await tap(stage, "MK")
        await enter(stage)
        assert stage.shows(WORDS.not_saving)
        await tap(stage, WORDS.give)
        assert stage.conductor.view is None
        assert stage.shows("Nothing can be saved")
        stage.keeping.saves = True
        await tap(stage, WORDS.give)
        assert stage.view.place is Place.HEARING
