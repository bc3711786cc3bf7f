"""The shell of a session: what it keeps, what it shows and when, and what cannot kill it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from patience import PATIENCE
from session_given import MK, TASTE, TILE, plan

from companion import calling
from companion import conductor as conducting
from companion.calling import Unsent
from companion.conductor import Conductor
from companion.moment import Instant, SimulatedClock
from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Refused, Why
from companion.session.plan import Mode, Phase
from companion.session.state import Stage, replay
from companion.session.view import Offer, Place, View, view
from companion.session.wanted import Wanted, quiet, wanted_sound

PREPARE = c.PrepareSession(MK, "2", plan(), "4172038")
CHOICES = (c.AnswerHearing(True), c.ChooseMode(Mode.VOICE), c.SkipQuestion("mood"))


@dataclass(frozen=True)
class Kept:
    seq: int
    moment: Instant
    event: e.Event


class Journal:
    """Keeps in memory; its disk can be slow, refuse, or raise."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Kept]] = {}
        self.alive: list[tuple[str, Instant]] = []
        self.free = asyncio.Event()
        self.free.set()
        self.answer = True
        self.saves = True
        self.raises: Exception | None = None
        self.raises_late: Exception | None = None
        self.raises_alive: Exception | None = None

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[e.Event]
    ) -> Awaitable[bool]:
        if self.raises is not None:
            raise self.raises
        rows = self.streams.setdefault(stream, [])
        rows += [Kept(first_seq + n, moment, event) for n, event in enumerate(events)]
        return self._keep()

    async def _keep(self) -> bool:
        await self.free.wait()
        if self.raises_late is not None:
            raise self.raises_late
        return self.answer

    async def mark_alive(self, stream: str, moment: Instant) -> None:
        if self.raises_alive is not None:
            raise self.raises_alive
        self.alive.append((stream, moment))

    async def can_save(self, moment: Instant) -> bool:
        return self.saves

    @property
    def records(self) -> list[Kept]:
        """Of the newest stream."""
        return list(self.streams.values())[-1]

    @property
    def events(self) -> list[e.Event]:
        return [record.event for record in self.records]

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


class Speaker:
    def __init__(self) -> None:
        self.wanted: list[Wanted] = []
        self.raises: Exception | None = None

    def want(self, wanted: Wanted, now: Callable[[], float]) -> None:
        self.wanted.append(wanted)
        if self.raises is not None:
            raise self.raises


class Bell:
    """A channel that takes a call after `fails` tries."""

    name = "bell"

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.rung: list[tuple[str, datetime]] = []
        self.breaks = False

    async def send(self, room: str, at: datetime, *, test: bool = False) -> None:
        self.rung.append((room, at))
        if self.breaks:
            raise RuntimeError("the patient said something")
        if len(self.rung) <= self.fails:
            raise Unsent("nobody there")


class Tablet:
    """A conductor with everything around it."""

    def __init__(self, *channels: calling.Channel, clock: SimulatedClock | None = None) -> None:
        self.clock = clock or SimulatedClock()
        self.journal = Journal()
        self.speaker = Speaker()
        self.conductor = Conductor(self.clock, self.journal, self.speaker, channels)
        self.seen: list[View | None] = []
        self.conductor.listen(self.seen.append)

    async def do(self, *commands: c.Command) -> None:
        for command in commands:
            refused = await asyncio.wait_for(self.conductor.handle(command), PATIENCE)
            assert refused is None, (command, refused)

    async def begin(self) -> None:
        await self.do(PREPARE, *CHOICES)

    @property
    def view(self) -> View:
        assert self.conductor.view is not None
        return self.conductor.view

    async def restarted(self, clock: SimulatedClock | None = None) -> "Tablet":
        """Another conductor that takes up what this one's journal holds."""
        other = Tablet(clock=clock or self.clock)
        other.journal.streams = {
            stream: list(rows) for stream, rows in self.journal.streams.items()
        }
        stream, records = list(self.journal.streams.items())[-1]
        alive = self.journal.alive[-1][1] if self.journal.alive else None
        await other.conductor.resume(stream, tuple(records), alive)
        return other


