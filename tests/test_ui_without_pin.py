"""Every tile of every screen touched without a PIN: what can be done so, and what never."""

from pathlib import Path
from typing import Any

import pytest
from staff_stage import RECORD, WORDS, clinic_stage, enter, tap
from ui_stage import MK, PIN, Stage

from companion.session import book
from companion.session import commands as c
from companion.session import events as e
from companion.session.events import By
from companion.session.view import Place
from companion.ui.screens.staff import UnlockedScreen
from companion.words import patient_words

SAID = patient_words("en")
PATIENTS = {
    e.HearingAnswered, e.ModeChosen, e.IntentionLeft, e.SettlingBegan, e.CheckInAnswered,
    e.CheckInUnanswered, e.CheckInAsked, e.RatingOpened, e.Answered, e.Skipped, e.SteppedBack,
    e.QuestionsEnded, e.RatingPostponed, e.WordsLeft, e.PhaseBegan, e.RecoveryBegan,
}  # fmt: skip
"""What she answers, and what time alone brings."""
ANYBODYS = {
    e.Called, e.CallTakenBack, e.CallAnswered, e.SoundSwitched, e.LevelChanged, e.Softened,
    e.LookedIn, e.InfusionStarted,
}  # fmt: skip
"""The call, sound off and on, quieter; and by name tiles: looked in, I'm here, infusion started."""

SOUND_OFF_AT = (Place.SESSION, Place.RECOVERY)


async def again(stage: Stage, place: Place) -> None:
    """A fresh session at `place`."""
    if stage.conductor.view is not None:
        if stage.view.calling is not None:
            await stage.conductor.handle(c.AnswerCall(By("MK")))
        await stage.conductor.handle(c.CloseSession(MK))
    stage.app.leave_staff()
    await stage.settle()
    await stage.go_to(place)


def kinds(events: list[tuple[str, Any]]) -> set[type]:
    """What happened, the book's attempts and locks left out; none of it confirmed by a PIN."""
    happened = [event for _, event in events if not isinstance(event, book.BookEvent)]
    for event in happened:
        by = getattr(event, "by", None)
        assert by is None or not by.confirmed, event
    return {type(event) for event in happened}


@pytest.mark.parametrize("place", [place for place in Place if place is not Place.READY])
async def test_no_tile_of_a_patients_screen_does_what_needs_a_pin(
    tmp_path: Path, place: Place
) -> None:
    async with clinic_stage(tmp_path) as stage:
        await again(stage, place)
        labels = [label for label in stage.labels() if not label.isdigit()]
        opened: set[str] = set()
        for label in labels:
            await again(stage, place)
            before = len(stage.keeping.kept)
            await tap(stage, label)
            assert kinds(stage.keeping.kept[before:]) <= PATIENTS | ANYBODYS, label
            assert not isinstance(stage.app.screen, UnlockedScreen), label
            assert stage.screen.CALL_BAR, label
            if stage.app._staff_open:
                opened.add(stage.screen_name())
        assert opened == {"UnlockScreen"}
        assert (SAID.sound_off in labels) == (place in SOUND_OFF_AT)


async def test_the_call_is_one_touch_away_on_every_screen_of_staff_too(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        for way in ([], ["staff"], ["staff", "JS"]):
            await again(stage, Place.SESSION)
            await tap(stage, *way)
            await stage.touch_call()
            assert stage.view.calling is not None, way


async def test_sound_off_and_on_and_quieter_need_no_pin(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await again(stage, Place.SESSION)
        await tap(stage, SAID.quieter, SAID.sound_off)
        assert not stage.view.sound_on
        await tap(stage, SAID.sound_on)
        assert stage.view.sound_on


@pytest.mark.parametrize(
    ("way", "screen"),
    [
        (["MK"], "UnlockScreen"),
        ([WORDS.to_library], "UnlockScreen"),
        ([WORDS.end_day], "UnlockScreen"),
        ([RECORD.tablet], "TabletScreen"),
        ([RECORD.tablet, WORDS.people], "UnlockScreen"),
        ([RECORD.tablet, RECORD.history], "UnlockScreen"),
        ([RECORD.tablet, RECORD.copy_to_stick], "UnlockScreen"),
        ([RECORD.tablet, WORDS.morning_check], "UnlockScreen"),
    ],
)
async def test_between_patients_ending_and_data_are_always_behind_a_pin(
    tmp_path: Path, way: list[str], screen: str
) -> None:
    async with clinic_stage(tmp_path) as stage:
        await tap(stage, *way)
        assert stage.screen_name() == screen
        if screen == "UnlockScreen" and way != ["MK"]:
            await tap(stage, "JS")
        if screen == "UnlockScreen":
            await enter(stage, "135790")
            assert stage.screen_name() == "UnlockScreen"
            assert stage.app.return_value is None


async def test_the_doors_of_the_tablet_are_all_known(tmp_path: Path) -> None:
    """A new door must take part in the test above."""
    async with clinic_stage(tmp_path) as stage:
        assert set(stage.labels()) == {
            "MK", "JS", "AR", WORDS.to_library, RECORD.tablet, WORDS.end_day
        }  # fmt: skip
        await tap(stage, RECORD.tablet)
        assert set(stage.labels()) == {
            WORDS.people, RECORD.history, RECORD.copy_to_stick, WORDS.morning_check, WORDS.back
        }  # fmt: skip


async def test_a_nurse_view_left_alone_locks_and_the_session_goes_on(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        await again(stage, Place.SESSION)
        await tap(stage, "staff")
        await enter(stage, PIN)
        assert isinstance(stage.app.screen, UnlockedScreen)
        minutes = stage.view.minutes
        await stage.pass_time(61.0)
        assert stage.screen_name() == "SessionScreen"
        assert stage.view.minutes == (minutes or 0) + 1
        assert stage.keeping.of(book.Locked)[-1].why == "untouched"
