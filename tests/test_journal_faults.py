"""Every fault of the disk, on real files, under an open session and at the start of a process.

The session goes on, a call shows, what cannot be kept waits with fsync, and once the disk works
again every event stands in the journal at its place, once.
"""

import asyncio
import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from failing_disk import (
    Home,
    Tablet,
    as_nobody,
    filled,
    give_to_nobody,
    mounted,
    without_room,
)
from journal_damage import empty, half, junk_in_the_middle, no_database, zeroed_header
from session_given import MK, plan

from companion.journal import keeper as keeper_file
from companion.journal import schema, standing_in
from companion.journal.ballast import SIZE, Ballast
from companion.journal.elsewhere import elsewhere, is_ours
from companion.journal.fallback import Fallback
from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.record import keeping
from companion.session import commands as c
from companion.session import events as e
from companion.session.book import STREAM as BOOK
from companion.session.book import CalledWithoutSession, EntryLost, FileSetAside, Role
from companion.session.decide import Refused, Why
from companion.session.plan import Mode
from companion.session.view import Place, Word
from companion.tablet_book import TabletBook

PREPARE = c.PrepareSession(MK, "2", plan(), "4172038")
START = (PREPARE, c.AnswerHearing(True), c.ChooseMode(Mode.MUSIC), c.Rate("mood", 6))


@pytest.fixture(autouse=True)
def _quick(monkeypatch, tmp_path):
    """No pause between attempts, a short wait for locks, and a second place of this test's own."""
    monkeypatch.setattr(keeper_file, "_PAUSE", 0.0)
    monkeypatch.setattr(schema, "_BUSY", 0.01)
    second = Path(mkdtemp(prefix="second-"))
    give_to_nobody(second)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(second))
    yield
    rmtree(second)


@pytest.fixture
def home() -> Iterator[Home]:
    """In a folder that nobody in particular may reach."""
    folder = Path(mkdtemp(prefix="home-"))
    made = Home(folder)
    yield made
    made.close()
    rmtree(folder)


async def begin(home: Home) -> Tablet:
    """A session that infuses, in a home with a book."""
    tablet = home.start()
    assert await tablet.desk.staffing.add("MK", Role.LEAD, "274951", None) is None
    for command in (*START, c.StartInfusion(MK)):
        assert await tablet.conductor.handle(command) is None, command
    return tablet


async def go_on(tablet: Tablet) -> None:
    """What may happen in a session whatever the disk does: a nurse, a call, an answer to it."""
    tablet.home.clock.advance(60.0)
    assert await tablet.conductor.handle(c.LookIn(MK)) is None
    assert await tablet.conductor.handle(c.Call()) is None
    assert view(tablet).place is Place.CALLED
    assert await tablet.conductor.handle(c.SwitchSound(False)) is None
    assert not view(tablet).sound_on
    assert await tablet.conductor.handle(c.AnswerCall(MK)) is None
    assert await tablet.conductor.handle(c.SwitchSound(True)) is None
    assert view(tablet).place is Place.SESSION
    await tablet.writer.ask(lambda log: None)


def view(tablet: Tablet):
    seen = tablet.conductor.view
    assert seen is not None
    return seen


def session_of(home: Home) -> str:
    return next(stream for stream, _ in home.handed_in if stream != BOOK)


def of_session(home: Home, places: dict) -> dict:
    return {place: event for place, event in places.items() if place[0] == session_of(home)}


def judge_nothing_lost(home: Home) -> None:
    """In the file: all that was ever handed in, once, at its place, and nothing besides."""
    assert home.stands() == home.handed_in


# --- the disk takes nothing for a while ----------------------------------------------------------


Strike = Callable[[Home, pytest.MonkeyPatch], AbstractContextManager]


def full(home: Home, monkeypatch) -> AbstractContextManager:
    return without_room(home, monkeypatch)