async def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.002)


@asynccontextmanager
async def running(tablet: Tablet) -> AsyncIterator[None]:
    """Time passes: `run` looks again whenever it is woken."""
    task = asyncio.create_task(tablet.conductor.run())
    try:
        await asyncio.sleep(0)
        yield
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def wake(tablet: Tablet) -> None:
    tablet.conductor.saving(True)


# --- durable first, visible second ---------------------------------------------------------------


async def test_a_command_is_shown_once_it_is_committed() -> None:
    tablet = Tablet()
    await tablet.do(PREPARE, c.AnswerHearing(True))
    tablet.journal.free.clear()
    choosing = asyncio.create_task(tablet.conductor.handle(c.ChooseMode(Mode.MUSIC)))
    await until(lambda: len(tablet.journal.records) == 3)
    assert tablet.view.place is Place.MODE
    assert not choosing.done()
    tablet.journal.free.set()
    assert await choosing is None
    assert tablet.view.place is Place.QUESTION
    assert tablet.seen[-1] is tablet.conductor.view


async def test_a_slow_disk_never_delays_a_call() -> None:
    tablet = Tablet()
    await tablet.begin()
    tablet.journal.free.clear()
    starting = asyncio.create_task(tablet.conductor.handle(c.StartInfusion(TILE)))
    await until(lambda: len(tablet.journal.records) == 6)
    await tablet.do(c.Call(), c.SwitchSound(False), c.Quieter())
    assert (tablet.view.place, tablet.view.stage) == (Place.CALLED, Stage.SETTLING)
    assert (tablet.view.sound_on, tablet.view.level) == (False, -20.0)
    assert not tablet.speaker.wanted[-1].on
    await tablet.do(c.TakeBackCall())
    assert tablet.view.taken_back
    tablet.journal.free.set()
    await starting
    assert (tablet.view.place, tablet.view.stage) == (Place.SESSION, Stage.INFUSING)


async def test_what_is_decided_builds_on_what_is_not_yet_shown() -> None:
    """A call pressed while the answer to the one before is being committed is a new call."""
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.Call())
    tablet.journal.free.clear()
    answering = asyncio.create_task(tablet.conductor.handle(c.AnswerCall(TILE)))
    await until(lambda: bool(tablet.journal.of(e.CallAnswered)))
    await tablet.do(c.Call())
    tablet.journal.free.set()
    await answering
    await until(lambda: not tablet.conductor._tasks)
    assert tablet.view.place is Place.CALLED
    assert len(tablet.journal.of(e.Called)) == 2


async def test_switching_on_waits_for_the_disk() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.SwitchSound(False))
    tablet.journal.free.clear()
    switching = asyncio.create_task(tablet.conductor.handle(c.SwitchSound(True)))
    await until(lambda: len(tablet.journal.of(e.SoundSwitched)) == 2)
    assert not tablet.view.sound_on
    tablet.journal.free.set()
    await switching
    assert tablet.view.sound_on


async def test_events_are_numbered_without_a_gap_in_the_order_they_were_decided() -> None:
    tablet = Tablet()
    await tablet.begin()
    tablet.journal.free.clear()
    work = [
        asyncio.create_task(tablet.conductor.handle(command))
        for command in (c.StartInfusion(TILE), c.Call(), c.StopPump(MK), c.Note("nausea", MK))
    ]
    await until(lambda: bool(tablet.journal.of(e.Called)))
    tablet.journal.free.set()
    await asyncio.gather(*work)
    assert [record.seq for record in tablet.journal.records] == list(range(1, 10))
    state = replay(tablet.journal.events)
    assert view(state, tablet.conductor.seconds()) == tablet.conductor.view


async def test_what_the_journal_cannot_take_is_shown_all_the_same() -> None:
    tablet = Tablet()
    tablet.journal.answer = False
    await tablet.begin()
    assert tablet.view.stage is Stage.SETTLING
    tablet.conductor.saving(False)
    assert tablet.view.word == "NOT SAVED"
    tablet.conductor.saving(True)
    assert tablet.view.word == "OK"


