"""From a stick into a playlist: one question after the other, then the files are heard."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.access import Unlocked
from companion.cleaning import clean
from companion.curating.adding_child import Wish
from companion.curating.sticks import OnStick, Stick
from companion.session.plan import Phase
from companion.session.view import View
from companion.ui.cut import cut
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.library.adding import AddingScreen
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.widgets.pages import Choice, Pages
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_TITLE = 19
"""Columns for a name on the narrowest tile of a list."""
LICENCES = ("CC0-1.0", "CC-BY-4.0")
"""What music that may be played here is often given under, besides the clinic's own and bought."""


class FromStick:
    """The questions. Each goes back to the one before, and the first to the library."""

    def __init__(
        self, place: LibraryPlace, stick: Stick, found: OnStick, done: Callable[[], None]
    ) -> None:
        """`done` shows the library again, with what there is to tell."""
        self._place = place
        self._stick = stick
        self._found = found
        self._done = done
        self._files: tuple[Path, ...] = ()
        self._playlist, self._section, self._licence = "", "", ""

    def ask_files(self) -> None:
        """Which files?"""
        place = self._place
        place.go_to(
            FilesScreen(place.unlocked, self._stick, self._found, self._with_files, self._done)
        )

    def _with_files(self, files: tuple[Path, ...]) -> None:
        self._files = files
        self._ask_playlist()

    def _ask_playlist(self) -> None:
        library = self._place.companion.curating.library
        playlists = {} if library is None else library.playlists
        choices = [Choice(cut(one.title, _TITLE), stem) for stem, one in playlists.items()]
        question = self._place.staff_words.library.ask_into
        self._ask(question, choices, self._with_playlist, self.ask_files, long=True)

    def _with_playlist(self, stem: str) -> None:
        self._playlist = stem
        self._ask_section()

    def _ask_section(self) -> None:
        words = self._place.staff_words
        choices = [Choice(words.phases[phase], phase) for phase in Phase]
        self._ask(words.library.ask_into_section, choices, self._with_section, self._ask_playlist)

    def _with_section(self, phase: Phase) -> None:
        self._section = phase.value
        self._ask_licence()

    def _ask_licence(self) -> None:
        words = self._place.staff_words
        choices = [Choice(licence, licence) for licence in LICENCES]
        choices += [
            Choice(words.library.licence_bought, "bought"),
            Choice(words.library.licence_own, "our own"),
            Choice(words.library.licence_named, ""),
            Choice(words.library.licence_other, None),
        ]
        self._ask(words.library.ask_licence, choices, self._with_licence, self._ask_section)

    def _with_licence(self, licence: str | None) -> str | None:
        if licence is None:
            return self._place.staff_words.library.ask_for_licence
        self._licence = licence
        self._ask_words()
        return None

    def _ask_words(self) -> None:
        words = self._place.staff_words
        choices = [
            Choice(words.yes, True),
            Choice(words.no, False),
            Choice(words.library.not_known, None),
        ]
        self._ask(words.library.ask_words_sung, choices, self._begin, self._ask_licence)

    def _begin(self, words_sung: bool | None) -> None:
        wish = Wish(self._files, self._playlist, self._section, self._licence, words_sung)
        self._place.go_to(AddingScreen(self._place.unlocked, wish, self._done))

    def _ask(
        self,
        question: str,
        choices: Iterable[Choice],
        then: Callable[[Any], str | None],
        back: Callable[[], None],
        *,
        long: bool = False,
    ) -> None:
        async def chosen(value: Any) -> str | None:
            return then(value)

        unlocked = self._place.unlocked
        self._place.go_to(ChoiceScreen(unlocked, question, choices, chosen, back, long=long))


class FilesScreen(LibraryPlace):
    """The sound files of a stick, to be marked one by one."""

    def __init__(
        self,
        unlocked: Unlocked,
        stick: Stick,
        found: OnStick,
        then: Callable[[tuple[Path, ...]], None],
        back: Callable[[], None],
    ) -> None:
        super().__init__(unlocked, back)
        self._stick = stick
        self._found = found
        self._then = then
        self._marked: set[Path] = set()

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(id="title", classes="question")
        yield self.saying()
        with Horizontal(classes="choices -long"):
            yield Pages(self._choices(), more=words.more, across=2, down=3)
            with Vertical(classes="side"):
                yield Tile(words.go_on, weight="strong", id="next")
                yield self.back_tile()

    def _choices(self) -> Iterator[Choice]:
        for path in self._found.files:
            folder = path.parent.relative_to(self._stick.path)
            inside = "" if folder == Path() else cut(clean(str(folder), 80), _TITLE)
            chosen = path in self._marked
            yield Choice(cut(clean(path.name, 80), _TITLE), path, inside, chosen)

    def show(self, view: View | None) -> None:
        super().show(view)
        words, count = self.staff_words, len(self._marked)
        if not self._found.all:
            self.say(words.library.not_all_files.format(count=len(self._found.files)))
        title = words.library.ask_files.format(stick=self._stick.name, count=count)
        self.query_one("#title", Sentence).say(title)
        self.query_one("#next").visible = bool(count)

    @on(Pages.Chosen)
    def _mark(self, event: Pages.Chosen) -> None:
        assert isinstance(event.value, Path)
        self._marked ^= {event.value}
        event.pages.renew(self._choices())
        self.show(self.view)

    @on(Tile.Tapped, "#next")
    def _next(self) -> None:
        self._then(tuple(path for path in self._found.files if path in self._marked))