@contextmanager
def read_only_file(home: Home, monkeypatch) -> Iterator[None]:
    """Somebody else's file. (One's own is given its mode back at the next start.)"""
    give_to_nobody(home.folder)
    for file in home.folder.glob("journal.db*"):
        if os.geteuid() == 0:
            os.chown(file, 0, 0)
        file.chmod(0o444)
    with as_nobody():
        yield
    give_to_nobody(home.folder)
    for file in home.folder.glob("journal.db*"):
        file.chmod(0o600)


@contextmanager
def nobody_s(home: Home) -> Iterator[None]:
    """All of it belongs to nobody in particular, who does what is done here."""
    give_to_nobody(home.folder)
    with as_nobody():
        yield
    give_to_nobody(home.folder)


@contextmanager
def shut(home: Home, mode: int = 0o000) -> Iterator[None]:
    """The folder takes nothing, or cannot be looked into at all."""
    home.folder.chmod(mode)
    yield
    home.folder.chmod(0o700)


@contextmanager
def read_only_folder(home: Home, monkeypatch) -> Iterator[None]:
    with nobody_s(home), shut(home, 0o500):
        yield


@contextmanager
def no_permission(home: Home, monkeypatch) -> Iterator[None]:
    with nobody_s(home), shut(home):
        yield


@contextmanager
def locked(home: Home, monkeypatch) -> Iterator[None]:
    other = sqlite3.connect(home.journal, isolation_level=None, timeout=5.0)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


TAKES_NOTHING: dict[str, Strike] = {
    "full": full,
    "read-only file": read_only_file,
    "read-only folder": read_only_folder,
    "no permission": no_permission,
    "locked": locked,
}
ONLY_AT_A_START = ("read-only file", "read-only folder")
"""What is open already may still be written: only the next process is kept from it."""


@pytest.mark.parametrize("fault", TAKES_NOTHING)
async def test_in_a_session_what_cannot_be_kept_waits_and_then_all_is_kept(
    home, monkeypatch, fault
):
    tablet = await begin(home)
    with TAKES_NOTHING[fault](home, monkeypatch):
        await go_on(tablet)
        if fault not in ONLY_AT_A_START:
            assert view(tablet).word is Word.NOT_SAVED
            assert not view(tablet).saved
        assert not view(tablet).damaged
    assert await tablet.writer.retry()
    await go_on(tablet)
    assert view(tablet).word is Word.OK
    judge_nothing_lost(home)
    assert Fallback(home.waiting, elsewhere(home.folder)).read() == ((), False)


@pytest.mark.parametrize("fault", TAKES_NOTHING)
async def test_a_process_that_starts_on_it_goes_on_with_the_session(home, monkeypatch, fault):
    """The screen crashed: the next one reads what it can, and nothing is lost between them."""
    await go_on(first := await begin(home))
    with TAKES_NOTHING[fault](home, monkeypatch):
        if fault not in ONLY_AT_A_START:
            await go_on(first)
        before = dict(home.handed_in)
        second = home.start()
        if fault == "no permission":
            assert second.begun.unreadable is not None
            return
        await second.take_up()
        await go_on(second)
        assert second.conductor._stream.decided is not None
        assert before.items() <= home.handed_in.items()
    assert await second.writer.retry()
    await go_on(second)
    assert view(second).word is Word.OK
    third = home.start()
    await third.take_up()
    assert view(third).place is Place.SESSION
    judge_nothing_lost(home)


@pytest.mark.parametrize("fault", TAKES_NOTHING)
async def test_a_third_process_finds_what_waited_wherever_it_waited(home, monkeypatch, fault):
    await begin(home)
    with TAKES_NOTHING[fault](home, monkeypatch):
        if fault != "no permission":
            second = home.start()
            await second.take_up()
            await go_on(second)
    third = home.start()
    assert third.merged.waiting == 0
    await third.take_up()
    await go_on(third)
    judge_nothing_lost(home)


