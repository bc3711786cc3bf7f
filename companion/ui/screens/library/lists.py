"""The library's first screen, and its lists: playlists, scripts, soundscapes."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from textual import on
from textual.containers import Container, Grid
from textual.widget import Widget

from companion.access import Unlocked
from companion.curating.carrying_child import Way
from companion.curating.curating import problems_in
from companion.curating.sticks import Stick
from companion.library.check import PLAYLISTS, SCRIPTS
from companion.library.playlists import PlaylistContent
from companion.library.soundscapes import called, known_soundscapes
from companion.problems import BadContent, Problem
from companion.session.plan import Script
from companion.session.view import View
from companion.ui.cut import cut
from companion.ui.fit import last_good_told
from companion.ui.library_told import playlist_told, problems_told, script_told, soundscape_told
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.library.carrying import CarryingScreen
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.screens.library.playlist import PlaylistScreen
from companion.ui.screens.library.problems import FileProblemsScreen
from companion.ui.screens.library.script import ScriptScreen
from companion.ui.screens.library.soundscape import SoundscapeScreen
from companion.ui.screens.library.stick import FromStick
from companion.ui.widgets.pages import Choice
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.words.staff import StaffWords

TITLE = 19
"""Columns for a title on the narrowest tile of a list."""

C = TypeVar("C", PlaylistContent, Script)


class LibraryScreen(LibraryPlace):
    """What lies here, counted; each tile opens one kind of it."""

    def __init__(self, unlocked: Unlocked, back: Callable[[], None], told: str = "") -> None:
        """`told` is what has just been done."""
        super().__init__(unlocked, back)
        self._told = told

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(words.to_library, classes="question")
        with Container(id="saying"):
            yield self.saying()
        with Grid(id="shelves"):
            yield Tile(words.library.playlists, id="playlists")
            yield Tile(words.library.scripts, id="scripts")
            yield Tile(words.library.soundscapes, id="soundscapes")
            yield Tile("", id="problems")
            yield Tile("", id="review")
            yield Tile(words.library.from_stick, id="stick")
            yield Tile(words.library.library_to_stick, Way.TO, classes="carry")
            yield Tile(words.library.library_from_stick, Way.FROM, classes="carry")
            yield self.back_tile()

    def show(self, view: View | None) -> None:
        super().show(view)
        desk, words = self.companion.desk, self.staff_words
        self.say(self._told or self._standing)
        counts = {
            "#playlists": len(_files(self, PLAYLISTS)),
            "#scripts": len(_files(self, SCRIPTS)),
            "#soundscapes": len(known_soundscapes()),
        }
        for selector, count in counts.items():
            self.query_one(selector, Tile).second = words.library.on_shelf.format(count=count)
        wrong, advice = len(desk.problems), len(self._advice)
        problems = self.query_one("#problems", Tile)
        problems.visible = bool(wrong or advice)
        label = words.problems if wrong else words.library.to_look_at
        problems.label = label.format(count=wrong or advice)
        waiting = desk.review.waiting
        review = self.query_one("#review", Tile)
        review.visible = bool(waiting)
        review.label = words.to_review.format(count=len(waiting))

    @property
    def _standing(self) -> str:
        """What is to be told of the clinic's settings; empty: they are in use."""
        content, words = self.companion.desk.content, self.staff_words
        told = words.no_content
        if content is not None:
            told = "" if content.broken is None else last_good_told(content.broken, words)
        return f"{told[:1].upper()}{told[1:]}"

    @property
    def _advice(self) -> tuple[Problem, ...]:
        library = self.companion.curating.library
        return () if library is None else library.advice

    def again(self, told: str = "") -> None:
        """This screen once more."""
        self.go_to(LibraryScreen(self.unlocked, self._back, told))

    def go_back(self) -> None:
        self.leave("left")

    @on(Tile.Tapped, "#playlists")
    def _playlists(self) -> None:
        show_playlists(self)

    @on(Tile.Tapped, "#scripts")
    def _scripts(self) -> None:
        show_scripts(self)

    @on(Tile.Tapped, "#soundscapes")
    def _soundscapes(self) -> None:
        show_soundscapes(self)

    @on(Tile.Tapped, "#problems")
    def _problems(self) -> None:
        words, wrong = self.staff_words, self.companion.desk.problems
        told = [str(problem) for problem in wrong]
        told += [words.library.worth_a_look.format(problem=problem) for problem in self._advice]
        self.go_to(FileProblemsScreen(self.unlocked, words.problems_title, told, self.again))

    @on(Tile.Tapped, "#review")
    def _review(self) -> None:
        from companion.ui.screens.review import ReviewScreen

        self.go_to(ReviewScreen(self.unlocked, self.again))

    # --- sticks ----------------------------------------------------------------------------------

    @on(Tile.Tapped, "#stick")
    async def _from_stick(self) -> None:
        await self._with_stick(self._add)

    @on(Tile.Tapped, ".carry")
    async def _carry(self, event: Tile.Tapped) -> None:
        way = event.tile.value
        assert isinstance(way, Way)

        async def carry(stick: Stick) -> None:
            self.go_to(CarryingScreen(self.unlocked, way, stick, self.again))

        await self._with_stick(carry)

    async def _with_stick(self, then: Callable[[Stick], Awaitable[str | None]]) -> None:
        """Do `then` with the one stick that is plugged in, or with one of several."""
        words = self.staff_words
        sticks = await self.companion.curating.sticks()
        if not sticks:
            self.say(words.no_stick)
        elif len(sticks) == 1:
            self.say(await then(sticks[0]) or "")
        else:
            choices = (Choice(cut(stick.name, TITLE), stick) for stick in sticks)
            self.go_to(
                ChoiceScreen(self.unlocked, words.ask_stick, choices, then, self.again, long=True)
            )

    async def _add(self, stick: Stick) -> str | None:
        found = await self.companion.curating.sound_files(stick)
        if not found.files:
            return self.staff_words.library.nothing_on_stick.format(stick=stick.name)
        FromStick(self, stick, found, self.again).ask_files()
        return None


