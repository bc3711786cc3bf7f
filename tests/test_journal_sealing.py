"""Sealing: what is put away can be opened by the paper alone, and is nowhere in plain."""

import csv
import io
import json
import random
import shutil
import sqlite3

import pyrage
import pytest
from at_rest import files_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal_samples import MK, Faulty, Place, answer, moment, new_log, prepared

from companion.journal.codec import CODEC
from companion.journal.export import Format, export
from companion.journal.history import codes, sessions
from companion.journal.log import Log, Misplaced, Withheld
from companion.journal.resting import NotSealed, empty_wal, seal_some
from companion.journal.schema import open_journal
from companion.journal.sealing import (
    BadKey,
    key_in_use,
    key_to_prove,
    new_pair,
    opener,
    public_of,
    seal,
)
from companion.session import book, events
from companion.session.state import Stage, replay

PAIR = new_pair()
DAY = 86_400.0
NOW = moment(1_800_000_000.0 + 5000.0)
WORDS = "the sea was mine alone"
CODE = "5724061"


def use_key(log: Log, pair=PAIR) -> None:
    for kind in (book.SealingKeyMade, book.SealingKeyProved):
        seq = log.last_seq(book.STREAM) + 1
        log.append(book.STREAM, seq, moment(), [kind(key=pair.public, by=MK)])


def session(log: Log, stream: str, *more, closed: bool = True) -> None:
    happened = [
        prepared(CODE),
        events.IntentionLeft(at=5.0, words=WORDS),
        answer(7),
        events.CheckInAnswered(at=3100.0, comfortable=False),
        *more,
        *([events.SessionClosed(at=3200.0, by=MK)] if closed else []),
    ]
    log.append(stream, 1, moment(), happened)


def counts(log: Log) -> tuple[int, int]:
    """Readable and sealed bodies."""
    return tuple(
        log.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("private", "sealed")
    )


# --- keys ----------------------------------------------------------------------------------------


def test_only_its_own_key_opens_what_was_sealed():
    sealed = seal('{"words":"é"}', PAIR.public)
    assert opener(PAIR.private)(sealed) == '{"words":"é"}'
    assert opener(new_pair().private)(sealed) is None
    assert opener(f"# two\n{new_pair().private}\n\n{PAIR.private}\n")(sealed) == '{"words":"é"}'
    assert opener(PAIR.private)(sealed[:-1] + b"x") is None


def test_both_keys_of_a_pair_belong_together():
    assert public_of(PAIR.private) == PAIR.public


def test_a_key_is_taken_as_people_type_it():
    spaced = " ".join(PAIR.private[n : n + 4] for n in range(0, 74, 4))
    assert public_of(spaced.lower()) == PAIR.public


def test_every_slip_of_the_hand_is_found():
    rng = random.Random(7)
    alphabet = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
    for place in range(len("AGE-SECRET-KEY-1"), len(PAIR.private)):
        wrong = rng.choice(alphabet.replace(PAIR.private[place], ""))
        typed = PAIR.private[:place] + wrong + PAIR.private[place + 1 :]
        with pytest.raises(BadKey) as told:
            public_of(typed)
        assert typed[20:] not in str(told.value)


@pytest.mark.parametrize("text", ["", "# nothing", "age1" + "q" * 58, "AGE-SECRET-KEY-1", "x"])
def test_what_is_no_key_is_refused_in_words(text):
    with pytest.raises(BadKey, match="key"):
        opener(text)


def test_the_length_of_what_is_sealed_tells_nothing():
    answers = [CODEC.write(answer(value)).private for value in (*range(11), None)]
    check_ins = [
        CODEC.write(events.CheckInAnswered(at=1.0, comfortable=value)).private
        for value in (True, False, None)
    ]
    for bodies in (answers, check_ins):
        assert len({len(body) for body in bodies}) > 1
        assert len({filled_length(body) for body in bodies}) == 1


def filled_length(body: str) -> int:
    """What is sealed; age itself adds a few random bytes to it, whatever it is."""
    identity = pyrage.x25519.Identity.from_str(PAIR.private)
    return len(pyrage.decrypt(seal(body, PAIR.public), [identity]))


