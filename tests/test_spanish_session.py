"""A whole session in Spanish, from the nurse's card to the farewell."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cells import text
from spanish_props import SAID, SPANISH, TITLE, bilingual_clinic, shipped, spanish_plan
from staff_stage import WORDS, enter, tap
from stages import called, standing_at
from test_patient_words import sentences
from ui_stage import MK, SMALL, USUAL, Stage, on_stage, visible

from companion import joining
from companion.processes.plain import PlainWords, _large
from companion.rehearsal.report import run
from companion.session import book
from companion.session import commands as c
from companion.session import events as e
from companion.session.events import By
from companion.session.plan import Mode
from companion.session.view import Place, Word
from companion.ui.screens.fault import FaultScreen
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.words import patient_words
from companion.words.plain import plain_words

PLACES = set(Place) - {Place.READY}


def _words(*said: str) -> set[str]:
    return {word for one in said for word in re.findall(r"[^\W\d_]+", one.lower())}


_ENGLISH = _words(*sentences(patient_words("en")).values()) - _words(*sentences(SPANISH).values())


class Reader:
    """Reads every screen that the patient sees."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.places: set[Place] = set()

    def read(self, *expected: str) -> None:
        """`expected` stands here, and no word of the English catalogue does."""
        said = [*self._said()]
        found = _words(text(self.stage.app), *said)
        assert not found & _ENGLISH, (found & _ENGLISH, said)
        for one in expected:
            assert any(one in whole for whole in said), (one, said)
        self.places.add(self.stage.view.place)

    def _said(self) -> Iterator[str]:
        for widget in self.stage.screen.query("*"):
            if visible(widget):
                match widget:
                    case Tile():
                        yield widget.label
                        yield widget.second
                    case BigLetters():
                        yield widget.text
                    case Sentence():
                        yield str(widget.content)


@asynccontextmanager
async def in_spanish(home: Path, size: tuple[int, int]) -> AsyncIterator[tuple[Stage, Reader]]:
    """The nurse has chosen Spanish on the card and given the tablet to the patient."""
    async with on_stage(bilingual_clinic(home), size) as stage:
        await stage.desk.load()
        stage.app.tick()
        await stage.settle()
        await tap(stage, "MK")
        await enter(stage)
        await tap(stage, WORDS.languages["en"])
        assert {WORDS.languages["es"], TITLE} <= set(stage.labels())
        await tap(stage, WORDS.give)
        await stage.until(lambda: stage.conductor.view is not None)
        await stage.settle()
        stage.clock.advance(1)
        yield stage, Reader(stage)


@pytest.mark.parametrize("size", [USUAL, SMALL], ids=str)
async def test_a_whole_session_shows_no_english(tmp_path: Path, size: tuple[int, int]) -> None:
    async with in_spanish(tmp_path, size) as (stage, reader):
        await _prepares(stage, reader)
        await _is_asked_and_calls(stage, reader)
        await _is_looked_after(stage, reader)
        await _recovers_and_answers(stage, reader)
        assert reader.places == PLACES - {Place.INTENTION, Place.WAITING}


async def _prepares(stage: Stage, reader: Reader) -> None:
    mood = shipped("es").questions["mood"]
    reader.read(SPANISH.can_you_hear, SPANISH.call)
    await tap(stage, SPANISH.louder, SPANISH.hear_nothing)
    reader.read(SPANISH.tell_nurse_no_sound)
    await tap(stage, SPANISH.hear_well)
    reader.read(SPANISH.what_to_hear, TITLE)
    await tap(stage, SPANISH.modes[Mode.VOICE])
    reader.read(mood.text, mood.low, mood.high, SPANISH.skip)
    await tap(stage, "6")
    reader.read(SPANISH.settling, SPANISH.infusion_started)
    while stage.view.words is None:
        await stage.pass_time(1)
    reader.read(SAID)


async def _is_asked_and_calls(stage: Stage, reader: Reader) -> None:
    await stage.do(c.StartInfusion(By("MK")), c.ChangeScript(None, MK))
    await stage.pass_time(60)
    reader.read("1", SPANISH.minute)
    await stage.pass_time(8 * 60 + 5)
    reader.read(SPANISH.how_are_you, SPANISH.comfortable)
    await tap(stage, SPANISH.not_so_comfortable)
    reader.read(SPANISH.not_so_comfortable, SPANISH.softer)
    await stage.pass_time(25)
    assert stage.screen.resting
    reader.read(SPANISH.not_so_comfortable)
    stage.screen.wake()
    await stage.settle()
    await tap(stage, SPANISH.sound_off)
    reader.read(SPANISH.sound_on)
    await tap(stage, SPANISH.sound_on)

    await stage.touch_call()
    reader.read(SPANISH.call_word, SPANISH.call_now, SPANISH.call_shows, SPANISH.this_screen_only)
    reader.read(SPANISH.take_back)
    await stage.do(c.ReportCallNotSent("webhook", "no"), c.ReportCallSent("command"))
    reader.read(SPANISH.channels["webhook"], SPANISH.channels["command"])
    await stage.pass_time(121)
    reader.read(SPANISH.call_minutes.format(minutes=2), SPANISH.call_told)
    await tap(stage, SPANISH.here)
    reader.read(SPANISH.who_is_it, SPANISH.back)
    await tap(stage, "JS")


