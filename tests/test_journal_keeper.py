"""What the journal cannot take waits in memory and in the fallback file, and is merged once."""

import json
import os
import stat
from pathlib import Path

import pytest
from journal_samples import Faulty, Place, answer, moment, new_log

from companion.journal import keeper as keeper_file
from companion.journal.fallback import Fallback
from companion.journal.held import Held
from companion.journal.keeper import Keeper
from companion.journal.log import Log
from companion.session.book import PinTried
from companion.session.events import CheckInAsked


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(keeper_file, "_PAUSE", 0.0)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_fallback_file_is_private_and_parts_the_patient_s_own(place):
    place.disk.fails_at = "BEGIN"
    keeper = place.keeper()
    keeper.keep(place.rows(1, 7) + place.log.rows("s", 2, moment(), [CheckInAsked(at=1.0)]))
    keeper.keep(place.log.rows("s", 3, moment(), [CheckInAsked(at=2.0)]))
    assert stat.S_IMODE(place.fallback.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.fallback.parent.stat().st_mode) == 0o700
    own, public, last = place.lines()
    assert [(one["stream"], one["seq"]) for one in own["own"]] == [("s", 1)]
    assert own["rows"] == [] and public["own"] == [] and last["own"] == []
    assert [row["seq"] for row in public["rows"]] == [1, 2]
    assert [row["written"]["private"] for row in public["rows"]] == [None, None]
    assert "value" not in json.dumps(public)
    assert '"value":7' in own["own"][0]["body"]


def test_a_fallback_file_that_is_a_link_is_not_followed(place, tmp_path):
    target = tmp_path / "somewhere"
    target.write_text("")
    place.fallback.parent.mkdir()
    place.fallback.symlink_to(target)
    place.disk.fails_at = "BEGIN"
    keeper = place.keeper()
    assert not keeper.keep(place.rows(1, 1))
    assert target.read_text() == ""
    place.disk.fails_at = None
    assert keeper.retry()
    assert place.values() == [1]


def test_memory_holds_what_neither_file_can(place):
    place.fallback.parent.write_text("a file where the folder should be")
    place.disk.fails_at = "COMMIT"
    keeper = place.keeper()
    assert not keeper.keep(place.rows(1, 1))
    place.fallback.parent.unlink()
    assert not keeper.keep(place.rows(2, 2))
    rows, _ = Fallback(place.fallback).read()
    assert [row.seq for row in rows] == [1, 2]
    place.disk.fails_at = None
    assert keeper.retry()
    assert place.values() == [1, 2]


def test_what_only_memory_holds_goes_to_the_file_at_the_next_try(place):
    place.fallback.parent.write_text("a file where the folder should be")
    place.disk.fails_at = "COMMIT"
    keeper = place.keeper()
    assert not keeper.keep(place.rows(1, 1))
    place.fallback.parent.unlink()
    assert not keeper.retry()
    assert [row.seq for row in Fallback(place.fallback).read()[0]] == [1]


def test_a_fallback_file_that_never_came_to_be_is_no_hindrance(place):
    place.fallback.parent.write_text("a file where the folder should be")
    place.disk.fails_at = "COMMIT"
    keeper = place.keeper()
    assert not keeper.keep(place.rows(1, 1))
    place.disk.fails_at = None
    assert keeper.retry()
    assert place.values() == [1]


def left_behind(place: Place, *batches) -> None:
    """What a process leaves that could not write the journal and then died."""
    for rows in batches:
        Fallback(place.fallback).append(rows)


def test_what_an_earlier_process_left_is_merged_once_and_in_order(place):
    place.log.keep(place.rows(1, 1, 2))
    left_behind(place, place.rows(3, 3, 4), place.rows(1, 5, stream="t"), place.rows(5, 5))
    merged = place.keeper().merge()
    assert (merged.rows, merged.waiting, merged.set_aside) == (4, 0, None)
    assert place.values() == [1, 2, 3, 4, 5]
    assert place.values("t") == [5]
    assert place.fallback.read_bytes() == b""
    assert place.keeper().merge().rows == 0


def test_what_the_journal_has_already_is_not_doubled(place):
    rows = place.rows(1, 1, 2, 3)
    place.log.keep(rows[:2])
    left_behind(place, rows, rows)
    assert place.keeper().merge().rows == 3
    assert place.values() == [1, 2, 3]


def test_with_no_fallback_file_there_is_nothing_to_merge(place):
    merged = place.keeper().merge()
    assert (merged.rows, merged.waiting, merged.set_aside) == (0, 0, None)