async def test_a_session_that_could_not_be_saved_is_refused_before_it_begins() -> None:
    tablet = Tablet()
    tablet.journal.saves = False
    assert await tablet.conductor.handle(PREPARE) == Refused(Why.NOT_SAVED)
    assert tablet.conductor.view is None
    assert tablet.journal.streams == {}
    tablet.journal.saves = True
    await tablet.begin()
    tablet.journal.saves = False
    await tablet.do(c.StartInfusion(TILE), c.Note("nausea", MK))
    assert tablet.view.stage is Stage.INFUSING


async def test_a_screen_that_goes_away_while_it_waits_loses_nothing() -> None:
    tablet = Tablet()
    await tablet.begin()
    tablet.journal.free.clear()
    starting = asyncio.create_task(tablet.conductor.handle(c.StartInfusion(TILE)))
    await until(lambda: bool(tablet.journal.of(e.InfusionStarted)))
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    tablet.journal.free.set()
    await until(lambda: tablet.view.stage is Stage.INFUSING)
    await tablet.do(c.StopPump(MK))
    assert tablet.view.holding == 0


async def test_refusals_are_handed_back_and_nothing_is_kept() -> None:
    tablet = Tablet()
    assert await tablet.conductor.handle(c.Call()) == Refused(Why.NO_SESSION)
    unconfirmed = replace(PREPARE, by=TILE)
    assert await tablet.conductor.handle(unconfirmed) == Refused(Why.PIN)
    assert (tablet.journal.streams, tablet.conductor.view) == ({}, None)
    await tablet.begin()
    known = len(tablet.journal.records)
    assert await tablet.conductor.handle(c.LookIn(TILE)) == Refused(Why.NOT_NOW)
    assert await tablet.conductor.handle(PREPARE) == Refused(Why.SESSION_OPEN)
    assert len(tablet.journal.records) == known


# --- time ----------------------------------------------------------------------------------------


async def test_time_brings_what_is_due_and_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conducting, "_AT_LEAST_EVERY", 0.02)
    tablet = Tablet()
    async with running(tablet):
        await tablet.begin()
        await tablet.do(c.StartInfusion(TILE))
        tablet.clock.advance(600.0)
        await until(lambda: tablet.view.phase is Phase.BUILD)
        assert tablet.view.minutes == 10
        await until(lambda: bool(tablet.journal.alive))
        assert tablet.journal.alive[-1] == (next(iter(tablet.journal.streams)), tablet.clock.now())


async def test_what_was_due_comes_before_a_command() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.StartInfusion(TILE))
    tablet.clock.advance(1300.0)
    await tablet.do(c.StopPump(MK))
    kinds = [type(event) for event in tablet.journal.events[-4:]]
    assert kinds == [e.CheckInUnanswered, e.PhaseBegan, e.PhaseBegan, e.HoldBegan]
    assert [event.at for event in tablet.journal.events[-4:]] == [600.0, 600.0, 1200.0, 1300.0]


async def test_the_wall_clock_of_a_session_second() -> None:
    tablet = Tablet()
    await tablet.begin()
    tablet.clock.advance(90.0)
    assert tablet.conductor.wall(30.0).timestamp() == tablet.clock.now().wall - 60.0


# --- again after a fault -------------------------------------------------------------------------


async def test_a_restart_stands_exactly_where_the_session_stood() -> None:
    tablet = Tablet()
    await tablet.begin()
    tablet.clock.advance(333.25)
    await tablet.do(c.StartInfusion(TILE))
    tablet.clock.advance(100.0)
    await tablet.do(c.StopPump(MK), c.Call())
    tablet.clock.advance(200.5)
    other = await tablet.restarted()
    assert other.conductor.seconds() == tablet.conductor.seconds() == 633.75
    assert other.view.place is Place.CALLED
    assert (other.view.minutes, other.view.holding) == (5, 3)
    assert (other.conductor.code, other.conductor.plan) == ("4172038", PREPARE.plan)
    assert other.journal.of(e.Resumed) == [
        e.Resumed(at=633.75, gap=200.5, exact=True, waiting=False)
    ]
    await other.do(c.AnswerCall(TILE))
    assert [record.seq for record in other.journal.records] == list(range(1, 11))


