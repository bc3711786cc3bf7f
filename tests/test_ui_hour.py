"""A whole hour of a playlist: what happens when is told, and any minute of it is heard."""

from pathlib import Path

import pytest
from cells import text
from staff_stage import WORDS, tap
from test_ui_library import OUTPUT, at, heard, library, open_calm, said
from ui_stage import Stage

from companion.session.plan import Phase

TALL, NARROW = (120, 40), (64, 20)


async def open_hour(stage: Stage, voice: str = "Arriving") -> None:
    """Calm in the first protocol."""
    config = stage.app.curating.config
    assert config is not None
    await open_calm(stage, WORDS.library.hear_hour)
    await tap(stage, next(iter(config.protocols.values())).title)
    await tap(stage, voice)
    await at(stage, "HourScreen")


async def test_it_says_what_happens_at_each_place(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_hour(stage)
        assert "0:00 of" in said(stage) and "settling" in said(stage)
        assert "“You may rest here for a while.”" in said(stage)
        await tap(stage, WORDS.next_phase)
        assert "onset" in said(stage)
        before = said(stage)
        await tap(stage, WORDS.library.one_on)
        assert said(stage) != before
        await tap(stage, WORDS.library.ten_back, WORDS.library.ten_back)
        assert "0:00 of" in said(stage)


async def test_any_minute_is_heard_and_goes_on(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_hour(stage, WORDS.library.without_voice)
        await tap(stage, WORDS.next_phase, WORDS.next_phase, WORDS.next_phase, WORDS.library.hear)
        wanted = heard(stage)
        assert wanted.arc.phase is Phase.PEAK
        assert wanted.output == OUTPUT and wanted.level <= -12.0
        peak = said(stage)
        stage.clock.advance(60.0)
        await stage.until(lambda: said(stage) != peak)
        await tap(stage, WORDS.next_phase)
        assert heard(stage).arc.phase is Phase.RETURN
        await tap(stage, WORDS.stop)
        assert heard(stage).music is None
        await tap(stage, WORDS.back)
        await at(stage, "PlaylistScreen")


async def test_what_is_heard_changes_when_the_session_would(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_hour(stage, WORDS.library.without_voice)
        await tap(
            stage, WORDS.next_phase, WORDS.next_phase, WORDS.library.one_back, WORDS.library.hear
        )
        assert heard(stage).arc.phase is Phase.ONSET
        stage.clock.advance(61.0)
        await stage.until(lambda: heard(stage).arc.phase is Phase.BUILD)


async def test_it_ends_by_itself_with_nobody_there(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_hour(stage)
        await tap(stage, WORDS.library.hear)
        stage.clock.advance(181.0)
        await stage.until(lambda: heard(stage).music is None)
        await at(stage, "ReadyScreen")


async def test_a_part_that_is_too_long_is_told(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        script = tmp_path / "scripts_guided/arriving.yaml"
        script.write_text(script.read_text().replace("pause: 6s", "pause: 110s") + LONG)
        await stage.desk.load()
        await open_hour(stage)
        await tap(stage, WORDS.library.one_finding)
        assert "takes" in said(stage) and "there is room for" in said(stage)
        await tap(stage, WORDS.back)
        await at(stage, "HourScreen")


LONG = "".join(f"    - {{say: The room is here {n}., pause: 110s}}\n" for n in range(12))


async def test_a_changed_playlist_is_saved_first(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "peak", "Low", WORDS.louder, WORDS.back, WORDS.back)
        assert WORDS.library.hear_hour not in stage.labels()
        await tap(stage, WORDS.save)
        await stage.until(lambda: WORDS.library.hear_hour in stage.labels())


@pytest.mark.parametrize("size", [(80, 24), NARROW, TALL])
async def test_it_fits(tmp_path: Path, size: tuple[int, int]) -> None:
    async with library(tmp_path, size) as stage:
        await open_hour(stage)
        assert {WORDS.library.hear, WORDS.library.ten_on, WORDS.back} <= set(stage.labels())
        for tile in stage.tiles():
            if tile.visible and tile.region.area:
                assert tile.region.width >= 12 and tile.region.height >= 5
                assert tile.region.bottom <= size[1]


async def test_the_strip_shows_where_one_is(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_hour(stage)

        def mark() -> int:
            (row,) = (line for line in text(stage.app).splitlines() if "▲" in line)
            return row.index("▲")

        def column(name: str) -> int:
            (row,) = (line for line in text(stage.app).splitlines() if "│build" in line)
            return row.index(name)

        assert mark() == column("│s")
        await tap(stage, WORDS.next_phase, WORDS.next_phase)
        assert mark() == column("│build")
