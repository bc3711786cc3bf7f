"""What is offered of a real library, kept by the real journal: the version that was accepted."""

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from library_home import PLAYLIST, SCRIPT, make_home, sine, write

from companion import access
from companion.desk import Desk
from companion.library.check import load_library, script_shelf
from companion.library.clips import INDEX, INDEX_BYTES, Made, written_index
from companion.library.figures import ScriptFigures, script_figures
from companion.library.files import content_hash
from companion.library.loudness import loudness_of
from companion.library.scripts import load_script
from companion.library.shelf import Shelf as FolderShelf
from companion.moment import SystemClock
from companion.record import keeping, record
from companion.review import review
from companion.session.book import STREAM, Kind, Version
from companion.session.events import By
from companion.session.plan import NO_MUSIC, Plan
from companion.sound.shelf import AtOnce, Shelf
from companion.sound.source import Source
from companion.ui.card_choices import usual

PIN = "274951"
MK, JS, NN = (By(who, confirmed=True) for who in ("MK", "JS", "NN"))


@pytest.fixture(scope="module")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_home(tmp_path_factory.mktemp("first") / "h")
    sine(made / "scripts_guided" / "spoken" / "settle.wav", 1.0)
    said = "parts:\n  settle: [{say: You may rest here for a while., pause: 4s}]"
    recorded = said.replace("pause: 4s", "pause: 4s, sound: spoken/settle.wav")
    write(made / "scripts_guided" / "words.yaml", SCRIPT.replace(said, recorded))
    for who, role in (("MK", "lead"), ("JS", "curator"), ("NN", "nurse")):
        assert record.change_staff(made, "add", who, role=role, pin=PIN) is None
    load_library(made, None)
    return made


@pytest.fixture
def home(first_home: Path, tmp_path: Path) -> Path:
    """A clinic with recorded words, a lead, a curator and a nurse, and nothing accepted."""
    return Path(shutil.copytree(first_home, tmp_path / "h"))


@contextmanager
def at_desk(home: Path, session_open: bool = False) -> Iterator[Desk]:
    """The desk as the program makes it when it starts."""
    with keeping.journal(home) as writer:
        kept = keeping.Kept(writer)
        records = writer.read(STREAM)
        clock = SystemClock()
        yield Desk(home, clock, kept, kept, records=records, session_open=lambda: session_open)


async def accept_all(desk: Desk, by: By = MK) -> None:
    for standing in desk.review.waiting:
        assert standing.now is not None
        assert await desk.review.accept(standing.now, by) is None


async def begun(home: Path) -> Desk:
    """Started, read, and everything accepted; then ended."""
    with at_desk(home) as desk:
        await desk.load()
        await accept_all(desk)
    return desk


async def planned(home: Path, session_open: bool = False) -> Plan:
    """The plan of the clinic's usual session, on a tablet that was just started."""
    with at_desk(home, session_open) as desk:
        await desk.load()
        assert desk.content is not None
        return await desk.plan(desk.content.config.usual)


def offered(desk: Desk) -> tuple[list[str], list[str]]:
    assert desk.content is not None
    library = desk.content.library
    return list(library.playlists), list(library.scripts)


def loudness(home: Path, plan: Plan) -> tuple[float, float]:
    """The peaks of what the sound process plays of a plan: its file, and its first recording."""
    shelf = Shelf(home, AtOnce())
    track = next(track for one in plan.playlist.sections for track in one.tracks if track.file)
    assert plan.script is not None
    return peak(shelf.track(track, 1.0)), peak(shelf.clip(plan.script.settle[0], 0.3))


def peak(opening: Future[Source]) -> float:
    source = opening.result()
    try:
        return float(np.abs(source.read(4800)).max())
    finally:
        source.close()


def mood(playlist: str) -> str:
    return playlist.replace("Slow.", "Slower.")


# --- what is offered -----------------------------------------------------------------------------


async def test_until_somebody_has_read_it_nothing_is_offered(home: Path) -> None:
    with at_desk(home) as desk:
        await desk.load()
        assert offered(desk) == ([], [])
        assert [one.stem for one in desk.review.waiting] == ["calm", "words"]
        calm, words = (one.now for one in desk.review.waiting)
        assert calm is not None and words is not None
        assert await desk.review.accept(calm, NN) is access.Refusal.NOT_ALLOWED
        assert await desk.review.accept(calm, By("MK")) is access.Refusal.NOT_ALLOWED
        assert await desk.review.accept(calm, MK) is None
        assert offered(desk) == (["calm"], [])
        assert await desk.review.accept(words, JS) is None
        assert offered(desk) == (["calm"], ["words"])
        assert await desk.review.accept(words, JS) is review.Refusal.ACCEPTED
    with at_desk(home) as desk:
        await desk.load()
        assert offered(desk) == (["calm"], ["words"])
        assert desk.review.waiting == ()


