"""How the patient's screens look, asserted on the cells that a terminal would show."""

import textwrap
from pathlib import Path

import pytest
from cells import Cell, cells, contrast, every_cell, mean_luminance, text
from spanish_props import shipped, spanish_plan
from textual.geometry import Region
from ui_stage import LARGE, MK, SIZES, SMALL, Stage, on_stage, plan, visible

from companion.session import commands as c
from companion.session.events import By
from companion.session.plan import Plan
from companion.session.view import Place, Word
from companion.ui.widgets.big_letters import letters
from companion.ui.widgets.sentence import Sentence
from companion.words import patient_words
from companion.words.patient import PatientWords

WORDS = patient_words("en")
PLACES = [place for place in Place if place is not Place.READY]
_MARKS = frozenset("▀▄█●○◆·▏│─╭╮╰╯┃━┏┓┗┛▔▁▊▎█▌▐ ")
_BORDERS = frozenset("│─╭╮╰╯┃━┏┓┗┛")


@pytest.mark.parametrize("planned", [plan(), spanish_plan()], ids=lambda one: one.language)
@pytest.mark.parametrize("place", PLACES)
async def test_every_place_is_whole_readable_and_large_enough(
    tmp_path: Path, place: Place, planned: Plan
) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(place, planned)
        for size in SIZES:
            await stage.resize(size)
            _whole(stage, place, patient_words(planned.language))
            _said_whole(stage)
            _readable(stage, place)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_shipped_question_is_read_whole(tmp_path: Path, language: str) -> None:
    questions = tuple(shipped(language).questions.values())
    async with on_stage(tmp_path, SMALL) as stage:
        await stage.go_to(Place.QUESTION, plan(before=questions, language=language))
        for question in questions:
            _said_whole(stage)
            assert stage.shows(question.text)
            await stage.do(c.Rate(question.key, 5))


def _whole(stage: Stage, place: Place, words: PatientWords) -> None:
    """Every tile is large enough, inside the rim, above the bar, and none lies on another."""
    width, height = stage.app.size
    inside = Region(1, 1, width - 2, height - 6)
    regions = [tile.region for tile in stage.tiles()]
    assert regions, place
    for tile in stage.tiles():
        least = 6 if tile.label.isdigit() or tile.label == words.skip else 12
        assert tile.region.width >= least and tile.region.height >= 5, (place, tile.label)
        assert inside.contains_region(tile.region), (place, tile.label, tile.region)
        said = "\n".join(filter(None, [tile.label, tile.second]))
        assert _lines(said, tile.content_size.width) <= tile.content_size.height, (place, said)
    for index, region in enumerate(regions):
        assert not any(region.overlaps(other) for other in regions[index + 1 :]), place
    rows = cells(stage.app)
    assert len(rows) == height and all(len(row) == width for row in rows)
    bar = "".join(cell.character for row in rows[-5:] for cell in row)
    assert (words.call_shows if place is Place.CALLED else words.call) in bar


def _said_whole(stage: Stage) -> None:
    """Nothing of a sentence is cut off."""
    for sentence in stage.screen.query(Sentence):
        if visible(sentence):
            said, room = str(sentence.content), sentence.content_size
            assert _lines(said, room.width) <= room.height, (said, room)
            assert stage.screen.find_widget(sentence).visible_region == sentence.region, said


def _readable(stage: Stage, place: Place) -> None:
    """Text at 4.5:1, edges at 3:1, and only marks that every terminal font has."""
    for cell in every_cell(stage.app):
        known = cell.character in _MARKS or 32 <= ord(cell.character) < 0x250
        assert known, (place, cell)
        if cell.character in _BORDERS:
            assert cell.contrast >= 3.0, (place, cell)
        elif cell.character.isalnum():
            assert cell.contrast >= 4.5, (place, cell)


def _lines(said: str, width: int) -> int:
    """How many lines `said` takes; a word that is too long for one takes far too many."""
    words = [word for line in said.split("\n") for word in line.split()]
    if any(len(word) > width for word in words):
        return 1000
    return sum(len(textwrap.wrap(line, width)) or 1 for line in said.split("\n"))


@pytest.mark.parametrize("place", [Place.SESSION, Place.RECOVERY])
async def test_at_rest_it_is_dark_and_what_is_left_can_be_made_out(
    tmp_path: Path, place: Place
) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(place)
        await stage.pass_time(25)
        for size in SIZES:
            await stage.resize(size)
            assert stage.screen.resting
            assert mean_luminance(stage.app) < 0.02
            shown = [cell for cell in every_cell(stage.app) if cell.character != " "]
            assert shown and all(cell.contrast >= 3.0 for cell in shown)