async def test_where_nothing_can_be_read_the_journal_is_found_again_later(home, monkeypatch):
    await begin(home)
    with no_permission(home, monkeypatch):
        second = home.start()
        assert second.begun.stands_in_for == home.journal
        assert second.begun.unreadable is not None
        assert second.desk.staff == ()
        assert second.writer.latest_session() is None
        assert not await second.writer.retry()
    assert await second.writer.retry()
    judge_nothing_lost(home)


async def test_what_fits_nowhere_in_the_home_is_synced_in_the_second_place(home, monkeypatch):
    tablet = await begin(home)
    before = set(home.handed_in)
    second = elsewhere(home.folder) / home.waiting.name
    with without_room(home, monkeypatch) as disk:
        await go_on(tablet)
        new = set(home.handed_in) - before
        assert {(row.stream, row.seq) for row in _waiting_at(second)} == new
        assert disk.synced.count(second) >= 5  # one for each batch that was handed in
        assert not home.waiting.exists() or home.waiting.read_bytes() == b""
    await tablet.writer.retry()
    assert second.read_bytes() == b""
    judge_nothing_lost(home)


def _waiting_at(path: Path):
    rows, torn = Fallback(path).read()
    assert not torn
    return rows


# --- a disk that is really full ------------------------------------------------------------------


async def test_on_a_full_disk_the_ballast_is_given_up_and_later_the_rest_waits(home):
    with mounted(home.folder, "40m") as could:
        if not could:
            pytest.skip("nobody may mount a disk here")
        tablet = await begin(home)
        home.ballast.write_bytes(bytes(SIZE))  # too small a disk for it otherwise
        with filled(home.folder):
            await go_on(tablet)
            assert view(tablet).word is Word.OK
            assert not home.ballast.exists()
            with filled(home.folder):
                while view(tablet).word is Word.OK:  # until SQLite's log has no page left
                    await go_on(tablet)
                assert view(tablet).word is Word.NOT_SAVED
                second = elsewhere(home.folder) / home.waiting.name
                assert stat.S_IMODE(second.stat().st_mode) == 0o600
                assert stat.S_IMODE(second.parent.stat().st_mode) == 0o700
                again = home.start()
                await again.take_up()
                await go_on(again)
        assert await again.writer.retry()
        judge_nothing_lost(home)
        assert second.read_bytes() == b""
        home.close()


def test_the_ballast_is_made_where_there_is_room_and_once(tmp_path, monkeypatch):
    ballast = Ballast(tmp_path / "ballast")
    ballast.make()
    assert (tmp_path / "ballast").stat().st_size == SIZE
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= SIZE
    assert stat.S_IMODE((tmp_path / "ballast").stat().st_mode) == 0o600
    before = (tmp_path / "ballast").stat().st_ino
    ballast.make()
    assert (tmp_path / "ballast").stat().st_ino == before
    assert ballast.give_up()
    assert not ballast.give_up()
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("U", (), {"free": 2 * SIZE}))
    ballast.make()
    assert list(tmp_path.iterdir()) == []


async def test_the_ballast_is_given_up_for_a_full_disk_and_made_again_by_the_retry(home):
    tablet = await begin(home)
    await tablet.writer.retry()
    assert home.ballast.exists()
    held = tablet.writer._keeper._held
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    keep, failing = held.log.keep, [True]

    def full_once(rows):
        if home.ballast.exists():
            raise error
        return keep(rows)

    held.log.keep = full_once
    await go_on(tablet)
    assert view(tablet).word is Word.OK
    assert not home.ballast.exists()
    held.log.keep = keep
    await tablet.writer.retry()
    assert home.ballast.exists()
    assert failing
    judge_nothing_lost(home)


def test_a_full_disk_at_the_start_costs_the_ballast_first(tmp_path, monkeypatch):
    (tmp_path / "ballast").write_bytes(b"room")
    tries = []

    def opened(path, *, missed):
        tries.append((tmp_path / "ballast").exists())
        if tries[-1]:
            raise schema.JournalUnusable("full")
        return open_journal(path)

    monkeypatch.setattr(standing_in, "open_journal", opened)
    begun = standing_in.begin_with(tmp_path / "journal.db", tmp_path / "ballast")
    assert tries == [True, False]
    assert begun.stands_in_for is None