async def test_across_a_reboot_the_wall_clock_counts_and_is_not_called_exact() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.StartInfusion(TILE))
    tablet.clock.advance(120.0)
    await tablet.do(c.Note("nausea", MK))
    rebooted = SimulatedClock(wall=tablet.clock.now().wall + 240.0)
    rebooted._instant = replace(rebooted._instant, boot=7.0, boot_id="another")
    other = await tablet.restarted(rebooted)
    assert other.conductor.seconds() == 360.0
    assert other.view.minutes == 6
    assert other.journal.of(e.Resumed)[0].exact is False
    rebooted.advance(30.0)
    again = await other.restarted()
    assert again.conductor.seconds() == 390.0
    assert again.journal.of(e.Resumed)[-1].exact is True


async def test_after_a_reboot_a_nurse_confirms_what_only_the_wall_clock_told() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.StartInfusion(TILE))
    tablet.clock.advance(1200.0)
    await tablet.do(c.Note("nausea", MK))
    rebooted = SimulatedClock(wall=tablet.clock.now().wall + 180.0)
    rebooted._instant = replace(rebooted._instant, boot=7.0, boot_id="another")
    other = await tablet.restarted(rebooted)
    assert other.view.minutes == 23
    assert Offer.CONFIRM_ELAPSED in other.view.offers
    await other.do(c.ConfirmElapsed(300.0, MK))
    assert (other.view.minutes, other.journal.of(e.ElapsedConfirmed)[0].by) == (28, MK)
    again = await other.restarted()
    assert again.view.minutes == 28
    assert Offer.CONFIRM_ELAPSED not in again.view.offers


async def test_a_tablet_that_slept_is_right_at_the_next_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The loop's timers stood still: one second later the screen shows where the session is."""
    monkeypatch.setattr(conducting, "_AT_LEAST_EVERY", 3600.0)
    tablet = Tablet()
    await tablet.begin()
    async with running(tablet):
        await tablet.do(c.StartInfusion(TILE))
        tablet.conductor.keep_up()
        tablet.clock.advance(16 * 60.0)
        tablet.conductor.keep_up()
        await until(lambda: tablet.view.minutes == 16)
        assert tablet.view.phase is Phase.BUILD
        assert tablet.speaker.wanted[-1].arc.phase is Phase.BUILD


async def test_the_sound_is_told_anew_after_sleep_for_its_time_stood_still_too() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.StartInfusion(TILE))
    tablet.clock.advance(20.0)
    tablet.conductor.keep_up()
    async with running(tablet):
        await until(lambda: tablet.speaker.wanted[-1].arc.phase is Phase.ONSET)
        said = len(tablet.speaker.wanted)
        for _ in range(20):
            tablet.clock.advance(1.0)
            tablet.conductor.keep_up()
        await asyncio.sleep(0)
        assert len(tablet.speaker.wanted) == said
        tablet.clock.advance(20.0)
        tablet.conductor.keep_up()
        await until(lambda: len(tablet.speaker.wanted) == said + 1)
        assert tablet.speaker.wanted[-1] == tablet.speaker.wanted[-2]


async def test_how_the_battery_stands_is_known_to_a_session_that_begins() -> None:
    tablet = Tablet()
    tablet.conductor.hear(c.ReportPower(4, on_mains=False))
    await tablet.begin()
    await until(lambda: tablet.view.word == "NO SOUND")
    assert tablet.speaker.wanted[-1].music is None
    tablet.conductor.hear(c.ReportPower(5, on_mains=True))
    await until(lambda: tablet.view.word == "OK")
    assert tablet.speaker.wanted[-1].music is not None


