"""A record that was damaged: who is told, on which screen, and that the call is always there."""

from pathlib import Path

import pytest
from cells import text
from staff_stage import HEEDED, WORDS, clinic_stage, enter, nurse_view
from ui_stage import LARGE, MK, SIZES, SMALL, USUAL, Stage, on_stage, visible

from companion.session import book
from companion.session import commands as c
from companion.session.book import FileSetAside
from companion.session.view import Place, Word
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.call_bar import CallBar
from companion.ui.widgets.sentence import Sentence
from companion.words import patient_words

PATIENT = patient_words("en")
LOSS = FileSetAside(name="journal.db.aside-1", recovered=812, lost=3, more_lost=True)
MENDED = FileSetAside(name="journal.db.aside-2", recovered=812)


class Bell:
    name = "bell"

    def __init__(self) -> None:
        self.rung: list[str] = []

    async def send(self, room: str, at: object) -> None:
        self.rung.append(room)


async def lost(stage: Stage, loss: FileSetAside = LOSS) -> None:
    """The tablet as it starts on a record of which something is missing."""
    await stage.desk.write(loss)
    stage.app.leave_staff()
    await stage.settle()
    stage.clock.advance(HEEDED)


def said(stage: Stage, selector: str) -> str:
    return str(stage.app.screen.query_one(selector, Sentence).content)


@pytest.mark.parametrize("size", SIZES)
async def test_where_a_session_may_be_under_way_the_tablet_asks_for_a_nurse(tmp_path, size):
    async with clinic_stage(tmp_path, size) as stage:
        await lost(stage)
        assert stage.screen_name() == "LostScreen"
        for line in (*PATIENT.lost_place.split("\n"), "For staff:", "under way."):
            assert stage.shows(line)
        assert visible(stage.app.screen.query_one(CallBar))
        assert stage.tile(PATIENT.staff).region.width >= 12


@pytest.mark.parametrize("size", [USUAL, SMALL])
async def test_it_calls_at_the_first_touch_and_by_the_clinic_s_channels(tmp_path, size):
    async with clinic_stage(tmp_path, size) as stage:
        bell = Bell()
        await stage.desk.load()
        stage.conductor.reach_by([bell])
        await lost(stage)
        await stage.touch_call()
        assert stage.screen_name() == "LostScreen"
        assert stage.shows(PATIENT.call_told)
        assert stage.app.screen.query_one("#state", BigLetters).text == PATIENT.call_word
        await stage.until(lambda: bell.rung == ["Room 2"])
        await stage.touch_call()
        assert len(stage.keeping.of(book.CalledWithoutSession)) == 1
        assert bell.rung == ["Room 2"]


async def test_a_key_pressed_twice_calls_there_too(tmp_path):
    async with clinic_stage(tmp_path) as stage:
        await lost(stage)
        await stage.press("space", "space")
        assert len(stage.keeping.of(book.CalledWithoutSession)) == 1


async def test_somebody_s_pin_leads_on_to_the_ready_screen_which_tells_what_is_missing(tmp_path):
    async with clinic_stage(tmp_path) as stage:
        await lost(stage)
        await stage.touch_call()
        stage.clock.advance(HEEDED)
        await stage.touch(PATIENT.staff)
        assert visible(stage.app.screen.query_one(CallBar))
        stage.clock.advance(HEEDED)
        await stage.touch("MK")
        await enter(stage)
        await stage.until(lambda: stage.screen_name() == "ReadyScreen")
        await stage.settle()
        assert stage.shows("812 entries read again")
        assert not stage.desk.asks_nurse
        stage.clock.advance(13 * 3600.0)
        stage.app.tick()
        await stage.settle()
        assert "812" not in said(stage, "#fit")
        await stage.prepare()
        assert not stage.view.damaged


@pytest.mark.parametrize("loss", [LOSS, MENDED])
async def test_found_while_the_tablet_rests_it_is_told_and_nothing_else_changes(tmp_path, loss):
    async with clinic_stage(tmp_path) as stage:
        await stage.desk.write(loss)
        stage.app.tick()
        await stage.settle()
        assert stage.screen_name() == "ReadyScreen"
        assert stage.shows("812 entries")


async def test_a_record_that_is_gone_is_told_as_gone(tmp_path):
    async with clinic_stage(tmp_path) as stage:
        await stage.desk.write(FileSetAside(name="", recovered=0, more_lost=True))
        stage.app.tick()
        await stage.settle()
        assert stage.shows("The record is gone")


async def test_a_record_that_was_made_whole_is_no_reason_to_ask_for_a_nurse(tmp_path):
    async with clinic_stage(tmp_path) as stage:
        await lost(stage, MENDED)
        assert stage.screen_name() == "ReadyScreen"


@pytest.mark.parametrize("size", SIZES)
async def test_where_nobody_of_staff_could_be_read_it_is_said_before_a_lead_begins_anew(
    tmp_path: Path, size: tuple[int, int]
):
    async with on_stage(tmp_path, size, names=()) as stage:
        await lost(stage)
        assert stage.screen_name() == "LostScreen"
        await stage.touch(PATIENT.staff)
        await stage.until(lambda: stage.screen_name() == "SetUpScreen")
        await stage.settle()
        told = [str(one.content) for one in stage.app.screen.query(Sentence)]
        assert WORDS.staff_lost in told
        assert WORDS.nobody_yet not in told
        assert WORDS.staff_lost in " ".join(text(stage.app).split())


async def test_a_record_that_cannot_be_read_leads_nobody_in(tmp_path):
    async with on_stage(tmp_path, names=()) as stage:
        stage.desk.record_unreadable = "it cannot be opened"
        stage.app.leave_staff()
        await stage.settle()
        assert stage.screen_name() == "LostScreen"
        assert stage.labels() == []
        assert stage.shows("For staff: the record on this tablet cannot be read.")
        await stage.touch_call()
        assert stage.shows(PATIENT.call_told)


# --- in a session --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_in_a_session_the_screen_asks_for_the_nurse_also_at_rest(tmp_path, size):
    async with clinic_stage(tmp_path, size) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.LookIn(MK))
        stage.conductor.record_damaged()
        await stage.settle()
        for _ in range(2):
            assert stage.screen_name() == "SessionScreen"
            assert stage.app.screen.query_one("#state", BigLetters).text == "NOT SAVED"
            assert stage.shows(PATIENT.damaged)
            await stage.pass_time(25.0)
        assert stage.screen.resting


@pytest.mark.parametrize("size", [USUAL, SMALL, LARGE])
async def test_the_nurse_reads_why_and_then_the_screen_is_quiet_again(tmp_path, size):
    async with clinic_stage(tmp_path, size) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.LookIn(MK))
        stage.conductor.record_damaged()
        await nurse_view(stage)
        assert stage.shows(WORDS.record_damaged)
        assert stage.view.word is Word.NOT_SAVED
        await stage.touch(WORDS.back_to_patient)
        assert stage.view.word is Word.OK
        assert not stage.shows(PATIENT.damaged)


async def test_while_nothing_is_kept_the_nurse_is_told_to_use_paper(tmp_path):
    async with clinic_stage(tmp_path, SMALL) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.LookIn(MK))
        stage.conductor.saving(False)
        await nurse_view(stage)
        assert stage.shows(WORDS.record_not_saved)
        await stage.touch(WORDS.back_to_patient)
        assert stage.view.word is Word.NOT_SAVED
        assert not stage.shows(PATIENT.damaged)