def test_a_key_is_in_use_only_once_its_paper_was_proved(tmp_path):
    log, _ = new_log(tmp_path)
    assert (key_in_use(log), key_to_prove(log)) == (None, None)
    log.append(book.STREAM, 1, moment(), [book.SealingKeyMade(key=PAIR.public, by=MK)])
    assert (key_in_use(log), key_to_prove(log)) == (None, PAIR.public)
    session(log, "s")
    assert not seal_some(log, NOW)
    assert counts(log) == (4, 0)
    log.append(book.STREAM, 2, moment(), [book.SealingKeyProved(key=PAIR.public, by=MK)])
    assert (key_in_use(log), key_to_prove(log)) == (PAIR.public, None)
    other = new_pair()
    log.append(book.STREAM, 3, moment(), [book.SealingKeyMade(key=other.public, by=MK)])
    assert (key_in_use(log), key_to_prove(log)) == (PAIR.public, other.public)


# --- what rests ----------------------------------------------------------------------------------


def test_a_closed_session_is_sealed_and_reads_as_sealed(tmp_path):
    log, connection = new_log(tmp_path)
    use_key(log)
    session(log, "s")
    before = log.read("s")
    assert not seal_some(log, NOW)
    assert counts(log) == (0, 4)
    sealed = log.read("s")
    assert [one.withheld for one in sealed] == [*[Withheld.SEALED] * 4, None]
    assert [one.moment for one in sealed] == [one.moment for one in before]
    assert sealed[2].event.value is None
    state = replay(one.event for one in sealed)
    assert state is not None and state.stage is Stage.READY  # as the next start looks at it
    (line,) = sessions(log)
    assert (line.closed, line.answered) == (True, 1)
    assert codes(log) == {}
    assert Log(connection, open_sealed=opener(PAIR.private)).read("s") == before
    assert Log(connection, open_sealed=opener(new_pair().private)).read("s") == sealed


def test_what_is_sealed_is_exported_as_sealed_and_not_as_empty(tmp_path):
    log, connection = new_log(tmp_path)
    use_key(log)
    session(log, "s")
    opened = Log(connection, open_sealed=opener(PAIR.private))
    before = [list(export(opened, form)) for form in Format]
    seal_some(log, NOW)
    (told,) = json.loads("".join(export(log, Format.JSON)))["sessions"]
    first, words, answered, _, closed = told["events"]
    assert "code" not in first["event"] and first["event"]["room"] == "Room 2"
    assert "words" not in words["event"] and "value" not in answered["event"]
    assert answered["event"]["question"] == "mood"
    assert {one["withheld"] for one in told["events"][:4]} == {"sealed"}
    assert "withheld" not in closed
    rows = list(csv.DictReader(io.StringIO("".join(export(log, Format.CSV)))))
    assert {row["code"] for row in rows} == {"sealed"}
    assert [row["value"] for row in rows] == ["Taste", "sealed", "sealed", "sealed", ""]
    assert [list(export(opened, form)) for form in Format] == before


def test_an_open_session_stays_readable(tmp_path):
    log, _ = new_log(tmp_path)
    use_key(log)
    session(log, "open", closed=False)
    assert not seal_some(log, NOW)
    assert counts(log) == (4, 0)


def test_a_rating_left_for_later_stays_readable_until_the_day_ends(tmp_path):
    log, _ = new_log(tmp_path)
    use_key(log)
    session(log, "s", events.RatingPostponed(at=3150.0))
    seal_some(log, NOW)
    assert counts(log) == (4, 0)
    seal_some(log, moment(NOW.wall + DAY))
    assert counts(log) == (0, 4)


