"""A `config.yaml` that cannot be used at a start: the last one that could goes on."""

import os
import stat
from pathlib import Path

import pytest
from staff_home import clinic
from test_desk import desk

from companion import last_good
from companion.curating.checking import check
from companion.desk import Desk
from companion.last_good import CONFIG, LAST_GOOD, settings_of
from companion.library.resolve import Card
from companion.problems import BadContent

BROKEN = ("room: Room 2", "room: [")
"""What stands in a line, and what somebody made of it; the line after it no longer fits."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return clinic(tmp_path)


def write_over(home: Path, old: str, new: str) -> None:
    text = (home / CONFIG).read_text()
    assert old in text
    (home / CONFIG).write_text(text.replace(old, new))


async def started(home: Path) -> Desk:
    """The desk of a tablet that has just been switched on."""
    made, _ = desk(home)
    await made.load()
    return made


async def test_a_start_with_a_broken_one_goes_on_with_the_last_good_one(home: Path) -> None:
    await started(home)
    write_over(home, *BROKEN)

    staff = await started(home)

    assert staff.content is not None and staff.content.config.room == "Room 2"
    assert {one.stem for one in staff.review.standings} == {"tidewater", "ember", "the-quiet-shore"}
    assert staff.content.broken == staff.problems[0]
    assert (staff.problems[0].file, staff.problems[0].line) == (CONFIG, 5)
    plan = await staff.plan(Card("long-60", "", None, "en"))
    assert plan.protocol.name == "long-60"


async def test_once_mended_it_is_used_again(home: Path) -> None:
    await started(home)
    write_over(home, *BROKEN)
    staff = await started(home)
    write_over(home, BROKEN[1], "room: Room 3")

    await staff.load()

    assert staff.content is not None and staff.content.config.room == "Room 3"
    assert staff.content.broken is None and staff.problems == ()
    assert (home / LAST_GOOD).read_bytes() == (home / CONFIG).read_bytes()


async def test_broken_while_it_runs_the_rest_of_the_library_is_still_read(home: Path) -> None:
    staff = await started(home)
    (home / LAST_GOOD).unlink()
    write_over(home, *BROKEN)
    (home / "playlists/later.yaml").write_bytes((home / "playlists/ember.yaml").read_bytes())

    await staff.load()

    assert staff.content is not None and staff.content.broken is not None
    assert staff.review.found is not None and "later" in staff.review.found.playlists


@pytest.mark.parametrize("broken", [b"", b"\xff", b"room: Room 2\n", None])
async def test_however_it_is_broken(home: Path, broken: bytes | None) -> None:
    good = (home / CONFIG).read_bytes()
    await started(home)
    (home / CONFIG).unlink()
    if broken is not None:
        (home / CONFIG).write_bytes(broken)

    staff = await started(home)

    assert staff.content is not None and staff.problems[0].file == CONFIG
    assert (home / LAST_GOOD).read_bytes() == good


async def test_what_is_wrong_with_it_by_now_is_told_of_the_copy(home: Path) -> None:
    await started(home)
    (home / "playlists/tidewater.yaml").unlink()
    write_over(home, *BROKEN)

    staff = await started(home)

    (own, _) = staff.problems
    assert own.file == CONFIG
    usual = staff.problems[1]
    assert (usual.file, usual.path) == (LAST_GOOD, "usual.playlist")
    line = (home / LAST_GOOD).read_text().splitlines()[usual.line - 1]
    assert line.startswith("usual:")


async def test_a_home_that_never_had_a_good_one_offers_nothing(home: Path) -> None:
    write_over(home, *BROKEN)
    staff = await started(home)
    assert staff.content is None and staff.problems[0].line == 5
    assert not (home / LAST_GOOD).exists()


@pytest.mark.parametrize("spoilt", [b"", b"room: ["])
def test_a_copy_that_cannot_be_used_is_none(home: Path, spoilt: bytes) -> None:
    (home / LAST_GOOD).write_bytes(spoilt)
    write_over(home, *BROKEN)
    with pytest.raises(BadContent) as told:
        settings_of(home)
    assert told.value.problems[0].file == CONFIG


def test_a_pipe_in_its_place_is_waited_for_by_nobody(home: Path) -> None:
    os.mkfifo(home / LAST_GOOD)
    assert settings_of(home).problems == ()
    assert (home / LAST_GOOD).read_bytes() == (home / CONFIG).read_bytes()


def test_the_copy_is_its_owners_alone_and_written_once(home: Path) -> None:
    (home / CONFIG).chmod(0o644)
    settings_of(home)
    first = (home / LAST_GOOD).stat()
    settings_of(home)
    assert stat.S_IMODE(first.st_mode) == 0o600
    assert (home / LAST_GOOD).stat().st_ino == first.st_ino


def test_a_disk_that_takes_nothing_leaves_the_copy_before_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_of(home)
    before = (home / LAST_GOOD).read_bytes()
    write_over(home, "Room 2", "Room 3")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(last_good, "replace_file", full)
    assert settings_of(home).config.room == "Room 3"
    assert (home / LAST_GOOD).read_bytes() == before


async def test_the_check_tells_of_the_file_itself(home: Path) -> None:
    await started(home)
    write_over(home, *BROKEN)
    told, good = check(home, as_data=False)
    assert not good and f"{CONFIG}:5:" in told and LAST_GOOD not in told
