"""Who may accept which version, whatever people do and in whatever order."""

import asyncio
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library_home import write
from stage_props import Added, FakeKeeping, people

from companion import access
from companion.access import People
from companion.library.check import Library, load_library
from companion.moment import SimulatedClock
from companion.review import review
from companion.review.review import Refusal, Reviews, refuse
from companion.review.reviewing import Reviewing
from companion.session import book
from companion.session.book import Kind, Role, Version
from companion.session.events import By
from companion.tablet_book import TabletBook

VERSION = Version(Kind.SCRIPT, "shore", "ab" * 32)
OTHER = Version(Kind.SCRIPT, "shore", "cd" * 32)


def after(*events: book.BookEvent) -> Reviews:
    clock = SimulatedClock()
    return review.replay(Added(clock.now(), event) for event in events)


def here(*roles: tuple[str, Role]) -> People:
    clock = SimulatedClock()
    known = access.replay(people(clock, [name for name, _ in roles]))
    for name, role in roles:
        changed = Added(clock.now(), book.RoleChanged(initials=name, role=role))
        known = access.fold(known, changed)
    return known


def by(who: str) -> By:
    return By(who, confirmed=True)


def saved(who: str) -> book.ContentSaved:
    return book.ContentSaved(version=VERSION, by=by(who))


LEAD, LEADS = here(("MK", Role.LEAD)), here(("MK", Role.LEAD), ("JS", Role.CURATOR))
NURSES = here(("MK", Role.LEAD), ("JS", Role.NURSE))


def test_what_nobody_here_wrote_anybody_may_accept_who_may_change_the_library() -> None:
    assert refuse(Reviews(), LEADS, VERSION, "MK", "") is None
    assert refuse(Reviews(), LEADS, VERSION, "JS", "") is None


def test_its_author_never_accepts_it_while_somebody_else_can() -> None:
    written = after(saved("MK"))
    assert refuse(written, LEADS, VERSION, "MK", "because") is Refusal.AUTHOR
    assert refuse(written, LEADS, VERSION, "JS", "") is None
    assert refuse(written, LEADS, OTHER, "MK", "") is None


def test_a_lead_alone_accepts_her_own_with_a_reason() -> None:
    written = after(saved("MK"))
    for alone in (LEAD, NURSES):
        assert refuse(written, alone, VERSION, "MK", " ") is Refusal.REASON
        assert refuse(written, alone, VERSION, "MK", "nobody else is here") is None


def test_a_version_is_accepted_once_and_stays_so_when_it_is_saved_again() -> None:
    accepted = book.ContentReviewed(version=VERSION, by=by("MK"))
    known = after(accepted, saved("MK"))
    assert refuse(known, LEADS, VERSION, "JS", "") is Refusal.ACCEPTED
    assert known.accepted[VERSION].who == "MK"
    assert known.authors == {}


def test_the_newest_review_of_a_script_is_told_with_who_and_when() -> None:
    first = book.ContentReviewed(version=VERSION, by=by("MK"))
    then = book.ReviewTakenIn(version=OTHER, who="AR", wall=7.0, by=by("MK"))
    known = after(first, then)
    newest = known.newest(Kind.SCRIPT, "shore")
    assert newest is not None
    assert (newest.version, newest.who, newest.wall, newest.elsewhere) == (OTHER, "AR", 7.0, True)
    assert known.newest(Kind.PLAYLIST, "shore") is None


# --- whatever people do --------------------------------------------------------------------------

TEXT = "title: Shore\nlanguage: en\nauthor: x\nparts: {{settle: [{{say: Rest here. {words}}}]}}\n"
STAFF = here(("MK", Role.LEAD), ("JS", Role.CURATOR))
ALONE = here(("MK", Role.LEAD))


