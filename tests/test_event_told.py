"""What happened, in plain words: every kind of event, and nothing of a patient's own."""

from dataclasses import fields
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_samples import MK, PLAN, prepared

from companion.journal.wholeness import Flaw
from companion.record.event_told import book_event, plainly, session_event, void_target
from companion.session import book
from companion.session import events as e
from companion.session.plan import Phase
from companion.session.voiding import VOIDABLE, Reason, What
from companion.words import record_words, staff_words

WORDS, RECORD = staff_words("en"), record_words("en")
OWN = {"code": "5724061", "words": "the quiet sea", "comfortable": False, "value": 7}


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (prepared(), "given to the patient (MK)"),
        (e.Answered(at=1, when="after", question="mood", value=7), "answered: mood, after"),
        (e.Skipped(at=1, when="before", question="mood"), "skipped: mood, before"),
        (e.CheckInAnswered(at=1, comfortable=False), "asked the patient: answered"),
        (e.PhaseBegan(at=1, phase=Phase.PEAK), "peak began"),
        (e.LevelChanged(at=1, level=-16.0), "the patient's level is -16 dB"),
        (e.Noted(at=1, note="{who} [b]", by=MK), "{who} [b] (MK)"),
        (
            e.Voided(at=1, what="event", seq=7, reason="mistake", by=MK),
            "void: event 7. A mistake (MK)",
        ),
        (e.Voided(at=1, what="later", reason="unknown", by=MK), "void: None. unknown (MK)"),
    ],
)
def test_an_event_of_a_session(event: e.Event, line: str) -> None:
    assert session_event(event, WORDS, RECORD) == line


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (book.PinRefused(initials="JS"), "wrong PIN for JS"),
        (book.RoleChanged(initials="JS", role=book.Role.LEAD, by=MK), "JS is a lead now"),
        (
            book.ContentReviewed(version=book.Version(book.Kind.SCRIPT, "shore", "ab"), by=MK),
            "script shore was read and accepted",
        ),
        (
            book.FileSetAside(name="journal.db.aside-1", recovered=210, lost=2),
            "a damaged record was set aside as journal.db.aside-1: 210 events read again, 2 lost",
        ),
        (
            book.FileSetAside(name="", recovered=0, more_lost=True),
            "the record was not there any more, and a new one was begun",
        ),
        (
            book.AnswersDeleted(session="s", count=4, keep_days=30),
            "4 answers of session s were deleted after 30 days",
        ),
        (book.FlawFound(stream="s", seq=4, flaw="changed"), "the record was found not whole"),
    ],
)
def test_an_event_of_the_book(event: book.BookEvent, line: str) -> None:
    assert book_event(event, WORDS, RECORD).startswith(line)


@pytest.mark.parametrize("kind", [*e.KINDS.values(), *book.KINDS.values()])
def test_every_kind_is_told_without_what_is_the_patients(kind: type) -> None:
    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
    own = {f.name: st.just(OWN[f.name]) for f in fields(kind) if f.metadata.get("private")}
    plans = {"plan": st.just(PLAN)} if kind is e.SessionPrepared else {}

    @settings(derandomize=True, max_examples=5, deadline=None, database=None)
    @given(event=st.builds(kind, **own, **plans))
    def told(event: object) -> None:
        tell = session_event if kind.__name__ in e.KINDS else book_event
        line = tell(event, WORDS, RECORD)
        assert line
        if own:
            assert all(str(said) not in line for said in ("5724061", "quiet sea", "comfortable"))

    told()


def test_a_kind_without_a_sentence_is_named() -> None:
    class SomethingNew:
        pass

    assert plainly(SomethingNew()) == "something new"
    assert book_event(SomethingNew(), WORDS, RECORD) == "something new"


def test_what_can_be_void_has_a_name_of_its_own() -> None:
    assert set(RECORD.voidable) == {kind.__name__ for kind in VOIDABLE}
    answered = e.CheckInAnswered(at=1, comfortable=True)
    assert void_target(answered, WORDS, RECORD) == "answer to the check-in"


@pytest.mark.parametrize(
    ("catalogue", "values"),
    [(RECORD.whats, What), (RECORD.reasons, Reason), (RECORD.flaws, Flaw)],
)
def test_there_is_a_sentence_for_every_value(catalogue: dict[str, str], values: type) -> None:
    assert set(catalogue) == {str(value) for value in values}


def test_no_sentence_is_empty_and_none_says_what_this_is_not() -> None:
    for field in fields(RECORD):
        value = getattr(RECORD, field.name)
        for sentence in [value] if isinstance(value, str) else value.values():
            assert sentence
            list(Formatter().parse(sentence))
            for word in ("monitor", "alarm", "treats", "safe"):
                assert word not in sentence.lower()


def test_every_kind_of_the_book_has_a_sentence() -> None:
    assert set(book.KINDS) <= {key.split()[0] for key in RECORD.booked}
