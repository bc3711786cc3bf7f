"""Earlier sessions, read and corrected by touch."""

from pathlib import Path

import pytest
from cells import text
from past_stage import EARLIER, past_stage, session
from staff_stage import RECORD, WORDS, enter, tap
from ui_stage import LARGE, SIZES, Stage

from companion.journal.chain import short
from companion.session import book
from companion.session.decide import Refused, Why
from companion.session.events import By, Voided
from companion.session.voiding import Reason, Void, What


async def open_history(stage: Stage) -> None:
    await tap(stage, RECORD.tablet, RECORD.history, "JS")
    await enter(stage)
    await stage.until(lambda: stage.screen_name() == "ChoiceScreen")
    await stage.settle()


async def open_session(stage: Stage) -> None:
    await open_history(stage)
    choice = next(one for one in stage.tiles() if one.second == "MK, 70 min")
    await tap(stage, choice.label)
    await stage.until(lambda: stage.screen_name() == "PastScreen")
    await stage.settle()


async def test_a_nurse_reads_an_earlier_session_event_by_event(tmp_path: Path) -> None:
    async with past_stage(tmp_path, LARGE) as stage:
        await open_session(stage)
        shown = text(stage.app)
        assert "nurse is here (JS)" in shown
        assert "nausea (MK)" in shown
        assert "answered: mood, after" in shown
        assert "asked the patient: answered" in shown
        head = stage.log.read(EARLIER)[-1].digest
        assert RECORD.head.format(head=short(head)) in shown


async def test_no_patients_words_answers_or_code_are_on_it(tmp_path: Path) -> None:
    async with past_stage(tmp_path, LARGE) as stage:
        await open_session(stage)
        lines = [line for line in text(stage.app).splitlines() if "answered:" in line]
        assert lines and all(line.rstrip(" │").endswith(("before", "after")) for line in lines)
        for own in ("quiet sea", "4172038", "417 2038", "comfortable"):
            assert own not in text(stage.app)


@pytest.mark.parametrize("size", SIZES)
async def test_every_event_can_be_reached_at_every_size(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with past_stage(tmp_path, size) as stage:
        await open_session(stage)
        seen: set[int] = set()
        for _ in range(20):
            told = text(stage.app)
            seen |= {n for n in range(1, 20) if f" {n:<3}  " in told}
            if RECORD.later not in stage.labels():
                break
            await tap(stage, RECORD.later)
        assert seen == set(range(1, len(session()) + 1))
        if RECORD.earlier in stage.labels():
            await tap(stage, RECORD.earlier)


async def test_an_answer_is_marked_as_void_with_a_reason_and_stays(tmp_path: Path) -> None:
    async with past_stage(tmp_path) as stage:
        await open_session(stage)
        await tap(stage, RECORD.mark_void)
        await tap(stage, WORDS.more)  # whole session, whole rating and four others come first
        await tap(stage, "answer: mood, after")
        await tap(stage, RECORD.reasons["somebody else"])
        await stage.until(lambda: stage.screen_name() == "PastScreen")
        await stage.settle()
        assert "Marked as void" in text(stage.app)
        mark = stage.log.read(EARLIER)[-1].event
        assert isinstance(mark, Voided)
        assert (mark.what, mark.seq, mark.reason) == ("event", 15, "somebody else")
        assert mark.by == By("JS", confirmed=True)
        assert stage.log.read(EARLIER)[14].event.value == 9


async def test_a_whole_session_is_marked_and_the_list_says_so(tmp_path: Path) -> None:
    async with past_stage(tmp_path) as stage:
        await open_session(stage)
        await tap(stage, RECORD.mark_void, RECORD.whole_session, RECORD.reasons["tried out"])
        await stage.until(lambda: stage.screen_name() == "PastScreen")
        await stage.settle()
        assert RECORD.void.format(who="JS") in text(stage.app)
        await tap(stage, RECORD.mark_void)
        assert stage.shows(RECORD.nothing_to_void)
        await tap(stage, WORDS.back)
        await stage.until(lambda: stage.screen_name() == "ChoiceScreen")
        await stage.settle()
        assert RECORD.void.format(who="JS") in text(stage.app)


async def test_without_an_earlier_session_it_says_so(tmp_path: Path) -> None:
    async with past_stage(tmp_path, sessions=0) as stage:
        await open_history(stage)
        assert stage.shows(RECORD.no_session)
        await tap(stage, WORDS.back)
        assert stage.screen_name() == "ReadyScreen"


async def test_left_alone_it_locks_and_that_is_written_down(tmp_path: Path) -> None:
    async with past_stage(tmp_path) as stage:
        await open_session(stage)
        await stage.pass_time(61.0)
        assert stage.screen_name() == "ReadyScreen"
        assert stage.keeping.of(book.Locked)[-1].initials == "JS"


async def test_nothing_is_marked_without_a_pin_or_while_a_session_is_open(tmp_path: Path) -> None:
    async with past_stage(tmp_path) as stage:
        past = stage.desk.past
        command = Void(What.SESSION, Reason.MISTAKE, By("JS"))
        assert await past.void(EARLIER, command) is not None
        stranger = Void(What.SESSION, Reason.MISTAKE, By("ZZ", confirmed=True))
        assert await past.void(EARLIER, stranger) is not None
        await stage.prepare()
        allowed = Void(What.SESSION, Reason.MISTAKE, By("JS", confirmed=True))
        assert await past.void(EARLIER, allowed) == Refused(Why.SESSION_OPEN)
        assert len(stage.log.read(EARLIER)) == len(session())