def show_playlists(place: LibraryScreen) -> None:
    """Every playlist, also those that cannot be used."""
    words, library = place.staff_words, place.companion.curating.library
    known = {} if library is None else library.playlists

    async def chosen(file: str) -> str | None:
        def again() -> None:
            show_playlists(place)

        try:
            draft = await place.companion.curating.open(_stem(file))
        except BadContent as bad:
            _show_problems(place, file, bad.problems, again)
        else:
            place.go_to(PlaylistScreen(place.unlocked, draft, again))
        return None

    _ask(
        place, words.library.ask_playlist, _choices(place, PLAYLISTS, known, playlist_told), chosen
    )


def show_scripts(place: LibraryScreen) -> None:
    """Every script, also those that cannot be used."""
    words, library = place.staff_words, place.companion.curating.library
    known = {} if library is None else library.scripts

    async def chosen(file: str) -> str | None:
        def again() -> None:
            show_scripts(place)

        script = known.get(_stem(file))
        if script is None:
            _show_problems(place, file, problems_in(place.companion.desk.problems, file), again)
        else:
            place.go_to(ScriptScreen(place.unlocked, script, again))
        return None

    _ask(place, words.library.ask_script, _choices(place, SCRIPTS, known, script_told), chosen)


def show_soundscapes(place: LibraryScreen) -> None:
    """Every soundscape that a playlist may name."""
    words, library = place.staff_words, place.companion.curating.library
    choices = [
        Choice(cut(called(name), TITLE), name, soundscape_told(name, library, words))
        for name in known_soundscapes()
    ]

    async def chosen(name: str) -> str | None:
        place.go_to(SoundscapeScreen(place.unlocked, name, lambda: show_soundscapes(place)))
        return None

    _ask(place, words.library.ask_soundscape, choices, chosen)


def _choices(
    place: LibraryPlace,
    folder: str,
    known: Mapping[str, C],
    told: Callable[[C, int, StaffWords], str],
) -> list[Choice]:
    """A tile for every file of `folder`, with what is `told` of it, or of its problems where it
    cannot be used."""
    words, choices = place.staff_words, []
    for file in _files(place, folder):
        content = known.get(_stem(file))
        problems = len(problems_in(place.companion.desk.problems, file))
        if content is None:
            title, second = _stem(file), problems_told(problems, words)
        else:
            title, second = content.title, told(content, problems, words)
        choices.append(Choice(cut(title, TITLE), file, second))
    return choices


def _ask(
    place: LibraryScreen,
    question: str,
    choices: Iterable[Choice],
    chosen: Callable[[str], Awaitable[str | None]],
) -> None:
    place.go_to(ChoiceScreen(place.unlocked, question, choices, chosen, place.again, long=True))


def _show_problems(
    place: LibraryPlace, file: str, problems: Iterable[Problem], back: Callable[[], None]
) -> None:
    title = place.staff_words.library.problems_of.format(file=file)
    place.go_to(FileProblemsScreen(place.unlocked, title, list(map(str, problems)), back))


def _files(place: LibraryPlace, folder: str) -> list[str]:
    """Every YAML file of `folder` that was read or has problems, as problems name it."""
    library = place.companion.curating.library
    found = {problem.file for problem in place.companion.desk.problems}
    if library is not None:
        stems = library.playlists if folder == PLAYLISTS else library.scripts
        found |= {f"{folder}/{stem}.yaml" for stem in stems}
    return sorted(file for file in found if file.startswith(f"{folder}/"))


def _stem(file: str) -> str:
    return PurePosixPath(file).stem