async def _is_looked_after(stage: Stage, reader: Reader) -> None:
    await stage.do(c.StopPump(MK))
    reader.read(SPANISH.state[Word.PUMP_STOPPED])
    await stage.do(c.RunPump(MK), c.ReportSoundLost("unplugged"))
    reader.read(SPANISH.state[Word.NO_SOUND])
    await stage.do(c.ReportSoundReturned("headphones"))
    stage.conductor.saving(False)
    await stage.settle()
    reader.read(SPANISH.state[Word.NOT_SAVED])
    stage.conductor.saving(True)
    await stage.do(c.SayAnchor(2, MK))
    await stage.pass_time(5)
    reader.read(shipped("es").anchors[2].say)
    await stage.pass_time(10 * 60)
    stage.screen.wake()
    await stage.settle()
    reader.read(SPANISH.state[Word.LOOK_IN])
    await tap(stage, SPANISH.looked_in, "AR")


async def _recovers_and_answers(stage: Stage, reader: Reader) -> None:
    await stage.do(c.GoToRecovery(MK))
    reader.read(SPANISH.minutes)
    await tap(stage, SPANISH.ready_to_answer)
    for question in shipped("es").after:
        reader.read(question.text, question.high, SPANISH.rate_later)
        await tap(stage, "5")
    reader.read(SPANISH.farewell, *shipped("es").reminders)


async def test_what_stands_after_a_gap_or_a_fault_and_what_a_keyboard_writes_is_spanish(
    tmp_path: Path,
) -> None:
    for place, said in (
        (Place.WAITING, SPANISH.waiting),
        (Place.INTENTION, SPANISH.intention),
    ):
        async with on_stage(tmp_path) as stage:
            await stage.go_to(place, spanish_plan())
            reader = Reader(stage)
            reader.read(said)
            if place is Place.INTENTION:
                reader.read(SPANISH.intention_type, SPANISH.no_intention)
                await stage.press("s", "o", "l")
                reader.read(SPANISH.that_is_all)
            stage.app._show_fault()
            await stage.settle()
            assert isinstance(stage.app.screen, FaultScreen)
            reader.read(SPANISH.fault, SPANISH.fault_again)


async def test_in_recovery_before_the_infusion_there_is_no_hurry_either(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.QUESTION, spanish_plan())
        await stage.do(c.StopQuestions(), c.GoToRecovery(MK))
        Reader(stage).read(SPANISH.recovering)


async def test_a_restart_reads_the_journal_alone(tmp_path: Path) -> None:
    """The tablet comes back before a word of config.yaml is read, and speaks Spanish."""
    async with in_spanish(tmp_path / "before", USUAL) as (before, _):
        await tap(before, SPANISH.hear_well, SPANISH.modes[Mode.MUSIC])
        kept, moment = before.keeping.kept, before.clock.now()
    stream = next(stream for stream, event in kept if isinstance(event, e.SessionPrepared))
    assert stream != book.STREAM
    events = [event for of, event in kept if of == stream]
    async with on_stage(tmp_path / "after") as after:
        records = [Kept(seq, moment, event) for seq, event in enumerate(events, start=1)]
        await after.conductor.resume(stream, records, None)
        await after.until(lambda: after.conductor.view is not None)
        await after.settle()
        assert after.desk.content is None
        Reader(after).read(shipped("es").questions["mood"].text, SPANISH.call)


def test_where_no_screen_can_run_the_plain_one_speaks_spanish_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[PlainWords, bool]] = []

    def show(words: PlainWords, call: object, *, called: bool, **descriptors: int) -> int:
        shown.append((words, called))
        return 0

    monkeypatch.setattr("companion.processes.plain.show", show)
    monkeypatch.setattr("companion.joining._close_in", lambda home: None)
    joining.plain(tmp_path, beat_fd=-1, life_fd=-1)
    home = bilingual_clinic(tmp_path / "clinic")
    config = home / "config.yaml"
    usual = config.read_text().replace("  language:    ", "  language: es  ", 1)
    config.write_text(usual.replace("script: the-quiet-shore", "script: la-orilla", 1))
    standing_at(home, called)
    joining.plain(home, beat_fd=-1, life_fd=-1)
    assert shown == [(plain_words("en"), False), (plain_words("es"), True)]
    large = _large(plain_words("es").call)
    assert len(large) == 5 and max(map(len, large)) <= 64


def test_a_rehearsal_is_in_the_language_of_its_script(tmp_path: Path) -> None:
    lines: list[str] = []
    home = bilingual_clinic(tmp_path)
    run(home, "taste", "tidewater", "la-orilla", lines.append)
    assert any(SAID in line for line in lines)


@dataclass(frozen=True)
class Kept:
    seq: int
    moment: Any
    event: Any
