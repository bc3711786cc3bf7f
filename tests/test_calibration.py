"""What a meter's reading means: the ceiling, the levels of a session, and who may tell it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from accepted import reviews
from hypothesis import given
from hypothesis import strategies as st
from journal_samples import Place as Disk
from session_given import prepared
from staff_home import clinic
from stage_props import Added
from ui_stage import CODE, FakeKeeping, FakeSound, people, plan

from companion import access
from companion.calibration import calibration
from companion.calibration.calibration import (
    FULL,
    Calibration,
    Known,
    ceiling,
    holds,
    loudest,
    within,
)
from companion.calibration.told import before_told, kept_told, reading_told
from companion.conductor import Conductor
from companion.desk import Desk
from companion.moment import SimulatedClock
from companion.session import book
from companion.session import commands as c
from companion.session.book import Calibrated
from companion.session.decide import Why
from companion.session.events import By
from companion.session.plan import Levels
from companion.session.wanted import quiet
from companion.words import staff_words

WORDS = staff_words("en")
HEADPHONES, SPEAKER = "Headphones", "Speaker"
LEAD, NURSE = By("MK", confirmed=True), By("JS", confirmed=True)
LEVELS = st.floats(calibration.LOWEST_LEVEL, calibration.HIGHEST_LEVEL)
READINGS = st.floats(calibration.LOWEST_READING, calibration.HIGHEST_READING)
VOLUMES = st.none() | st.integers(0, 153)


def of(level: float, reading: float, volume: int | None = None) -> Calibration:
    return Calibration(HEADPHONES, level, reading, volume, "MK", 1_800_000_000.0)


# --- the ceiling ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "reading", "expected"),
    [(-30, 60, -15), (-20, 75, -20), (-12, 80, -17), (-10, 60, 0), (-30, 100, -55)],
)
def test_the_ceiling_is_what_gives_75(level: float, reading: float, expected: float) -> None:
    assert ceiling(level, reading) == expected


@given(LEVELS, READINGS)
def test_the_ceiling_is_never_above_0_and_never_gives_more_than_75(
    level: float, reading: float
) -> None:
    highest = ceiling(level, reading)
    assert highest <= 0.0
    assert reading + (highest - level) <= FULL + 1e-9
    assert highest == 0.0 or loudest(level, reading) == pytest.approx(FULL)


@given(LEVELS, READINGS, st.floats(-40, 40))
def test_where_it_is_read_does_not_matter(level: float, reading: float, more: float) -> None:
    assert ceiling(level + more, reading + more) == pytest.approx(ceiling(level, reading))


@given(LEVELS, READINGS, st.floats(0, 40))
def test_a_louder_output_has_a_lower_ceiling(level: float, reading: float, more: float) -> None:
    assert ceiling(level, reading + more) <= ceiling(level, reading)


@pytest.mark.parametrize(
    ("reading", "refusal"),
    [
        (39.9, calibration.Refusal.TOO_QUIET),
        (float("nan"), calibration.Refusal.TOO_QUIET),
        (40.0, None),
        (100.0, None),
        (100.1, calibration.Refusal.TOO_LOUD),
    ],
)
def test_readings_that_cannot_be_are_refused(
    reading: float, refusal: calibration.Refusal | None
) -> None:
    assert calibration.refuse(HEADPHONES, reading) is refusal
    assert calibration.refuse("", reading) is calibration.Refusal.NO_OUTPUT


# --- the levels of a session ---------------------------------------------------------------------


def limited(calibration: Calibration | None, volume: int | None = None) -> Levels:
    """The levels of a session on Headphones, with or without a calibration of it."""
    known = {} if calibration is None else {HEADPHONES: calibration}
    return within(Levels(), known, HEADPHONES, volume)


def test_without_a_calibration_the_levels_stay_as_the_clinic_wrote_them() -> None:
    assert limited(None, 80) == Levels()
    assert holds(None, 80) is Known.NOT_CALIBRATED


def test_a_calibration_gives_its_output_the_ceiling_and_no_other() -> None:
    levels = limited(of(-20, 70, 80), 80)
    assert (levels.start, levels.highest(HEADPHONES)) == (-18, -15)
    assert levels.highest(SPEAKER) == levels.ceiling == -12
    assert holds(of(-20, 70, 80), 80) is Known.CALIBRATED


def test_a_loud_output_starts_every_session_at_its_ceiling() -> None:
    assert limited(of(-30, 80)).start == limited(of(-30, 80)).highest(HEADPHONES) == -35
    assert limited(of(-40, 90)).start == -55


def test_at_another_volume_of_the_system_the_lower_ceiling_counts() -> None:
    low, high = of(-20, 80, 60), of(-20, 60, 60)
    assert holds(low, 90) is Known.OTHER_VOLUME
    assert limited(low, 90).highest(HEADPHONES) == low.ceiling
    assert limited(high, 90).highest(HEADPHONES) == Levels().ceiling
    assert limited(high, 60).highest(HEADPHONES) == high.ceiling


def test_a_volume_that_nobody_knows_takes_nothing_away() -> None:
    assert holds(of(-20, 70, None), 90) is holds(of(-20, 70, 60), None) is Known.CALIBRATED


@given(LEVELS, READINGS, VOLUMES, VOLUMES)
def test_no_session_starts_above_its_ceiling(
    level: float, reading: float, then: int | None, now: int | None
) -> None:
    levels = limited(of(level, reading, then), now)
    assert levels.start <= levels.highest(HEADPHONES) <= 0.0
    assert replace(levels, start=-18, calibrated=()) == Levels()


# --- the tablet's book ---------------------------------------------------------------------------


def test_it_comes_back_from_the_journal_as_it_was(tmp_path: Path) -> None:
    clock, disk = SimulatedClock(), Disk(tmp_path)
    heard = Calibrated(output=HEADPHONES, level=-26.0, reading=68.5, by=LEAD, volume=80)
    disk.log.append(book.STREAM, 1, clock.now(), (heard,))
    (known,) = calibration.replay(disk.log.read(book.STREAM)).values()
    assert known == Calibration(HEADPHONES, -26.0, 68.5, 80, "MK", clock.now().wall)


def test_each_output_keeps_its_newest() -> None:
    moment = SimulatedClock().now()
    told = [(HEADPHONES, 60.0), (SPEAKER, 70.0), (HEADPHONES, 65.0)]
    events = [Calibrated(output=name, level=-20.0, reading=db, by=LEAD) for name, db in told]
    kept = [SimpleNamespace(moment=moment, event=event) for event in events]
    known = calibration.replay(kept)
    assert {name: one.reading for name, one in known.items()} == {HEADPHONES: 65, SPEAKER: 70}


# --- the desk ------------------------------------------------------------------------------------


class NothingRead:
    async def codes(self) -> Sequence[str]:
        return ()


def desk(home: Path) -> tuple[Desk, FakeKeeping]:
    clock, keeping = SimulatedClock(), FakeKeeping()
    records = people(clock, ("MK", "JS"))
    records += [Added(clock.now(), event) for event in reviews(home)]
    made = Desk(home, clock, keeping, NothingRead(), records=records, session_open=lambda: False)
    made.output = HEADPHONES
    return made, keeping


@pytest.mark.parametrize("by", [NURSE, By("MK"), By("XX", confirmed=True)])
async def test_only_a_lead_with_her_pin_calibrates(tmp_path: Path, by: By) -> None:
    made, keeping = desk(tmp_path)
    outcome = await made.calibrate(HEADPHONES, -20.0, 70.0, by)
    assert outcome is access.Refusal.NOT_ALLOWED
    assert keeping.kept == []
    assert made.calibrated is Known.NOT_CALIBRATED


async def test_what_cannot_be_is_not_written_down(tmp_path: Path) -> None:
    made, keeping = desk(tmp_path)
    outcome = await made.calibrate(HEADPHONES, -20.0, 30.0, LEAD)
    assert outcome is calibration.Refusal.TOO_QUIET
    assert keeping.kept == []


async def test_a_calibration_is_written_down_and_holds_for_its_output(tmp_path: Path) -> None:
    made, keeping = desk(tmp_path)
    made.volume = 80
    kept = await made.calibrate(HEADPHONES, -20.0, 70.0, LEAD)
    (written,) = keeping.of(Calibrated)
    assert (written.output, written.level, written.reading) == (HEADPHONES, -20.0, 70.0)
    assert (written.by, written.volume) == (LEAD, 80)
    assert kept == made.calibration_in_use
    assert made.calibrated is made.fitness().calibrated is Known.CALIBRATED
    made.output = SPEAKER
    assert made.calibrated is Known.NOT_CALIBRATED
    made.sound_lost = "unplugged"
    assert made.calibrated is None


async def test_a_session_is_prepared_with_the_ceiling_of_the_output_in_use(tmp_path: Path) -> None:
    made, _ = desk(clinic(tmp_path))
    await made.load()
    assert made.content is not None
    card = made.content.config.usual
    assert (await made.plan(card)).levels == Levels()
    await made.calibrate(HEADPHONES, -20.0, 71.0, LEAD)
    await made.calibrate(SPEAKER, -20.0, 85.0, LEAD)
    for output, start, highest in ((HEADPHONES, -18, -16), (SPEAKER, -30, -30), ("new", -18, -12)):
        made.output = output
        levels = (await made.plan(card)).levels
        assert (levels.start, levels.highest(output)) == (start, highest)


# --- what sounds ---------------------------------------------------------------------------------


def test_the_reference_noise_is_wanted_for_three_minutes_on_that_output_alone() -> None:
    wanted = calibration.reference(HEADPHONES, 6.0, began=100.0, t=130.0)
    assert wanted.music is not None
    assert [track.soundscape for track in wanted.music.section.tracks] == ["reference-noise"]
    assert (wanted.music.began, wanted.until) == (100.0, 310.0)
    assert (wanted.level, wanted.output, wanted.voice) == (0.0, HEADPHONES, None)
    assert 3.0 <= wanted.fade <= 5.0


async def test_a_session_takes_the_place_of_what_is_tried_out_for_good() -> None:
    clock, sound = SimulatedClock(), FakeSound()
    conductor = Conductor(clock, FakeKeeping(), sound)
    noise = calibration.reference(HEADPHONES, -30.0, 0.0, 0.0)
    conductor.try_out(noise)
    assert sound.wanted[-1] == noise
    await conductor.handle(c.PrepareSession(LEAD, "Room 2", plan(), CODE))
    assert sound.wanted[-1].music != noise.music
    conductor.try_out(noise)
    assert noise not in sound.wanted[1:]
    await conductor.handle(c.CloseSession(LEAD))
    assert sound.wanted[-1] == quiet(0.0)


def test_a_session_starts_at_a_ceiling_below_the_usual_start() -> None:
    session = prepared(levels=limited(of(-30, 80))).do(c.ReportOutput(HEADPHONES))
    assert session.now.level == session.wanted.level == -35
    assert session.refusal(c.Louder()) is Why.LOUDEST
    assert session.do(c.Quieter()).now.level == -37


def test_the_patient_goes_up_to_the_ceiling_of_her_output_and_no_further() -> None:
    session = prepared(levels=limited(of(-20, 70))).do(c.ReportOutput(HEADPHONES), c.Louder())
    assert session.now.level == -16
    assert session.do(c.Louder()).now.level == -15
    assert session.refusal(c.Louder()) is Why.LOUDEST


def test_an_output_allowed_later_brings_its_own_ceiling() -> None:
    known = {HEADPHONES: of(-20, 60), SPEAKER: Calibration(SPEAKER, -20, 85, None, "MK", 0.0)}
    levels = within(Levels(), known, HEADPHONES, None)
    session = prepared(levels=levels).do(c.ReportOutput(HEADPHONES))
    for _ in range(6):
        session.do(c.Louder())
    assert session.now.level == -6
    session.do(c.AnswerHearing(True), c.ReportOutput(SPEAKER))
    assert session.now.level == -6
    session.do(c.AllowOutput(SPEAKER, LEAD))
    assert (session.now.level, session.view.level, session.view.loudest) == (-30, -30, -30)
    session.do(c.ReportOutput(HEADPHONES), c.AllowOutput(HEADPHONES, LEAD))
    assert session.now.level == -30
    assert session.do(c.Louder()).now.level == -28


# --- in words ------------------------------------------------------------------------------------


def test_a_reading_is_told_with_what_follows_from_it() -> None:
    assert reading_told(-26, 68, WORDS) == "68 dB(A) at -26 dB. Full level would be -19 dB."
    assert reading_told(-26, 68.5, WORDS).endswith("-19.5 dB.")
    assert "no more than about 66 dB(A)" in reading_told(-26, 40, WORDS)
    assert "Turn the system's volume down" in reading_told(-30, 86, WORDS)


def test_what_was_kept_is_told_in_one_sentence() -> None:
    assert kept_told(of(-26, 68), WORDS) == "Full level now gives about 75 dB(A) on Headphones."
    assert kept_told(of(-10, 60), WORDS) == "Full level now gives about 70 dB(A) on Headphones."
    assert "by MK: full level is -19 dB" in before_told(of(-26, 68), WORDS)
    assert before_told(None, WORDS) == WORDS.calibration.never_calibrated
