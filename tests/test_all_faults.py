"""Everything fails at once, in any order: the disk, a second place on it, the clock, the sound,
the call's channel, and the process itself, at any statement; people go on doing what they do.

What was acknowledged is there for good, once and in order; a call shows until somebody answers it;
nothing shows as done before it is kept; the session's seconds never run backwards; the patient's
screen stays hers.

    python -m pytest -m torture tests/test_all_faults.py -n 0 -s
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pytest
from frail_tablet import FrailTablet, Steps
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from test_session_properties import BENDING, COMMANDS, MK, PLANS, WAITS, beginnings

from companion.journal import keeper, writer
from companion.journal.schema import open_journal
from companion.session import commands as c
from companion.session import events as e
from companion.session.state import Stage
from companion.session.view import Place, View, view

_MEMORY = Path("/dev/shm")
"""Where there is one, no real disk is worn by disks that fail."""
SHORT, LONG = 40, 5000
"""Runs of the daily form, and of the torture."""

commands = st.one_of(st.one_of(*COMMANDS), BENDING, st.just(c.Call()), st.just(c.Rate("mood", 7)))
FAILING = ("BEGIN", "INSERT INTO event", "INSERT INTO private", "COMMIT", "SELECT coalesce")

EXPECTED = ("RuntimeError", "OperationalError")


class EverythingFails(RuleBasedStateMachine):
    """One tablet, from its first session on."""

    empty: Path
    """A journal with nothing in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(dir=self.empty.parent))
        self.tablet = FrailTablet(self.folder, self.empty)
        self.lasting: dict[tuple[str, int], Any] = {}
        """All that was seen on the disk, by its place."""
        self.last: tuple[str, str, float] = ("", "", 0.0)
        """Session, boot and the session's seconds, when last looked at."""
        self.called: set[str] = set()

    def teardown(self) -> None:
        self.tablet.forget_what_was_read()
        self.what_was_kept_is_there_once_and_in_order()
        self.tablet.end()
        rmtree(self.folder)

    # --- people ----------------------------------------------------------------------------------

    @initialize(index=st.integers(0, len(PLANS) - 1), steps=beginnings)
    def a_session_begins(self, index: int, steps: tuple[Any, ...]) -> None:
        self.tablet.handle(c.PrepareSession(MK, "2", PLANS[index], "4172038"))
        for step in steps:
            self.tablet.come_to_rest()
            if isinstance(step, float):
                self.tablet.clock.advance(step)
            else:
                self.tablet.handle(step)

    @precondition(lambda self: self.tablet.alive)
    @rule(command=commands)
    def somebody_wants(self, command: c.Command) -> None:
        self.tablet.handle(command)

    @precondition(lambda self: self.tablet.alive)
    @rule(command=commands)
    def somebody_wants_and_it_is_done(self, command: c.Command) -> None:
        self.tablet.handle(command)
        self.tablet.come_to_rest()

    # --- time ------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from(WAITS))
    def time_passes(self, seconds: float) -> None:
        self.tablet.clock.advance(seconds)
        self._go_on()

    @rule(seconds=st.sampled_from(WAITS))
    def the_tablet_sleeps(self, seconds: float) -> None:
        self.tablet.clock.sleep(seconds)
        self._go_on()

    @rule(seconds=st.sampled_from([-86_400.0, -3600.0, -1.5, 1.5, 3600.0, 864_000.0]))
    def the_wall_clock_is_set(self, seconds: float) -> None:
        self.tablet.clock.set(seconds)
        self._go_on()

    # --- the disk --------------------------------------------------------------------------------

    @precondition(lambda self: self.tablet.alive)
    @rule(times=st.integers(1, 4))
    def the_disk_writes(self, times: int) -> None:
        self.tablet.write(times)

    @precondition(lambda self: self.tablet.alive)
    @rule(at=st.sampled_from(FAILING), done=st.booleans(), second=st.booleans())
    def the_disk_fails(self, at: str, done: bool, second: bool) -> None:
        disk = self.tablet.disk
        disk.fails_at, disk.done_all_the_same = at, done and at == "COMMIT"
        self.tablet.second.fails = second

    @precondition(lambda self: self.tablet.alive)
    @rule()
    def the_disk_works_again(self) -> None:
        self.tablet.disk.fails_at = ""
        self.tablet.second.fails = False

    # --- the sound and the bell ------------------------------------------------------------------

    @rule(breaks=st.booleans())
    def the_sound_breaks(self, breaks: bool) -> None:
        self.tablet.speaker.breaks = breaks

    @precondition(lambda self: self.tablet.alive)
    @rule(
        report=st.sampled_from(
            [
                c.ReportSoundLost("unplugged"),
                c.ReportSoundReturned("Headphones"),
                c.ReportOutput("Headphones"),
                c.ReportOutput("Speaker"),
                c.ReportSystemVolume(0, False),
                c.ReportSystemVolume(60, True),
                c.ReportSystemVolume(60, False),
            ]
        )
    )
    def the_sound_tells(self, report: c.Command) -> None:
        self.tablet.within(lambda: self.tablet.conductor.hear(report))

    @rule(works=st.booleans())
    def the_bell_is_pulled_out(self, works: bool) -> None:
        self.tablet.bell.works = works

    # --- life and death --------------------------------------------------------------------------

    @precondition(lambda self: self.tablet.alive)
    @rule()
    def the_process_dies(self) -> None:
        self.tablet.die()

    @precondition(lambda self: self.tablet.alive)
    @rule(statements=st.integers(0, 12))
    def the_process_dies_while_it_writes(self, statements: int) -> None:
        self.tablet.disk.dies_in = statements
        self.tablet.come_to_rest()
        if self.tablet.alive:
            self.tablet.die()

    @precondition(lambda self: not self.tablet.alive)
    @rule(off=st.sampled_from([0.0, 1.0, 30.0, 700.0, 4000.0]))
    def the_process_comes_back(self, off: float) -> None:
        self.tablet.clock.advance(off)
        self.tablet.begin()

    @precondition(lambda self: not self.tablet.alive)
    @rule(off=st.sampled_from([-3600.0, 0.0, 60.0, 700.0, 4000.0, 90_000.0]))
    def the_tablet_is_booted(self, off: float) -> None:
        self.tablet.clock.reboot(off)
        self.tablet.begin()

    @precondition(lambda self: not self.tablet.alive)
    @rule(statements=st.integers(0, 6))
    def it_dies_again_as_it_comes_back(self, statements: int) -> None:
        self.tablet.begin()
        self.tablet.disk.dies_in = statements
        self.tablet.come_to_rest()
        if self.tablet.alive:
            self.tablet.die()

    # --- what holds ------------------------------------------------------------------------------

    @invariant()
    def what_was_kept_is_there_once_and_in_order(self) -> None:
        on_disk = self.tablet.on_disk()
        for place, event in self.lasting.items():
            assert on_disk.get(place) == event, place
        self.lasting = on_disk
        for stream in {stream for stream, _ in on_disk}:
            numbers = sorted(seq for of, seq in on_disk if of == stream)
            assert numbers == list(range(1, len(numbers) + 1)), (stream, numbers)

    @precondition(lambda self: self.tablet.alive)
    @invariant()
    def what_was_acknowledged_is_kept_or_said_to_be_not(self) -> None:
        in_journal, on_disk = self.tablet.in_journal(), self.tablet.on_disk()
        for one in self.tablet.keeping.handed:
            if one.acknowledged and one.answer is not None and one.answer.result():
                assert in_journal.get((one.stream, one.seq)) == one.event, one
            elif one.acknowledged and (one.stream, one.seq) not in on_disk:
                assert not self.tablet.saved, one
        assert not self.tablet.conductor._stream.lost

    @precondition(lambda self: self.tablet.alive)
    @invariant()
    def nothing_shows_as_done_before_it_is_kept(self) -> None:
        tablet = self.tablet
        seconds = tablet.conductor.seconds()
        seen, may_show = self._seen(), view(tablet.shown(), seconds, tablet.saved)
        assert seen == may_show, _differing(seen, may_show)

    @precondition(lambda self: self.tablet.alive)
    @invariant()
    def a_call_shows_until_somebody_answers_it(self) -> None:
        handed = [one for one in self.tablet.keeping.handed if one.shows]
        newest = self.tablet.conductor._stream.id
        kinds = (e.Called, e.CallTakenBack, e.CallAnswered)
        events = [one.event for one in handed if one.stream == newest]
        last = next((event for event in reversed(events) if isinstance(event, kinds)), None)
        seen = self._seen()
        if isinstance(last, e.Called) and self.tablet.shown() is not None:
            assert seen is not None
            assert seen.place is Place.CALLED
            assert seen.calling is not None

    @precondition(lambda self: self.tablet.alive)
    @invariant()
    def nobody_but_a_nurse_ends_a_session(self) -> None:
        events = [one.event for one in self.tablet.keeping.handed if one.shows]
        closed = [event for event in events if isinstance(event, e.SessionClosed)]
        assert all(event.by.confirmed for event in closed)
        state = self.tablet.shown()
        open_ = state is not None and state.stage is not Stage.READY
        assert open_ == (self._seen() is not None)

    @precondition(lambda self: self.tablet.alive)
    @invariant()
    def its_seconds_never_run_backwards(self) -> None:
        """Within a boot, from its first event in the journal on: until then a reboot leaves only
        the wall clock, which may say anything."""
        stream = self.tablet.conductor._stream.id
        boot, seconds = self.tablet.clock.now().boot_id, self.tablet.conductor.seconds()
        if stream and self.last[:2] == (stream, boot):
            assert seconds >= self.last[2] - 1e-6
        known = any(
            one.boot == boot and (one.stream, one.seq) in self.lasting
            for one in self.tablet.keeping.handed
        )
        self.last = (stream, boot, seconds) if known else ("", "", 0.0)

    @precondition(lambda self: self.tablet.alive)
    @invariant()
    def nothing_failed_but_what_had_to(self) -> None:
        """A sound that broke, and a sign of life that could not be written."""
        faults = {fault.partition(":")[0] for fault in self.tablet.conductor._faults}
        assert faults <= {f"{kind} in frail_tablet.py" for kind in EXPECTED}, faults
        assert not self.tablet.broken
        assert not self.tablet.loop.complaints

    # --- the hand behind it ----------------------------------------------------------------------

    def _seen(self) -> View | None:
        """What the screens show, once they were told how things stand now."""
        self.tablet.look()
        return self.tablet.conductor.view

    def _go_on(self) -> None:
        if self.tablet.alive:
            self.tablet.turn()


def _differing(one: View | None, other: View | None) -> object:
    """What of the two is not the same, for a person who reads a failed test."""
    if one is None or other is None:
        return one, other
    return {
        field.name: values
        for field in fields(View)
        if len(set(map(repr, values := (getattr(one, field.name), getattr(other, field.name))))) > 1
    }


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[EverythingFails]]:
    monkeypatch.setattr(writer, "OneThread", Steps)
    monkeypatch.setattr(keeper, "_PAUSE", 0.0)
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        EverythingFails.empty = Path(folder) / "empty.db"
        open_journal(EverythingFails.empty).connection.close()
        yield EverythingFails


@pytest.mark.parametrize("runs", [SHORT, pytest.param(LONG, marks=pytest.mark.torture)])
def test_nothing_acknowledged_is_lost_and_the_session_goes_on(
    machine: type[EverythingFails], runs: int
) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=runs, stateful_step_count=50))