@dataclass
class Clinic:
    """The desk of a tablet, and beside it a ledger of our own of who wrote and accepted what."""

    home: Path
    people: People = STAFF
    reviewing: Reviewing = field(init=False)
    clock: SimulatedClock = field(default_factory=SimulatedClock)
    wrote: dict[str, set[str]] = field(default_factory=dict)
    good: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        (self.home / "playlists").mkdir()
        (self.home / "scripts_guided").mkdir()
        tablet_book = TabletBook(self.clock, FakeKeeping(), ())
        tablet_book.people = self.people
        self.reviewing = Reviewing(self.home, tablet_book, self)
        self.file = self.home / "scripts_guided" / "shore.yaml"

    async def load(self, clear: bool = True) -> None:
        self.offer(self.reviewing.offer(load_library(self.home, None), clear))

    def offer(self, library: Library) -> None:
        self.offered = {script.settle[0].say for script in library.scripts.values()}

    def now(self) -> Version | None:
        standing = self.reviewing.of(Kind.SCRIPT, "shore")
        return None if standing is None else standing.now

    async def edit(self, words: str, who: str | None) -> None:
        """Through the program if `who`, else by an editor."""
        write(self.file, TEXT.format(words=words))
        said = f"Rest here. {words}"
        if who is None:
            await self.load()
            return
        await self.reviewing.authored(Kind.SCRIPT, "shore", by(who))
        if said not in self.good:
            self.wrote.setdefault(said, set()).add(who)

    async def accept(self, who: str, reason: str) -> None:
        version = self.now()
        if version is None:
            return
        said = self.said()
        if await self.reviewing.accept(version, by(who), reason) is not None:
            assert said in self.good or who in self.wrote.get(said, ())
            return
        alone = len(self.people.staff) == 1
        assert who not in self.wrote.get(said, ()) or (alone and reason)
        self.good.add(said)

    def said(self) -> str:
        (script,) = load_library(self.home, None).scripts.values()
        return script.settle[0].say

    async def break_it(self) -> None:
        write(self.file, "title: [broken\n")
        await self.load()

    async def remove(self) -> None:
        self.file.unlink(missing_ok=True)
        await self.load()


WHO = st.sampled_from(["MK", "JS"])
WORDS = st.sampled_from(["Slowly.", "Softly.", "Calmly."])
EDIT = st.tuples(st.just("edit"), WORDS, st.sampled_from(["MK", "JS", None]))
ACCEPT = st.tuples(st.just("accept"), WHO, st.sampled_from(["", "nobody else is here"]))
ACTS = st.one_of(
    EDIT,
    EDIT,
    ACCEPT,
    ACCEPT,
    st.tuples(st.sampled_from(["break_it", "remove", "load"])),
    st.tuples(st.just("alone"), st.booleans()),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(ACTS, min_size=8, max_size=24))
def test_nothing_is_ever_offered_that_nobody_may_have_accepted(acts: list[tuple]) -> None:
    asyncio.run(lived(acts))


async def lived(acts: list[tuple]) -> None:
    with TemporaryDirectory() as folder:
        clinic = Clinic(Path(folder))
        await clinic.load()
        last: str | None = None
        for name, *values in acts:
            if name == "alone":
                clinic.people = ALONE if values[0] else STAFF
            elif name == "accept" and values[0] == "JS" and clinic.people is ALONE:
                continue
            else:
                await getattr(clinic, name)(*values)
            assert clinic.offered <= clinic.good
            last = next(iter(clinic.offered), last)
            # what was on offer stays so until something newer is accepted, or the file is removed
            assert not clinic.file.exists() or last is None or clinic.offered


@pytest.mark.parametrize("clear", [True, False])
async def test_a_copy_that_is_damaged_is_not_offered(tmp_path: Path, clear: bool) -> None:
    clinic = Clinic(tmp_path)
    await clinic.edit("Slowly.", None)
    await clinic.accept("MK", "")
    await clinic.break_it()
    assert clinic.offered == {"Rest here. Slowly."}
    (copy,) = (tmp_path / "scripts_guided" / ".reviewed").rglob("*.yaml")
    copy.chmod(0o600)
    copy.write_text(TEXT.format(words="Wildly."))
    await clinic.load(clear)
    assert clinic.offered == set()
    shutil.rmtree(copy.parent)
    await clinic.load(clear)
    assert clinic.offered == set()