async def test_at_rest_without_a_reminder_only_minutes_and_bar_have_ink(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION)
        await stage.do(c.LookIn(By("MK")))
        await stage.pass_time(25)
        inked = {cell.character for cell in every_cell(stage.app)} - {" "}
        assert inked <= set("█▀▄" + WORDS.minutes + WORDS.call) | _BORDERS
        assert mean_luminance(stage.app) < 0.01


async def test_a_chosen_answer_differs_by_more_than_colour(tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.QUESTION)
        before = _tile_cells(stage, "7")
        stage.keeping.hold()
        region = stage.tile("7").region
        stage.put_finger(region.x + 3, region.y + 2)
        await stage.until(lambda: stage.tile("7").chosen)
        await stage.pilot.pause()
        after = _tile_cells(stage, "7")
        assert {cell.character for cell in before} != {cell.character for cell in after}
        assert any(cell.bold for cell in after) and not any(cell.bold for cell in before)
        stage.keeping.go()
        await stage.settle()


def _tile_cells(stage: Stage, label: str) -> list[Cell]:
    region = stage.tile(label).region
    return [cell for cell in every_cell(stage.app) if region.contains(cell.x, cell.y)]


async def test_nothing_changes_by_itself_within_five_seconds(tmp_path: Path) -> None:
    for place in PLACES:
        async with on_stage(tmp_path) as stage:
            await stage.go_to(place)
            before = cells(stage.app)
            for _ in range(2):
                await stage.pass_time(2.0)
            assert cells(stage.app) == before, place


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_state_stands_in_letters_of_three_rows(tmp_path: Path, language: str) -> None:
    words = patient_words(language)
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.SESSION, plan(language=language))
        await stage.do(c.LookIn(By("MK")), c.StopPump(MK))
        for size in SIZES:
            await stage.resize(size)
            state = stage.screen.query_one("#state")
            for word in words.state.values():
                assert len(letters(word, 3, state.region.width)) == 3, (size, word)
            assert letters(words.state[Word.PUMP_STOPPED], 3, 80)[0] in text(stage.app)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_call_is_read_from_far_away_at_every_size(tmp_path: Path, language: str) -> None:
    word = patient_words(language).call_word
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.CALLED, plan(language=language))
        await stage.pass_time(12 * 60)
        for size in SIZES:
            await stage.resize(size)
            shown = text(stage.app)
            for large, rows in ((word, 5), ("12 min", 3), ("Room 2", 3)):
                lines = letters(large, rows, 34)
                assert len(lines) == rows
                assert all(line.rstrip() in shown for line in lines), (size, large)
            white = [cell for cell in every_cell(stage.app) if cell.character == "█"]
            assert min(contrast(cell.ink, cell.ground) for cell in white) >= 7


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_call_that_did_not_go_out_is_told_at_every_size(
    tmp_path: Path, language: str
) -> None:
    words = patient_words(language)
    reaches = words.also_reaches.join([words.this_screen, "a pager of the nurses", "the desk"])
    async with on_stage(tmp_path) as stage:
        await stage.go_to(Place.CALLED, plan(language=language, reaches=reaches))
        await stage.do(*(c.ReportCallNotSent(name, "no answer") for name in words.channels))
        for size in SIZES:
            await stage.resize(size)
            told = words.call_not_sent.format(channels=", ".join(words.channels.values()))
            assert stage.shows(told) and stage.shows(words.call_told), size


async def test_a_long_room_is_read_whole(tmp_path: Path) -> None:
    async with on_stage(tmp_path, LARGE) as stage:
        await stage.do(c.PrepareSession(MK, "Infusion suite, window", plan(), "4172038"))
        await stage.do(c.Call())
        assert stage.shows("Infusion suite, window")


def test_letters_keep_accents_apart_and_fall_back_to_words() -> None:
    assert letters("é", 3, 80) == letters("E", 3, 80)
    assert letters("室 2", 3, 80) == ["室 2"]
    assert letters("CALL", 5, 12) == ["CALL"]
    assert [len(line) for line in letters("CALL", 5, 20)] == [15] * 5
    assert [len(line) for line in letters("CALL", 5, 30)] == [30] * 5
