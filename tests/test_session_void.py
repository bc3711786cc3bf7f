"""Corrections add: what is marked as void, by whom and why, and that nothing else changes."""

import pytest
from journal_samples import MK, answer, prepared

from companion.session import events as e
from companion.session.decide import Refused, Why
from companion.session.state import Stage, replay
from companion.session.voiding import Reason, Void, What, session_void, void, voids

EARLIER = e.Answered(at=20.0, when="before", question="mood", value=4)
SESSION = (
    prepared(),
    EARLIER,
    e.SettlingBegan(at=30.0),
    e.Noted(at=900.0, note="nausea", by=MK),
    e.RecoveryBegan(at=2500.0),
    e.RatingOpened(at=2990.0),
    answer(7, at=3000.0),
    e.WordsLeft(at=3010.0, words="the sea"),
    e.QuestionsEnded(at=3020.0, wanted=True),
    e.SessionClosed(at=3040.0, by=MK),
)
LATER = 9000.0


def marked(what, seq=None, events=SESSION, reason=Reason.MISTAKE, by=MK):
    return void(events, Void(what, reason, by, seq), LATER)


@pytest.mark.parametrize("seq", [2, 4, 7, 8])
def test_an_answer_or_a_note_is_marked_with_name_and_reason(seq):
    (mark,) = marked(What.EVENT, seq)
    assert mark == e.Voided(at=LATER, what="event", seq=seq, reason="mistake", by=MK)
    assert voids((*SESSION, mark)) == {seq: mark}
    assert session_void((*SESSION, mark)) is None


def test_a_rating_is_all_that_was_answered_after_the_infusion():
    (mark,) = marked(What.RATING)
    assert voids((*SESSION, mark)) == {7: mark, 8: mark}


def test_a_session_is_all_of_it_but_the_marks():
    (first,) = marked(What.EVENT, 4)
    (mark,) = marked(What.SESSION, events=(*SESSION, first))
    whole = voids((*SESSION, first, mark))
    assert set(whole) == set(range(1, 11))
    assert whole[4] == first, "the first mark tells who it was"
    assert session_void((*SESSION, first, mark)) == mark


def test_what_was_answered_after_the_mark_counts():
    (mark,) = marked(What.RATING)
    again = (*SESSION, mark, e.RatingOpened(at=9100.0, by=MK), answer(3, at=9200.0))
    assert set(voids(again)) == {7, 8}


@pytest.mark.parametrize(("what", "seq"), [(What.EVENT, 7), (What.RATING, None)])
def test_marking_it_again_changes_nothing(what, seq):
    events = (*SESSION, *marked(What.RATING))
    assert marked(what, seq, events) == ()


def test_a_session_is_marked_once():
    assert marked(What.SESSION, events=(*SESSION, *marked(What.SESSION))) == ()


@pytest.mark.parametrize("seq", [None, 0, 1, 3, 10, 11, -1])
def test_what_the_tablet_did_cannot_be_marked(seq):
    assert marked(What.EVENT, seq) == Refused(Why.NO_SUCH_THING)


def test_without_a_rating_there_is_none_to_mark():
    without = (prepared(), EARLIER, e.SessionClosed(at=50.0, by=MK))
    assert marked(What.RATING, events=without) == Refused(Why.NO_SUCH_THING)


def test_it_needs_a_pin_and_a_closed_session():
    assert marked(What.SESSION, by=e.By("MK")) == Refused(Why.PIN)
    assert marked(What.SESSION, events=SESSION[:-1]) == Refused(Why.SESSION_OPEN)
    assert marked(What.SESSION, events=()) == Refused(Why.NO_SESSION)


def test_a_mark_changes_nothing_of_where_the_session_stands():
    before = replay(SESSION)
    after = replay((*SESSION, *marked(What.SESSION)))
    assert before is not None and after is not None
    assert after.stage is Stage.READY and after.finished
    assert (after.t0, after.ends, after.code) == (before.t0, before.ends, before.code)


def test_a_clock_that_went_back_puts_no_mark_before_the_close():
    (mark,) = void(SESSION, Void(What.SESSION, Reason.MISTAKE, MK), -5.0)
    assert mark.at == 3040.0
