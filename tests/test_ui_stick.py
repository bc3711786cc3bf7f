"""From a stick into a playlist by touch alone, with the real child and real files."""

import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from accepted import accept_all
from cells import text
from curator_home import CALM, curator_home
from library_home import sine
from staff_stage import LEAD, WORDS, tap
from test_ui_staff_look import _whole
from ui_stage import SMALL, USUAL, Stage, on_stage

from companion.access import Refusal
from companion.curating.adding_child import AddingChild, Wish
from companion.curating.carrying_child import CarryingChild, Way
from companion.curating.sticks import Stick
from companion.session.book import ContentSaved, ReviewTakenIn, Role
from companion.session.events import By
from companion.session.plan import Phase
from companion.ui.screens.library.lists import LibraryScreen

PATIENCE = 30.0
"""Seconds for a child that starts on a busy machine."""


@asynccontextmanager
async def with_sticks(
    home: Path, *names: str, size: tuple[int, int] = USUAL
) -> AsyncIterator[Stage]:
    """The library's first screen, with these sticks plugged in; each has its files already."""
    plugged = tuple(Stick(home / "media" / name) for name in names)
    async with on_stage(curator_home(home), size) as stage:
        await stage.desk.load()
        stage.app.curating.find_sticks = lambda: plugged
        stage.app.open_staff(LibraryScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        yield stage


def stick(home: Path) -> Path:
    """A stick with a good file in a folder, another one, and one that is no sound."""
    path = home / "media/USB"
    sine(path / "calm/long tone.wav", 21.0)
    shutil.copy(sine(path / "another.wav", 22.0), path / "Zuletzt.wav")
    (path / "notes.ogg").write_bytes(b"not a sound at all" * 100)
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def waiting(stage: Stage) -> list[str]:
    """What nobody has read yet, by stem."""
    return [one.stem for one in stage.desk.review.waiting]


def said(stage: Stage) -> str:
    return " ".join(text(stage.app).split())


async def until(stage: Stage, said_so: Collection[str]) -> None:
    """Wait until every one of the sentences stands there."""
    await stage.until(lambda: all(one in said(stage) for one in said_so), PATIENCE)
    await stage.pilot.pause()


async def asked(stage: Stage, name: str, number: int, count: int) -> None:
    """Wait until it is asked whether this file is wanted."""
    await stage.until(lambda: WORDS.library.leave_out in stage.labels(), PATIENCE)
    assert WORDS.library.about_file.format(file=name, number=number, count=count) in said(stage)


async def answer(stage: Stage, *files: str) -> None:
    """Mark files, and answer every question."""
    await tap(stage, WORDS.library.from_stick)
    await stage.until(lambda: stage.screen_name() == "FilesScreen")
    await stage.settle()
    await tap(stage, *files, WORDS.go_on, "Calm", "peak", WORDS.library.licence_own)
    await stage.until(lambda: WORDS.library.ask_words_sung in said(stage))
    await touch(stage, WORDS.no)


async def touch(stage: Stage, label: str) -> None:
    """Touch a tile while a child runs, which `tap` would wait for."""
    stage.clock.advance(1.0)
    region = stage.tile(label).region
    stage.put_finger(region.x + region.width // 2, region.y + region.height // 2)
    await stage.pilot.pause()


def music(home: Path) -> list[str]:
    """What lies in the music folder besides what is shipped, drafts included."""
    names = {path.name for path in (home / "playlists/music").iterdir()}
    return sorted(names - {"first-embers.opus"})


async def test_files_are_marked_heard_judged_and_taken(tmp_path: Path) -> None:
    stick(tmp_path)
    async with with_sticks(tmp_path, "USB", size=SMALL) as stage:
        await answer(stage, "another.wav", "long tone.wav", "notes.ogg")
        await asked(stage, "another.wav", 1, 3)
        _whole(stage, "asked", rows_below=0)
        assert f"another.wav: {WORDS.library.marks['good']}" in said(stage)
        await touch(stage, WORDS.library.leave_out)
        await until(stage, [f"notes.ogg: {WORDS.library.marks['refused']}"])
        assert WORDS.library.take not in stage.labels()
        _whole(stage, "refused", rows_below=0)
        await touch(stage, WORDS.go_on)
        await asked(stage, "long tone.wav", 3, 3)
        await touch(stage, WORDS.library.take)
        await until(stage, [WORDS.library.files_added.format(added=1, count=3), "long tone.wav"])
        _whole(stage, "ended", rows_below=0)
        found = stage.app.curating.library
        assert found is not None
        peak = found.playlists["calm"].sections[Phase.PEAK]
        assert peak[-1].track.seconds == 21.0
        assert len(music(tmp_path)) == 2
        assert [kept.version.stem for kept in stage.keeping.of(ContentSaved)] == ["calm"]
        assert "# What Ana wanted" in (tmp_path / "playlists/calm.yaml").read_text()
        await tap(stage, WORDS.back)
        assert stage.screen_name() == "LibraryScreen"


async def test_a_stick_pulled_out_leaves_nothing_half_done(tmp_path: Path) -> None:
    path = stick(tmp_path)
    async with with_sticks(tmp_path, "USB") as stage:
        await answer(stage, "another.wav", "Zuletzt.wav")
        await asked(stage, "another.wav", 1, 2)
        shutil.rmtree(path)
        await touch(stage, WORDS.library.take_good)
        await until(stage, [WORDS.library.files_added.format(added=0, count=2)])
        assert music(tmp_path) == ["low.wav"]
        assert (tmp_path / "playlists/calm.yaml").read_text() == CALM


async def test_to_leave_it_ends_the_child_and_nothing_is_taken(tmp_path: Path) -> None:
    stick(tmp_path)
    async with with_sticks(tmp_path, "USB") as stage:
        await answer(stage, "another.wav")
        await asked(stage, "another.wav", 1, 1)
        await touch(stage, WORDS.cancel)
        await stage.until(lambda: stage.screen_name() == "LibraryScreen")
        await stage.until(lambda: len(stage.app._tasks) <= 1)
        await stage.settle()
        assert music(tmp_path) == ["low.wav"]
        assert (tmp_path / "playlists/calm.yaml").read_text() == CALM


async def test_a_stick_without_sound_or_no_stick_is_told(tmp_path: Path) -> None:
    (tmp_path / "media/EMPTY").mkdir(parents=True)
    async with with_sticks(tmp_path, "EMPTY") as stage:
        await tap(stage, WORDS.library.from_stick)
        assert WORDS.library.nothing_on_stick.format(stick="EMPTY") in said(stage)
        stage.app.curating.find_sticks = tuple
        await tap(stage, WORDS.library.from_stick)
        assert WORDS.no_stick in said(stage)


async def test_of_two_sticks_one_is_chosen_and_an_unknown_licence_is_asked_for(
    tmp_path: Path,
) -> None:
    stick(tmp_path)
    (tmp_path / "media/OTHER").mkdir()
    async with with_sticks(tmp_path, "OTHER", "USB") as stage:
        await tap(stage, WORDS.library.from_stick, "USB")
        assert WORDS.library.ask_files.format(stick="USB", count=0) in said(stage)
        assert WORDS.go_on not in stage.labels()
        await tap(stage, "another.wav", "Zuletzt.wav", "another.wav")
        assert [tile.label for tile in stage.tiles() if tile.chosen] == ["Zuletzt.wav"]
        await tap(stage, WORDS.go_on, "Calm", "peak", WORDS.library.licence_other)
        assert WORDS.library.ask_for_licence in said(stage)
        await tap(stage, WORDS.back)
        assert WORDS.library.ask_into_section in said(stage)


async def test_a_nurse_cannot_add(tmp_path: Path) -> None:
    async with with_sticks(tmp_path) as stage:
        await stage.desk.staffing.change_role("AR", Role.NURSE, LEAD.by)
        child = AddingChild(
            tmp_path,
            begun=lambda file: None,
            judged=lambda verdict: None,
            asked=lambda: None,
            taken=lambda taken: None,
        )
        wish = Wish((), "calm", "peak", "", None)
        refusal = await stage.app.curating.add(child, wish, By("AR", confirmed=True))
        assert refusal is Refusal.NOT_ALLOWED


# --- the library carried -------------------------------------------------------------------------


async def test_the_library_goes_to_a_stick_and_comes_from_it(tmp_path: Path) -> None:
    usb = tmp_path / "media/USB"
    usb.mkdir(parents=True)
    (tmp_path / "tablet").mkdir()
    async with with_sticks(tmp_path / "tablet") as stage:
        home = stage.desk.home
        stage.app.curating.find_sticks = lambda: (Stick(usb),)
        await tap(stage, WORDS.library.library_to_stick)
        await until(stage, [WORDS.library.carried, WORDS.back])
        _whole(stage, "carried", rows_below=0)
        carried = usb / "playlists/calm.yaml"
        assert carried.read_text() == CALM
        await tap(stage, WORDS.back)

        (home / "playlists/calm.yaml").unlink()
        await stage.desk.load()
        await tap(stage, WORDS.library.library_from_stick)
        await until(stage, [WORDS.library.carried, WORDS.back])
        assert (home / "playlists/calm.yaml").read_text() == CALM
        library = stage.app.curating.library
        assert library is not None
        assert "calm" in library.playlists


async def test_what_was_accepted_on_the_other_tablet_is_accepted_here(tmp_path: Path) -> None:
    usb = tmp_path / "media/USB"
    usb.mkdir(parents=True)
    first = accept_all(curator_home(folder(tmp_path / "first")), "ZZ")
    outcome = await CarryingChild(first).run(Way.TO, usb)
    assert outcome.good, outcome.lines
    async with on_stage(folder(tmp_path / "second"), accepted=False) as stage:
        home = curator_home(stage.desk.home)
        await stage.desk.load()
        assert "calm" in waiting(stage)
        stage.app.curating.find_sticks = lambda: (Stick(usb),)
        stage.app.open_staff(LibraryScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        await tap(stage, WORDS.library.library_from_stick)
        await until(stage, [WORDS.library.carried, WORDS.library.reviews_taken_in.split("{")[0]])
        assert "calm" not in waiting(stage)
        assert {kept.by for kept in stage.keeping.of(ReviewTakenIn)} == {LEAD.by}
        assert (home / "playlists/calm.yaml").read_text() == CALM


async def test_what_somebody_changed_here_stays_and_is_told(tmp_path: Path) -> None:
    usb = tmp_path / "media/USB"
    usb.mkdir(parents=True)
    (tmp_path / "tablet").mkdir()
    async with with_sticks(tmp_path / "tablet") as stage:
        stage.app.curating.find_sticks = lambda: (Stick(usb),)
        await tap(stage, WORDS.library.library_to_stick)
        await until(stage, [WORDS.library.carried, WORDS.back])
        await tap(stage, WORDS.back)
        changed = CALM.replace("mornings", "evenings")
        (stage.desk.home / "playlists/calm.yaml").write_text(changed)
        await tap(stage, WORDS.library.library_from_stick)
        await until(stage, [WORDS.library.not_all_carried, "playlists/calm.yaml", "so it stays"])
        assert "--again" not in said(stage)
        assert (stage.desk.home / "playlists/calm.yaml").read_text() == changed


async def test_an_empty_stick_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "media/USB").mkdir(parents=True)
    async with with_sticks(tmp_path, "USB", size=SMALL) as stage:
        await tap(stage, WORDS.library.library_from_stick)
        await until(stage, [WORDS.library.not_all_carried, "Nothing was copied."])
        _whole(stage, "nothing", rows_below=0)
