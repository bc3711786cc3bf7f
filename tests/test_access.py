"""Who may do what, and how long a wrong PIN makes one wait."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_samples import new_log

from companion import access
from companion.access import Act, People, Refusal, fold, may, replay, wait
from companion.moment import Instant
from companion.session.book import (
    FileSetAside,
    Locked,
    PinAccepted,
    PinChanged,
    PinHash,
    PinRefused,
    PinTried,
    Role,
    RoleChanged,
    StaffAdded,
    StaffRemoved,
)
from companion.session.events import By

PIN = PinHash("00", "00", 2, 8, 1)
OTHER_PIN = PinHash("01", "01", 2, 8, 1)
DELAYS = [0.0, 0.0, 0.0, 5.0, 15.0, 60.0, 300.0, 300.0, 300.0]


@dataclass(frozen=True)
class Kept:
    moment: Instant
    event: Any


def at(seconds: float, boot_id: str = "one") -> Instant:
    return Instant(1_800_000_000.0 + seconds, 1000.0 + seconds, boot_id)


def book(*events: Any, when: float = 0.0) -> list[Kept]:
    return [Kept(at(when), event) for event in events]


def added(initials: str, role: Role = Role.NURSE) -> StaffAdded:
    return StaffAdded(initials=initials, role=role, pin=PIN)


def tries(count: int, initials: str = "MK", when: float = 0.0) -> list[Kept]:
    return [
        kept
        for _ in range(count)
        for kept in book(PinTried(initials=initials), PinRefused(initials=initials), when=when)
    ]


def names(people: People) -> list[tuple[str, Role]]:
    return [(one.initials, one.role) for one in people.staff]


# --- people --------------------------------------------------------------------------------------


def test_the_book_tells_who_is_here():
    people = replay(
        book(
            added("MK", Role.LEAD),
            added("JS"),
            added("AB", Role.CURATOR),
            RoleChanged(initials="JS", role=Role.LEAD),
            PinChanged(initials="AB", pin=OTHER_PIN),
            StaffRemoved(initials="MK"),
            Locked(initials="JS", why="untouched"),
            FileSetAside(name="journal.db.aside"),
        )
    )
    assert names(people) == [("JS", Role.LEAD), ("AB", Role.CURATOR)]
    ab, js = people.find("AB"), people.find("JS")
    assert ab and ab.pin == OTHER_PIN
    assert js and js.pin == PIN
    assert people.find("MK") is None


def test_events_of_a_session_change_nothing():
    people = replay(book(added("MK", Role.LEAD)))
    assert fold(people, Kept(at(0), object())) == people


def test_what_the_roles_may():
    everybody = {Act.RUN_SESSION, Act.CHANGE_OWN_PIN, Act.END_DAY, Act.READ_HISTORY}
    allowed = {role: {act for act in Act if may(role, act)} for role in Role}
    assert allowed[Role.NURSE] == everybody
    assert allowed[Role.CURATOR] == everybody | {Act.CURATE}
    assert allowed[Role.LEAD] == set(Act)


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (By("MK", confirmed=True), True),
        (By("MK", confirmed=False), False),
        (By("JS", confirmed=True), False),
        (By("XY", confirmed=True), False),
        (None, False),
    ],
    ids=["a lead with her PIN", "without it", "a nurse", "a stranger", "nobody"],
)
def test_staff_are_managed_by_a_lead_who_gave_her_pin(by, allowed):
    people = replay(book(added("MK", Role.LEAD), added("JS")))
    refused = access.refuse_act(people, by, Act.MANAGE_PEOPLE)
    assert refused is (None if allowed else Refusal.NOT_ALLOWED)


def test_before_anybody_is_here_nobody_is_asked():
    assert access.refuse_act(People(), None, Act.MANAGE_PEOPLE) is None
    stranger = By("MK", confirmed=True)
    assert access.refuse_act(People(), stranger, Act.MANAGE_PEOPLE) is Refusal.NOT_ALLOWED


def test_what_was_unlocked_may_what_its_role_may():
    assert access.Unlocked(By("JS", confirmed=True), Role.NURSE).may(Act.RUN_SESSION)
    assert not access.Unlocked(By("JS", confirmed=True), Role.NURSE).may(Act.MANAGE_PEOPLE)


@pytest.mark.parametrize("initials", ["", "M", "MKMKM", "M1", "M K", "M.", "[b]", "\x1bM"])
def test_initials_are_two_to_four_letters(initials):
    refused = access.refuse_addition(People(), initials, Role.LEAD)
    assert refused is Refusal.INITIALS_FORM


@pytest.mark.parametrize("initials", ["MK", "MKS", "ABCD", "ÄÖ"])
def test_initials_that_will_do(initials):
    assert access.refuse_addition(People(), initials, Role.LEAD) is None


def test_initials_are_one_person_s_alone():
    people = replay(book(added("MK", Role.LEAD)))
    assert access.refuse_addition(people, "MK", Role.NURSE) is Refusal.INITIALS_TAKEN
    assert access.refuse_addition(people, "mk", Role.NURSE) is Refusal.INITIALS_TAKEN
    assert access.refuse_addition(people, "MKS", Role.NURSE) is None
    people = fold(people, *book(StaffRemoved(initials="MK")))
    assert access.refuse_addition(people, "MK", Role.LEAD) is None


@pytest.mark.parametrize("role", [Role.NURSE, Role.CURATOR])
def test_the_first_person_is_a_lead(role):
    assert access.refuse_addition(People(), "MK", role) is Refusal.FIRST_IS_LEAD


def test_the_last_lead_can_be_neither_removed_nor_demoted():
    people = replay(book(added("MK", Role.LEAD), added("JS")))
    assert access.refuse_removal(people, "MK") is Refusal.LAST_LEAD
    assert access.refuse_role(people, "MK", Role.NURSE) is Refusal.LAST_LEAD
    assert access.refuse_role(people, "MK", Role.LEAD) is None
    assert access.refuse_removal(people, "JS") is None
    assert access.refuse_role(people, "JS", Role.CURATOR) is None
    people = fold(people, *book(RoleChanged(initials="JS", role=Role.LEAD)))
    assert access.refuse_removal(people, "MK") is None
    assert access.refuse_role(people, "MK", Role.NURSE) is None


def test_nobody_can_be_neither_removed_nor_promoted():
    people = replay(book(added("MK", Role.LEAD)))
    assert access.refuse_removal(people, "JS") is Refusal.UNKNOWN
    assert access.refuse_role(people, "JS", Role.LEAD) is Refusal.UNKNOWN


def test_refusals_are_sentences():
    assert all(str(one)[0].isupper() and str(one).endswith(".") for one in Refusal)


# --- PINs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345a", "١٢٣٤٥٩", "12 456", "-12345"])
def test_a_pin_is_six_digits(pin):
    assert access.refuse_pin(pin) is Refusal.PIN_FORM


@pytest.mark.parametrize(
    "pin", ["000000", "777777", "123456", "012345", "456789", "567890", "654321", "098765"]
)
def test_a_pin_is_not_the_first_that_comes_to_mind(pin):
    assert access.refuse_pin(pin) is Refusal.PIN_SIMPLE


@pytest.mark.parametrize("pin", ["123457", "724061", "112233", "135791"])
def test_pins_that_will_do(pin):
    assert access.refuse_pin(pin) is None


def test_a_pin_matches_its_own_hash_and_no_other():
    kept = access.hash_pin("724061")
    assert access.pin_matches("724061", kept)
    assert not access.pin_matches("724062", kept)
    assert not access.pin_matches("", kept)
    assert (kept.n, kept.r, kept.p) == (2**15, 8, 1)
    assert len(bytes.fromhex(kept.salt)) == 16
    assert "724061" not in repr(kept)


def test_two_people_with_one_pin_do_not_share_a_hash():
    one, two = access.hash_pin("724061"), access.hash_pin("724061")
    assert one.salt != two.salt and one.hash != two.hash


def test_an_unknown_name_costs_the_same_and_matches_nothing(monkeypatch):
    costs = []
    scrypt = access.hashlib.scrypt

    def counted(password, **cost):
        costs.append({key: cost[key] for key in ("n", "r", "p", "dklen")})
        return scrypt(password, **cost)

    kept = access.hash_pin("724061")
    monkeypatch.setattr(access.hashlib, "scrypt", counted)
    assert not access.pin_matches("724061", None)
    assert access.pin_matches("724061", kept)
    assert costs[0] == costs[1]


# --- delays --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "delay"), list(enumerate(DELAYS)))
def test_delays_grow_and_then_stay(count, delay):
    people = replay(tries(count))
    assert wait(people, "MK", at(0), session_open=False) == delay
    assert wait(people, "MK", at(0), session_open=True) == min(delay, 60.0)
    assert wait(people, "MK", at(delay), session_open=False) == 0.0
    if delay:
        assert wait(people, "MK", at(delay - 1), session_open=False) == 1.0


def test_an_attempt_counts_from_before_the_pin_is_looked_at():
    people = replay(book(*[PinTried(initials="MK")] * 4))
    assert wait(people, "MK", at(0), session_open=False) == 15.0


def test_delays_are_each_name_s_own():
    people = replay([*tries(5, "MK"), *tries(3, "JS")])
    assert wait(people, "MK", at(0), session_open=False) == 60.0
    assert wait(people, "JS", at(0), session_open=False) == 5.0
    assert wait(people, "AB", at(0), session_open=False) == 0.0
    people = fold(people, *book(PinAccepted(initials="JS")))
    assert wait(people, "JS", at(0), session_open=False) == 0.0
    assert wait(people, "MK", at(0), session_open=False) == 60.0


@pytest.mark.parametrize(
    "event",
    [
        PinAccepted(initials="MK"),
        PinChanged(initials="MK", pin=PIN),
        StaffRemoved(initials="MK"),
        added("MK"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_makes_attempts_forgotten(event):
    people = replay([*tries(6), *book(event), *tries(1)])
    assert wait(people, "MK", at(0), session_open=False) == 0.0


@pytest.mark.parametrize(
    "event",
    [PinRefused(initials="MK"), Locked(initials="MK", why="x"), PinAccepted(initials="JS")],
    ids=lambda event: type(event).__name__,
)
def test_what_does_not(event):
    people = replay([*tries(6), *book(event)])
    assert wait(people, "MK", at(0), session_open=False) == 300.0


def test_a_reboot_does_not_end_a_delay_and_no_clock_makes_it_endless():
    people = replay(tries(6))
    soon = Instant(at(20).wall, 15.0, "two")
    assert wait(people, "MK", soon, session_open=False) == 280.0
    lost_clock = Instant(0.0, 15.0, "two")
    assert wait(people, "MK", lost_clock, session_open=False) == 285.0
    assert wait(people, "MK", Instant(285.0, 300.0, "two"), session_open=False) == 0.0


def test_delays_survive_in_the_journal(tmp_path):
    log, connection = new_log(tmp_path)
    log.append("tablet", 1, at(0), [added("MK", Role.LEAD)])
    for n in range(5):
        log.append("tablet", 2 + n, at(n), [PinTried(initials="MK")])
    people = replay(log.read("tablet"))
    connection.close()
    again = replay(new_log(tmp_path)[0].read("tablet"))
    assert again == people
    assert wait(again, "MK", at(4), session_open=False) == 60.0
    assert names(again) == [("MK", Role.LEAD)]


clocks = st.floats(min_value=0, max_value=1e9)
moments = st.builds(Instant, clocks, clocks, st.sampled_from(["one", "two"]))
happenings = st.lists(
    st.tuples(
        moments,
        st.sampled_from([PinTried, PinRefused, PinAccepted]),
        st.sampled_from(["MK", "JS"]),
    ),
    max_size=20,
)


@settings(derandomize=True, max_examples=200, deadline=None, database=None)
@given(happened=happenings, now=moments)
def test_a_delay_is_bounded_ends_and_depends_on_one_name_alone(happened, now):
    kept = [Kept(moment, kind(initials=name)) for moment, kind, name in happened]
    people = replay(kept)
    own = replay([one for one in kept if one.event.initials == "MK"])
    for session_open, longest in ((False, 300.0), (True, 60.0)):
        delay = wait(people, "MK", now, session_open)
        assert 0.0 <= delay <= longest
        assert delay == wait(own, "MK", now, session_open)
    one_more = fold(people, Kept(now, PinTried(initials="MK")))
    assert wait(one_more, "MK", now, False) >= wait(people, "MK", now, False) or (
        people.attempts["MK"].last.boot > now.boot
    )
    later = Instant(0.0, 300.0, "a boot to come")
    assert wait(people, "MK", later, False) == 0.0
