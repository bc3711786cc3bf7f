"""A stage with earlier sessions behind it: a real journal, read and written as the program does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from staff_stage import clinic_stage
from stage_props import plan
from ui_stage import CODE, MK, USUAL, Stage

from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.journal.writer import Writer
from companion.moment import SimulatedClock
from companion.record.keeping import Kept
from companion.record.past import Past
from companion.session import events as e

EARLIER = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def session(stage: Stage | None = None) -> list[e.Event]:
    """A closed session with a call, a note, a rating and words."""
    return [
        e.SessionPrepared(at=0.0, by=MK, room="Room 2", plan=plan(), code=CODE),
        e.HearingAnswered(at=5.0, heard=True),
        e.Answered(at=30.0, when="before", question="mood", value=4),
        e.SettlingBegan(at=31.0),
        e.InfusionStarted(at=330.0, t0=330.0, by=MK),
        e.CheckInAsked(at=870.0),
        e.CheckInAnswered(at=880.0, comfortable=False),
        e.Called(at=900.0, source="screen"),
        e.CallSent(at=900.5, channel="webhook"),
        e.CallAnswered(at=960.0, by=e.By("JS")),
        e.Noted(at=980.0, note="nausea", by=MK),
        e.LookedIn(at=1200.0, by=e.By("AR")),
        e.RecoveryBegan(at=3500.0),
        e.RatingOpened(at=4400.0),
        e.Answered(at=4410.0, when="after", question="mood", minutes=28.0, value=9),
        e.Skipped(at=4420.0, when="after", question="clear"),
        e.WordsLeft(at=4430.0, words="the quiet sea"),
        e.QuestionsEnded(at=4431.0, wanted=True),
        e.SessionClosed(at=4500.0, by=MK),
    ]


def keep_session(log: Log, clock: SimulatedClock, stream: str = EARLIER) -> None:
    """Write one down, each event at its own moment."""
    before = 0.0
    for seq, event in enumerate(session(), start=1):
        clock.advance(event.at - before)
        before = event.at
        log.append(stream, seq, clock.now(), [event])


@asynccontextmanager
async def past_stage(
    home: Path, size: tuple[int, int] = USUAL, sessions: int = 1
) -> AsyncIterator[Stage]:
    """The clinic's stage after `sessions` of them; `stage.log` reads the journal."""
    async with clinic_stage(home, size) as stage:
        log = Log(open_journal(home / "journal.db").connection)
        for number in range(sessions):
            keep_session(log, stage.clock, EARLIER if not number else f"{EARLIER}-{number}")
        writer = Writer(log, home / "waiting.jsonl", lambda saved: None)
        kept, desk = Kept(writer), stage.desk
        desk.past = Past(
            stage.clock,
            kept,
            kept,
            lambda: desk.people,
            lambda: stage.conductor.view is not None,
        )
        stage.log = log
        try:
            yield stage
        finally:
            writer.close()
