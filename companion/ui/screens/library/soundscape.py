"""A soundscape by itself: what its knobs do to it. Nothing here is kept."""

from collections.abc import Callable, Iterator
from secrets import randbelow

from textual import on
from textual.containers import Grid
from textual.widget import Widget

from companion.access import Unlocked
from companion.library.playlists import TrackForm
from companion.library.soundscapes import about
from companion.session.plan import Phase
from companion.session.view import View
from companion.ui.library_told import knobs_told
from companion.ui.screens.library.knobs import LAST_SEED, Turn, soundscape_tiles
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class SoundscapeScreen(LibraryPlace):
    """What is heard follows each knob at once."""

    def __init__(self, unlocked: Unlocked, name: str, back: Callable[[], None]) -> None:
        super().__init__(unlocked, back)
        self._track = TrackForm.model_validate({"soundscape": name, "seed": 1})

    def furnish(self) -> Iterator[Widget]:
        yield Sentence(self._track.name, classes="question")
        yield Sentence(id="track-told")
        yield self.saying()
        with Grid(id="turning", classes="-alone"):
            yield self.hear_tile()
            yield from soundscape_tiles(self.staff_words)
            yield self.back_tile()

    def show(self, view: View | None) -> None:
        super().show(view)
        knobs = knobs_told(self._track, self.staff_words)
        told = about(self._track.soundscape or "")
        self.query_one("#track-told", Sentence).say(f"{told}\n{knobs}")

    async def _become(self, **changed: float) -> None:
        self._track = self._track.model_copy(update=changed)
        self.say("")
        self.show(self.view)
        if self.hears:
            self.piece_changed(await self.companion.curating.playable(self._track))

    @on(Tile.Tapped, ".turn")
    async def _turn(self, event: Tile.Tapped) -> None:
        turn = event.tile.value
        assert isinstance(turn, Turn)
        value = turn.of(getattr(self._track, turn.knob))
        if value is None:
            self.say(self.staff_words.library.as_it_goes)
        else:
            await self._become(**{turn.knob: value})

    @on(Tile.Tapped, "#seed")
    async def _seed(self) -> None:
        await self._become(seed=1 + randbelow(LAST_SEED))

    @on(Tile.Tapped, "#hear")
    async def _hear(self) -> None:
        if self.hears:
            self.stop()
        else:
            self.hear_piece(await self.companion.curating.playable(self._track), Phase.SETTLE)
