"""The chain of digests: what was changed, moved or taken away shows, and nothing else does."""

import hashlib
import json
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_samples import Faulty, Place, answer, moment, new_log, prepared

from companion.journal.chain import BEGINNING, digest, short
from companion.journal.log import Log
from companion.journal.migrations import MIGRATIONS, applied, migrate
from companion.journal.schema import APPLICATION_ID, open_journal
from companion.journal.wholeness import Flaw, Wrong, wrongs
from companion.session.book import PinTried
from companion.session.events import CheckInAsked

MARKS = [CheckInAsked(at=float(n)) for n in range(5)]


@pytest.fixture
def journal(tmp_path):
    log, connection = new_log(tmp_path)
    log.append("s", 1, moment(), [prepared(), answer(3), MARKS[0]])
    log.append("tablet", 1, moment(), [PinTried(initials="MK")])
    log.append("s", 4, moment(1_800_000_060.5), [answer(4), MARKS[1]])
    log.append("t", 1, moment(), MARKS)
    return log, connection


def meddle(connection: sqlite3.Connection, sql: str) -> None:
    """What nobody should do: past the triggers."""
    connection.execute("DROP TRIGGER IF EXISTS event_is_fixed")
    connection.execute("DROP TRIGGER IF EXISTS event_stays")
    connection.execute(sql)


def digests(connection: sqlite3.Connection, stream: str) -> list[str]:
    query = "SELECT digest FROM event WHERE stream = ? ORDER BY seq"
    return [found for (found,) in connection.execute(query, (stream,))]


def test_every_event_is_tied_to_the_one_before_it(journal):
    log, connection = journal
    before = ""
    query = """SELECT seq, wall, boot, boot_id, kind, version, body, digest FROM event
        WHERE stream = 's' ORDER BY seq"""
    for seq, wall, boot, boot_id, kind, version, body, kept in connection.execute(query):
        text = [before, "s", seq, kind, version, wall, boot, boot_id, body]
        canonical = json.dumps(text, ensure_ascii=False, separators=(",", ":"))
        assert kept == hashlib.sha256(canonical.encode()).hexdigest()
        before = kept
    assert [one.digest for one in log.read("s")] == digests(connection, "s")
    assert list(wrongs(log)) == []


def test_a_digest_is_the_same_for_ever():
    """What a clinic wrote on paper last year is still the head this year."""
    tied = digest(BEGINNING, "s", 1, moment(), "CheckInAsked", 1, '{"at":0.5,"ü":1e16}')
    assert tied == "9661ee1a250f0b10b4d156ed792df8d843f55d0de8f564735a837861a2ca010a"
    assert short(tied) == "9661 ee1a 250f"
    assert short("") == ""


def test_deleting_what_is_the_patients_own_leaves_the_chain_whole(journal):
    log, connection = journal
    heads = digests(connection, "s")
    connection.execute("DELETE FROM private")
    assert list(wrongs(log)) == []
    assert digests(connection, "s") == heads


def test_the_same_events_again_change_no_digest(journal):
    log, connection = journal
    heads = digests(connection, "s")
    log.append("s", 4, moment(1_800_000_060.5), [answer(4), MARKS[1]])
    assert digests(connection, "s") == heads
    log.append("s", 5, moment(1_800_000_060.5), [MARKS[1], MARKS[2]])
    assert digests(connection, "s")[:5] == heads
    assert list(wrongs(log)) == []


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("UPDATE event SET body = replace(body, '34.0', '35.0') WHERE id = 2", 2),
        ("UPDATE event SET kind = 'CheckInUnanswered' WHERE id = 3", 3),
        ("UPDATE event SET version = 2 WHERE id = 3", 3),
        ("UPDATE event SET wall = wall + 1 WHERE id = 5", 4),
        ("UPDATE event SET boot = boot + 1 WHERE id = 5", 4),
        ("UPDATE event SET boot_id = 'boot two' WHERE id = 5", 4),
        ("UPDATE event SET digest = '' WHERE id = 1", 1),
        ("UPDATE event SET digest = (SELECT digest FROM event WHERE id = 1) WHERE id = 2", 2),
        ("UPDATE event SET body = CAST(x'7bff7d' AS TEXT) WHERE id = 6", 5),
    ],
)
def test_the_first_changed_event_is_named(journal, sql, wrong):
    log, connection = journal
    meddle(connection, sql)
    assert list(wrongs(log)) == [Wrong("s", wrong, Flaw.CHANGED)]


def test_an_event_that_is_gone_is_named(journal):
    log, connection = journal
    meddle(connection, "DELETE FROM event WHERE id = 3")
    assert list(wrongs(log)) == [Wrong("s", 3, Flaw.MISSING)]


def test_each_stream_names_its_own_first(journal):
    log, connection = journal
    meddle(connection, "UPDATE event SET wall = 0 WHERE stream IN ('s', 't') AND seq > 1")
    assert list(wrongs(log)) == [Wrong("s", 2, Flaw.CHANGED), Wrong("t", 2, Flaw.CHANGED)]


