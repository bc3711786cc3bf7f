"""The desk: who may change people, and what it tells of earlier sessions."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ui_stage import FakeKeeping, people

from companion.access import Refusal, TryLater, Unlocked, Wrong
from companion.desk import Desk
from companion.moment import Instant, SimulatedClock
from companion.session import book
from companion.session.book import Role
from companion.session.events import By

LEAD, NURSE = By("MK", confirmed=True), By("JS", confirmed=True)
PIN, OTHER_PIN = "274951", "905172"


class OneSession:
    """A journal that holds one session, whose rating waits."""

    async def codes(self) -> Sequence[str]:
        return ("4172031",)

    async def waiting_ratings(self, now: Instant) -> Sequence[Any]:
        return [SimpleNamespace(stream="earlier", code="4172031")]

    async def read(self, stream: str) -> Sequence[str]:
        return [f"all of {stream}"]


def desk(home: Path, names: Sequence[str] = ("MK", "JS")) -> tuple[Desk, FakeKeeping]:
    clock, keeping = SimulatedClock(), FakeKeeping()
    records = people(clock, names)
    made = Desk(home, clock, keeping, OneSession(), records=records, session_open=lambda: False)
    return made, keeping


async def test_the_first_lead_is_added_by_nobody_and_nobody_else_is(tmp_path: Path) -> None:
    first, keeping = desk(tmp_path, ())
    assert await first.staffing.add("LN", Role.NURSE, PIN, None) is Refusal.FIRST_IS_LEAD
    assert await first.staffing.add("LN", Role.LEAD, PIN, None) is None
    assert await first.staffing.add("PO", Role.NURSE, PIN, None) is Refusal.NOT_ALLOWED
    assert [event.initials for event in keeping.of(book.StaffAdded)] == ["LN"]


@pytest.mark.parametrize("by", [NURSE, By("MK"), By("XX", confirmed=True)])
async def test_only_a_lead_with_her_pin_changes_people(tmp_path: Path, by: By) -> None:
    made, keeping = desk(tmp_path)
    assert await made.staffing.add("PO", Role.NURSE, PIN, by) is Refusal.NOT_ALLOWED
    assert await made.staffing.change_role("JS", Role.LEAD, by) is Refusal.NOT_ALLOWED
    assert await made.staffing.remove("MK", by) is Refusal.NOT_ALLOWED
    assert await made.staffing.change_pin("AR", OTHER_PIN, by) is Refusal.NOT_ALLOWED
    assert keeping.kept == []


async def test_a_lead_changes_people(tmp_path: Path) -> None:
    made, _ = desk(tmp_path)
    assert await made.staffing.add("PO", Role.CURATOR, PIN, LEAD) is None
    assert await made.staffing.change_role("JS", Role.LEAD, LEAD) is None
    assert await made.staffing.remove("PO", LEAD) is None
    assert await made.staffing.change_pin("XX", OTHER_PIN, LEAD) is Refusal.UNKNOWN
    assert await made.staffing.change_role("XX", Role.LEAD, LEAD) is Refusal.UNKNOWN
    assert [(one.initials, one.role) for one in made.staff] == [
        ("MK", Role.LEAD),
        ("JS", Role.LEAD),
    ]


async def test_everybody_changes_her_own_pin(tmp_path: Path) -> None:
    made, _ = desk(tmp_path)
    assert await made.staffing.change_pin("JS", "111111", NURSE) is Refusal.PIN_SIMPLE
    assert await made.staffing.change_pin("JS", OTHER_PIN, NURSE) is None
    assert await made.staffing.unlock("JS", PIN) == Wrong()
    assert await made.staffing.unlock("JS", OTHER_PIN) == Unlocked(NURSE, Role.NURSE)


async def test_wrong_pins_are_written_down_and_make_her_wait(tmp_path: Path) -> None:
    made, keeping = desk(tmp_path)
    for _ in range(3):
        assert await made.staffing.unlock("JS", OTHER_PIN) == Wrong()
    assert await made.staffing.unlock("JS", PIN) == TryLater(5.0)
    assert len(keeping.of(book.PinTried)) == len(keeping.of(book.PinRefused)) == 3


async def test_it_tells_of_earlier_sessions(tmp_path: Path) -> None:
    made, _ = desk(tmp_path)
    assert await made.code_known("4172031")
    assert not await made.code_known("4172032")
    assert [one.stream for one in await made.waiting()] == ["earlier"]
    assert await made.session("earlier") == ["all of earlier"]
    assert made.temporary_code().startswith("T")
    assert made.fitness().saved
