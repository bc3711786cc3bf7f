"""Session seconds under every trick of a clock: they never run backwards, and are exact within
one boot, whatever the wall clock says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_given import MK, TILE, plan

from companion.conductor import Conductor
from companion.moment import Instant, SimulatedClock, seconds_between
from companion.session import commands as c
from companion.session import events as e
from companion.session.plan import Mode
from companion.stream import Stream

DAY = 24 * 3600.0
_LONGEST = 12 * 3600.0

amounts = st.floats(0.0, 5 * 3600.0)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), amounts),
        st.tuples(st.just("sleep"), amounts),
        st.tuples(st.just("set"), st.sampled_from([-40 * 365 * DAY, -DAY, -3600.0, 3600.0, DAY])),
        st.tuples(st.just("restart"), amounts),
        st.tuples(st.just("reboot"), amounts),
        st.tuples(st.just("note"), st.just(0.0)),
    ),
    max_size=20,
)


class Clock(SimulatedClock):
    """A tablet's clock: it sleeps, is set, and begins anew with each boot."""

    def __init__(self) -> None:
        super().__init__()
        self.boots = 0

    def set(self, by: float) -> None:
        """Somebody, or the network, sets the wall clock."""
        at = self.now()
        self._instant = replace(at, wall=at.wall + by)

    def reboot(self, off: float) -> None:
        """Switched off for `off` seconds, in which the wall clock goes on."""
        self.boots += 1
        self._instant = Instant(self.now().wall + off, 8.0, f"boot {self.boots}")


@dataclass(frozen=True)
class Kept:
    seq: int
    moment: Instant
    event: e.Event


class Memory:
    """Keeps what it is given, at once."""

    def __init__(self) -> None:
        self.rows: list[Kept] = []

    async def _kept(self) -> bool:
        return True

    def submit(
        self, stream: str, first_seq: int, moment: Instant, events: Sequence[e.Event]
    ) -> Any:
        self.rows += [Kept(first_seq + n, moment, event) for n, event in enumerate(events)]
        return self._kept()

    async def mark_alive(self, stream: str, moment: Instant) -> None:
        return None

    async def can_save(self, moment: Instant) -> bool:
        return True


class Deaf:
    def want(self, wanted: Any, now: Any) -> None:
        return None


def stream(clock: Clock, memory: Memory) -> Stream:
    def fail(error: Exception) -> None:
        raise error

    return Stream(clock, memory, changed=lambda: None, failed=fail)


@given(STEPS)
def test_seconds_never_run_backwards_and_are_exact_within_one_boot(
    steps: list[tuple[str, float]],
) -> None:
    asyncio.run(_live(steps))


async def _live(steps: list[tuple[str, float]]) -> None:
    clock, memory = Clock(), Memory()
    one = stream(clock, memory)
    one.begin()
    await one.append([e.SessionPrepared(at=0.0, by=MK, room="2", plan=plan())], at_once=False)
    expected, exact = 0.0, True
    for kind, amount in steps:
        before = one.seconds()
        match kind:
            case "pass" | "sleep":  # CLOCK_BOOTTIME counts through both
                clock.advance(amount)
                expected += amount
            case "set":
                clock.set(amount)
            case "note":
                at = one.seconds()
                await one.append([e.Noted(at=at, note="nausea", by=MK)], at_once=False)
            case _:
                if kind == "reboot":
                    clock.reboot(amount)
                    exact = False
                else:
                    clock.advance(amount)
                    expected += amount
                one = stream(clock, memory)
                one.restore("s", memory.rows)
                await one.append(
                    [
                        e.Resumed(
                            at=one.seconds(), gap=amount, exact=kind != "reboot", waiting=False
                        )
                    ],
                    at_once=False,
                )
        now = one.seconds()
        if kind in ("set", "note"):
            assert now == pytest.approx(before)
        if kind == "reboot":
            # What was not written down before the plug was pulled, only the wall clock knows.
            last = memory.rows[-2].event.at
            assert last <= now <= last + _LONGEST
            expected = now
        else:
            assert now >= before - 1e-6
        assert now == pytest.approx(expected, rel=1e-9, abs=1e-3)
    if exact:
        assert one.seconds() == pytest.approx(expected, rel=1e-9, abs=1e-3)


@given(amounts, st.sampled_from([-DAY, -3600.0, 0.0, 3600.0, DAY]), amounts)
def test_between_two_moments_of_one_boot_the_wall_clock_counts_for_nothing(
    boot: float, moved: float, passed: float
) -> None:
    earlier = Instant(1_800_000_000.0, boot, "one")
    later = Instant(earlier.wall + moved + passed, boot + passed, "one")
    seconds, exact = seconds_between(earlier, later)
    assert (seconds, exact) == (pytest.approx(passed, abs=1e-6), True)
    rebooted = replace(later, boot=3.0, boot_id="another")
    seconds, exact = seconds_between(earlier, rebooted)
    assert not exact
    assert 0.0 <= seconds <= _LONGEST


@pytest.mark.parametrize("by", [-3600.0, 3600.0, 40 * 365 * DAY])
async def test_a_clock_that_is_set_in_a_session_changes_no_minute(by: float) -> None:
    clock, memory = Clock(), Memory()
    conductor = Conductor(clock, memory, Deaf())
    prepared = c.PrepareSession(MK, "2", plan(), "4172038")
    for command in (prepared, c.AnswerHearing(True), c.ChooseMode(Mode.MUSIC)):
        assert await conductor.handle(command) is None
    await conductor.handle(c.SkipQuestion("mood"))
    await conductor.handle(c.StartInfusion(TILE))
    clock.advance(1380.0)
    clock.set(by)
    await conductor.handle(c.Note("nausea", MK))
    assert conductor.view is not None
    assert conductor.view.minutes == 23
    other = Conductor(clock, memory, Deaf())
    await other.resume("s", memory.rows, None)
    assert other.view is not None
    assert (other.view.minutes, other.view.offers) == (23, conductor.view.offers)


def test_daylight_saving_moves_what_is_read_and_nothing_that_is_reckoned() -> None:
    """On the night of the change an hour passes between 02:59 and 02:00."""
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    after = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    earlier = Instant(before.timestamp(), 100.0, "one")
    later = Instant(after.timestamp(), 3700.0, "one")
    assert seconds_between(earlier, later) == (3600.0, True)
    assert seconds_between(earlier, replace(later, boot=5.0, boot_id="two")) == (3600.0, False)