async def test_an_edited_file_leaves_the_accepted_one_on_offer(home: Path) -> None:
    await begun(home)
    write(home / "playlists/calm.yaml", mood(PLAYLIST))
    with at_desk(home) as desk:
        await desk.load()
        assert desk.content is not None
        assert desk.content.library.playlists["calm"].about == "Slow."
        (waiting,) = desk.review.waiting
        assert waiting.now is not None
        assert await desk.review.accept(waiting.now, JS) is None
        assert desk.content.library.playlists["calm"].about == "Slower."


@pytest.mark.parametrize("broken", ["title: [Calm\n", "title: Calm\n", "\x00\x01", "absent sound"])
async def test_a_broken_file_never_stops_the_tablet(home: Path, broken: str) -> None:
    await begun(home)
    before = await planned(home)
    if broken == "absent sound":
        (home / "playlists/music/low.wav").unlink()
        (home / "scripts_guided/spoken/settle.wav").write_bytes(b"no sound")
    else:
        write(home / "playlists/calm.yaml", broken)
        write(home / "scripts_guided/words.yaml", broken)
    plan = await planned(home)
    assert (plan.playlist, plan.script) == (before.playlist, before.script)
    assert loudness(home, plan) == pytest.approx((0.0316, 0.1259), rel=0.05)
    with at_desk(home) as desk:
        await desk.load()
        assert desk.problems


async def test_what_was_deleted_is_offered_no_more(home: Path) -> None:
    await begun(home)
    (home / "scripts_guided/words.yaml").unlink()
    with at_desk(home) as desk:
        await desk.load()
        assert offered(desk) == (["calm"], [])


async def test_what_plays_is_what_was_accepted_whoever_writes_over_the_file(home: Path) -> None:
    await begun(home)
    plan = await planned(home)
    sine(home / "playlists/music/low.wav", 4.0, -3.0)
    sine(home / "scripts_guided/spoken/settle.wav", 1.0, -3.0)
    assert loudness(home, plan) == pytest.approx((0.0316, 0.1259), rel=0.05)


async def test_the_plan_names_every_version_and_every_sound(home: Path) -> None:
    desk = await begun(home)
    plan = await planned(home)
    accepted = desk.review.reviews.accepted
    assert Version(Kind.PLAYLIST, "calm", plan.playlist.hash) in accepted
    assert plan.script is not None
    assert Version(Kind.SCRIPT, "words", plan.script.hash) in accepted
    tracks = [track for section in plan.playlist.sections for track in section.tracks]
    assert all(len(track.hash) == 64 for track in tracks)
    assert len(plan.script.settle[0].hash) == len(plan.call_line.hash) == 64


async def test_without_anything_accepted_a_session_is_one_of_silence(home: Path) -> None:
    with at_desk(home) as desk:
        await desk.load()
        assert desk.content is not None
        plan = await desk.plan(usual(desk.content))
    assert (plan.playlist, plan.script) == (NO_MUSIC, None)


# --- authors -------------------------------------------------------------------------------------


async def test_whoever_saved_it_does_not_accept_it(home: Path) -> None:
    await begun(home)
    write(home / "playlists/calm.yaml", mood(PLAYLIST))
    with at_desk(home) as desk:
        await desk.review.authored(Kind.PLAYLIST, "calm", JS)
        (waiting,) = desk.review.waiting
        assert waiting.now is not None
        assert await desk.review.accept(waiting.now, JS, "because") is review.Refusal.AUTHOR
        for who in ("JS", "NN"):
            assert await desk.staffing.remove(who, MK) is None
    write(home / "playlists/calm.yaml", PLAYLIST.replace("Slow.", "Slowest."))
    with at_desk(home) as desk:
        await desk.review.authored(Kind.PLAYLIST, "calm", MK)
        (waiting,) = desk.review.waiting
        assert waiting.now is not None
        assert await desk.review.accept(waiting.now, MK) is review.Refusal.REASON
        assert await desk.review.accept(waiting.now, MK, "nobody else is here") is None
        assert desk.review.reviews.accepted[waiting.now].reason == "nobody else is here"


async def test_what_changed_after_it_was_read_is_not_accepted(home: Path) -> None:
    with at_desk(home) as desk:
        await desk.load()
        calm, _ = desk.review.waiting
        assert calm.now is not None
        sine(home / "playlists/music/low.wav", 4.0, -20.0)
        assert await desk.review.accept(calm.now, MK) is review.Refusal.CHANGED
        assert offered(desk) == ([], [])
        await desk.load()
        assert await desk.review.accept(calm.now, MK) is review.Refusal.CHANGED


# --- the copies ----------------------------------------------------------------------------------


def copies(home: Path, name: str) -> list[Path]:
    return sorted((home / "playlists" / ".reviewed").glob(f"calm/*/{name}"))


