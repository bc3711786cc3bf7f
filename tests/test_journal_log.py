"""The log: in order, dense, all or nothing, whatever fails in between."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_samples import Faulty, answer, moment, new_log, prepared

from companion.journal.codec import CODEC, UnknownKind
from companion.journal.log import Log, Misplaced, Recorded
from companion.journal.wholeness import wrongs
from companion.moment import Instant, seconds_between
from companion.session.book import PinTried
from companion.session.events import CheckInAsked

MARKS = [CheckInAsked(at=float(n)) for n in range(10)]


def values(log: Log, stream: str = "s") -> list[int]:
    return [kept.event.value for kept in log.read(stream)]


def test_events_come_back_in_order_with_their_moments(tmp_path):
    log, _ = new_log(tmp_path)
    log.append("s", 1, moment(), [prepared(), answer(3)])
    log.append("s", 3, moment(1_800_000_060.5), [answer(4)])
    assert log.read("s") == (
        Recorded("s", 1, moment(), prepared()),
        Recorded("s", 2, moment(), answer(3)),
        Recorded("s", 3, moment(1_800_000_060.5), answer(4)),
    )
    assert log.read("nobody") == ()


def test_the_same_events_again_change_nothing(tmp_path):
    log, connection = new_log(tmp_path)
    log.append("s", 1, moment(), [answer(1), answer(2)])
    log.append("s", 1, moment(), [answer(1), answer(2)])
    log.append("s", 2, moment(), [answer(2), answer(3)])
    assert values(log) == [1, 2, 3]
    assert connection.execute("SELECT count(*) FROM private").fetchone() == (3,)


@pytest.mark.parametrize(
    ("at", "event"),
    [(moment(), answer(9)), (moment(), MARKS[0]), (moment(1.0), answer(1))],
    ids=["another answer", "another kind", "another moment"],
)
def test_a_different_event_in_a_taken_place_is_refused(tmp_path, at, event):
    log, _ = new_log(tmp_path)
    log.append("s", 1, moment(), [answer(1)])
    with pytest.raises(Misplaced, match="event 1 of stream s"):
        log.append("s", 1, at, [event])
    assert values(log) == [1]


@pytest.mark.parametrize("seq", [0, 3, 100])
def test_a_place_beyond_the_end_is_refused_and_nothing_of_it_kept(tmp_path, seq):
    log, _ = new_log(tmp_path)
    log.append("s", 1, moment(), [answer(1)])
    with pytest.raises(Misplaced):
        log.append("s", seq, moment(), [answer(2)])
    assert values(log) == [1]


def test_what_was_given_no_place_stands_at_the_end_the_lower_number_first_and_once(tmp_path):
    log, _ = new_log(tmp_path)
    log.append("s", 1, moment(), [answer(1)])
    (later,) = log.rows("s", -4, moment(1_800_000_002.0), [answer(3)])
    (first,) = log.rows("s", -9, moment(1_800_000_001.0), [answer(2)])
    (other,) = log.rows("t", 1, moment(), [answer(7)])
    for _ in range(2):
        log.keep([other, later, first])
        assert (values(log), values(log, "t")) == ([1, 2, 3], [7])
    assert list(wrongs(log)) == []


def test_it_takes_the_places_that_others_leave_free(tmp_path):
    log, _ = new_log(tmp_path)
    (second,) = log.rows("s", 2, moment(), [answer(2)])
    (fourth,) = log.rows("s", 4, moment(), [answer(4)])
    loose = [
        log.rows("s", seq, moment(wall), [answer(value)])[0]
        for seq, wall, value in ((-3, 1.0, 1), (-2, 2.0, 3), (-1, 3.0, 5))
    ]
    assert [row.seq for row in log.placed([second, fourth, *loose])] == [1, 2, 3, 4, 5]
    log.keep([fourth, *reversed(loose), second])
    assert values(log) == [1, 2, 3, 4, 5]
    with_places = log.rows("s", 6, moment(), [answer(6)])
    assert log.placed(with_places) is with_places


def test_an_unknown_kind_among_others_keeps_none_of_them(tmp_path):
    log, _ = new_log(tmp_path)
    with pytest.raises(UnknownKind):
        log.append("s", 1, moment(), [answer(1), object()])
    assert log.read("s") == ()


def test_an_event_of_a_kind_unknown_here_is_named_when_read(tmp_path):
    log, connection = new_log(tmp_path)
    connection.execute(
        "INSERT INTO event (tablet, stream, seq, kind, version, wall, boot, boot_id, body)"
        " VALUES ('t', 's', 1, 'Levitated', 1, 0, 0, '', '{}')"
    )
    with pytest.raises(UnknownKind, match="Levitated"):
        log.read("s")


def test_streams_and_the_latest_session(tmp_path):
    log, _ = new_log(tmp_path)
    assert log.streams() == ()
    assert log.latest_session() is None
    log.append("tablet", 1, moment(), [PinTried(initials="MK")])
    assert log.latest_session() is None
    log.append("b", 1, moment(), [MARKS[0]])
    log.append("a", 1, moment(), [MARKS[0]])
    log.append("tablet", 2, moment(), [PinTried(initials="MK")])
    assert log.streams() == ("tablet", "b", "a")
    assert log.latest_session() == "a"
    log.append("b", 2, moment(), [MARKS[1]])
    assert log.latest_session() == "b"
    assert log.last_seq("b") == 2
    assert [kept.stream for kept in log.of_kind("CheckInAsked")] == ["b", "a", "b"]


def test_alive_holds_the_last_mark(tmp_path):
    log, _ = new_log(tmp_path)
    assert log.alive("s") is None
    log.mark_alive("s", moment(1.0))
    log.mark_alive("s", moment(61.25))
    log.mark_alive("t", moment(5.0))
    assert log.alive("s") == moment(61.25)


def test_every_event_names_the_tablet_it_was_written_on(tmp_path):
    log, connection = new_log(tmp_path)
    log.append("s", 1, moment(), MARKS)
    assert connection.execute("SELECT DISTINCT tablet FROM event").fetchall() == [(log.tablet,)]
    assert len(log.tablet) == 36


def test_an_answer_lies_in_the_private_table_alone_and_deleting_it_leaves_the_record(tmp_path):
    log, connection = new_log(tmp_path)
    log.append("s", 1, moment(), [prepared("5724061"), answer(7), MARKS[0]])
    bodies = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
    assert not any("5724061" in body or '"value"' in body for (body,) in bodies)
    assert connection.execute("SELECT count(*) FROM private").fetchone() == (2,)
    connection.execute("DELETE FROM private")
    assert [kept.event for kept in log.read("s")] == [prepared(None), answer(None), MARKS[0]]
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"5724061" not in (tmp_path / "journal.db").read_bytes()


@pytest.mark.parametrize("sql", ["DELETE FROM event", "UPDATE event SET kind = 'Called'"])
def test_events_can_be_neither_deleted_nor_changed(tmp_path, sql):
    log, connection = new_log(tmp_path)
    log.append("s", 1, moment(), MARKS)
    with pytest.raises(sqlite3.IntegrityError, match="events are never"):
        connection.execute(sql)
    assert [kept.event for kept in log.read("s")] == MARKS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("also_next", [False, True], ids=["once", "with its rollback"])
def test_whichever_call_fails_nothing_is_lost_and_nothing_is_half(tmp_path, after, also_next):
    """Three events in one append; the n-th call of `execute` fails, for every n there is."""
    whole = [answer(1), MARKS[1], answer(3)]
    failures = 0
    for n in range(1, 100):
        folder = tmp_path / str(n)
        folder.mkdir()
        log, connection = new_log(folder)
        log.append("s", 1, moment(), [MARKS[0]])
        faulty = Faulty(connection, set(), after)
        writing = Log(faulty)
        faulty.failing = {faulty.calls + n} | ({faulty.calls + n + 1} if also_next else set())
        try:
            writing.append("s", 2, moment(), whole)
        except sqlite3.OperationalError:
            failures += 1
        else:
            break
        outside = Log(sqlite3.connect(folder / "journal.db"))
        assert len(outside.read("s")) in (1, 4)
        for _ in range(2):  # the first may only clear what a failed rollback left open
            try:
                writing.append("s", 2, moment(), whole)
                break
            except sqlite3.OperationalError:
                continue
        assert [kept.event for kept in outside.read("s")] == [MARKS[0], *whole]
    assert failures == 10  # begin, three times where it ends, three events, two bodies, commit


def test_a_mark_survives_a_fault_too(tmp_path):
    _, connection = new_log(tmp_path)
    for n in (2, 3, 4):
        faulty = Faulty(connection, {n})
        log = Log(faulty)
        with pytest.raises(sqlite3.OperationalError):
            log.mark_alive("s", moment(float(n)))
        log.mark_alive("s", moment(float(n)))
        assert log.alive("s") == moment(float(n))


numbers = st.floats(min_value=-1e12, max_value=1e12)
instants = st.builds(Instant, numbers, numbers, st.sampled_from(["one", "two"]))


@settings(derandomize=True, max_examples=300, deadline=None, database=None)
@given(earlier=instants, later=instants)
def test_time_between_two_moments_is_never_negative_and_bounded_across_boots(earlier, later):
    seconds, exact = seconds_between(earlier, later)
    assert seconds >= 0
    assert exact == (earlier.boot_id == later.boot_id)
    if exact:
        assert seconds == max(0.0, later.boot - earlier.boot)
    else:
        assert seconds <= 12 * 3600


@settings(derandomize=True, max_examples=60, deadline=None, database=None)
@given(at=instants)
def test_a_moment_comes_back_to_the_last_bit(tmp_path_factory, at):
    log, connection = new_log(tmp_path_factory.mktemp("moments"))
    log.append("s", 1, at, [MARKS[0]])
    assert log.read("s")[0].moment == at
    connection.close()


def test_rows_carry_the_text_that_the_codec_writes(tmp_path):
    log, _ = new_log(tmp_path)
    (row,) = log.rows("s", 5, moment(), [answer(3)])
    assert (row.stream, row.seq, row.moment) == ("s", 5, moment())
    assert CODEC.read(row.written) == answer(3)
    assert log.recorded(row) == Recorded("s", 5, moment(), answer(3))