@pytest.mark.parametrize("set_by", [-86_400.0, 3600.0])
async def test_after_a_reboot_setting_the_wall_clock_moves_no_minute(set_by: float) -> None:
    """As when the network corrects it, once the tablet has found one."""
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.StartInfusion(TILE))
    rebooted = SimulatedClock(wall=tablet.clock.now().wall + 240.0)
    rebooted._instant = replace(rebooted._instant, boot=7.0, boot_id="another")
    other = await tablet.restarted(rebooted)
    rebooted._instant = replace(rebooted._instant, wall=rebooted._instant.wall + set_by)
    rebooted.advance(60.0)
    assert other.conductor.seconds() == 300.0
    await other.do(c.Note("nausea", MK))
    assert (await other.restarted()).conductor.seconds() == 300.0


async def test_seconds_never_run_backwards_even_if_a_moment_lags_behind_its_event() -> None:
    tablet = Tablet()
    await tablet.begin()
    late = tablet.journal.records[-1]
    noted = e.Noted(at=5.0, note="nausea", by=MK)
    tablet.journal.records.append(Kept(late.seq + 1, late.moment, noted))
    other = await tablet.restarted()
    assert other.conductor.seconds() == 5.0


async def test_the_last_sign_of_life_shortens_the_gap() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.StartInfusion(TILE))
    tablet.clock.advance(1500.0)
    tablet.journal.alive.append(("", tablet.clock.now()))
    tablet.clock.advance(10.0)
    other = await tablet.restarted()
    assert other.journal.of(e.Resumed)[0].gap == 10.0
    assert other.view.place is Place.SESSION
    tablet.journal.alive.clear()
    waiting = await tablet.restarted()
    assert waiting.view.place is Place.WAITING


async def test_nothing_was_due_while_nobody_was_there() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.StartInfusion(TILE))
    tablet.clock.advance(900.0)
    other = await tablet.restarted()
    assert [type(event) for event in other.journal.events[6:]] == [
        e.Resumed,
        e.PhaseBegan,
        e.CheckInSkipped,
    ]
    assert other.view.phase is Phase.BUILD


async def test_a_closed_session_is_not_taken_up() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.CloseSession(MK))
    other = await tablet.restarted()
    assert (other.conductor.view, other.conductor.code) == (None, None)
    assert other.journal.events == tablet.journal.events


async def test_the_view_and_the_sound_of_a_restart_are_those_of_the_record() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.StartInfusion(TILE))
    tablet.clock.advance(2700.0)
    await tablet.do(c.LookIn(TILE), c.Soften(MK))
    other = await tablet.restarted()
    state, t = replay(other.journal.events), other.conductor.seconds()
    assert other.conductor.view == view(state, t)
    assert other.speaker.wanted[-1] == wanted_sound(state, t)


# --- after it ------------------------------------------------------------------------------------


async def test_after_closing_nothing_of_the_session_is_left() -> None:
    tablet = Tablet(Bell())
    await tablet.begin()
    tablet.clock.advance(50.0)
    await tablet.do(c.Call(), c.AnswerCall(TILE), c.CloseSession(MK))
    conductor = tablet.conductor
    assert (conductor.view, conductor.code, conductor.plan) == (None, None, None)
    assert tablet.seen[-1] is None
    assert tablet.speaker.wanted[-1] == quiet(0.0)
    assert conductor.seconds() == 0.0
    await until(lambda: not conductor._tasks)
    assert "4172038" not in repr(vars(conductor)) + repr(vars(conductor._stream))
    await tablet.do(PREPARE)
    assert len(tablet.journal.streams) == 2
    assert tablet.journal.records[0].seq == 1


async def test_a_rating_left_for_later_opens_in_its_own_stream() -> None:
    tablet = Tablet()
    await tablet.begin()
    await tablet.do(c.GoToRecovery(MK), c.PostponeRating(), c.CloseSession(MK))
    stream, records = next(iter(tablet.journal.streams.items()))
    tablet.clock.advance(3600.0)
    refused = await tablet.conductor.open_late(stream, tuple(records), TILE)
    assert (refused, tablet.conductor.view) == (Refused(Why.PIN), None)
    assert tablet.conductor.code is None
    assert await tablet.conductor.open_late(stream, tuple(records), MK) is None
    assert tablet.view.place is Place.QUESTION
    assert tablet.speaker.wanted[-1].music is None
    again = await tablet.conductor.open_late(stream, tuple(records), MK)
    assert again == Refused(Why.SESSION_OPEN)
    await tablet.do(c.Rate("mood", 5), c.Rate("clear", 5), c.CloseSession(MK))
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert tablet.conductor.view is None