# --- the second place ----------------------------------------------------------------------------


def test_the_second_place_is_this_home_s_own_and_found_again(tmp_path, monkeypatch):
    one, other = tmp_path / "one", tmp_path / "other"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert elsewhere(one) == elsewhere(one)
    assert elsewhere(one) != elsewhere(other)
    assert elsewhere(one).parent == tmp_path
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    assert elsewhere(one).parent == Path("/dev/shm")


@pytest.mark.parametrize("theirs", ["open to all", "a link", "a file"])
def test_a_second_place_that_is_not_ours_is_neither_written_nor_read(tmp_path, theirs):
    place = tmp_path / "second"
    target = tmp_path / "target"
    target.mkdir()
    match theirs:
        case "open to all":
            place.mkdir()
            place.chmod(0o755)
        case "a link":
            place.symlink_to(target)
        case "a file":
            place.write_text("")
    waiting = Fallback(tmp_path / "no folder" / "x" / "waiting.jsonl", place)
    (tmp_path / "no folder").write_text("in the way")
    log = Log(schema.in_memory())
    rows = log.rows("s", 1, Home(tmp_path).clock.now(), [e.CheckInAsked(at=1.0)])
    with pytest.raises(OSError):
        waiting.append(rows)
    assert list(target.iterdir()) == []
    assert Fallback(tmp_path / "waiting.jsonl", place).read() == ((), False)


def test_rows_of_one_stream_that_wait_in_two_places_are_read_in_order(tmp_path):
    log = Log(schema.in_memory())
    now = Home(tmp_path).clock.now()
    home, second = tmp_path / "waiting.jsonl", tmp_path / "second"
    second.mkdir(mode=0o700)
    rows = [log.rows("s", n, now, [e.CheckInAsked(at=float(n))]) for n in range(1, 6)]
    for n, row in enumerate(rows):
        Fallback(home if n % 2 else second / home.name).append(row)
    both = Fallback(home, second)
    assert [row.seq for row in both.read()[0]] == [1, 2, 3, 4, 5]
    both.empty()
    assert both.read() == ((), False)
    assert (second / home.name).read_bytes() == b""


def test_what_waits_in_the_second_place_alone_is_forgotten_too(tmp_path):
    log = Log(schema.in_memory())
    home, second = tmp_path / "waiting.jsonl", tmp_path / "second"
    assert not is_ours(second)
    second.mkdir(mode=0o700)
    rows = log.rows("s", 1, Home(tmp_path).clock.now(), [e.CheckInAsked(at=1.0)])
    Fallback(second / home.name).append(rows)
    both = Fallback(home, second)
    assert both.read()[0] == rows
    both.empty()
    assert both.read() == ((), False)


