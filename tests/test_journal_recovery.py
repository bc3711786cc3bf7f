"""What is read of a damaged journal: all that is on whole pages, each event at its place."""

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_damage import DAMAGES, HARMLESS, HOPELESS, PAGE, half, junk_at, zeroed_header
from journal_samples import MK, answer, moment, prepared

from companion import access
from companion.journal import mending, schema
from companion.journal.ballast import Ballast
from companion.journal.files import side_files
from companion.journal.log import Log, Recorded
from companion.journal.recovery import Salvage, recover, salvage
from companion.journal.schema import open_journal, read_journal
from companion.journal.standing_in import begin_with
from companion.moment import Instant
from companion.session.book import STREAM as BOOK
from companion.session.book import EntryLost, FileSetAside, PinHash, PinTried, Role, StaffAdded
from companion.session.events import EventLost, LookedIn, SessionClosed
from companion.session.state import Stage, replay

PIN = PinHash("ab" * 16, "cd" * 64, 2**15, 8, 1)
SESSIONS = 12


def fill(
    path: Path, held: list[sqlite3.Connection] | None = None
) -> dict[str, tuple[Recorded, ...]]:
    """A journal of some days: a book, and sessions with long plans, answers and look-ins. It
    stays open in `held`, so that SQLite's log is not yet written into the file."""
    connection = open_journal(path).connection
    log = Log(connection)
    log.append(BOOK, 1, moment(), [StaffAdded(initials="MK", role=Role.LEAD, pin=PIN)])
    for number in range(SESSIONS):
        stream = f"session-{number:02}"
        events = [LookedIn(at=60.0 * n, by=MK) for n in range(1, 30)]
        log.append(stream, 1, moment(), [prepared(), *events])
        log.append(stream, 31, moment(1_800_000_600.0), [answer(number % 11)])
        closed = [] if number == SESSIONS - 1 else [SessionClosed(at=3100.0, by=MK)]
        log.append(stream, 32, moment(1_800_000_700.0), closed)
        log.append(BOOK, log.last_seq(BOOK) + 1, moment(), [PinTried(initials="MK")])
        log.mark_alive(stream, moment(1_800_000_800.0))
    kept = {stream: log.read(stream) for stream in log.streams()}
    if held is None:
        connection.close()
    else:
        held.append(connection)
    return kept


def what_stands(path: Path) -> dict[str, tuple[Recorded, ...]]:
    log = Log(read_journal(path))
    return {stream: log.read(stream) for stream in log.streams()}


def judge(before: dict[str, tuple[Recorded, ...]], after: dict[str, tuple[Recorded, ...]]) -> int:
    """How many events are missing; every other stands at its place, once, with what it held."""
    missing = 0
    for stream, records in after.items():
        assert [one.seq for one in records] == list(range(1, len(records) + 1))
        for one in records:
            if isinstance(one.event, EventLost | EntryLost):
                missing += 1
            elif not isinstance(one.event, FileSetAside):
                was = before[stream][one.seq - 1]
                same = one.event == was.event
                assert same or getattr(one.event, "value", getattr(one.event, "code", 0)) is None
                assert one.moment == was.moment
    return missing


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_left_of_each_kind_of_damage(tmp_path, damage):
    path = tmp_path / "journal.db"
    before = fill(path)
    damage(path)
    told = open_journal(path).told
    assert told is not None
    after = what_stands(path)
    missing = judge(before, after)
    if damage in HOPELESS:
        assert told.recovered == 0
        assert list(after) == [BOOK]
    elif damage in HARMLESS:
        assert (told.lost, told.private_lost, told.more_lost) == (0, 0, False)
        assert {s: r for s, r in after.items() if s != BOOK} == {
            s: r for s, r in before.items() if s != BOOK
        }
        assert after[BOOK][:-1] == before[BOOK]
    else:
        assert missing <= told.lost
        assert told.more_lost
        assert 0 < told.recovered < sum(map(len, before.values()))