def test_an_answer_that_was_changed_is_named(journal):
    """The chain holds its digest; the answer itself no longer fits that."""
    log, connection = journal
    connection.execute("UPDATE private SET body = replace(body, '3', '4') WHERE seq = 2")
    assert list(wrongs(log)) == [Wrong("s", 2, Flaw.UNREADABLE)]


def test_it_is_read_in_pieces_between_which_others_write(tmp_path):
    log, _ = new_log(tmp_path)
    for n in range(60):
        log.append("s", 1 + 5 * n, moment(), MARKS)
    pauses = []

    def pause() -> None:
        pauses.append(1)
        if len(pauses) <= 2:
            log.append("t", len(pauses), moment(), MARKS[:1])

    assert list(wrongs(log, pause)) == []
    assert len(pauses) == 4  # 300 events, and what was written between
    assert log.last_seq("t") == 2


def test_the_head_is_short_enough_for_paper(journal):
    log, _ = journal
    head = log.read("s")[-1].digest
    told = short(head)
    assert [len(group) for group in told.split(" ")] == [4, 4, 4]
    assert head.startswith(told.replace(" ", ""))


def test_events_that_waited_in_the_plain_file_are_tied_when_they_are_merged(tmp_path):
    place = Place(tmp_path)
    keeper = place.keeper()
    keeper.keep(place.rows(1, 1))
    place.disk.fails_at = "BEGIN"
    keeper.keep(place.rows(2, 2, 3))
    assert [one.digest for one in keeper.read("s")][1:] == ["", ""]
    place.disk.fails_at = None
    later = place.keeper()
    later.merge()
    later.merge()
    assert place.values() == [1, 2, 3]
    assert all(one.digest for one in place.log.read("s"))
    assert list(wrongs(place.log)) == []


def old_journal(path) -> sqlite3.Connection:
    """A journal from before the chain, with a few sessions in it."""
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(connection, MIGRATIONS[:1])
    for stream in ("a", "b", "tablet"):
        for seq in range(1, 8):
            connection.execute(
                "INSERT INTO event (tablet, stream, seq, kind, version, wall, boot, boot_id, body)"
                " VALUES ('t', ?, ?, 'CheckInAsked', 1, ?, ?, 'one', ?)",
                (stream, seq, 1e9 + seq, float(seq), f'{{"at":{seq}.0}}'),
            )
    return connection


def test_a_journal_from_before_the_chain_is_tied_and_its_events_stay_fixed(tmp_path):
    connection = old_journal(tmp_path / "old.db")
    before = connection.execute("SELECT id, stream, seq, body FROM event").fetchall()
    migrate(connection)
    log = Log(connection)
    assert connection.execute("SELECT id, stream, seq, body FROM event").fetchall() == before
    assert list(wrongs(log)) == []
    log.append("a", 8, moment(), MARKS[:1])
    assert list(wrongs(log)) == []
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        connection.execute("UPDATE event SET digest = ''")


def test_a_fault_while_it_is_tied_leaves_the_journal_as_it_was(tmp_path):
    n = failed = 0
    while True:
        n += 1
        connection = old_journal(tmp_path / f"{n}.db")
        schema = connection.execute("SELECT sql FROM sqlite_master").fetchall()
        try:
            migrate(Faulty(connection, {n}), MIGRATIONS[:2])
        except sqlite3.OperationalError:
            failed += 1
            assert applied(connection) == ("first tables",)
            assert connection.execute("SELECT sql FROM sqlite_master").fetchall() == schema
            migrate(connection)
            assert list(wrongs(Log(connection))) == []
        else:
            break
    assert failed > 30  # each of 21 events, and the steps around them


def test_a_body_that_is_no_text_does_not_keep_the_journal_from_opening(tmp_path):
    path = tmp_path / "journal.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    migrate(connection, MIGRATIONS[:1])
    connection.execute(
        "INSERT INTO event (tablet, stream, seq, kind, version, wall, boot, boot_id, body)"
        " VALUES ('t', 's', 1, 'CheckInAsked', 1, 0, 0, '', CAST(x'7bff7d' AS TEXT))"
    )
    connection.close()
    opened = open_journal(path)
    assert opened.set_aside is None
    assert list(wrongs(Log(opened.connection))) == [Wrong("s", 1, Flaw.UNREADABLE)]


changes = st.tuples(
    st.integers(1, 11),
    st.sampled_from(["body", "kind", "boot_id", "wall", "boot", "version", "digest"]),
    st.integers(2, 10**6),
)


@settings(derandomize=True, max_examples=60, deadline=None, database=None)
@given(change=changes)
def test_whatever_is_changed_in_whichever_event_is_the_one_that_is_named(tmp_path_factory, change):
    number, column, to = change
    log, connection = new_log(tmp_path_factory.mktemp("chain"))
    log.append("s", 1, moment(), [prepared(), answer(3), *MARKS])
    log.append("t", 1, moment(), MARKS[:4])
    stream, seq = ("s", number) if number <= 7 else ("t", number - 7)
    meddle(connection, f"UPDATE event SET {column} = {to} WHERE id = {number}")
    assert [(one.stream, one.seq) for one in wrongs(log)] == [(stream, seq)]
    connection.close()