# --- what breaks around it -----------------------------------------------------------------------


async def test_a_listener_that_breaks_is_noted_once_and_disturbs_nobody() -> None:
    tablet = Tablet()

    def breaks(_: View | None) -> None:
        raise ValueError("she said: I am afraid")

    tablet.conductor.listen(breaks)
    later: list[View | None] = []
    tablet.conductor.listen(later.append)
    await tablet.begin()
    await until(lambda: bool(tablet.journal.of(e.FaultNoted)))
    await tablet.do(c.StartInfusion(TILE), c.Call())
    await until(lambda: not tablet.conductor._tasks)
    faults = tablet.journal.of(e.FaultNoted)
    assert len(faults) == 1
    assert faults[0].what.startswith("ValueError in test_conductor.py:")
    assert later[-1] is tablet.conductor.view


async def test_a_sound_that_breaks_is_noted_and_the_view_still_comes() -> None:
    tablet = Tablet()
    tablet.speaker.raises = OSError("no socket")
    await tablet.begin()
    await until(lambda: bool(tablet.journal.of(e.FaultNoted)))
    assert tablet.view.stage is Stage.SETTLING


@pytest.mark.parametrize("late", [False, True])
async def test_a_journal_that_breaks_does_not_end_the_session(late: bool) -> None:
    tablet = Tablet()
    async with running(tablet):
        await tablet.begin()
        if late:
            tablet.journal.raises_late = OSError("gone")
        else:
            tablet.journal.raises = OSError("gone")
        await tablet.do(c.StartInfusion(TILE), c.Call())
        await until(lambda: not tablet.conductor._tasks)
        assert tablet.view.place is Place.CALLED
        tablet.journal.raises = tablet.journal.raises_late = None
        await tablet.do(c.AnswerCall(TILE))
        assert (tablet.view.stage, tablet.view.word) == (Stage.INFUSING, "NOT SAVED")
        assert [kept.seq for kept in tablet.journal.records] == list(
            range(1, len(tablet.journal.records) + 1)
        )


async def test_a_sign_of_life_that_fails_does_not_stop_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conducting, "_AT_LEAST_EVERY", 0.01)
    monkeypatch.setattr(conducting, "_BREATH", 0.01)
    tablet = Tablet()
    tablet.journal.raises_alive = OSError("gone")
    async with running(tablet):
        await tablet.begin()
        await until(lambda: bool(tablet.journal.of(e.FaultNoted)))
        await tablet.do(c.StartInfusion(TILE))
        tablet.clock.advance(600.0)
        wake(tablet)
        await until(lambda: tablet.view.phase is Phase.BUILD)


# --- the sound, and the channels of a call -------------------------------------------------------


async def test_sound_lost_before_a_session_is_known_to_it() -> None:
    tablet = Tablet()
    tablet.conductor.hear(c.ReportSoundLost("no device"))
    assert tablet.conductor.no_sound == "no device"
    await tablet.do(PREPARE)
    await until(lambda: tablet.view.sound_lost == "no device")
    tablet.conductor.hear(c.ReportSoundReturned("Headphones"))
    await until(lambda: tablet.view.sound_lost is None)
    assert tablet.conductor.no_sound is None
    tablet.conductor.hear(c.ReportTrack("Shore"))
    await until(lambda: tablet.view.playing == "Shore")


async def test_how_the_sound_stood_before_a_session_is_known_to_it() -> None:
    tablet = Tablet()
    tablet.conductor.hear(c.ReportOutput("Speaker"))
    tablet.conductor.hear(c.ReportOutput("Headphones"))
    tablet.conductor.hear(c.ReportSystemVolume(60, True))
    await tablet.do(PREPARE)
    await until(lambda: tablet.view.muted)
    assert tablet.speaker.wanted[-1].output == "Headphones"
    tablet.conductor.hear(c.ReportSystemVolume(60, False))
    await until(lambda: not tablet.view.muted)