def test_a_line_that_no_longer_fits_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    log, clock = Log(schema.in_memory()), Home(tmp_path).clock
    waiting = Fallback(tmp_path / "waiting.jsonl", tmp_path / "second")
    first, then = (log.rows("s", n, clock.now(), [e.CheckInAsked(at=1.0)]) for n in (1, 2))
    waiting.append(first)
    before = (tmp_path / "waiting.jsonl").read_bytes()
    write = keeper_file_os_write = __import__("os").write
    halves = []

    def half_then_full(descriptor, data):
        if halves or Path(f"/proc/self/fd/{descriptor}").readlink().parent != tmp_path:
            halves.clear()
            if Path(f"/proc/self/fd/{descriptor}").readlink().parent == tmp_path:
                raise OSError(28, "No space left on device")
            return write(descriptor, data)
        halves.append(1)
        return keeper_file_os_write(descriptor, data[: len(data) // 2])

    monkeypatch.setattr("os.write", half_then_full)
    waiting.append(then)
    monkeypatch.undo()
    assert (tmp_path / "waiting.jsonl").read_bytes() == before
    assert [row.seq for row in waiting.read()[0]] == [1, 2]
    assert not waiting.read()[1]


# --- a damaged file under an open session --------------------------------------------------------


DAMAGES = (zeroed_header, half, junk_in_the_middle, empty, no_database)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
async def test_a_file_damaged_under_a_session_is_replaced_by_one_with_the_whole_session(
    home, damage
):
    tablet = await begin(home)
    await tablet.writer.ask(lambda log: log._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
    damage(home.journal)
    await go_on(tablet)
    await tablet.writer.check()
    await tablet.write_mended()
    await go_on(tablet)
    assert view(tablet).damaged
    assert view(tablet).word is Word.NOT_SAVED
    assert view(tablet).saved
    stands = home.stands()
    assert of_session(home, stands) == of_session(home, home.handed_in)
    for place, event in stands.items():
        assert event == home.handed_in[place] or isinstance(event, EntryLost)
    (told,) = [event for event in stands.values() if isinstance(event, FileSetAside)]
    assert (home.folder / told.name).exists()
    second = home.start()
    await second.take_up()
    assert view(second).place is Place.SESSION


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
async def test_a_process_that_starts_on_a_damaged_file_says_what_it_could_read(home, damage):
    first = await begin(home)
    for _ in range(20):
        await go_on(first)
    first.writer.close()
    first.writer._keeper._held.log.close()
    damage(home.journal)
    second = home.start()
    told = second.begun.told
    assert told is not None
    await second.take_up()
    if damage in (empty, no_database):
        assert second.conductor.view is None
        assert told.more_lost
    if second.conductor.view is None:
        assert second.desk.asks_nurse
    else:
        await go_on(second)
    for place, event in home.stands().items():
        lost = isinstance(event, EntryLost | e.EventLost | FileSetAside)
        assert lost or event == home.handed_in[place]


@pytest.mark.parametrize("gone", ["", "-wal"])
async def test_a_file_unlinked_under_a_session_is_written_once_more(home, gone):
    tablet = await begin(home)
    home.journal.with_name(home.journal.name + gone).unlink()
    await go_on(tablet)
    await tablet.write_mended()
    assert view(tablet).damaged
    judge_nothing_lost(home)


async def test_what_waited_before_the_damage_is_in_the_new_file_once(home, monkeypatch):
    tablet = await begin(home)
    with locked(home, monkeypatch):
        await go_on(tablet)
        assert view(tablet).word is Word.NOT_SAVED
    half(home.journal)
    await tablet.writer.check()
    await tablet.write_mended()
    await go_on(tablet)
    stands = home.stands()
    assert of_session(home, stands) == of_session(home, home.handed_in)
    assert Fallback(home.waiting, elsewhere(home.folder)).read() == ((), False)


async def test_a_commit_that_finds_the_file_damaged_mends_it_at_once(home):
    tablet = await begin(home)
    held = tablet.writer._keeper._held
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT

    def damaged(rows):
        raise error

    held.log.keep = damaged
    await go_on(tablet)
    assert [told.lost for told in tablet.mended] == [0]
    await tablet.write_mended()
    judge_nothing_lost(home)


async def test_a_connection_that_was_made_read_only_is_made_anew(home):
    tablet = await begin(home)
    held = tablet.writer._keeper._held
    error = sqlite3.OperationalError("attempt to write a readonly database")
    error.sqlite_errorcode = sqlite3.SQLITE_READONLY
    before = held.log

    def read_only(rows):
        raise error

    held.log.keep = read_only
    await go_on(tablet)
    assert held.log is not before
    assert tablet.mended == []
    assert view(tablet).word is Word.OK
    judge_nothing_lost(home)


@pytest.mark.parametrize(
    ("fault", "mends"),
    [
        ("Could not decode to UTF-8 column 'kind' with text 'x'", True),
        ("interrupted", False),
    ],
)
async def test_text_that_is_no_text_is_damage_and_a_passing_fault_is_none(home, fault, mends):
    tablet = await begin(home)
    asked: list[int] = []

    def question(log: Log) -> str:
        asked.append(1)
        if len(asked) == 1:
            raise sqlite3.OperationalError(fault)
        return log.tablet

    if mends:
        assert await tablet.writer.ask(question) == tablet.writer._keeper._held.log.tablet
    else:
        with pytest.raises(sqlite3.OperationalError):
            await tablet.writer.ask(question)
    await go_on(tablet)
    assert len(tablet.mended) == mends


async def call_lost(tablet: Tablet) -> None:
    """A call while nobody knows of a session, and perhaps not even where the book ends."""
    tablet.home.clock.advance(1.0)
    book = TabletBook(tablet.home.clock, keeping.Kept(tablet.writer), tablet.writer.read(BOOK))
    await book.write(CalledWithoutSession())


async def test_a_call_while_nothing_could_be_read_of_the_record_stands_at_its_end(home):
    await begin(home)
    before = home.stands(BOOK)
    with nobody_s(home):
        with shut(home):
            for _ in range(2):  # a process that dies there, and the next
                blind = home.start()
                assert blind.begun.unreadable is not None
                for _ in range(2):
                    await call_lost(blind)
        assert await blind.writer.retry()
        await call_lost(blind)
        after = home.stands(BOOK)
        assert before.items() <= after.items()
        added = [type(after[BOOK, n]) for n in range(len(before) + 1, len(after) + 1)]
        assert added == [CalledWithoutSession] * 5
        await call_lost(home.start())
        assert len(home.stands(BOOK)) == len(after) + 1
        assert not list(home.folder.glob("*.aside*"))


async def test_what_waits_without_a_place_is_counted_and_comes_to_stand_there(home, monkeypatch):
    await begin(home)
    before = home.stands(BOOK)
    with nobody_s(home):
        with shut(home):
            await call_lost(home.start())
            home.close()
        with locked(home, monkeypatch):
            seeing = home.start()
            assert seeing.begun.unreadable is None
            assert seeing.merged.waiting == 1
            assert len(seeing.writer.read(BOOK)) == len(before) + 1
            await call_lost(seeing)
        assert await seeing.writer.retry()
        after = home.stands(BOOK)
        assert len(after) == len(before) + 2
        assert not list(home.folder.glob("*.aside*"))


async def test_at_a_shell_nothing_is_done_by_a_record_that_cannot_be_read(home):
    await begin(home)
    home.close()
    before = home.stands(BOOK)
    with nobody_s(home):
        with (
            shut(home),
            pytest.raises(OSError, match=r"journal\.db: nothing of the record"),
            keeping.readable_journal(home.folder),
        ):
            raise AssertionError("it was opened")
        with keeping.readable_journal(home.folder) as writer:
            assert len(writer.read(BOOK)) == len(before)


async def test_damaged_while_it_could_not_be_opened_it_is_mended_and_told_once(home, monkeypatch):
    first = await begin(home)
    for _ in range(5):
        await go_on(first)
    with no_permission(home, monkeypatch):
        second = home.start()
        assert not await second.writer.retry()
    zeroed_header(home.journal)
    assert await second.writer.retry()
    assert [told.more_lost for told in second.mended] == [False]
    judge_nothing_lost(home)


def test_what_can_be_read_stands_in_for_a_journal_that_cannot_be_opened(tmp_path, monkeypatch):
    path, ballast = tmp_path / "journal.db", tmp_path / "ballast"
    now = Home(tmp_path).clock.now()
    opened = open_journal(path)
    Log(opened.connection).append("s", 1, now, [e.CheckInAsked(at=1.0)])
    opened.connection.close()

    def busy(path, *, missed):
        raise schema.JournalUnusable("in use")

    monkeypatch.setattr(standing_in, "open_journal", busy)
    begun = standing_in.begin_with(path, ballast)
    assert (begun.stands_in_for, begun.unreadable) == (path, None)
    assert [one.event for one in Log(begun.connection).read("s")] == [e.CheckInAsked(at=1.0)]
    nothing = standing_in.begin_with(tmp_path / "other.db", ballast)
    assert (nothing.stands_in_for, nothing.unreadable) == (tmp_path / "other.db", "in use")


async def test_an_event_that_cannot_be_read_at_the_start_does_not_keep_the_tablet_from_it(home):
    first = await begin(home)
    first.writer.close()
    first.writer._keeper._held.log.close()
    other = sqlite3.connect(home.journal)
    other.execute("DROP TRIGGER event_is_fixed")
    other.execute("UPDATE event SET body = 'x' WHERE kind = 'StaffAdded'")
    other.execute("UPDATE event SET body = '{' WHERE kind = 'ModeChosen'")
    other.commit()
    other.close()
    second = home.start()
    await second.take_up()
    assert view(second).damaged
    assert [told.lost for told in second.mended] == [2]
    await go_on(second)


# --- a slow disk ---------------------------------------------------------------------------------


async def test_while_a_commit_takes_long_only_what_acts_at_once_is_shown(home):
    """A commit that hangs until the test lets it go: nobody on the screen waits for it."""
    tablet = await begin(home)
    gate = threading.Event()
    log = tablet.writer._keeper._held.log
    execute = log._connection.execute

    class Slow:
        def execute(self, sql, parameters=(), /):
            if sql == "COMMIT":
                gate.wait(60.0)
            return execute(sql, parameters)

        def close(self) -> None:
            return None

    log._connection = Slow()
    noting = asyncio.ensure_future(tablet.conductor.handle(c.Note("nausea", MK)))
    await asyncio.sleep(0)
    told = view(tablet).told
    assert await tablet.conductor.handle(c.Quieter()) is None
    assert await tablet.conductor.handle(c.SwitchSound(False)) is None
    assert await tablet.conductor.handle(c.Call()) is None
    assert view(tablet).place is Place.CALLED
    assert not view(tablet).sound_on
    assert not noting.done()
    assert not any(isinstance(event, e.Noted) for event in (*told, *view(tablet).told))
    stands = home.stands(session_of(home))
    assert not any(isinstance(event, e.Noted | e.Called) for event in stands.values())
    gate.set()
    assert await noting is None
    assert any(isinstance(event, e.Noted) for event in view(tablet).told)
    await tablet.writer.ask(lambda log: None)
    assert view(tablet).word is Word.CALL
    judge_nothing_lost(home)


# --- torture: every fault at every step of a session ---------------------------------------------


@pytest.mark.torture
@pytest.mark.parametrize("step", range(8))
@pytest.mark.parametrize("fault", TAKES_NOTHING)
async def test_every_fault_at_every_step(home, monkeypatch, fault, step):
    tablet = home.start()
    steps = (*START, c.StartInfusion(MK), c.GoToRecovery(MK), c.OpenRating(), c.Rate("mood", 3))
    for n, command in enumerate(steps):
        strike = TAKES_NOTHING[fault](home, monkeypatch) if n == step else nullcontext()
        with strike:
            refused = await tablet.conductor.handle(command)
        assert await tablet.writer.retry()
        if n == 0 and refused == Refused(Why.NOT_SAVED):  # nothing begins that cannot be saved
            assert home.handed_in == {}
            refused = await tablet.conductor.handle(command)
        assert refused is None
    judge_nothing_lost(home)


@pytest.mark.torture
@pytest.mark.parametrize("step", range(8))
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
async def test_every_damage_at_every_step(home, damage, step):
    tablet = home.start()
    steps = (*START, c.StartInfusion(MK), c.GoToRecovery(MK), c.OpenRating(), c.Rate("mood", 3))
    for n, command in enumerate(steps):
        assert await tablet.conductor.handle(command) is None
        if n == step:
            await tablet.writer.ask(
                lambda log: log._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            )
            damage(home.journal)
            await tablet.writer.check()
    assert of_session(home, home.stands()) == of_session(home, home.handed_in)
