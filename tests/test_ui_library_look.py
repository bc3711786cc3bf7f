"""How the screens of the library look, walked through as a curator would."""

from pathlib import Path

import pytest
from cells import text
from curator_home import curator_home
from staff_stage import LEAD, WORDS, tap
from test_ui_staff_look import _readable, _whole
from ui_stage import SIZES, Stage, on_stage

from companion.last_good import settings_of
from companion.ui.screens.library.lists import LibraryScreen

_WALK: tuple[tuple[str, ...], ...] = (
    (WORDS.problems.format(count=1), WORDS.back),
    (WORDS.library.soundscapes,),
    ("Bowls",),
    (WORDS.library.hear,),
    (WORDS.library.brighter,) * 6,
    (WORDS.back, WORDS.back, WORDS.library.scripts),
    ("Arriving",),
    (WORDS.library.hear,),
    (WORDS.library.sentence_after,),
    (WORDS.back, WORDS.back, WORDS.library.playlists),
    ("broken",),
    (WORDS.back, "Calm"),
    ("peak",),
    ("Low",),
    (WORDS.later,),
    (WORDS.library.other_section,),
    (WORDS.back, WORDS.back, "Warm"),
    (WORDS.louder, WORDS.louder),
    (WORDS.back, WORDS.library.add_soundscape),
    (WORDS.back, WORDS.back),
    (WORDS.back,),
    (WORDS.save,),
)
"""What is touched before each look."""


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_screen_is_whole_and_readable(tmp_path: Path, size: tuple[int, int]) -> None:
    async with on_stage(curator_home(tmp_path), size) as stage:
        await stage.desk.load()
        stage.desk.output = "Headphones"
        stage.app.open_staff(LibraryScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        _look(stage, "library")
        for touched in _WALK:
            for label in touched:
                await stage.until(lambda label=label: label in stage.labels())
                await stage.settle()
                await tap(stage, label)
            _look(stage, touched[-1])
        await stage.until(lambda: WORDS.library.saved.format(title="Calm") in text(stage.app))
        await stage.settle()
        _look(stage, "saved")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_no_tile_moves_when_a_sentence_appears(tmp_path: Path, size: tuple[int, int]) -> None:
    settings_of(curator_home(tmp_path))
    config = tmp_path / "config.yaml"
    async with on_stage(tmp_path, size) as stage:
        await stage.desk.load()
        stage.app.open_staff(LibraryScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        assert not stage.app.screen.query_one("#said").display
        before = {tile.label: tile.region for tile in stage.tiles()}
        stage.app.curating.find_sticks = tuple
        await tap(stage, WORDS.library.from_stick)
        await stage.until(lambda: WORDS.no_stick[:20] in text(stage.app))
        await stage.settle()
        assert {tile.label: tile.region for tile in stage.tiles()} == before
        _look(stage, "no stick")
        config.write_text(config.read_text().replace("room: Room 2", "room: ["))
        await stage.desk.load()
        stage.app.open_staff(LibraryScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        broken = {tile.label: tile.region for tile in stage.tiles()}
        assert broken.pop(WORDS.problems.format(count=2)) == before.pop(
            WORDS.problems.format(count=1)
        )
        assert broken == before
        _look(stage, "broken settings")


def _look(stage: Stage, name: str) -> None:
    _whole(stage, name, rows_below=0)
    _readable(stage, name)
