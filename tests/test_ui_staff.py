"""The screens of staff, touched: how many touches, what each tile does, what is refused."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cells import text
from staff_home import clinic
from ui_stage import MK, PIN, USUAL, Stage, on_stage, plan

from companion.access import Unlocked
from companion.session import book
from companion.session import commands as c
from companion.session import events as e
from companion.session.book import Role
from companion.session.events import By
from companion.session.patient_code import spaced, with_check_digit
from companion.session.plan import Mode, Phase
from companion.session.state import Stage as SessionStage
from companion.session.view import Place
from companion.ui.place import GUARD
from companion.ui.screens.nurse import NurseScreen
from companion.words import staff_words

WORDS = staff_words("en")
HEEDED = GUARD + 0.1
"""Seconds after which a touch counts on a screen that has just appeared."""

CODE = with_check_digit(417203)
TOLD = spaced(CODE)
MISTYPED = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
LEAD = Unlocked(MK, Role.LEAD)


@asynccontextmanager
async def clinic_stage(
    home: Path, size: tuple[int, int] = USUAL, names: tuple[str, ...] = ("MK", "JS", "AR")
) -> AsyncIterator[Stage]:
    async with on_stage(clinic(home), size, names) as stage:
        await stage.desk.load()
        stage.app.tick()
        await stage.settle()
        stage.clock.advance(HEEDED)
        yield stage


async def tap(stage: Stage, *labels: str) -> int:
    """Touch tiles one after the other, each once its screen has stood for a while."""
    for label in labels:
        stage.clock.advance(HEEDED)
        await stage.touch(label)
    return len(labels)


async def enter(stage: Stage, digits: str = PIN) -> int:
    """Touch the digits of a PIN, and wait for what comes of it."""
    before, screen = len(stage.keeping.kept), stage.app.screen
    touches = await tap(stage, *digits)
    await stage.until(lambda: stage.app.screen is not screen or _decided(stage, before))
    await stage.settle()
    stage.clock.advance(HEEDED)
    return touches


def _decided(stage: Stage, before: int) -> bool:
    kinds = {type(event) for _, event in stage.keeping.kept[before:]}
    return bool(kinds & {book.PinRefused, book.PinAccepted})


async def in_nurse_view(stage: Stage, place: Place = Place.SESSION) -> None:
    await stage.go_to(place, replace(plan(), notes=("nausea", "toilet")))
    await nurse_view(stage)


async def nurse_view(stage: Stage, unlocked: Unlocked = LEAD) -> None:
    stage.app.open_staff(NurseScreen(unlocked))
    await stage.settle()
    stage.clock.advance(HEEDED)


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
        assert WORDS.people in stage.labels()
        stage.desk.sound_lost = "unplugged"
        stage.app.tick()
        await stage.settle()
        shown = text(stage.app)
        assert WORDS.look_first in shown
        assert "No sound" in shown
        assert WORDS.ready not in shown


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
        await tap(stage, WORDS.people, "JS")
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


# --- the nurse's view ----------------------------------------------------------------------------

MORE, SECOND, THIRD = ((WORDS.more,) * count for count in (1, 2, 3))
"""Touches that lead to the pages behind *More*."""

Way = tuple[tuple[str, ...], type]
WAYS: dict[str, list[Way]] = {
    "at the peak": [
        ((WORDS.looked_in,), e.LookedIn),
        ((WORDS.softer,), e.Softened),
        ((WORDS.note, "toilet"), e.Noted),
        ((*MORE, WORDS.peak_longer), e.PeakChanged),
        ((*MORE, WORDS.end_infusion, "5 min ago"), e.InfusionEnded),
        ((*SECOND, WORDS.quieter), e.LevelChanged),
        ((*SECOND, WORDS.anchor, "You are in the chair, in the clinic."), e.AnchorSaid),
        ((*SECOND, WORDS.change_music, "Ember"), e.PlaylistChanged),
        ((*SECOND, WORDS.change_voice, WORDS.no_voice), e.ScriptChanged),
        ((*THIRD, WORDS.change_mode, "Silence"), e.ModeChosen),
        ((WORDS.stop_pump,), e.HoldBegan),
        ((WORDS.sound_off,), e.SoundSwitched),
    ],
    "to the end": [
        ((*MORE, WORDS.peak_shorter), e.PeakChanged),
        ((*MORE, WORDS.go_to_return), e.PhaseAdvanced),
        ((*MORE, WORDS.next_phase), e.RecoveryBegan),
        ((*SECOND, WORDS.open_rating), e.RatingOpened),
    ],
    "straight to recovery": [((*THIRD, WORDS.go_to_recovery), e.RecoveryBegan)],
}


@pytest.mark.parametrize("ways", WAYS.values(), ids=WAYS)
async def test_every_tile_does_what_it_says(tmp_path: Path, ways: list[Way]) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        for labels, kind in ways:
            await nurse_view(stage)
            before = len(stage.keeping.of(kind))
            await tap(stage, *labels)
            await stage.until(lambda kind=kind, before=before: _more_of(stage, kind, before))
            assert stage.keeping.of(kind)[-1].by == MK, labels


def _more_of(stage: Stage, kind: type, before: int) -> bool:
    return len(stage.keeping.of(kind)) > before


async def test_a_tile_turns_into_its_opposite(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        for there, back, undone in (
            (WORDS.stop_pump, WORDS.run_pump, e.HoldEnded),
            (WORDS.sound_off, WORDS.sound_on, e.SoundSwitched),
            (WORDS.softer, WORDS.normal, e.Unsoftened),
        ):
            await tap(stage, there, back)
            await stage.until(lambda kind=undone: bool(stage.keeping.of(kind)))
            assert there in stage.labels()


async def test_somebody_else_takes_the_session_over(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await nurse_view(stage, Unlocked(By("JS", confirmed=True), Role.NURSE))
        assert "session MK · unlocked JS" in text(stage.app)
        await tap(stage, WORDS.more, WORDS.more, WORDS.more, WORDS.take_over)
        await stage.until(lambda: stage.view.nurse == "JS")
        assert stage.screen_name() == "NurseScreen"


async def test_what_is_refused_is_told_in_its_place(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await tap(stage, WORDS.more, WORDS.more)
        for _ in range(4):
            await tap(stage, WORDS.louder)
        assert WORDS.refused["loudest"] in text(stage.app)
        await tap(stage, WORDS.quieter)
        assert WORDS.refused["loudest"] not in text(stage.app)


async def test_closing_asks_once_more_while_the_infusion_runs(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await tap(stage, WORDS.close)
        assert not stage.keeping.of(e.SessionClosed)
        await tap(stage, WORDS.softer)
        assert WORDS.close in stage.labels()
        await tap(stage, WORDS.close, WORDS.close_sure)
        await stage.until(lambda: stage.screen_name() == "ReadyScreen")
        assert stage.keeping.of(e.SessionClosed)[0].by == MK


async def test_it_locks_after_a_minute_and_the_session_goes_on(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await stage.pass_time(40)
        await tap(stage, WORDS.note)
        await stage.pass_time(59)
        assert stage.screen_name() == "ChoiceScreen"
        await stage.pass_time(2)
        await stage.until(lambda: stage.screen_name() == "SessionScreen")
        assert stage.keeping.of(book.Locked)[-1].why == "untouched"
        assert stage.view.stage is SessionStage.INFUSING


async def test_a_call_takes_over_its_upper_half(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await stage.touch_call()
        here = WORDS.here.format(initials="MK")
        assert here in stage.labels()
        assert WORDS.looked_in not in stage.labels()
        assert WORDS.note in stage.labels()
        assert WORDS.call_for.format(room="Room 2") in text(stage.app)
        await tap(stage, here)
        assert stage.keeping.of(e.CallAnswered)[-1].by == By("MK")
        assert WORDS.looked_in in stage.labels()
        await stage.touch_call()
        await tap(stage, WORDS.somebody_else, "AR")
        assert stage.keeping.of(e.CallAnswered)[-1].by == By("AR")
        assert stage.screen_name() == "NurseScreen"


async def test_a_long_absence_leaves_three_choices(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage, Place.WAITING)
        assert {WORDS.go_on, WORDS.go_to_recovery, WORDS.close} <= set(stage.labels())
        await tap(stage, WORDS.go_on)
        assert stage.keeping.of(e.WentOn)[0].by == MK


async def test_it_tells_what_happened_with_the_time_of_day(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await stage.do(c.ReportTrack("Deep water"), c.LookIn(By("JS")))
        at = stage.conductor.wall(stage.keeping.of(e.LookedIn)[-1].at)
        shown = text(stage.app)
        assert f"{at:%H:%M} nurse looked in (JS)" in shown
        assert "now Tidewater: Deep water" in shown
        assert "look-in in 15 min" in shown


async def test_wiping_is_deaf_to_touch_but_not_to_keys(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await tap(stage, WORDS.more, WORDS.more, WORDS.more, WORDS.wipe)
        await stage.touch_call()
        assert not stage.keeping.of(e.Called)
        await stage.pass_time(19)
        assert stage.screen_name() == "WipeScreen"
        await stage.pass_time(2)
        await stage.until(lambda: stage.screen_name() == "NurseScreen")
        await tap(stage, WORDS.more, WORDS.more, WORDS.more, WORDS.wipe)
        await stage.press("enter", "enter")
        await stage.until(lambda: stage.screen_name() == "NurseScreen")
        assert stage.keeping.of(e.Called)[0].source == "key"


async def test_the_start_may_lie_back_and_be_anothers(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await stage.prepare()
        await stage.do(c.AnswerHearing(True), c.ChooseMode(Mode.MUSIC), c.Rate("mood", 5))
        await tap(stage, "Infusion started", WORDS.somebody_else, "JS", WORDS.more)
        await tap(stage, WORDS.minutes_ago.format(minutes=20))
        await stage.until(lambda: stage.view.minutes == 20)
        assert stage.keeping.of(e.InfusionStarted)[0].by == By("JS")
        assert stage.view.phase is Phase.PEAK


# --- people --------------------------------------------------------------------------------------


async def test_a_lead_adds_changes_and_removes_people(tmp_path: Path) -> None:
    def roles() -> dict[str, Role]:
        return {one.initials: one.role for one in stage.desk.staff}

    async def so(condition: Callable[[], bool]) -> None:
        await stage.until(condition)
        await stage.settle()

    async with clinic_stage(tmp_path, names=("MK", "JS")) as stage:
        await tap(stage, WORDS.people, "MK")
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