async def test_what_the_sound_told_while_the_screen_was_away_is_known_after_it() -> None:
    before = Tablet()
    await before.begin()
    before.conductor.hear(c.ReportOutput("Headphones"))
    await until(lambda: before.speaker.wanted[-1].output == "Headphones")
    after = Tablet(clock=before.clock)
    after.conductor.hear(c.ReportOutput("Speaker"))
    await after.conductor.resume("s", before.journal.records, None)
    await until(lambda: after.view.moved_to == "Speaker")
    assert after.speaker.wanted[-1].output == "Headphones"


async def test_only_a_new_wish_goes_to_the_sound() -> None:
    tablet = Tablet()
    await tablet.begin()
    wished = len(tablet.speaker.wanted)
    await tablet.do(c.Note("nausea", MK), c.TakeOver(replace(MK, who="JS")))
    assert len(tablet.speaker.wanted) == wished


async def test_a_call_goes_out_and_a_failure_is_shown_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calling, "AGAIN", 0.02)
    bell = Bell(fails=2)
    tablet = Tablet(bell)
    await tablet.begin()
    called = tablet.clock.now().wall
    await tablet.do(c.Call(), c.Call())
    await until(lambda: tablet.view.sent == ("bell",))
    assert tablet.view.not_sent == ()
    assert len(tablet.journal.of(e.CallNotSent)) == 1
    assert [(room, at.timestamp()) for room, at in bell.rung] == [("2", called)] * 3


async def test_a_call_that_was_answered_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "AGAIN", 0.02)
    bell = Bell(fails=10**6)
    tablet = Tablet(bell)
    await tablet.begin()
    await tablet.do(c.Call())
    await until(lambda: tablet.view.not_sent == ("bell",))
    await tablet.do(c.AnswerCall(TILE))
    await until(lambda: not tablet.conductor._tasks)


async def test_a_channel_of_an_earlier_session_tells_nothing_in_the_next() -> None:
    tablet = Tablet()
    await tablet.begin()
    earlier = next(iter(tablet.journal.streams))
    await tablet.do(c.CloseSession(MK), PREPARE)
    known = len(tablet.journal.records)
    await tablet.conductor._sent(earlier, "bell")
    await tablet.conductor._not_sent(earlier, "bell", "nobody there")
    assert len(tablet.journal.records) == known


async def test_channels_known_later_are_told_of_a_call_that_shows() -> None:
    tablet = Tablet()
    await tablet.begin()
    tablet.conductor.reach_by((Bell(),))
    await tablet.do(c.Call())
    await until(lambda: tablet.view.sent == ("bell",))
    other = await tablet.restarted()
    bell, gong = Bell(), Bell()
    gong.name = "gong"  # type: ignore[misc]
    other.conductor.reach_by((bell, gong))
    await until(lambda: "gong" in other.view.sent)
    assert bell.rung == []


async def test_a_channel_that_breaks_is_noted_without_its_words() -> None:
    bell = Bell()
    bell.breaks = True
    tablet = Tablet(bell)
    await tablet.begin()
    await tablet.do(c.Call())
    await until(lambda: bool(tablet.journal.of(e.FaultNoted)))
    assert "patient" not in tablet.journal.of(e.FaultNoted)[0].what
    assert tablet.view.place is Place.CALLED


async def test_taste_lives_by_the_real_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is missed where time jumps from change to change."""
    monkeypatch.setattr(conducting, "_AT_LEAST_EVERY", 0.01)
    tablet = Tablet()
    async with running(tablet):
        await tablet.do(replace(PREPARE, plan=plan(protocol=TASTE)), *CHOICES)
        await tablet.do(c.StartInfusion(TILE))
        for _ in range(150):
            tablet.clock.advance(1.0)
            wake(tablet)
            await asyncio.sleep(0)
        await until(lambda: tablet.view.place is Place.RECOVERY)
    phases = [event.phase for event in tablet.journal.of(e.PhaseBegan)]
    assert phases == [Phase.BUILD, Phase.PEAK, Phase.RETURN]
