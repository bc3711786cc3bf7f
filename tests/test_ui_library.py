"""The library by touch alone: what is listed, what is heard, what is changed, and what is kept."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cells import text
from curator_home import CALM, curator_home
from staff_stage import HEEDED, LEAD, WORDS, enter, tap
from ui_stage import USUAL, Stage, on_stage, plan

from companion.curating import audition
from companion.last_good import settings_of
from companion.session import commands as c
from companion.session.book import ContentSaved, Locked, Role
from companion.session.plan import Phase, Track
from companion.session.wanted import Wanted
from companion.ui.screens.library.lists import LibraryScreen

OUTPUT = "Headphones"


@asynccontextmanager
async def library(home: Path, size: tuple[int, int] = USUAL) -> AsyncIterator[Stage]:
    """The library's first screen, opened by a lead."""
    async with on_stage(curator_home(home), size) as stage:
        await stage.desk.load()
        stage.desk.output = OUTPUT
        stage.app.open_staff(LibraryScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        yield stage


async def at(stage: Stage, screen: str) -> None:
    await stage.until(lambda: stage.screen_name() == screen)
    await stage.settle()


async def open_calm(stage: Stage, *further: str) -> None:
    """The playlist Calm, and what is opened in it."""
    await tap(stage, WORDS.library.playlists, "Calm")
    await at(stage, "PlaylistScreen")
    await tap(stage, *further)


def said(stage: Stage) -> str:
    return " ".join(text(stage.app).split())


def heard(stage: Stage) -> Wanted:
    return stage.sound.wanted[-1]


def track(stage: Stage) -> Track | None:
    """The track that is wanted now."""
    music = heard(stage).music
    return None if music is None else music.section.tracks[0]


def calm(home: Path) -> str:
    return (home / "playlists/calm.yaml").read_text()


# --- the way there, and what is listed -----------------------------------------------------------


async def test_curators_and_leads_reach_it_and_nurses_do_not(tmp_path: Path) -> None:
    async with on_stage(curator_home(tmp_path)) as stage:
        await stage.desk.load()
        await stage.desk.staffing.change_role("AR", Role.CURATOR, LEAD.by)
        stage.clock.advance(HEEDED)
        await tap(stage, WORDS.to_library, "JS")
        await enter(stage)
        assert WORDS.not_for_role.format(initials="JS") in said(stage)
        await tap(stage, "AR")
        await enter(stage)
        await at(stage, "LibraryScreen")
        await tap(stage, WORDS.back)
        assert stage.screen_name() == "ReadyScreen"
        assert stage.keeping.of(Locked)[-1].initials == "AR"


async def test_each_thing_has_a_plain_line(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await tap(stage, WORDS.library.playlists)
        lines = {tile.label: tile.second for tile in stage.tiles()}
        assert lines["Calm"] == "4 tracks · 1 min of files"
        assert lines["Ember"] == "1 track · no files"
        assert lines["broken"] == "1 problem"
        await tap(stage, WORDS.back, WORDS.library.scripts)
        lines = {tile.label: tile.second for tile in stage.tiles()}
        assert lines["Arriving"].endswith("words a minute")
        await tap(stage, WORDS.back, WORDS.library.soundscapes)
        lines = {tile.label: tile.second for tile in stage.tiles()}
        assert lines["Warm pads"] == "in 1 playlist"


async def test_problems_are_told_with_file_and_line(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await tap(stage, WORDS.problems.format(count=1))
        assert "playlists/broken.yaml:4:3" in said(stage)
        await tap(stage, WORDS.back, WORDS.library.playlists, "broken")
        await at(stage, "FileProblemsScreen")
        assert WORDS.library.problems_of.format(file="playlists/broken.yaml") in said(stage)
        assert "did you mean 'peak'?" in said(stage)
        await tap(stage, WORDS.back)
        assert "Calm" in stage.labels()


async def test_a_broken_configuration_is_told_and_the_last_good_one_is_in_use(
    tmp_path: Path,
) -> None:
    settings_of(curator_home(tmp_path))
    config = tmp_path / "config.yaml"
    broken = config.read_text().replace("room: Room 2", "room: [")
    async with on_stage(tmp_path) as stage:
        config.write_text(broken)
        await stage.desk.load()
        stage.app.tick()
        await stage.settle()
        told = WORDS.last_good_settings_at.format(file="config.yaml", line=5)
        assert told[1:] in said(stage)
        await tap(stage, WORDS.problems.format(count=2))
        assert "config.yaml:5:" in said(stage) and "playlists/broken.yaml:4:3" in said(stage)
        await tap(stage, WORDS.back)
        stage.app.open_staff(LibraryScreen(LEAD, stage.app.leave_staff))
        await stage.settle()
        assert f"L{told[1:]}" in said(stage)
        await tap(stage, WORDS.problems.format(count=2))
        assert "config.yaml:5:" in said(stage)


# --- hearing -------------------------------------------------------------------------------------


async def test_a_file_is_heard_at_the_level_at_which_sessions_start(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "peak", "Low")
        assert not any(wanted.music for wanted in stage.sound.wanted)
        await tap(stage, WORDS.library.hear)
        await stage.until(lambda: track(stage) is not None)
        sounding = track(stage)
        assert sounding is not None
        assert (sounding.file, sounding.gain) == ("music/low.wav", 6.0)
        assert (heard(stage).level, heard(stage).output) == (-18.0, OUTPUT)
        assert heard(stage).arc.phase is Phase.PEAK
        await stage.settle()
        await tap(stage, WORDS.stop)
        assert track(stage) is None
        assert heard(stage).fade > 0
        assert WORDS.library.hear in stage.labels()


async def test_a_calibrated_output_may_start_lower(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await stage.desk.calibrate(OUTPUT, -30.0, 80.0, LEAD.by)
        await open_calm(stage, "settling", "Shore", WORDS.library.hear)
        await stage.until(lambda: track(stage) is not None)
        assert heard(stage).level == -35.0


async def test_what_is_turned_is_heard_at_once_from_where_it_is(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "peak", "Ringing", WORDS.library.hear)
        await stage.until(lambda: track(stage) is not None)
        began = heard(stage).music.began if heard(stage).music else None
        await stage.pass_time(20)
        await tap(stage, WORDS.library.sparser)
        await stage.until(lambda: (one := track(stage)) is not None and one.density == 0.4)
        assert heard(stage).music is not None
        assert heard(stage).music.began == began
        await tap(stage, WORDS.quieter)
        await stage.until(lambda: (one := track(stage)) is not None and one.gain == -1.0)


async def test_a_recorded_sentence_is_heard_and_one_without_is_only_read(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await tap(stage, WORDS.library.scripts, "Arriving")
        assert "You may rest here for a while." in said(stage)
        await tap(stage, WORDS.library.hear)
        voice = heard(stage).voice
        assert voice is not None
        assert voice.cue.clip == "spoken/rest.wav"
        await stage.pass_time(voice.begins - stage.conductor.seconds() + voice.cue.seconds + 1)
        assert heard(stage).voice is None
        assert WORDS.library.hear in stage.labels()
        await tap(stage, WORDS.library.sentence_after)
        assert "There is nothing to do." in said(stage)
        assert WORDS.library.hear not in stage.labels()
        await tap(stage, WORDS.library.other_part)
        assert "The room comes back slowly." in said(stage)


@pytest.mark.parametrize("way", ["back", "locked", "fault"])
async def test_what_is_heard_goes_with_the_screen(tmp_path: Path, way: str) -> None:
    async with library(tmp_path) as stage:
        await tap(stage, WORDS.library.soundscapes, "Bowls", WORDS.library.hear)
        await stage.until(lambda: track(stage) is not None)
        await stage.settle()
        if way == "back":
            await tap(stage, WORDS.back)
        elif way == "locked":
            await stage.pass_time(audition.LASTS)
            assert stage.keeping.of(Locked)[-1].why == "untouched"
        else:
            stage.app._show_fault()
            await stage.until(lambda: stage.screen_name() == "FaultScreen")
        await stage.settle()
        assert track(stage) is None


async def test_nothing_is_heard_where_there_is_no_output_or_a_muted_one(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        stage.desk.sound_lost = "unplugged"
        await tap(stage, WORDS.library.soundscapes, "Bowls", WORDS.library.hear)
        assert WORDS.library.not_heard in said(stage)
        stage.desk.sound_lost, stage.desk.muted = None, True
        await tap(stage, WORDS.library.hear)
        assert WORDS.library.muted_not_heard in said(stage)
        assert not any(wanted.music for wanted in stage.sound.wanted)


async def test_another_output_is_not_played_on_unasked(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await tap(stage, WORDS.library.soundscapes, "Bowls", WORDS.library.hear)
        await stage.until(lambda: track(stage) is not None)
        stage.desk.output = "Speaker"
        await stage.pass_time(1)
        assert track(stage) is None
        assert WORDS.library.heard_elsewhere in said(stage)
        await tap(stage, WORDS.library.hear)
        await stage.until(lambda: track(stage) is not None)
        assert heard(stage).output == "Speaker"


async def test_an_open_session_is_left_alone(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await tap(stage, WORDS.library.soundscapes, "Bowls", WORDS.library.hear)
        await stage.until(lambda: track(stage) is not None)
        assert (
            await stage.conductor.handle(c.PrepareSession(LEAD.by, "Room 2", plan(), "4172038"))
            is None
        )
        await at(stage, "HearingScreen")
        asked = track(stage)
        assert asked is not None
        assert asked.soundscape == "shore"


async def test_a_track_that_cannot_be_played_says_why(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        (tmp_path / "playlists/music/low.wav").unlink()
        await open_calm(stage, "peak", "Low", WORDS.library.hear)
        await stage.until(lambda: "Low: there is no such file." in said(stage))
        assert track(stage) is None


# --- changing ------------------------------------------------------------------------------------


async def test_only_save_writes_and_what_was_written_beside_it_stays(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "peak", "Low", WORDS.quieter, WORDS.later)
        assert "peak, 2 of 3" in said(stage)
        assert calm(tmp_path) == CALM
        await tap(stage, WORDS.back, WORDS.back)
        assert WORDS.library.not_saved.format(title="Calm") in said(stage)
        await tap(stage, WORDS.save)
        await stage.until(lambda: WORDS.library.saved.format(title="Calm") in said(stage))
        saved = calm(tmp_path)
        assert "# What Ana wanted for the mornings." in saved
        assert "# the quiet one" in saved
        assert saved.index("Ringing") < saved.index("# The tone comes first") < saved.index("Low")
        assert "level: -1" in saved
        found = stage.app.curating.library
        assert found is not None
        peak = found.playlists["calm"].sections[Phase.PEAK]
        assert [entry.track.title for entry in peak] == ["Ringing", "Low", "Warm"]


async def test_whoever_saved_is_the_author_and_another_must_read_it(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        assert not stage.desk.review.waiting
        await open_calm(stage, "peak", "Low", WORDS.quieter, WORDS.back, WORDS.back, WORDS.save)
        await stage.until(lambda: WORDS.library.saved.format(title="Calm") in said(stage))
        (kept,) = stage.keeping.of(ContentSaved)
        assert (kept.version.stem, kept.by) == ("calm", LEAD.by)
        (waits,) = stage.desk.review.waiting
        assert waits.now == kept.version
        content = stage.desk.content
        assert content is not None
        offered = content.library.playlists["calm"].sections[Phase.PEAK][0].track
        assert offered.gain == 6.0
        await tap(stage, WORDS.back, WORDS.back)
        assert WORDS.to_review.format(count=1) in stage.labels()


async def test_leaving_without_saving_asks_once_and_changes_nothing(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "peak", "Warm", WORDS.remove)
        assert "Warm" not in stage.labels()
        await tap(stage, WORDS.back, WORDS.back)
        assert stage.screen_name() == "PlaylistScreen"
        await tap(stage, WORDS.library.leave_unsaved)
        assert stage.screen_name() == "ChoiceScreen"
        assert calm(tmp_path) == CALM
        await tap(stage, "Calm")
        await at(stage, "PlaylistScreen")
        await tap(stage, "peak")
        assert "Warm" in stage.labels()


async def test_a_soundscape_is_added_and_another_section_given(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "build", WORDS.library.add_soundscape, "Bowls")
        assert "Bowls · build, 1 of 1" in said(stage)
        await tap(stage, WORDS.library.darker, WORDS.library.other_section, "peak")
        assert "Bowls · peak, 4 of 4" in said(stage)
        await tap(stage, WORDS.back, WORDS.back, WORDS.save)
        await stage.until(lambda: WORDS.library.saved.format(title="Calm") in said(stage))
        found = stage.app.curating.library
        assert found is not None
        sections = found.playlists["calm"].sections
        assert Phase.BUILD not in sections
        added = sections[Phase.PEAK][-1].track
        assert (added.soundscape, added.brightness) == ("bowls", 0.4)
        assert added.seed > 0


async def test_a_knob_goes_no_further_than_the_loader_takes(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "peak", "Warm", WORDS.louder)
        assert "warm-pads · +6 dB" in said(stage)
        await tap(stage, WORDS.louder)
        assert WORDS.library.as_it_goes in said(stage)
        await tap(stage, WORDS.back, "Ringing", WORDS.library.brighter, WORDS.library.brighter)
        assert WORDS.library.as_it_goes in said(stage)
        await tap(stage, WORDS.library.another_seed)
        assert not re.search(r"seed 3\b", said(stage))


async def test_the_last_track_stays(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await tap(stage, WORDS.library.playlists, "Ember")
        await at(stage, "PlaylistScreen")
        await tap(stage, "settling")
        await tap(stage, stage.labels()[0])
        assert WORDS.remove not in stage.labels()


async def test_a_file_that_somebody_else_changed_is_not_written_over(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "peak", "Low", WORDS.louder, WORDS.back, WORDS.back)
        theirs = CALM.replace("mornings", "evenings")
        (tmp_path / "playlists/calm.yaml").write_text(theirs)
        await tap(stage, WORDS.save)
        await stage.until(lambda: "was changed by somebody else" in said(stage))
        assert calm(tmp_path) == theirs


async def test_somebody_who_may_no_longer_change_it_cannot_save(tmp_path: Path) -> None:
    async with library(tmp_path) as stage:
        await open_calm(stage, "peak", "Low", WORDS.louder, WORDS.back, WORDS.back)
        await stage.desk.staffing.change_role("AR", Role.LEAD, LEAD.by)
        await stage.desk.staffing.change_role("MK", Role.NURSE, LEAD.by)
        await tap(stage, WORDS.save)
        await stage.until(lambda: WORDS.library.not_curator in said(stage))
        assert calm(tmp_path) == CALM
