"""One track of a playlist: where it stands, how it sounds, and what is turned on it."""

from collections.abc import Callable, Iterator
from secrets import randbelow

from textual import on
from textual.containers import Grid
from textual.widget import Widget

from companion.access import Unlocked
from companion.library.draft import Draft, Place
from companion.library.files import Unusable
from companion.library.playlists import TrackForm
from companion.problems import BadContent
from companion.session.plan import Phase, Track
from companion.session.view import View
from companion.ui.library_told import knobs_told, lengths_in, track_told
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.library.knobs import LAST_SEED, Turn, level_tiles, soundscape_tiles
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.widgets.pages import Choice
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class TrackScreen(LibraryPlace):
    """Each tile changes one thing; what is heard follows at once, and nothing is written here."""

    def __init__(
        self, unlocked: Unlocked, draft: Draft, place: Place, back: Callable[[], None]
    ) -> None:
        super().__init__(unlocked, back)
        self._draft = draft
        self._place = place

    @property
    def _track(self) -> TrackForm:
        return self._draft.track(self._place)

    @property
    def _beside(self) -> int:
        """How many tracks its section has."""
        return len(self._draft.sections[self._place.phase])

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(id="title", classes="question")
        yield Sentence(id="track-told")
        yield self.saying()
        with Grid(id="turning"):
            yield self.hear_tile()
            yield from level_tiles(words)
            yield Tile(words.earlier, -1, classes="move")
            yield Tile(words.later, 1, classes="move")
            yield from soundscape_tiles(words)
            yield Tile(words.library.other_section, id="section")
            yield Tile(words.remove, id="remove")
            yield self.back_tile()

    def show(self, view: View | None) -> None:
        super().show(view)
        words, track = self.staff_words, self._track
        of_file = track.file is not None
        phase, number = words.phases[self._place.phase], self._place.at + 1
        where = words.library.of_tracks.format(phase=phase, number=number, count=self._beside)
        self.query_one("#title", Sentence).say(f"{track.name} · {where}")
        lengths = lengths_in(self.companion.curating.library)
        told = track_told(track, lengths.get(track.file or ""), words)
        knobs = "" if of_file else knobs_told(track, words)
        self.query_one("#track-told", Sentence).say("\n".join(filter(None, [told, knobs])))
        self.reveal(".soundscape", not of_file)
        self.query_one("#turning").set_class(of_file, "-file")
        self.query_one("#remove").visible = self._draft.tracks > 1
        for tile in self.query(".move").results(Tile):
            tile.visible = self._may_move(tile)

    def _may_move(self, tile: Tile) -> bool:
        assert isinstance(tile.value, int)
        return 0 <= self._place.at + tile.value < self._beside

    # --- changing --------------------------------------------------------------------------------

    def _change(self, change: Callable[[], Place]) -> bool:
        """Do `change` and show it, or tell why it cannot be done."""
        try:
            self._place = change()
        except BadContent as bad:
            self.say(str(bad.problems[0]))
            return False
        self.say("")
        self.show(self.view)
        return True

    @on(Tile.Tapped, ".turn")
    async def _turn(self, event: Tile.Tapped) -> None:
        turn = event.tile.value
        assert isinstance(turn, Turn)
        value = turn.of(getattr(self._track, turn.knob))
        if value is None:
            self.say(self.staff_words.library.as_it_goes)
            return
        if self._change(lambda: self._draft.change(self._place, turn.knob, value)):
            await self._heard_anew()

    @on(Tile.Tapped, "#seed")
    async def _seed(self) -> None:
        seed = 1 + randbelow(LAST_SEED)
        if self._change(lambda: self._draft.change(self._place, "seed", seed)):
            await self._heard_anew()

    @on(Tile.Tapped, ".move")
    def _move(self, event: Tile.Tapped) -> None:
        by = event.tile.value
        assert isinstance(by, int)
        self._change(lambda: self._draft.move(self._place, by))

    @on(Tile.Tapped, "#section")
    def _other_section(self) -> None:
        words = self.staff_words

        async def chosen(phase: Phase) -> str | None:
            try:
                self._place = self._draft.put(self._place, phase)
            except BadContent as bad:
                return str(bad.problems[0])
            self._again()
            return None

        others = (Choice(words.phases[p], p) for p in Phase if p is not self._place.phase)
        question = words.library.ask_section.format(title=self._track.name)
        self.go_to(ChoiceScreen(self.unlocked, question, others, chosen, self._again))

    def _again(self) -> None:
        self.go_to(TrackScreen(self.unlocked, self._draft, self._place, self._back))

    @on(Tile.Tapped, "#remove")
    def _remove(self) -> None:
        """It is not asked about: nothing is written before *Save*."""
        try:
            self._draft.remove(self._place)
        except BadContent as bad:
            self.say(str(bad.problems[0]))
        else:
            self.go_back()

    # --- hearing ---------------------------------------------------------------------------------

    @on(Tile.Tapped, "#hear")
    async def _hear(self) -> None:
        if self.hears:
            self.stop()
        elif track := await self._playable():
            self.hear_piece(track, self._place.phase)

    async def _heard_anew(self) -> None:
        if self.hears and (track := await self._playable()):
            self.piece_changed(track)

    async def _playable(self) -> Track | None:
        try:
            return await self.companion.curating.playable(self._track)
        except Unusable as error:
            title = self._track.name
            self.say(self.staff_words.library.not_playable.format(title=title, why=error))
            return None
