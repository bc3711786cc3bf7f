"""The screens of staff between patients, touched: from the first run to the end of the day."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cells import text
from staff_home import clinic
from staff_stage import RECORD, WORDS, clinic_stage, enter, tap
from ui_stage import MK, PIN, Stage, on_stage

from companion.session import book
from companion.session import commands as c
from companion.session import events as e
from companion.session.book import Role
from companion.session.events import By
from companion.session.patient_code import spaced, with_check_digit
from companion.session.plan import Mode
from companion.session.state import Stage as SessionStage
from companion.session.view import Place

CODE = with_check_digit(417203)
TOLD = spaced(CODE)
MISTYPED = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)


# --- whole acts ----------------------------------------------------------------------------------


async def test_a_start_takes_eleven_touches_of_the_nurse_and_an_end_eight(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        touches = await tap(stage, "MK") + await enter(stage)
        touches += await tap(stage, WORDS.give)
        await stage.until(lambda: stage.conductor.view is not None)
        await stage.do(c.AnswerHearing(True), c.ChooseMode(Mode.MUSIC), c.Rate("mood", 5))
        await stage.until(lambda: stage.screen_name() == "SessionScreen")
        touches += await tap(stage, "Infusion started")
        touches += await tap(stage, WORDS.started_now.format(initials="MK"))
        assert stage.view.stage is SessionStage.INFUSING
        assert stage.keeping.of(e.InfusionStarted)[0].by == By("MK")
        assert touches <= 11

        await stage.do(c.GoToRecovery(MK), c.OpenRating(), c.StopQuestions())
        await stage.until(lambda: stage.screen_name() == "FarewellScreen")
        touches = await tap(stage, "staff") + await enter(stage)
        touches += await tap(stage, WORDS.close)
        assert stage.conductor.view is None
        await stage.until(lambda: stage.screen_name() == "ReadyScreen")
        assert touches <= 8


async def test_the_first_run_makes_a_lead_by_touch_alone(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path, names=()) as stage:
        await stage.until(lambda: stage.screen_name() == "SetUpScreen")
        assert "not a medical device" in " ".join(text(stage.app).split())
        await tap(stage, WORDS.begin, "L", "X", WORDS.delete, "N", WORDS.done)
        await tap(stage, *"111111")
        assert "too easy to guess" in text(stage.app)
        await tap(stage, *PIN, *"274952")
        assert "The two PINs differ" in text(stage.app)
        await tap(stage, *PIN, *PIN)
        await stage.until(lambda: stage.screen_name() == "FirstScreen")
        assert [(one.initials, one.role) for one in stage.desk.staff] == [("LN", Role.LEAD)]
        await tap(stage, WORDS.done)
        assert stage.screen_name() == "ReadyScreen"
        assert "LN" in stage.labels()


# --- ready ---------------------------------------------------------------------------------------


async def test_ready_tells_what_is_wrong_before_what_is_well(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        assert WORDS.ready in text(stage.app)
        assert RECORD.tablet in stage.labels()
        stage.desk.sound_lost = "unplugged"
        stage.app.tick()
        await stage.settle()
        shown = text(stage.app)
        assert WORDS.look_first in shown
        assert "No sound" in shown
        assert WORDS.ready not in shown


async def test_ready_tells_where_the_sound_leaves(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:

        async def told() -> str:
            stage.app.tick()
            await stage.settle()
            return " ".join(text(stage.app).split())

        assert "Sound ok" in await told()
        stage.desk.output = "Built-in Audio · Headphones"
        assert "Sound: Headphones" in await told()
        stage.desk.volume = 70
        assert "Sound: Headphones at 70 %" in await told()
        stage.desk.muted = True
        assert f"{WORDS.look_first} The tablet's sound is muted" in await told()


async def test_problems_are_counted_and_shown_with_their_lines(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        (tmp_path / "playlists" / "tidewater.yaml").write_text("title: [broken\n")
        await stage.desk.load()
        stage.app.tick()
        await stage.settle()
        await tap(stage, WORDS.problems.format(count=len(stage.desk.problems)))
        assert "playlists/tidewater.yaml:" in text(stage.app)
        await tap(stage, WORDS.back)
        assert stage.screen_name() == "ReadyScreen"


async def test_the_day_ends_behind_a_pin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with clinic_stage(tmp_path) as stage:
        ended: list[bool] = []
        monkeypatch.setattr(stage.app, "end_day", lambda: ended.append(True))
        await tap(stage, WORDS.end_day, "JS")
        await tap(stage, *"918273")
        assert not ended
        await tap(stage, *PIN)
        await stage.until(lambda: ended == [True])


class OneWaits:
    """A tablet on which one patient wanted to answer later."""

    def __init__(self, events: list[Any]) -> None:
        self.events = events

    async def codes(self) -> tuple[str, ...]:
        return (CODE,)

    async def waiting_ratings(self, now: object) -> tuple[Any, ...]:
        return (replace_stream(CODE),)

    async def read(self, stream: str) -> list[Any]:
        return self.events


class replace_stream:  # noqa: N801 (one row of a list)
    def __init__(self, code: str) -> None:
        self.stream, self.code = "earlier", code


async def test_a_rating_left_for_later_opens_behind_a_pin(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await stage.go_to(Place.RECOVERY)
        await stage.do(c.OpenRating(), c.PostponeRating(), c.CloseSession(MK))
        moment = stage.clock.now()
        kept = [event for stream, event in stage.keeping.kept if stream not in ("", book.STREAM)]
        records = [Kept(seq, moment, event) for seq, event in enumerate(kept, start=1)]
        stage.desk._reading = OneWaits(records)
        stage.app.leave_staff()
        await stage.until(lambda: WORDS.rate_later.format(count=1) in stage.labels())
        await tap(stage, WORDS.rate_later.format(count=1), "JS")
        await enter(stage)
        await tap(stage, TOLD)
        await stage.until(lambda: stage.screen_name() == "QuestionScreen")
        assert stage.keeping.of(e.RatingOpened)[-1].by == By("JS", confirmed=True)


class Kept:
    def __init__(self, seq: int, moment: Any, event: Any) -> None:
        self.seq, self.moment, self.event = seq, moment, event


# --- unlock --------------------------------------------------------------------------------------


async def test_a_wrong_pin_is_told_and_many_make_her_wait(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await tap(stage, "MK")
        for _ in range(3):
            await enter(stage, "918273")
            assert WORDS.pin_wrong.format(initials="MK") in text(stage.app)
        await stage.press(*PIN)
        await stage.until(lambda: "try again in a few seconds" in text(stage.app))
        await tap(stage, "JS")
        assert WORDS.pin_of.format(initials="JS") in text(stage.app)
        await enter(stage)
        assert stage.screen_name() == "CardScreen"


async def test_people_are_a_leads_alone(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await tap(stage, RECORD.tablet, WORDS.people, "JS")
        await enter(stage)
        assert WORDS.not_for_role.format(initials="JS") in text(stage.app)
        await tap(stage, WORDS.cancel)
        assert stage.screen_name() == "ReadyScreen"


async def test_on_a_small_screen_cancel_leads_to_the_other_names(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path, (64, 20)) as stage:
        await stage.go_to(Place.SESSION)
        await tap(stage, "staff", WORDS.cancel, "AR")
        assert WORDS.pin_of.format(initials="AR") in text(stage.app)
        await tap(stage, WORDS.cancel, WORDS.back)
        assert stage.screen_name() == "SessionScreen"


# --- card ----------------------------------------------------------------------------------------


async def at_card(stage: Stage) -> None:
    await tap(stage, "MK")
    await enter(stage)


async def test_the_card_steps_through_its_choices_and_gives_the_tablet(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await at_card(stage)
        await tap(stage, "Standard, 40 minutes", "Tidewater")
        assert "Low strings and a quiet fire." in text(stage.app)
        await tap(stage, "The Quiet Shore", WORDS.eyes_covered, WORDS.words_on_screen)
        await tap(stage, WORDS.under_way, "20 min", WORDS.give)
        await stage.until(lambda: stage.conductor.view is not None)
        prepared = stage.keeping.of(e.SessionPrepared)[0]
        assert prepared.plan.protocol.name == "long-60"
        assert prepared.plan.playlist.title == "Ember"
        assert prepared.plan.script is None
        assert prepared.plan.eyes_covered
        assert not prepared.plan.words_on_screen
        assert prepared.room == "Room 2"
        assert prepared.by == MK
        assert stage.view.minutes == 20
        assert stage.keeping.of(book.Locked)[0].initials == "MK"


async def test_a_code_is_checked_and_an_unknown_one_asks_once_more(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await at_card(stage)
        await tap(stage, WORDS.other_code, *MISTYPED)
        assert WORDS.bad_code.format(code=spaced(MISTYPED)) in text(stage.app)
        await tap(stage, *CODE)
        await stage.until(lambda: WORDS.use_it.format(code=TOLD) in stage.labels())
        await tap(stage, WORDS.use_it.format(code=TOLD), WORDS.give)
        await stage.until(lambda: stage.conductor.code == CODE)


async def test_without_a_code_the_session_has_a_temporary_one(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await at_card(stage)
        await tap(stage, WORDS.other_code, WORDS.no_code, WORDS.give)
        await stage.until(lambda: stage.conductor.view is not None)
        assert (stage.conductor.code or "").startswith("T")


async def test_the_card_waits_for_what_is_still_being_read(tmp_path: Path) -> None:
    async with on_stage(clinic(tmp_path)) as stage:
        await tap(stage, "MK")
        await enter(stage)
        assert WORDS.give not in stage.labels()
        assert WORDS.still_reading in text(stage.app)
        await stage.desk.load()
        stage.app.tick()
        await stage.settle()
        assert WORDS.give in stage.labels()


# --- people --------------------------------------------------------------------------------------


async def test_a_lead_adds_changes_and_removes_people(tmp_path: Path) -> None:
    def roles() -> dict[str, Role]:
        return {one.initials: one.role for one in stage.desk.staff}

    async def so(condition: Callable[[], bool]) -> None:
        await stage.until(condition)
        await stage.settle()

    async with clinic_stage(tmp_path, names=("MK", "JS")) as stage:
        await tap(stage, RECORD.tablet, WORDS.people, "MK")
        await enter(stage)
        await tap(stage, WORDS.add_person, "J", "S", WORDS.done)
        assert "has these initials already" in text(stage.app)
        await tap(stage, WORDS.delete, "T", WORDS.done, "curator", *PIN, *PIN)
        await so(lambda: roles().get("JT") is Role.CURATOR)
        await tap(stage, "JT", WORDS.new_role.format(role="lead"))
        await so(lambda: roles()["JT"] is Role.LEAD)
        await tap(stage, "JS", WORDS.remove, WORDS.remove_sure.format(initials="JS"))
        await so(lambda: "JS" not in roles())
        await tap(stage, "JT", WORDS.new_pin, *"905172", *"905172")
        await so(lambda: WORDS.pin_changed.format(initials="JT") in text(stage.app))
        await tap(stage, "JT", WORDS.new_role.format(role="nurse"))
        await so(lambda: roles()["JT"] is Role.NURSE)
        await tap(stage, "MK", WORDS.remove, WORDS.remove_sure.format(initials="MK"))
        assert "This is the only lead" in text(stage.app)
        await tap(stage, WORDS.back, WORDS.back)
        assert stage.screen_name() == "ReadyScreen"


async def test_more_than_six_names_turn_the_page(tmp_path: Path) -> None:
    names = ("MK", "JS", "AR", "TB", "LN", "PO", "QU", "VW")
    async with clinic_stage(tmp_path, names=names) as stage:
        assert "LN" in stage.labels()
        assert "PO" not in stage.labels()
        await tap(stage, WORDS.more)
        assert [name for name in names if name in stage.labels()] == ["PO", "QU", "VW"]
        await tap(stage, WORDS.more)
        assert "MK" in stage.labels()
        await stage.press("b")
        assert stage.screen_name() == "UnlockScreen"
        assert WORDS.pin_of.format(initials="JS") in text(stage.app)
