"""How the screens of staff look, asserted on the cells that a terminal would show."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from cells import every_cell, is_warm_or_cyan, text
from staff_home import clinic
from textual.geometry import Region
from ui_stage import MK, SIZES, Stage, on_stage, plan

from companion.access import Unlocked
from companion.session import commands as c
from companion.session.book import Role
from companion.session.events import By
from companion.session.view import Place
from companion.ui.place import PlaceScreen
from companion.ui.screens.calibrate import CalibrateScreen
from companion.ui.screens.card import CardScreen
from companion.ui.screens.choices import ask_ended, ask_music, ask_note
from companion.ui.screens.code import CodeScreen
from companion.ui.screens.elapsed import ElapsedScreen
from companion.ui.screens.more import MoreScreen
from companion.ui.screens.morning import MorningScreen
from companion.ui.screens.newcomer import InitialsScreen, PinScreen
from companion.ui.screens.nurse import NurseScreen
from companion.ui.screens.people import PeopleScreen, PersonScreen
from companion.ui.screens.problems import ProblemsScreen
from companion.ui.screens.ready import ReadyScreen
from companion.ui.screens.seal import SealScreen
from companion.ui.screens.set_up import FirstScreen, SetUpScreen
from companion.ui.screens.start import StartScreen
from companion.ui.screens.unlock import UnlockScreen
from companion.ui.screens.wipe import WipeScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.words import staff_words

WORDS = staff_words("en")
NAMES = ("MK", "JS", "AR", "TB", "LN", "PO", "QU")
LEAD = Unlocked(MK, Role.LEAD)
_BORDERS = frozenset("│─╭╮╰╯┃━┏┓┗┛")

Opening = Callable[[Stage], PlaceScreen]


async def _refuse(value: object) -> None:
    return None


BETWEEN: dict[str, Opening] = {
    "ready": lambda stage: ReadyScreen(),
    "unlock": lambda stage: UnlockScreen("MK"),
    "unlock, whose": lambda stage: UnlockScreen(purpose=WORDS.end_day),
    "card": lambda stage: CardScreen(LEAD),
    "code": lambda stage: CodeScreen(LEAD, lambda code: None, lambda: None),
    "set up": lambda stage: SetUpScreen(),
    "first": lambda stage: FirstScreen("MK"),
    "initials": lambda stage: InitialsScreen(Role.NURSE, lambda who: None, lambda: None),
    "pin": lambda stage: PinScreen("MK", _refuse, lambda: None),
    "people": lambda stage: PeopleScreen(LEAD),
    "people, told": lambda stage: PeopleScreen(LEAD, WORDS.pin_changed.format(initials="MK")),
    "calibrate": lambda stage: CalibrateScreen(LEAD, lambda: None),
    "morning check": lambda stage: MorningScreen(LEAD, lambda: None),
    "emergency PIN": lambda stage: SealScreen(LEAD, lambda: None),
    "person": lambda stage: PersonScreen(LEAD, stage.desk.staff[1]),
    "problems": lambda stage: ProblemsScreen(),
}
WITHIN: dict[str, Opening] = {
    "unlock": lambda stage: UnlockScreen(),
    "start": lambda stage: StartScreen(),
    "nurse": lambda stage: NurseScreen(LEAD),
    "more": lambda stage: MoreScreen(LEAD),
}


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_between_patients_every_screen_is_whole_and_readable(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with on_stage(clinic(tmp_path), size, NAMES) as stage:
        await stage.desk.load()
        stage.desk.output, stage.desk.volume = "Built-in Audio Analog Stereo", 70
        for name, opening in BETWEEN.items():
            await _open(stage, opening(stage))
            _whole(stage, name, rows_below=0)
            _readable(stage, name)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_in_a_session_every_screen_is_whole_and_readable(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with on_stage(clinic(tmp_path), size, NAMES) as stage:
        await stage.desk.load()
        await stage.go_to(Place.SESSION)
        for name, opening in WITHIN.items():
            await _open(stage, opening(stage))
            _whole(stage, name, rows_below=5)
            _readable(stage, name)
        for ask in (ask_note, ask_ended, ask_music):
            nurse = NurseScreen(LEAD)
            await _open(stage, nurse)
            ask(nurse)
            await stage.settle()
            _whole(stage, ask.__name__, rows_below=5)
        await stage.do(c.ReportReturn(60.0, exact=False))
        await _open(stage, ElapsedScreen(LEAD))
        _whole(stage, "elapsed", rows_below=5)
        _readable(stage, "elapsed")
        await _open(stage, WipeScreen(LEAD))
        _whole(stage, "wipe", rows_below=0)
        _readable(stage, "wipe")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_nurses_word_is_large_in_every_state(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with on_stage(clinic(tmp_path), size) as stage:
        await stage.go_to(Place.SESSION, plan(eyes_covered=True))
        await _open(stage, NurseScreen(LEAD))
        for command in (
            c.LookIn(By("JS")),
            c.ReportPower(29, False),
            c.ReportPower(4, False),
            c.ReportPower(4, True),
            c.ReportOutput("Built-in Audio Analog Stereo · Headphones"),
            c.ReportSystemVolume(100, True),
            c.ReportOutput("A television with a name as long as this one"),
            c.ReportSoundLost("the headphones are unplugged"),
            c.StopPump(MK),
            c.Call(),
        ):
            await stage.do(command)
            word = stage.view.word
            _whole(stage, word, rows_below=5)
            _readable(stage, word)
            head = text(stage.app).splitlines()[:6]
            assert sum("▀" in line or "█" in line or "▄" in line for line in head) >= 3, word


async def _open(stage: Stage, screen: PlaceScreen) -> None:
    stage.app.open_staff(screen)
    await stage.settle()


def _whole(stage: Stage, name: str, rows_below: int) -> None:
    """Every tile is large enough, within the rim, and shows all it says; so does every sentence."""
    width, height = stage.app.size
    inside = Region(1, 1, width - 2, height - 1 - rows_below)
    tiles = stage.tiles()
    for tile in tiles:
        assert tile.region.width >= _least(tile), (name, tile.label, tile.region)
        assert tile.region.height >= 5, (name, tile.label, tile.region)
        assert inside.contains_region(tile.region), (name, tile.label, tile.region)
        said = "\n".join(filter(None, [tile.label, tile.second]))
        assert _lines(said, tile.content_size.width) <= tile.content_size.height, (name, said)
    for index, tile in enumerate(tiles):
        assert not any(tile.region.overlaps(other.region) for other in tiles[index + 1 :]), name
    for sentence in stage.app.screen.query("#place Sentence").results(Sentence):
        said = str(sentence.content)
        if sentence.region and said:
            room = sentence.content_size
            assert inside.contains_region(sentence.region), (name, said)
            assert _lines(said, room.width) <= room.height, (name, said)


def _least(tile: Tile) -> int:
    """Digits and letters are smaller on a small screen, as those of a scale are."""
    parents = {type(one).__name__ for one in tile.ancestors}
    if "InitialsPad" in parents:
        return 6
    return 10 if "KeyPad" in parents else 12


def _lines(said: str, width: int) -> int:
    return sum(len(textwrap.wrap(line, width)) or 1 for line in said.split("\n"))


def _readable(stage: Stage, name: str) -> None:
    """Text at 7:1, edges at 3:1, and no hue that means something elsewhere in a clinic."""
    for cell in every_cell(stage.app):
        assert not is_warm_or_cyan(cell.ink), (name, cell)
        assert not is_warm_or_cyan(cell.ground), (name, cell)
        if cell.character in _BORDERS:
            assert cell.contrast >= 3.0, (name, cell)
        elif cell.character.isalnum():
            assert cell.contrast >= 7.0, (name, cell)
