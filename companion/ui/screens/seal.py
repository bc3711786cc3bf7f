"""The emergency PIN: drawn, shown once to be written down, and sealed in an envelope."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.access import EMERGENCY, Person, Refusal, Unlocked
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.words.staff import StaffWords


def sealed_told(sealed: Person | None, words: StaffWords) -> str:
    """How it stands with the emergency PIN, in a word or two."""
    if sealed is None:
        return words.not_sealed
    return words.envelope_open if sealed.opened else words.envelope_sealed


class SealScreen(UnlockedScreen):
    """Only a lead comes this far. What it shows is gone with it."""

    LOCKS_AFTER = 180.0

    def __init__(self, unlocked: Unlocked, back: Callable[[], None]) -> None:
        super().__init__(unlocked)
        self._back = back
        self._sure = False

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(words.emergency_pin, classes="question")
        yield self.saying()
        with Vertical(classes="middle"):
            yield Sentence(words.about_emergency_pin, classes="paragraph", id="about")
            yield BigLetters(id="drawn-pin")
        with Horizontal(classes="tiles"):
            yield Tile(words.draw_pin, weight="strong", id="draw")
            yield Tile(words.remove, id="remove")
            yield Tile(words.back, weight="quiet", id="back")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#remove").visible = self._there

    @property
    def _there(self) -> bool:
        return any(person.sealed for person in self.companion.desk.staff)

    @on(Tile.Tapped, "#draw")
    async def _draw(self) -> None:
        words = self.staff_words
        drawn = await self.companion.desk.staffing.seal(self.unlocked.by)
        if isinstance(drawn, Refusal):
            self.say(words.staff_refused[drawn])
            return
        self.query_one("#about", Sentence).say(words.write_down.format(initials=EMERGENCY))
        self.query_one("#drawn-pin", BigLetters).text = f"{drawn[:3]} {drawn[3:]}"
        self.query_one("#draw").visible = self.query_one("#remove").visible = False
        self.query_one("#back", Tile).label = words.written_down
        self.changed()

    @on(Tile.Tapped, "#remove")
    async def _remove(self, event: Tile.Tapped) -> None:
        if not self._sure:
            self._sure = event.tile.chosen = True
            event.tile.label = self.staff_words.remove_sure.format(initials=EMERGENCY)
            self.changed()
            return
        refusal = await self.companion.desk.staffing.remove(EMERGENCY, self.unlocked.by)
        if refusal is not None:
            self.say(self.staff_words.staff_refused[refusal])
        else:
            self._back()

    @on(Tile.Tapped, "#back")
    def _leave(self) -> None:
        self._back()