@pytest.mark.parametrize("cut", [*range(2, 400, 23), "the whole line"])
def test_a_torn_last_line_is_set_aside_and_what_is_whole_is_merged(place, cut):
    left_behind(place, place.rows(1, 1, 2), place.rows(3, 3))
    whole = place.fallback.read_bytes()
    last = whole.rindex(b"\n", 0, -1)
    size = last + 1 if cut == "the whole line" else len(whole) - cut
    os.truncate(place.fallback, size)
    merged = place.keeper().merge()
    assert place.values() == [1, 2]  # of the last batch its events, not only its private part
    assert merged.set_aside is not None
    assert merged.set_aside.read_bytes() == whole[:size]
    assert not place.fallback.exists()


def test_a_torn_line_does_not_swallow_the_one_after_it(place):
    left_behind(place, place.rows(1, 1))
    with place.fallback.open("ab") as file:
        file.write(b'{"own":[{"stre')
    left_behind(place, place.rows(2, 2))
    assert place.keeper().merge().set_aside is not None
    assert place.values() == [1, 2]


def test_junk_in_the_file_is_set_aside(place):
    left_behind(place, place.rows(1, 1))
    with place.fallback.open("ab") as file:
        file.write(b"\x00" * 512 + b"\n\xff\xfe\n[]\n")
    assert place.keeper().merge().set_aside is not None
    assert place.values() == [1]


def test_rows_without_a_place_are_set_aside_and_the_others_merged(place):
    place.log.keep(place.rows(1, 1))
    left_behind(place, place.rows(1, 9), place.rows(4, 4), place.rows(1, 5, stream="t"))
    merged = place.keeper().merge()
    assert merged.rows == 1
    assert merged.set_aside is not None
    assert place.values() == [1]
    assert place.values("t") == [5]


async def test_while_the_journal_still_fails_what_was_left_waits_and_can_be_read(place):
    place.log.keep(place.rows(1, 1))
    left_behind(place, place.rows(2, 2), place.rows(1, 5, stream="t"))
    place.disk.fails_at = "COMMIT"
    writer = place.writer()
    merged = writer.merge_fallback()
    assert (merged.rows, merged.waiting, merged.set_aside) == (0, 2, None)
    assert place.heard == [False]
    assert [kept.event.value for kept in writer.read("s")] == [1, 2]
    assert writer.latest_session() == "t"
    assert not await writer.append("s", 3, moment(), [answer(3)])
    assert len(Fallback(place.fallback).read()[0]) == 3
    place.disk.fails_at = None
    assert await writer.retry()
    assert place.heard == [False, True]
    assert place.values() == [1, 2, 3]
    assert place.fallback.read_bytes() == b""


def test_what_was_torn_is_set_aside_when_the_journal_works_again(place):
    left_behind(place, place.rows(1, 1))
    with place.fallback.open("ab") as file:
        file.write(b'\n{"rows":[')
    place.disk.fails_at = "COMMIT"
    keeper = place.keeper()
    assert keeper.merge().waiting == 1
    place.disk.fails_at = None
    assert keeper.retry()
    (aside,) = place.fallback.parent.glob("*aside*")
    assert aside.read_bytes().endswith(b'{"rows":[')
    assert place.values() == [1]


def test_a_file_that_cannot_be_emptied_is_merged_again_without_harm(place, monkeypatch):
    left_behind(place, place.rows(1, 1))
    keeper = place.keeper()
    with monkeypatch.context() as broken:
        broken.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError("read-only")))
        assert keeper.merge().rows == 1
    assert place.fallback.read_bytes() != b""
    assert place.keeper().merge().rows == 1
    assert place.values() == [1]
    assert keeper.retry()
    assert place.fallback.read_bytes() == b""


def test_a_book_alone_is_no_session(place):
    place.disk.fails_at = "BEGIN"
    keeper = place.keeper()
    keeper.keep(place.log.rows("tablet", 1, moment(), [PinTried(initials="MK")]))
    assert keeper.latest_session() is None


def test_whichever_call_fails_and_however_often_each_event_is_kept_once(tmp_path):
    """Five appends; every third call of `execute` fails, from the n-th on, for many n."""
    for n in range(12):
        folder = tmp_path / str(n)
        folder.mkdir()
        log, connection = new_log(folder)
        faulty = Faulty(connection, set(range(10 + n, 200, 3)), after=bool(n % 2))
        keeper = Keeper(Held(Log(faulty)), Fallback(folder / "unsaved.jsonl"))
        for value in range(1, 6):
            keeper.keep(log.rows("s", value, moment(), [answer(value)]))
            in_journal = [kept.seq for kept in log.read("s")]
            in_file = [row.seq for row in Fallback(folder / "unsaved.jsonl").read()[0]]
            assert set(range(1, value + 1)) <= {*in_journal, *in_file}
        faulty.failing.clear()
        while not keeper.retry():
            pass
        assert [kept.event.value for kept in log.read("s")] == [1, 2, 3, 4, 5]
        assert Fallback(folder / "unsaved.jsonl").read() == ((), False)
