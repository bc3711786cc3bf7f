"""The nurse's view, touched: what each tile does, what is refused, and how it locks."""

from pathlib import Path

import pytest
from cells import text
from staff_stage import WORDS, clinic_stage, in_nurse_view, nurse_view, tap
from ui_stage import MK, SMALL, Stage

from companion.access import Unlocked
from companion.session import book
from companion.session import commands as c
from companion.session import events as e
from companion.session.book import Role
from companion.session.events import By
from companion.session.plan import Mode, Phase
from companion.session.state import Stage as SessionStage
from companion.session.view import Place, Word
from companion.ui.widgets.big_letters import BigLetters

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


async def test_it_tells_how_long_the_pump_has_stood(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path, SMALL) as stage:
        await in_nurse_view(stage)
        await tap(stage, WORDS.stop_pump)
        await stage.pass_time(50)
        await tap(stage, WORDS.looked_in)
        await stage.pass_time(50)
        assert WORDS.stopped_for.format(minutes=1) in text(stage.app)


async def test_a_long_hold_shows_large(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await tap(stage, WORDS.stop_pump)
        await stage.pass_time(50)
        await tap(stage, WORDS.looked_in)
        for _ in range(6):
            await stage.pass_time(55)
            await nurse_view(stage)
        word = stage.app.screen.query_one("#word", BigLetters)
        await stage.until(lambda: word.text == f"{WORDS.words[Word.PUMP_STOPPED]} 6")


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


async def test_where_the_sound_moved_one_tile_lets_it_go_on(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        headphones, speaker = (f"Built-in Audio · {one}" for one in ("Headphones", "Speaker"))
        await stage.do(c.LookIn(MK), c.ReportOutput(headphones))
        before = stage.labels()
        await stage.do(c.ReportOutput(speaker))
        labels = stage.labels()
        assert [label for label in labels if label not in before] == [WORDS.allow_output]
        assert labels.index(WORDS.allow_output) == before.index(WORDS.sound_off)
        assert stage.tile(WORDS.allow_output).chosen
        assert stage.shows(WORDS.sound_moved.format(output=speaker))
        assert stage.view.word is Word.NO_SOUND
        assert stage.sound.wanted[-1].output == headphones
        await tap(stage, *SECOND, WORDS.sound_off)
        assert not stage.view.sound_on
        await tap(stage, WORDS.allow_output)
        assert stage.keeping.of(e.OutputAllowed)[0].by == MK
        assert stage.sound.wanted[-1].output == speaker
        assert WORDS.allow_output not in stage.labels()
        assert stage.shows("sound goes on at Built-in")
        await tap(stage, WORDS.sound_on)
        assert stage.view.word is Word.OK


async def test_a_touch_meant_for_what_stood_there_before_allows_no_output(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await stage.do(c.ReportOutput("Headphones"))
        region = stage.tile(WORDS.sound_off).region
        assert await stage.conductor.handle(c.ReportOutput("Speaker")) is None
        await stage.settle()
        await stage.tap(region.x + 2, region.y + 2)
        assert not stage.keeping.of(e.OutputAllowed)
        await tap(stage, WORDS.allow_output)
        assert stage.keeping.of(e.OutputAllowed)


async def test_a_muted_tablet_is_told_in_words(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await in_nurse_view(stage)
        await stage.do(c.LookIn(MK), c.ReportSystemVolume(100, True))
        assert stage.view.word is Word.NO_SOUND
        assert stage.shows(WORDS.sound_muted)
        await stage.do(c.ReportSystemVolume(60, False))
        assert stage.view.word is Word.OK
        assert stage.shows("the tablet's volume is 60 %")


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
