"""The card of one session, preset to the clinic's usual; then the tablet goes to the patient."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Grid, Horizontal, Vertical
from textual.widget import Widget

from companion.access import Unlocked
from companion.problems import BadContent
from companion.session.commands import PrepareSession
from companion.session.view import View
from companion.ui.card_choices import On, stepped, told, usual
from companion.ui.fit import card_told
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.code import CodeScreen, code_told
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.pages import Choice
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

if TYPE_CHECKING:
    from companion.config import Card

_UNDER_WAY = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240)
"""Minutes since an infusion that another tablet began."""


class CardScreen(UnlockedScreen):
    """Six tiles that step through their choices. It waits until playlists and scripts are read."""

    LOCKS_AFTER = None

    def __init__(self, unlocked: Unlocked) -> None:
        super().__init__(unlocked)
        self._card: Card | None = None
        self._code = ""
        self._under_way: int | None = None

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        with Horizontal(id="chart"):
            with Vertical(id="code-side"):
                yield Sentence(words.code_label, id="code-label")
                yield BigLetters(id="code")
            with Vertical(id="beside-code"):
                yield self.saying()
                yield Sentence(id="fit")
        with Grid(id="card"):
            for tile in On:
                yield Tile("", tile, classes="step")
            yield Tile(words.other_code, weight="quiet", id="other-code")
            yield Tile("", weight="quiet", id="under-way")
        with Horizontal(classes="tiles"):
            yield Tile(words.cancel, weight="quiet", id="cancel")
            yield Tile(words.give, weight="strong", id="give")

    def show(self, view: View | None) -> None:
        desk, words = self.companion.desk, self.staff_words
        self._code = self._code or desk.new_code()
        if self._card is None and desk.content is not None:
            self._card = usual(desk.content)
            self.say("" if self._card.playlist else words.only_silence)
        elif self._card is None:
            self.say(words.no_content if desk.problems else words.still_reading)
        self._write()

    def on_mount(self) -> None:
        super().on_mount()
        self.companion.begin(self._try_saving())

    async def _try_saving(self) -> None:
        """Whether this session would be saved is known before it begins."""
        await self.companion.desk.try_saving()
        if self.is_attached:
            self._write()

    def tend(self) -> None:
        super().tend()
        if self._card is None:
            self.show(self.view)

    def _write(self) -> None:
        """Write the card as it stands now."""
        desk, words = self.companion.desk, self.staff_words
        self.query_one("#code", BigLetters).text = code_told(self._code)
        self.query_one("#fit", Sentence).say(card_told(desk, words))
        under_way = self.query_one("#under-way", Tile)
        under_way.label = (
            words.under_way
            if self._under_way is None
            else words.under_way_since.format(minutes=self._under_way)
        )
        self.query_one("#give").visible = self._card is not None
        content = desk.content
        labels = told(content, self._card, words) if content and self._card else {}
        for tile in self.query(".step").results(Tile):
            choice = labels.get(On(str(tile.value)))
            tile.visible = choice is not None
            if choice is not None:
                tile.label, tile.second = choice.label, choice.second

    @on(Tile.Tapped, ".step")
    def _step(self, event: Tile.Tapped) -> None:
        content, words = self.companion.desk.content, self.staff_words
        if content is None or self._card is None:
            return
        tile = On(str(event.tile.value))
        self._card = stepped(content, self._card, tile)
        playlist = content.library.playlists.get(self._card.playlist)
        about = words.only_silence if playlist is None else playlist.about
        self.say(about if tile is On.PLAYLIST else "")
        self._write()

    @on(Tile.Tapped, "#cancel")
    def _cancel(self) -> None:
        self.leave("cancelled")

    # --- the code, and a session already under way -----------------------------------------------

    @on(Tile.Tapped, "#other-code")
    def _other_code(self) -> None:
        self.go_to(CodeScreen(self.unlocked, self._with_code, self._again))

    def _with_code(self, code: str) -> None:
        self._code = code
        self._again()

    @on(Tile.Tapped, "#under-way")
    def _ask_under_way(self) -> None:
        words = self.staff_words

        async def chosen(minutes: int | None) -> None:
            self._under_way = minutes
            self._again()

        choices = [Choice(words.not_under_way, None)]
        choices += [Choice(words.minutes.format(minutes=m), m) for m in _UNDER_WAY]
        question = words.ask_under_way
        self.go_to(ChoiceScreen(self.unlocked, question, choices, chosen, self._again))

    def _again(self) -> None:
        """The same card once more, as it was left."""
        again = CardScreen(self.unlocked)
        again._card, again._code, again._under_way = self._card, self._code, self._under_way
        self.companion.open_staff(again)

    # --- to the patient --------------------------------------------------------------------------

    @on(Tile.Tapped, "#give")
    async def _give(self) -> None:
        content = self.companion.desk.content
        if content is None or self._card is None:
            return
        try:
            plan = await self.companion.desk.plan(self._card)
        except BadContent as bad:
            self.say(str(bad.problems[0]))
            return
        await self._try_saving()
        under_way = None if self._under_way is None else 60.0 * self._under_way
        command = PrepareSession(self.unlocked.by, content.config.room, plan, self._code, under_way)
        self.do(command, lambda: self.leave("given to the patient"))
