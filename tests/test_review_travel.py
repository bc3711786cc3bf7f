"""Reviews from one tablet to another: what counts there, and what is not believed."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from library_home import make_home
from stage_props import Added
from test_library_offer import PIN, accept_all, at_desk, offered

from companion import access
from companion.curating.carrying_reviews import reviews_to
from companion.moment import SimulatedClock
from companion.record import record
from companion.review import review
from companion.review.review import Reviews
from companion.review.travel import FILE, Unreadable, as_plain, read, taken_in
from companion.session import book
from companion.session.book import Kind, Version
from companion.session.events import By

VERSION = Version(Kind.SCRIPT, "shore", "ab" * 32)
MK, JS = By("MK", confirmed=True), By("JS", confirmed=True)


def after(*events: book.BookEvent) -> Reviews:
    clock = SimulatedClock()
    return review.replay(Added(clock.now(), event) for event in events)


def told(**changed: Any) -> dict[str, Any]:
    one = {"kind": "script", "stem": "shore", "hash": "ab" * 32, "who": "AR", "wall": 7.0}
    return {"reviews": [{**one, "reason": "", **changed}], "authors": []}


async def test_a_review_goes_with_its_files_to_another_tablet(tmp_path: Path) -> None:
    here, there, stick = make_home(tmp_path / "here"), tmp_path / "there", tmp_path / "stick"
    stick.mkdir()
    assert record.change_staff(here, "add", "MK", role="lead", pin=PIN) is None
    with at_desk(here) as desk:
        await desk.load()
        await accept_all(desk, MK)
    assert reviews_to(here, stick) == "2 reviews of it came along."
    for folder in ("playlists", "scripts_guided"):
        shutil.copytree(here / folder, there / folder, ignore=shutil.ignore_patterns(".*"))
    shutil.copy(here / "config.yaml", there)
    for who, role in (("JS", "lead"), ("NN", "nurse")):
        assert record.change_staff(there, "add", who, role=role, pin=PIN) is None
    with at_desk(there) as desk:
        await desk.load()
        assert offered(desk) == ([], [])
        nurse = By("NN", confirmed=True)
        assert await desk.review.take_in(stick, nurse) is access.Refusal.NOT_ALLOWED
        assert await desk.review.take_in(stick, JS) == 2
        assert offered(desk) == (["calm"], ["words"])
        assert await desk.review.take_in(stick, JS) == 0
    with at_desk(there) as desk:
        await desk.load()
        assert offered(desk) == (["calm"], ["words"])
        newest = desk.review.reviews.newest(Kind.PLAYLIST, "calm")
        assert newest is not None
        assert (newest.who, newest.elsewhere) == ("MK", True)


def test_an_author_is_the_author_on_every_tablet() -> None:
    here = after(book.ContentSaved(version=VERSION, by=MK))
    plain = as_plain(here, [VERSION])
    there = after(*taken_in(Reviews(), plain, JS))
    assert there.authors == {VERSION: {"MK"}}
    assert there.accepted == {}


def test_an_authors_own_review_counts_only_with_her_reason() -> None:
    authors = [{"kind": "script", "stem": "shore", "hash": "ab" * 32, "who": "AR"}]
    assert [type(one) for one in taken_in(Reviews(), told() | {"authors": authors}, JS)] == [
        book.ContentSaved
    ]
    with_reason = told(reason="nobody else is here") | {"authors": authors}
    known = after(*taken_in(Reviews(), with_reason, JS))
    assert known.accepted[VERSION].reason == "nobody else is here"
    own = after(book.ContentSaved(version=VERSION, by=By("AR")))
    assert taken_in(own, told(), JS) == ()


def test_a_stick_without_reviews_gives_none_and_a_spoilt_one_is_refused(tmp_path: Path) -> None:
    assert taken_in(Reviews(), read(tmp_path), JS) == ()
    file = tmp_path / FILE
    for spoilt in (b"{", b"\xff", b"[" * 100_000, b" " * (5 << 20)):
        file.write_bytes(spoilt)
        with pytest.raises(Unreadable, match=FILE):
            read(tmp_path)
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(Unreadable, match=FILE):
        read(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {"reviews": [], "authors": {}},
        {"reviews": ["x"], "authors": []},
        told(kind="song"),
        told(kind=["script"]),
        told(stem="../up"),
        told(stem=None),
        told(hash="AB" * 32),
        told(hash=7),
        told(who=""),
        told(who="too long"),
        told(wall="yesterday"),
        told(wall=float("nan")),
        told(wall=1e300),
        told(reason="x" * 201),
    ],
)
def test_what_no_tablet_gives_is_refused_whole(wrong: object) -> None:
    with pytest.raises(Unreadable):
        taken_in(Reviews(), wrong, JS)
    assert len(taken_in(Reviews(), told(), JS)) == 1
