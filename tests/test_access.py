"""Who is here, who may do what, and which PINs will do."""

import pytest
from access_samples import OTHER_PIN, PIN, Kept, added, at, book, names

from companion import access
from companion.access import Act, People, Refusal, fold, may, replay
from companion.session.book import (
    FileSetAside,
    Locked,
    PinChanged,
    Role,
    RoleChanged,
    StaffRemoved,
)
from companion.session.events import By

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