def test_of_each_page_in_turn_the_loss_is_that_page_alone(tmp_path):
    path = tmp_path / "whole.db"
    before = fill(path)
    whole = path.read_bytes()
    total = sum(map(len, before.values()))
    for page in range(len(whole) // PAGE):
        damaged = tmp_path / f"{page}.db"
        damaged.write_bytes(whole)
        junk_at(damaged, page)
        found = salvage(damaged)
        recovered = recover(found, {})
        assert recovered.recovered >= total - 60, page
        assert recovered.lost <= 60
        assert recovered.more_lost == (page > 0)
        log = Log(schema.in_memory())
        log.keep(recovered.rows)
        judge(before, {stream: log.read(stream) for stream in log.streams()})


def test_staff_tablet_and_signs_of_life_are_recovered(tmp_path):
    path = tmp_path / "journal.db"
    fill(path)
    tablet = Log(read_journal(path)).tablet
    half(path)
    log = Log(open_journal(path).connection)
    assert log.tablet == tablet
    assert [person.initials for person in access.replay(log.read(BOOK)).staff] == ["MK"]
    assert log.alive("session-00") == moment(1_800_000_800.0)


def test_what_only_sqlite_s_log_holds_is_recovered(tmp_path):
    path = tmp_path / "journal.db"
    before = fill(path, held := [])
    copy = tmp_path / "copy.db"
    for suffix in ("", "-wal"):
        content = path.with_name(path.name + suffix).read_bytes()
        copy.with_name(copy.name + suffix).write_bytes(content)
    held[0].close()
    copy.write_bytes(bytes(100) + copy.read_bytes()[100:])
    told = open_journal(copy).told
    assert (told.lost, told.more_lost) == (0, False)
    after = what_stands(copy)
    assert judge(before, after) == 0
    assert {s: len(r) for s, r in after.items() if s != BOOK} == {
        s: len(r) for s, r in before.items() if s != BOOK
    }


def test_an_uncommitted_end_of_sqlite_s_log_is_nothing(tmp_path):
    path = tmp_path / "journal.db"
    fill(path, held := [])
    log = path.with_name(path.name + "-wal")
    whole = salvage(path)
    log.write_bytes(log.read_bytes()[:-1])  # of the last commit, a sign of life
    fewer = salvage(path)
    assert fewer.rows == whole.rows
    assert whole.alive.keys() - fewer.alive.keys() == {f"session-{SESSIONS - 1:02}"}
    log.write_bytes(log.read_bytes() + bytes(8000))
    assert salvage(path) == fewer
    held[0].close()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_bytes_are_changed_what_comes_out_is_a_journal(data, tmp_path_factory):
    """Bytes overwritten anywhere, and an end cut off."""
    folder = tmp_path_factory.mktemp("bytes")
    path = folder / "journal.db"
    before = _filled_once(path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(min_size=1, max_size=300))
        content[at : at + len(piece)] = piece
    content = content[: data.draw(st.integers(0, len(content)) | st.just(len(content)))]
    path.write_bytes(content)
    recovered = recover(salvage(path), {})
    log = Log(schema.in_memory())
    log.keep(recovered.rows)
    for stream in log.streams():
        replay(one.event for one in log.read(stream) if stream != BOOK)
        assert [one.seq for one in log.read(stream)] == list(range(1, log.last_seq(stream) + 1))
    assert len(recovered.rows) <= 3 * sum(map(len, before.values())) + 100_000


_KEPT: list[tuple[bytes, dict[str, tuple[Recorded, ...]]]] = []


def _filled_once(path: Path) -> dict[str, tuple[Recorded, ...]]:
    if not _KEPT:
        kept = fill(path)
        _KEPT.append((path.read_bytes(), kept))
    path.write_bytes(_KEPT[0][0])
    return _KEPT[0][1]


def test_a_session_whose_beginning_is_lost_is_no_session_and_hurts_nothing(tmp_path):
    path = tmp_path / "journal.db"
    fill(path)
    found = salvage(path)
    del found.rows["session-05", 1]
    rows = recover(found, {}).rows
    log = Log(schema.in_memory())
    log.keep(rows)
    first, *rest = [one.event for one in log.read("session-05")]
    assert isinstance(first, EventLost)
    assert len(rest) == 31
    assert replay([first, *rest]) is None


def test_a_middle_that_is_lost_leaves_a_session_that_goes_on(tmp_path):
    path = tmp_path / "journal.db"
    fill(path)
    found = salvage(path)
    for seq in range(5, 25):
        del found.rows[f"session-{SESSIONS - 1:02}", seq]
    log = Log(schema.in_memory())
    log.keep(recover(found, {}).rows)
    stream = log.latest_session()
    state = replay(one.event for one in log.read(stream))
    assert stream == f"session-{SESSIONS - 1:02}"
    assert state is not None and state.stage is Stage.PREPARING
    assert state.looked_in == 29 * 60.0


def test_known_rows_fill_what_the_file_lost_and_ends_are_kept(tmp_path):
    path = tmp_path / "journal.db"
    fill(path)
    log = Log(read_journal(path))
    session = log.rows_of("session-11")
    found = Salvage()
    found.add(session)
    recovered = recover(found, {BOOK: 4})
    fresh = Log(schema.in_memory())
    fresh.keep(recovered.rows)
    assert fresh.read("session-11") == log.read("session-11")
    assert [one.event for one in fresh.read(BOOK)] == [EntryLost()] * 4
    assert recovered.lost == 4


def test_a_mark_stands_at_the_time_of_what_was_before_it(tmp_path):
    log = Log(open_journal(tmp_path / "journal.db").connection)
    later = moment(1_800_000_100.0)
    found = Salvage()
    found.add(log.rows("s", 2, moment(), [LookedIn(at=40.0, by=MK)]))
    found.add(log.rows("s", 4, later, [LookedIn(at=140.0, by=MK)]))
    recovered = recover(found, {"s": 5, BOOK: 1, "gone": 3})
    told = [(row.stream, row.seq, row.moment, log.recorded(row).event) for row in recovered.rows]
    assert [one for one in told if one[0] == "s"] == [
        ("s", 1, moment(), EventLost(at=40.0)),
        ("s", 2, moment(), LookedIn(at=40.0, by=MK)),
        ("s", 3, moment(), EventLost(at=40.0)),
        ("s", 4, later, LookedIn(at=140.0, by=MK)),
        ("s", 5, later, EventLost(at=140.0)),
    ]
    assert [one for one in told if one[0] != "s"] == [(BOOK, 1, Instant(0.0, 0.0, ""), EntryLost())]
    assert (recovered.recovered, recovered.lost, recovered.more_lost) == (2, 7, False)


def test_a_private_body_that_is_not_the_right_one_is_left_out(tmp_path):
    path = tmp_path / "journal.db"
    fill(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE private SET body = '{}' WHERE stream = 'session-03' AND seq = 31")
    connection.commit()
    connection.close()
    recovered = recover(salvage(path), {})
    (row,) = [row for row in recovered.rows if (row.stream, row.seq) == ("session-03", 31)]
    assert row.written.private is None
    assert recovered.private_lost == 1
    assert recovered.lost == 0


def test_an_event_of_a_later_version_is_kept_as_it_is(tmp_path):
    path = tmp_path / "journal.db"
    fill(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER event_is_fixed")
    connection.execute("UPDATE event SET kind = 'FromTheFuture' WHERE seq = 7")
    connection.commit()
    connection.close()
    recovered = recover(salvage(path), {})
    assert recovered.lost == 0
    assert [row.written.kind for row in recovered.rows].count("FromTheFuture") == SESSIONS + 1


def test_bodies_that_are_sealed_stay_sealed(tmp_path):
    path = tmp_path / "journal.db"
    fill(path)
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO sealed VALUES ('session-03', 31, x'c0ffee')")
    connection.execute("DELETE FROM private WHERE stream = 'session-03' AND seq = 31")
    connection.commit()
    connection.close()
    found = salvage(path)
    assert found.sealed == {("session-03", 31): b"\xc0\xff\xee"}
    recovered = recover(found, {})
    assert recovered.private_lost == 0
    new = schema.in_memory()
    mending.fill(new, recovered, found)
    assert new.execute("SELECT * FROM sealed").fetchall() == [("session-03", 31, b"\xc0\xff\xee")]


# --- a power cut in the midst of it --------------------------------------------------------------


def test_cut_before_the_old_file_has_left_it_is_recovered_again(tmp_path, monkeypatch):
    path = tmp_path / "journal.db"
    before = fill(path)
    half(path)
    with monkeypatch.context() as cut:
        cut.setattr(mending, "set_aside", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_journal(path)
    opened = open_journal(path)
    assert opened.set_aside is not None
    assert opened.told.recovered > 0
    judge(before, what_stands(path))
    assert sorted(file.name for file in tmp_path.glob("*mended*")) == []


def test_cut_after_the_old_file_has_left_the_new_one_is_adopted(tmp_path, monkeypatch):
    path = tmp_path / "journal.db"
    before = fill(path)
    half(path)
    with monkeypatch.context() as cut:
        cut.setattr(mending, "adopt", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_journal(path)
    assert not path.exists()
    opened = open_journal(path)
    assert opened.set_aside is None
    judge(before, what_stands(path))
    (told,) = [
        one.event
        for one in Log(opened.connection).read(BOOK)
        if isinstance(one.event, FileSetAside)
    ]
    assert told.recovered > 0
    assert (tmp_path / told.name).stat().st_size > 0


def test_a_process_killed_while_it_recovers_leaves_all_to_the_next(tmp_path):
    mending_process = (
        "import sys; from pathlib import Path; from companion.journal.schema import open_journal;"
        "print('now', flush=True); open_journal(Path(sys.argv[1])); sys.stdin.read()"
    )
    rng = random.Random(5)
    before = _filled_once(tmp_path / "filled.db")
    for n in range(5):
        path = tmp_path / str(n) / "journal.db"
        path.parent.mkdir()
        path.write_bytes(_KEPT[0][0])
        zeroed_header(path)
        process = subprocess.Popen(
            [sys.executable, "-c", mending_process, str(path)],
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.15))
        process.kill()
        process.communicate()
        open_journal(path).connection.close()
        after = what_stands(path)
        assert judge(before, after) == 0
        assert {s: r for s, r in after.items() if s != BOOK} == {
            s: r for s, r in before.items() if s != BOOK
        }


def test_a_recovery_that_fails_leaves_everything_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "journal.db"
    fill(path)
    half(path)
    content = path.read_bytes()

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(mending, "fill", full)
        with pytest.raises(schema.JournalUnusable, match="full"):
            open_journal(path)
    assert path.read_bytes() == content
    assert list(tmp_path.glob("*aside*")) == []
    assert open_journal(path).told.recovered > 0


def test_a_journal_that_is_not_there_any_more_is_told(tmp_path):
    path, ballast = tmp_path / "journal.db", tmp_path / "ballast"
    first = begin_with(path, ballast)
    assert first.told is None
    Log(first.connection).append("s", 1, moment(), [prepared()])
    first.connection.close()
    Ballast(ballast).make()
    again = begin_with(path, ballast)
    assert again.told is None
    again.connection.close()
    for file in side_files(path):
        file.unlink(missing_ok=True)
    begun = begin_with(path, ballast)
    told = FileSetAside(name="", recovered=0, more_lost=True)
    assert begun.told == told
    assert [one.event for one in Log(begun.connection).read(BOOK)] == [told]
    begun.connection.close()
    assert begin_with(path, ballast).told is None
