"""A stage for the screens: the real app and conductor, with simulated time, journal and sound."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from accepted import reviews
from cells import text
from patience import PATIENCE
from stage_props import PIN, Added, FakeKeeping, FakeSound, NothingRead, people, plan
from textual import events
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from companion.conductor import Conductor
from companion.desk import Desk
from companion.moment import SimulatedClock
from companion.session import commands as c
from companion.session.events import By
from companion.session.plan import Mode, Plan
from companion.session.view import Place, View
from companion.ui.app import CompanionApp
from companion.ui.place import GUARD, PlaceScreen
from companion.ui.widgets.tile import Tile

__all__ = ["LARGE", "MK", "PIN", "SIZES", "SMALL", "USUAL", "Stage", "on_stage", "plan", "visible"]

USUAL, SMALL, LARGE = (80, 24), (64, 20), (120, 40)
SIZES = (USUAL, SMALL, LARGE)

MK = By("MK", confirmed=True)
CODE = "4172038"

_HEEDED = GUARD + 0.1


class Stage:
    """The app on its stage, and hands to touch it with."""

    def __init__(
        self,
        home: Path,
        names: Sequence[str] = ("MK", "JS", "AR"),
        *,
        accepted: bool = True,
        keeping: Any = None,
    ) -> None:
        """With `accepted`, somebody has read all that lies in `home`. `keeping` stands in the
        place of a journal in memory, and of an empty past."""
        self.clock = SimulatedClock()
        self.keeping = keeping or FakeKeeping()
        self.sound = FakeSound()
        self.conductor = Conductor(self.clock, self.keeping, self.sound)
        self.book = [*people(self.clock, names), *(self._accepted(home) if accepted else ())]
        """What is in the tablet's book already."""
        self.desk = Desk(
            home,
            self.clock,
            self.keeping,
            keeping or NothingRead(),
            records=self.book,
            session_open=lambda: self.conductor.view is not None,
        )
        self.beats = 0
        self.faults: list[str] = []
        self.app = CompanionApp(
            self.conductor,
            self.desk,
            self.clock,
            tasks=(self.conductor.run,),
            beat=self._beat,
            note_fault=self.faults.append,
        )
        self.pilot: Pilot[bool]

    @property
    def view(self) -> View:
        seen = self.conductor.view
        assert seen is not None, "no session is open"
        return seen

    @property
    def screen(self) -> PlaceScreen:
        shown = self.app.screen
        assert isinstance(shown, PlaceScreen)
        return shown

    def _accepted(self, home: Path) -> list[Added]:
        return [Added(self.clock.now(), event) for event in reviews(home)]

    # --- time ------------------------------------------------------------------------------------

    async def pass_time(self, seconds: float) -> None:
        """Let `seconds` of simulated time pass, and what is due come about."""
        self.clock.advance(seconds)
        self.conductor.saving(True)
        await self.pilot.pause()
        self.app.tick()
        await self.settle()

    async def settle(self) -> None:
        """Wait until every command is carried out and the screen of the place shows the View."""
        await self.pilot.pause()
        await self.until(self._still)
        await self.pilot.pause()

    def _still(self) -> bool:
        app = self.app
        shown, view = app.screen, self.conductor.view
        there = isinstance(shown, PlaceScreen) and shown.is_attached and shown.view == view
        at_place = app._staff_open or app._place is (Place.READY if view is None else view.place)
        laid = there and bool(shown.query_one("#place").region)
        return laid and at_place and len(app._tasks) <= 1

    async def until(self, so: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait until something is so."""
        deadline = asyncio.get_running_loop().time() + patience
        while not so():
            assert asyncio.get_running_loop().time() < deadline, "it did not come about"
            await asyncio.sleep(0.005)

    async def resize(self, size: tuple[int, int]) -> None:
        """Show it on a terminal of so many columns and rows."""
        await self.pilot.resize_terminal(*size)
        await self.until(lambda: self.app.screen.size == size)
        await self.settle()

    # --- the session -----------------------------------------------------------------------------

    async def do(self, *commands: c.Command) -> None:
        """Carry out `commands`, none of which may be refused."""
        for command in commands:
            assert await self.conductor.handle(command) is None, command
        await self.settle()
        self.clock.advance(_HEEDED)

    async def prepare(self, planned: Plan | None = None) -> None:
        """Give the tablet to the patient."""
        await self.do(c.PrepareSession(MK, "Room 2", planned or plan(), CODE))

    async def go_to(self, place: Place, planned: Plan | None = None) -> None:
        """Bring a fresh session to `place`."""
        planned = planned or plan()
        if place is Place.INTENTION:
            planned = replace(planned, intention=True)
        await self.conductor.handle(c.PrepareSession(MK, "Room 2", planned, CODE))
        for command in _way(place):
            if isinstance(command, float):
                self.clock.advance(command)
            else:
                assert await self.conductor.handle(command) is None, command
        self.conductor.saving(True)
        await self.until(lambda: self.view.place is place)
        await self.settle()
        self.screen.wake()
        await self.settle()
        self.clock.advance(_HEEDED)

    # --- hands -----------------------------------------------------------------------------------

    async def tap(self, x: int, y: int) -> None:
        """A finger at a cell, and what comes of it."""
        self.put_finger(x, y)
        await self.settle()

    def put_finger(self, x: int, y: int) -> None:
        """A finger at a cell, by the way that the driver's events go."""
        for kind in (events.MouseDown, events.MouseUp):
            self.app.post_message(
                kind(
                    widget=None,
                    x=x,
                    y=y,
                    delta_x=0,
                    delta_y=0,
                    button=1,
                    shift=False,
                    meta=False,
                    ctrl=False,
                    screen_x=x,
                    screen_y=y,
                )
            )

    async def touch(self, label: str) -> None:
        """A finger in the middle of the tile with this label, once that stands there."""
        with suppress(AssertionError):  # told better by `tile`
            await self.until(lambda: label in self.labels())
        region = self.tile(label).region
        await self.tap(region.x + region.width // 2, region.y + region.height // 2)

    async def touch_call(self) -> None:
        """A finger on the call bar."""
        width, height = self.app.size
        await self.tap(width // 2, height - 3)

    async def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    # --- eyes ------------------------------------------------------------------------------------

    def tiles(self) -> list[Tile]:
        """Every tile that shows, in reading order."""
        shown = [tile for tile in self.app.screen.query(Tile) if visible(tile)]
        return sorted(shown, key=lambda tile: (tile.region.y, tile.region.x))

    def labels(self) -> list[str]:
        return [tile.label for tile in self.tiles()]

    def tile(self, label: str) -> Tile:
        found = [tile for tile in self.tiles() if tile.label == label]
        assert found, f"no tile {label!r} among {self.labels()}"
        return found[0]

    def shows(self, sentence: str) -> bool:
        """Whether every line of `sentence` can be read."""
        shown = text(self.app)
        return all(line in shown for line in sentence.split("\n"))

    def screen_name(self) -> str:
        return type(self.app.screen).__name__

    def _beat(self) -> None:
        self.beats += 1


def visible(widget: Widget) -> bool:
    """Whether any cell of `widget` shows."""
    return widget.visible and widget.region != Region()


def _way(place: Place) -> Iterator[c.Command | float]:
    """What happens between giving the tablet to the patient and `place`."""
    if place is Place.HEARING:
        return
    yield c.AnswerHearing(True)
    if place is Place.MODE:
        return
    yield c.ChooseMode(Mode.MUSIC)
    if place in (Place.QUESTION, Place.INTENTION):
        return
    yield c.Rate("mood", 5)
    if place is Place.CALLED:
        yield c.Call()
        return
    yield c.StartInfusion(By("MK"))
    if place is Place.CHECK_IN:
        yield 545.0
        return
    yield 23 * 60.0
    yield from {
        Place.RECOVERY: (c.GoToRecovery(MK),),
        Place.FAREWELL: (c.GoToRecovery(MK), c.OpenRating(), c.StopQuestions()),
        Place.WAITING: (c.ReportReturn(1500.0, True),),
    }.get(place, ())


@asynccontextmanager
async def on_stage(
    home: Path,
    size: tuple[int, int] = USUAL,
    names: Sequence[str] = ("MK", "JS", "AR"),
    *,
    accepted: bool = True,
) -> AsyncIterator[Stage]:
    """The app, running headless in `size` columns and rows; no fault may have been noted."""
    stage = Stage(home, names, accepted=accepted)
    async with stage.app.run_test(size=size, notifications=False, tooltips=False) as pilot:
        stage.pilot = pilot
        await stage.settle()
        yield stage
    assert not stage.faults, stage.faults
