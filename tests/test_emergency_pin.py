"""The emergency PIN in its envelope: drawn by the program, shown once, and each use told."""

from pathlib import Path

import pytest
from cells import text
from staff_stage import LEAD, RECORD, WORDS, clinic_stage, enter, nurse_view, tap
from ui_stage import MK, FakeKeeping, people

from companion import access
from companion.access import EMERGENCY, Act, Refusal, Unlocked
from companion.desk import Desk
from companion.journal.codec import CODEC
from companion.moment import SimulatedClock
from companion.session import book
from companion.session import commands as c
from companion.session.book import Role
from companion.session.events import By
from companion.session.view import Place
from companion.ui.screens.people import PeopleScreen


def desk(home: Path, *names: str) -> tuple[Desk, FakeKeeping]:
    clock, keeping = SimulatedClock(), FakeKeeping()
    records = people(clock, names or ("MK", "JS"))
    made = Desk(home, clock, keeping, keeping, records=records, session_open=lambda: False)  # type: ignore[arg-type]
    return made, keeping


def of(made: Desk) -> access.Person:
    person = made.people.find(EMERGENCY)
    assert person is not None
    return person


async def test_it_opens_what_a_nurse_may_and_each_use_is_flagged(tmp_path: Path) -> None:
    made, keeping = desk(tmp_path)
    pin = await made.staffing.seal(MK)
    assert isinstance(pin, str)
    assert access.refuse_pin(pin) is None
    assert (of(made).role, of(made).sealed, of(made).opened) == (Role.NURSE, True, False)
    unlocked = await made.staffing.unlock(EMERGENCY, pin)
    assert unlocked == Unlocked(By(EMERGENCY, confirmed=True, sealed=True), Role.NURSE)
    assert unlocked.may(Act.RUN_SESSION) and not unlocked.may(Act.MANAGE_PEOPLE)
    assert keeping.of(book.PinAccepted) == [book.PinAccepted(initials=EMERGENCY, sealed=True)]
    assert of(made).opened


async def test_a_new_one_makes_the_one_before_good_for_nothing(tmp_path: Path) -> None:
    made, _ = desk(tmp_path)
    first = await made.staffing.seal(MK)
    assert isinstance(first, str)
    await made.staffing.unlock(EMERGENCY, first)
    second = await made.staffing.seal(MK)
    assert isinstance(second, str)
    assert not of(made).opened
    assert not isinstance(await made.staffing.unlock(EMERGENCY, first), Unlocked)
    assert isinstance(await made.staffing.unlock(EMERGENCY, second), Unlocked)


async def test_only_a_lead_seals_it_and_nobody_changes_what_it_may(tmp_path: Path) -> None:
    made, _ = desk(tmp_path)
    assert await made.staffing.seal(By("JS", confirmed=True)) is Refusal.NOT_ALLOWED
    assert await made.staffing.seal(By("MK")) is Refusal.NOT_ALLOWED
    assert isinstance(await made.staffing.seal(MK), str)
    assert await made.staffing.change_role(EMERGENCY, Role.LEAD, MK) is Refusal.SEALED
    itself = By(EMERGENCY, confirmed=True, sealed=True)
    assert await made.staffing.change_pin(EMERGENCY, "274951", itself) is Refusal.NOT_ALLOWED
    assert await made.staffing.remove(EMERGENCY, MK) is None
    assert made.people.find(EMERGENCY) is None


async def test_initials_that_somebody_has_stay_hers(tmp_path: Path) -> None:
    made, _ = desk(tmp_path, "MK", EMERGENCY)
    assert await made.staffing.seal(MK) is Refusal.INITIALS_TAKEN


async def test_neither_book_nor_journal_holds_the_pin(tmp_path: Path) -> None:
    made, keeping = desk(tmp_path)
    pin = await made.staffing.seal(MK)
    assert isinstance(pin, str)
    (added,) = keeping.of(book.StaffAdded)
    assert pin not in CODEC.write(added).body
    assert added.sealed and added.by == MK


def test_a_book_from_before_reads_as_it_was() -> None:
    old = {"initials": "MK"}
    written = CODEC.write(book.PinAccepted(**old))
    body = written.body.replace(',"sealed":false', "")
    assert "sealed" not in body
    read = CODEC.read(type(written)(written.kind, written.version, body, None))
    assert read == book.PinAccepted(initials="MK", sealed=False)


@pytest.mark.parametrize("draw", range(20))
def test_what_is_drawn_will_do(draw: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([111111, 123456, 987654, 274951 + draw])
    monkeypatch.setattr(access.secrets, "randbelow", lambda top: next(drawn))
    assert access.draw_pin() == f"{274951 + draw}"


async def test_a_lead_draws_it_by_touch_and_it_is_seen_once(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        stage.app.open_staff(PeopleScreen(LEAD))
        await stage.settle()
        await tap(stage, WORDS.emergency_pin)
        assert WORDS.remove not in stage.labels()
        await tap(stage, WORDS.draw_pin)
        await stage.until(lambda: bool(stage.keeping.of(book.StaffAdded)))
        await stage.settle()
        assert stage.shows(f"name {EMERGENCY}")
        assert WORDS.draw_pin not in stage.labels()
        await tap(stage, WORDS.written_down)
        assert stage.shows(WORDS.envelope_sealed)
        await tap(stage, WORDS.emergency_pin)
        assert WORDS.draw_pin in stage.labels()
        assert "█" not in text(stage.app)
        await tap(stage, WORDS.remove, WORDS.remove_sure.format(initials=EMERGENCY))
        assert stage.shows(WORDS.not_sealed)


async def test_in_use_the_nurse_view_and_afterwards_the_first_screen_say_so(
    tmp_path: Path,
) -> None:
    async with clinic_stage(tmp_path) as stage:
        pin = await stage.desk.staffing.seal(LEAD.by)
        assert isinstance(pin, str)
        await stage.go_to(Place.SESSION)
        unlocked = await stage.desk.staffing.unlock(EMERGENCY, pin)
        assert isinstance(unlocked, Unlocked)
        await nurse_view(stage, unlocked)
        assert stage.shows("emergency PIN in use")
        await stage.do(c.Note("toilet", unlocked.by), c.CloseSession(unlocked.by))
        stage.app.leave_staff()
        await stage.settle()
        assert stage.shows("emergency PIN was used")
        assert (EMERGENCY, WORDS.emergency_pin) in [
            (tile.label, tile.second) for tile in stage.tiles()
        ]
        kept = [event for _, event in stage.keeping.kept if getattr(event, "by", None)]
        assert [type(event).__name__ for event in kept if event.by.sealed] == [
            "Noted",
            "SessionClosed",
        ]


async def test_it_cannot_open_people(tmp_path: Path) -> None:
    async with clinic_stage(tmp_path) as stage:
        pin = await stage.desk.staffing.seal(LEAD.by)
        assert isinstance(pin, str)
        await tap(stage, RECORD.tablet, WORDS.people, EMERGENCY)
        await enter(stage, pin)
        assert stage.screen_name() == "UnlockScreen"
        assert stage.shows(WORDS.not_for_role.format(initials=EMERGENCY))
