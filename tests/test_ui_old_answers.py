"""Old answers by touch: how many, and their end, by a lead alone."""

import time
from pathlib import Path
from typing import Any

import pytest
from staff_home import clinic
from staff_stage import LEAD, WORDS, clinic_stage, tap
from test_ui_staff_look import _readable, _whole
from ui_stage import MK, SIZES, Stage, on_stage

from companion.access import Refusal
from companion.journal.retention import Outlived
from companion.session import book
from companion.session.events import By
from companion.ui.screens.people import PeopleScreen

OLD = (Outlived("one", 1_000.0, 4), Outlived("two", 2_000.0, 3))


class OldSessions:
    """A tablet whose earlier sessions `old` are past the clinic's rule."""

    def __init__(self, *old: Outlived) -> None:
        self.old = old
        self.asked: list[int] = []

    async def outlived(self, keep_days: int, now: Any) -> tuple[Outlived, ...]:
        self.asked.append(keep_days)
        return self.old

    async def waiting_ratings(self, now: Any) -> tuple[Any, ...]:
        return ()


async def at_people(stage: Stage, *old: Outlived) -> OldSessions:
    reading = OldSessions(*old)
    stage.desk._reading = reading  # type: ignore[assignment]
    stage.app.open_staff(PeopleScreen(LEAD))
    await stage.settle()
    return reading


async def test_a_lead_reads_the_count_and_deletes(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        reading = await at_people(stage, *OLD)
        await tap(stage, WORDS.old_answers)
        day = time.strftime("%Y-%m-%d", time.localtime(stage.clock.now().wall - 365 * 86_400))
        assert reading.asked == [365]
        assert stage.labels() == [WORDS.delete_for_good, WORDS.back]
        told = " ".join(str(stage.app.screen.query_one(".question").content).split())
        assert told.startswith(f"2 sessions closed more than 365 days ago, before {day}.")
        assert stage.keeping.of(book.AnswersDeleted) == []
        await tap(stage, WORDS.delete_for_good)
        assert stage.screen_name() == "PeopleScreen"
        assert stage.shows("Deleted: the answers of 2 sessions.")
        assert stage.keeping.of(book.AnswersDeleted) == [
            book.AnswersDeleted(session="one", count=4, keep_days=365, by=MK),
            book.AnswersDeleted(session="two", count=3, keep_days=365, by=MK),
        ]


async def test_back_deletes_nothing(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await at_people(stage, *OLD)
        await tap(stage, WORDS.old_answers, WORDS.back)
        assert stage.screen_name() == "PeopleScreen"
        assert stage.keeping.of(book.AnswersDeleted) == []


async def test_where_nothing_is_old_it_says_so(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await at_people(stage)
        await tap(stage, WORDS.old_answers)
        assert stage.shows("No session closed more than 365 days ago has answers left.")
        assert stage.screen_name() == "PeopleScreen"


async def test_without_a_rule_all_answers_are_kept(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        config = tmp_path / "config.yaml"
        config.write_text(config.read_text().replace("keep_days: 365", "keep_days:"))
        await stage.desk.load()
        reading = await at_people(stage, *OLD)
        await tap(stage, WORDS.old_answers)
        assert stage.shows("config.yaml names no keep_days, so all answers are kept.")
        assert reading.asked == []


async def test_the_desk_asks_for_her_role_once_more(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        for by in (By("JS", confirmed=True), By("MK"), By("XX", confirmed=True)):
            assert await stage.desk.delete_answers(OLD, by) is Refusal.NOT_ALLOWED
        assert stage.keeping.of(book.AnswersDeleted) == []


async def test_what_could_not_be_sealed_is_told_before_the_next_session(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        assert not stage.shows("not sealed")
        stage.desk.answers_sealed = False
        await stage.pass_time(60.0)
        assert stage.shows("not sealed yet")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_question_is_whole_and_readable(tmp_path: Path, size: tuple[int, int]) -> None:
    async with on_stage(clinic(tmp_path), size) as stage:
        await stage.desk.load()
        many = tuple(Outlived(str(n), float(n), 9) for n in range(12345))
        await at_people(stage, *many)
        stage.clock.advance(5.0)
        await tap(stage, WORDS.old_answers)
        _whole(stage, "old answers", rows_below=0)
        _readable(stage, "old answers")