def test_a_rating_given_late_is_sealed_after_it(tmp_path):
    log, _ = new_log(tmp_path)
    use_key(log)
    session(log, "s", events.RatingPostponed(at=3150.0))
    log.append("s", 7, moment(), [events.RatingOpened(at=4000.0), answer(9, at=4010.0)])
    seal_some(log, NOW)
    assert counts(log) == (5, 0)
    closed = events.SessionClosed(at=4100.0, by=MK)
    log.append("s", 9, moment(), [events.QuestionsEnded(at=4020.0, wanted=False), closed])
    seal_some(log, NOW)
    assert counts(log) == (0, 5)


def test_what_was_kept_before_there_was_a_key_is_sealed_bit_by_bit(tmp_path):
    log, _ = new_log(tmp_path)
    for n in range(5):
        session(log, f"s{n}")
    use_key(log)
    assert seal_some(log, NOW, at_most=2)
    assert counts(log) == (12, 8)
    while seal_some(log, NOW, at_most=2):
        pass
    assert counts(log) == (0, 20)


def test_a_session_that_cannot_be_read_is_told_and_stops_no_other(tmp_path):
    log, connection = new_log(tmp_path)
    use_key(log)
    session(log, "bad")
    session(log, "good")
    connection.execute("UPDATE private SET body = '{}' WHERE stream = 'bad' AND seq = 1")
    with pytest.raises(NotSealed, match=r": 1 session$"):
        seal_some(log, NOW)
    assert counts(log) == (4, 4)
    session(log, "worse")
    connection.execute("UPDATE private SET body = '{}' WHERE stream = 'worse' AND seq = 1")
    with pytest.raises(NotSealed, match=r": 2 sessions$"):
        seal_some(log, NOW)


def test_what_came_back_readable_after_damage_is_sealed_again(tmp_path):
    log, connection = new_log(tmp_path)
    use_key(log)
    session(log, "s")
    found = connection.execute("SELECT stream, seq, body FROM private").fetchall()
    before = log.read("s")
    seal_some(log, NOW)
    for row in found:
        connection.execute("INSERT INTO private (stream, seq, body) VALUES (?, ?, ?)", row)
    assert log.read("s") == before
    assert not seal_some(log, NOW)
    assert counts(log) == (0, 4)
    assert Log(connection, open_sealed=opener(PAIR.private)).read("s") == before


def test_a_sealed_body_moved_to_another_place_is_not_believed(tmp_path):
    from companion.journal.codec import Unreadable

    log, connection = new_log(tmp_path)
    use_key(log)
    session(log, "a")
    session(log, "b")
    seal_some(log, NOW)
    (other,) = connection.execute("SELECT body FROM sealed WHERE stream='b' AND seq=3").fetchone()
    connection.execute("UPDATE sealed SET body=? WHERE stream='a' AND seq=3", (other,))
    with pytest.raises(Unreadable):
        Log(connection, open_sealed=opener(PAIR.private)).read("a")


def test_what_comes_once_more_from_the_fallback_is_known_though_it_is_sealed(tmp_path):
    log, _ = new_log(tmp_path)
    use_key(log)
    rows = log.rows("s", 1, moment(), [prepared(CODE), answer(3)])
    closed = log.rows("s", 3, moment(), [events.SessionClosed(at=1.0, by=MK)])
    log.keep((*rows, *closed))
    seal_some(log, NOW)
    log.keep(rows)
    assert counts(log) == (0, 2)
    with pytest.raises(Misplaced):
        log.append("s", 2, moment(), [answer(4)])


# --- a fault at any moment -----------------------------------------------------------------------


def test_a_fault_at_any_moment_leaves_a_session_whole_and_readable_once(tmp_path):
    log, connection = new_log(tmp_path)
    use_key(log)
    session(log, "s")
    statements = Faulty(connection, set())
    before = log.read("s")
    seal_some(Log(statements), NOW)
    calls = statements.calls
    assert counts(log) == (0, 4)
    for after in (False, True):
        for n in range(2, calls + 1):
            folder = tmp_path / f"{n}-{after}"
            folder.mkdir()
            log, connection = new_log(folder)
            use_key(log)
            session(log, "s")
            before = log.read("s")
            with pytest.raises(sqlite3.OperationalError):
                seal_some(Log(Faulty(connection, {n}, after)), NOW)
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            assert counts(log) in ((4, 0), (0, 4))
            seal_some(log, NOW)
            assert counts(log) == (0, 4)
            assert Log(connection, open_sealed=opener(PAIR.private)).read("s") == before
            connection.close()