async def test_versions_share_their_sounds_and_nothing_of_a_persons_own(home: Path) -> None:
    await begun(home)
    write(home / "playlists/calm.yaml", mood(PLAYLIST))
    with at_desk(home, session_open=True) as desk:
        await desk.load()
        await accept_all(desk)
    own = (home / "playlists/music/low.wav").stat()
    shared = [path.stat() for path in copies(home, "music/low.wav")]
    assert len(shared) == 2
    assert len({one.st_ino for one in shared}) == 1
    assert own.st_ino not in {one.st_ino for one in shared}


def spoken_by_a_voice(home: Path) -> Path:
    """Write beside the script that a voice command made its recording; where that is written."""
    words = home / "scripts_guided"
    digest = content_hash(words / "spoken/settle.wav")
    loudness = loudness_of(words / "spoken/settle.wav", digest, home / "cache")
    made = {digest: Made("You may rest here for a while.", "a voice", loudness)}
    index = words / "words" / INDEX
    index.parent.mkdir()
    index.write_bytes(written_index(made))
    return index


def figures_of_copy(home: Path) -> ScriptFigures:
    shelf = script_shelf(home)
    (copy,) = (shelf.folder / ".reviewed/words").iterdir()
    return script_figures(load_script("words", FolderShelf(copy, shelf.cache))[0])


async def test_a_copy_tells_which_recordings_a_voice_made(home: Path) -> None:
    spoken_by_a_voice(home)
    await begun(home)
    here = script_figures(load_script("words", script_shelf(home))[0])
    assert (here.synthetic, here.personal) == (1, 0)
    assert figures_of_copy(home) == here


async def test_a_copy_made_without_what_tells_it_gets_it(home: Path) -> None:
    await begun(home)
    assert figures_of_copy(home).synthetic == 0
    spoken_by_a_voice(home)
    await planned(home)
    assert figures_of_copy(home).synthetic == 1


@pytest.mark.parametrize("index", [b"{", b"{}", b" " * (INDEX_BYTES + 1)])
async def test_what_tells_nothing_keeps_no_script_from_being_accepted(
    home: Path, index: bytes
) -> None:
    spoken_by_a_voice(home).write_bytes(index)
    await begun(home)
    assert (figures_of_copy(home).synthetic, figures_of_copy(home).personal) == (0, 1)
    with at_desk(home) as desk:
        await desk.load()
        assert offered(desk)[1] == ["words"]


async def test_old_copies_go_once_no_session_is_open(home: Path) -> None:
    await begun(home)
    first = await planned(home)
    write(home / "playlists/calm.yaml", mood(PLAYLIST))
    with at_desk(home, session_open=True) as desk:
        await desk.load()
        await accept_all(desk)
    assert len(copies(home, "calm.yaml")) == 2
    assert loudness(home, first)
    await planned(home)
    (left,) = copies(home, "calm.yaml")
    assert "Slower." in left.read_text()


async def test_a_disk_that_takes_no_copy_accepts_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    with at_desk(home) as desk:
        await desk.load()
        calm, _ = desk.review.waiting
        assert calm.now is not None
        assert await desk.review.accept(calm.now, MK) is review.Refusal.NOT_KEPT
        assert desk.review.reviews.accepted == {}
        assert offered(desk) == ([], [])


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
import test_library_offer as here
from companion.library import kept

where = sys.argv[2]
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
if where == "committing":
    from companion.tablet_book import TabletBook
    TabletBook.write = die
elif where == "renaming":
    kept.Path.rename = die
else:
    setattr(kept, where, die)
asyncio.run(here.begun(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("where", ["_sync", "renaming", "committing"])
async def test_killed_anywhere_before_it_is_written_down_it_can_be_accepted_again(
    home: Path, where: str
) -> None:
    here = str(Path(__file__).parent)
    done = subprocess.run([sys.executable, "-c", KILLED, str(home), where, here], check=False)
    assert done.returncode == -signal.SIGKILL
    with at_desk(home) as desk:
        await desk.load()
        assert offered(desk) == ([], [])
        assert not list((home / "playlists" / ".reviewed").glob("*/*"))
        await accept_all(desk)
    assert loudness(home, await planned(home)) == pytest.approx((0.0316, 0.1259), rel=0.05)


async def test_what_was_accepted_and_has_no_copy_gets_one(home: Path) -> None:
    await begun(home)
    shutil.rmtree(home / "playlists" / ".reviewed")
    await planned(home)
    write(home / "playlists/calm.yaml", "title: [broken\n")
    assert (await planned(home)).playlist.title == "Calm"


def test_a_demonstration_offers_all_that_it_has(tmp_path: Path) -> None:
    home = make_home(tmp_path / "h")
    record.waive_review(home)
    with at_desk(home) as desk:
        asyncio.run(desk.load())
        assert offered(desk) == (["calm"], ["words"])
        assert desk.review.waiting == ()
        assert desk.review.reviews.accepted == {}
