"""A playlist that is being changed: its sections, their tracks, and what is written at the end."""

from collections.abc import Callable, Iterator
from secrets import randbelow

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.access import Unlocked
from companion.library.draft import Draft, Place
from companion.library.soundscapes import called, known_soundscapes
from companion.problems import BadContent
from companion.session.plan import Phase
from companion.session.view import View
from companion.ui.cut import cut
from companion.ui.library_told import count_told, lengths_in, track_told
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.library.hour_choice import Asking, can_be_rehearsed
from companion.ui.screens.library.knobs import LAST_SEED
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.screens.library.track import TrackScreen
from companion.ui.widgets.pages import Choice, Pages
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_TITLE = 19
"""Columns for a title on the narrowest tile of a list."""


class PlaylistScreen(LibraryPlace):
    """Its sections. Only *Save* writes; leaving what is not saved is asked about once."""

    def __init__(
        self, unlocked: Unlocked, draft: Draft, back: Callable[[], None], told: str = ""
    ) -> None:
        """`told` is what has just been done."""
        super().__init__(unlocked, back)
        self._draft = draft
        self._told = told
        self._sure = False

    def furnish(self) -> Iterator[Widget]:
        words, draft = self.staff_words, self._draft
        sections = (
            Choice(
                words.phases[phase], phase, count_told(len(draft.sections.get(phase, ())), words)
            )
            for phase in Phase
        )
        yield Sentence(id="title", classes="question")
        yield self.saying()
        with Horizontal(classes="choices"):
            yield Pages(sections, more=words.more)
            with Vertical(classes="side"):
                yield Tile(words.save, weight="strong", id="save")
                yield Tile(words.library.hear_hour, id="hour")
                yield self.back_tile()

    def show(self, view: View | None) -> None:
        super().show(view)
        words, draft = self.staff_words, self._draft
        title = words.library.not_saved.format(title=draft.title) if draft.changed else draft.title
        self.query_one("#title", Sentence).say(title)
        self.reveal("#save", draft.changed)
        self.reveal("#hour", not draft.changed and can_be_rehearsed(self, draft.stem))
        self.say(self._told)

    def again(self, told: str = "") -> None:
        """This screen once more."""
        self.go_to(PlaylistScreen(self.unlocked, self._draft, self._back, told))

    @on(Pages.Chosen)
    def _section(self, event: Pages.Chosen) -> None:
        assert isinstance(event.value, Phase)
        self.go_to(SectionScreen(self.unlocked, self._draft, event.value, self.again))

    @on(Tile.Tapped, "#save")
    async def _save(self) -> None:
        words, draft = self.staff_words, self._draft
        try:
            refusal = await self.companion.curating.save(draft, self.unlocked.by)
        except BadContent as bad:
            self.say(str(bad.problems[0]))
            return
        told = words.library.saved.format(title=draft.title)
        self.again(told if refusal is None else words.library.not_curator)

    @on(Tile.Tapped, "#hour")
    def _hour(self) -> None:
        Asking(self, self._draft.stem, self.again).ask_protocol()

    def go_back(self) -> None:
        if self._draft.changed and not self._sure:
            tile = self.query_one("#back", Tile)
            self._sure = tile.chosen = True
            tile.label = self.staff_words.library.leave_unsaved
            self.changed()
            return
        super().go_back()


class SectionScreen(LibraryPlace):
    """The tracks of one section, in their order."""

    def __init__(
        self, unlocked: Unlocked, draft: Draft, phase: Phase, back: Callable[[], None]
    ) -> None:
        super().__init__(unlocked, back)
        self._draft = draft
        self._phase = phase

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        title = f"{self._draft.title}: {words.phases[self._phase]}"
        lengths = lengths_in(self.companion.curating.library)
        tracks = (
            Choice(
                cut(track.name, _TITLE),
                Place(self._phase, index),
                track_told(track, lengths.get(track.file or ""), words),
            )
            for index, track in enumerate(self._draft.sections.get(self._phase, ()))
        )
        yield Sentence(title, classes="question")
        yield self.saying()
        with Horizontal(classes="choices -long"):
            yield Pages(tracks, more=words.more, across=2, down=3)
            with Vertical(classes="side"):
                yield Tile(words.library.add_soundscape, id="add")
                yield self.back_tile()

    def again(self) -> None:
        """This screen once more."""
        self.go_to(SectionScreen(self.unlocked, self._draft, self._phase, self._back))

    @on(Pages.Chosen)
    def _track(self, event: Pages.Chosen) -> None:
        assert isinstance(event.value, Place)
        self._open(event.value)

    def _open(self, place: Place) -> None:
        self.go_to(TrackScreen(self.unlocked, self._draft, place, self.again))

    @on(Tile.Tapped, "#add")
    def _add(self) -> None:
        words = self.staff_words

        async def chosen(name: str) -> str | None:
            try:
                place = self._draft.add_soundscape(self._phase, name, 1 + randbelow(LAST_SEED))
            except BadContent as bad:
                return str(bad.problems[0])
            self._open(place)
            return None

        names = (Choice(cut(called(name), _TITLE), name) for name in known_soundscapes())
        question = words.library.ask_add.format(phase=words.phases[self._phase])
        self.go_to(ChoiceScreen(self.unlocked, question, names, chosen, self.again, long=True))
