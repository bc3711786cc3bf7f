"""Makes every picture in docs/pictures again: `python docs/pictures.py`, from the project's folder.

It drives the real screens on the stage of the tests and turns each into a PNG with rsvg-convert.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

_HERE = Path(__file__).parent
sys.path.insert(0, str(_HERE.parent / "tests"))

from curator_home import curator_home  # noqa: E402
from past_stage import past_stage  # noqa: E402
from staff_stage import LEAD, RECORD, WORDS, clinic_stage, nurse_view, tap  # noqa: E402
from ui_stage import Stage, on_stage, plan  # noqa: E402

from companion.curating.sticks import Stick  # noqa: E402
from companion.rehearsal.report import run as rehearse  # noqa: E402
from companion.session import commands as c  # noqa: E402
from companion.session.book import FileSetAside  # noqa: E402
from companion.session.events import By  # noqa: E402
from companion.session.plan import Mode  # noqa: E402
from companion.session.view import Place  # noqa: E402
from companion.ui.screens.calibrate import CalibrateScreen  # noqa: E402
from companion.ui.screens.card import CardScreen  # noqa: E402
from companion.ui.screens.copying import CopyingScreen  # noqa: E402
from companion.ui.screens.elapsed import ElapsedScreen  # noqa: E402
from companion.ui.screens.fault import FaultScreen  # noqa: E402
from companion.ui.screens.history import show_history  # noqa: E402
from companion.ui.screens.library.lists import LibraryScreen  # noqa: E402
from companion.ui.screens.morning import MorningScreen  # noqa: E402
from companion.ui.screens.people import PeopleScreen  # noqa: E402
from companion.ui.screens.review import ReviewScreen  # noqa: E402
from companion.ui.screens.seal import SealScreen  # noqa: E402
from companion.ui.screens.set_up import SetUpScreen  # noqa: E402
from companion.ui.screens.unlock import UnlockScreen  # noqa: E402

_PICTURES = _HERE / "pictures"
_WIDTH = 1000
"""Pixels."""
_NAMES = ("MK", "JS", "AR", "TB", "LN", "PO")


async def main() -> None:
    """Every place of the patient, then what a session shows besides."""
    with tempfile.TemporaryDirectory() as home:
        for place in Place:
            if place is not Place.READY:
                async with on_stage(Path(home)) as stage:
                    await stage.go_to(place)
                    await _quiet(stage, place)
                    _take(stage, place.value)
        async with on_stage(Path(home)) as stage:
            async for name in _moments(stage):
                _take(stage, name)
    for work in (_between, _within):
        with tempfile.TemporaryDirectory() as home:
            async with clinic_stage(Path(home), names=_NAMES) as stage:
                async for name in work(stage):
                    _take(stage, name)
    with tempfile.TemporaryDirectory() as home:
        async with past_stage(Path(home), sessions=3) as stage:
            async for name in _past(stage):
                _take(stage, name)
    with tempfile.TemporaryDirectory() as home:
        async with clinic_stage(Path(home), accepted=False) as stage:
            async for name in _review(stage):
                _take(stage, name)
    with tempfile.TemporaryDirectory() as home:
        async with on_stage(curator_home(Path(home))) as stage:
            await stage.desk.load()
            async for name in _library(stage):
                _take(stage, name)


def _hour() -> None:
    """A whole session as `companion rehearse` draws it: a minute or two of work."""
    with tempfile.TemporaryDirectory() as folder:
        rehearse(
            Path(folder, "home"),
            "standard-40",
            "tidewater",
            "the-quiet-shore",
            lambda _: None,
            sound=Path(folder, "hour.wav"),
            picture=_PICTURES / "hour.png",
        )


async def _between(stage: Stage) -> AsyncIterator[str]:
    """The screens of staff while no session is open."""
    stage.desk.output = "Headphones"
    stage.app.tick()
    await stage.settle()
    yield "ready"
    for name, screen in (
        ("unlock", UnlockScreen("MK")),
        ("card", CardScreen(LEAD)),
        ("people", PeopleScreen(LEAD)),
        ("emergency-pin", SealScreen(LEAD, stage.app.leave_staff)),
        ("morning-check", MorningScreen(LEAD, stage.app.leave_staff)),
        ("set-up", SetUpScreen()),
        ("calibrate", CalibrateScreen(LEAD, stage.app.leave_staff)),
    ):
        stage.app.open_staff(screen)
        await stage.settle()
        if name == "calibrate":
            await tap(stage, WORDS.calibration.play, WORDS.louder, WORDS.louder)
        yield name
    await stage.desk.write(FileSetAside(name="journal.db.aside", recovered=0, more_lost=True))
    stage.app.leave_staff()
    await stage.settle()
    yield "lost"


async def _past(stage: Stage) -> AsyncIterator[str]:
    """What concerns the tablet itself: earlier sessions, what is void in them, a copy."""
    stage.app.curating.find_sticks = lambda: (Stick(Path("/media/STICK")),)
    await tap(stage, RECORD.tablet)
    yield "tablet"
    show_history(stage.screen, LEAD)
    await stage.until(lambda: stage.screen_name() == "ChoiceScreen")
    await stage.settle()
    yield "earlier"
    await tap(stage, stage.tiles()[0].label)
    await stage.until(lambda: stage.screen_name() == "PastScreen")
    await stage.settle()
    yield "history"
    await tap(stage, RECORD.mark_void)
    yield "void"
    stage.app.open_staff(CopyingScreen(LEAD, Stick(Path("/media/STICK"))))
    await stage.settle()
    yield "backup"


async def _review(stage: Stage) -> AsyncIterator[str]:
    """What waits to be read, and the reading of it."""
    stage.app.open_staff(ReviewScreen(LEAD, stage.app.leave_staff))
    await stage.settle()
    yield "review"
    await tap(stage, "The Quiet Shore")
    await stage.until(lambda: WORDS.review.accept in stage.labels())
    yield "reading"


async def _library(stage: Stage) -> AsyncIterator[str]:
    """The library: its first screen, a section, and a track of it."""
    stage.desk.output = "Headphones"
    stage.app.open_staff(LibraryScreen(LEAD, stage.app.leave_staff))
    await stage.settle()
    yield "library"
    await tap(stage, WORDS.library.playlists, "Calm")
    await stage.until(lambda: stage.screen_name() == "PlaylistScreen")
    await tap(stage, WORDS.phases["peak"])
    yield "section"
    await tap(stage, "Ringing", WORDS.library.hear)
    yield "track"


async def _within(stage: Stage) -> AsyncIterator[str]:
    """The screens of staff in a session."""
    await stage.go_to(Place.SESSION)
    await nurse_view(stage)
    yield "nurse"
    await tap(stage, WORDS.more)
    yield "more"
    await nurse_view(stage)
    await stage.do(c.LookIn(By("MK")))
    stage.conductor.record_damaged()
    await stage.settle()
    yield "nurse-damaged"
    stage.conductor.record_damaged(False)
    await stage.do(c.ReportOutput("Headphones"), c.ReportOutput("Speaker"))
    yield "nurse-sound-moved"
    await stage.do(c.ReportOutput("Headphones"))
    await tap(stage, WORDS.stop_pump)
    await stage.do(c.Call())
    yield "nurse-called"
    await stage.do(c.AnswerCall(By("MK")))
    await stage.do(c.RunPump(LEAD.by), c.ReportReturn(120.0, exact=False))
    await stage.do(c.ReportPower(26, on_mains=False))
    stage.app.open_staff(ElapsedScreen(LEAD))
    await stage.settle()
    yield "elapsed"
    await nurse_view(stage)
    yield "nurse-plug-in"
    await stage.do(c.ReportPower(27, on_mains=True))
    stage.app.open_staff(FaultScreen(stage.view))
    await stage.settle()
    yield "fault"


async def _quiet(stage: Stage, place: Place) -> None:
    """Nothing is due while the picture is taken."""
    if place in (Place.SESSION, Place.RECOVERY):
        await stage.do(c.LookIn(By("MK")))


async def _moments(stage: Stage) -> AsyncIterator[str]:
    await stage.go_to(Place.MODE, plan())
    await stage.do(c.ChooseMode(Mode.VOICE), c.Rate("mood", 5))
    yield "settling"
    while stage.view.words is None:
        await stage.pass_time(1)
    yield "words"
    await stage.do(c.StartInfusion(By("MK")))
    await stage.pass_time(545)
    await stage.do(c.AnswerCheckIn(False))
    yield "not-so-comfortable"
    await stage.pass_time(25)
    yield "resting-not-so-comfortable"
    await stage.do(c.LookIn(By("MK")))
    await stage.pass_time(14 * 60)
    yield "resting"
    await stage.pass_time(60)
    await stage.tap(40, 8)
    stage.clock.advance(1)
    yield "look-in"
    await stage.touch("Looked in")
    yield "names"


def _take(stage: Stage, name: str) -> None:
    svg = stage.app.export_screenshot(title="companion")
    svg = svg.replace("<text ", '<text xml:space="preserve" ').replace(
        "Fira Code", "DejaVu Sans Mono"
    )
    command = ["rsvg-convert", "-w", str(_WIDTH), "-o", str(_PICTURES / f"{name}.png")]
    subprocess.run(command, input=svg.encode(), check=True)


if __name__ == "__main__":
    _PICTURES.mkdir(exist_ok=True)
    asyncio.run(main())
    _hour()