# --- the bytes -----------------------------------------------------------------------------------


def salts(stream: str, log: Log) -> list[str]:
    """The salt of every private body of the stream: each is found nowhere else."""
    found = log.connection.execute("SELECT body FROM private WHERE stream = ?", (stream,))
    return [json.loads(body)["salt"] for (body,) in found.fetchall()]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 6000), min_size=1, max_size=12),
    names=st.permutations("abcdefghijkl"),
)
def test_nothing_of_a_sealed_session_is_left_in_any_file(tmp_path, sizes, names):
    """Bodies of all sizes, in all orders, so that pages are split, joined and given back."""
    folder = tmp_path / "h"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    log, connection = new_log(folder)
    use_key(log)
    planted = []
    for name, size in zip(names, sizes, strict=False):
        secret = f"<{name}{'marker-of-' + name:>40}>"
        words = (secret * (size // len(secret) + 1))[: max(size, len(secret))]
        session(log, name, events.WordsLeft(at=3120.0, words=words), closed=size % 3 > 0)
        if size % 3 > 0:
            planted += [secret, f"marker-of-{name}>"]
            planted += salts(name, log)
    while seal_some(log, NOW):
        pass
    assert empty_wal(log)
    assert files_with(folder, planted) == {}
    connection.close()
    assert files_with(folder, planted) == {}


def test_before_the_close_the_bytes_are_there(tmp_path):
    """The search finds what it looks for, in the journal alone."""
    log, _ = new_log(tmp_path)
    use_key(log)
    session(log, "s", closed=False)
    assert set(files_with(tmp_path, [WORDS, CODE])) == {"journal.db-wal"}
    empty_wal(log)
    assert files_with(tmp_path, [WORDS, CODE]) == {"journal.db": [WORDS, CODE]}


def test_somebody_who_reads_keeps_the_traces_until_the_next_try(tmp_path):
    log, _ = new_log(tmp_path)
    use_key(log)
    session(log, "s")
    reader = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM private").fetchone()
    seal_some(log, NOW)
    assert not empty_wal(log)
    reader.execute("COMMIT")
    reader.close()
    assert empty_wal(log)
    assert files_with(tmp_path, [WORDS, CODE]) == {}


def test_what_waited_in_the_fallback_is_gone_from_there_too(tmp_path):
    place = Place(tmp_path)
    use_key(place.log)
    keeper = place.keeper()
    place.disk.fails_at = "BEGIN"
    happened = [prepared(CODE), events.IntentionLeft(at=1.0, words=WORDS)]
    keeper.keep(place.log.rows("s", 1, moment(), happened))
    keeper.keep(place.log.rows("s", 3, moment(), [events.SessionClosed(at=2.0, by=MK)]))
    assert "elsewhere/unsaved.jsonl" in files_with(tmp_path, [WORDS, CODE])
    place.disk.fails_at = None
    assert keeper.retry()
    seal_some(place.log, NOW)
    assert empty_wal(place.log)
    assert counts(place.log) == (0, 2)
    assert files_with(tmp_path, [WORDS, CODE]) == {}


def test_after_a_cut_between_sealing_and_emptying_the_next_start_empties(tmp_path):
    """The files as a cut leaves them: sealed in SQLite's log, the plain still beside it."""
    (tmp_path / "h").mkdir()
    log, _ = new_log(tmp_path / "h")
    use_key(log)
    session(log, "s")
    seal_some(log, NOW)
    cut = tmp_path / "cut"
    shutil.copytree(tmp_path / "h", cut)
    (cut / "journal.db-shm").unlink()
    assert files_with(cut, [WORDS]) != {}
    again = Log(open_journal(cut / "journal.db").connection)
    assert empty_wal(again)
    assert counts(again) == (0, 4)
    assert files_with(cut, [WORDS, CODE]) == {}
