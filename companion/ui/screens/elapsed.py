"""After a reboot only the wall clock is left, so a nurse says how long the infusion has run."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Unlocked
from companion.session.commands import ConfirmElapsed
from companion.session.view import Offer, View
from companion.ui.screens.choices import to_nurse
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_STEPS = (-5, -1, 1, 5)


class ElapsedScreen(UnlockedScreen):
    """What stands on it counts once she says yes; *back* leaves the question open."""

    def __init__(self, unlocked: Unlocked) -> None:
        super().__init__(unlocked)
        self._more = 0
        """Minutes to add to what the tablet shows."""

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(id="ask-elapsed", classes="question")
        yield self.saying()
        yield BigLetters(id="elapsed")
        with Horizontal(classes="tiles"):
            for step in _STEPS:
                label = words.elapsed_more if step > 0 else words.elapsed_less
                yield Tile(label.format(minutes=abs(step)), step, classes="step")
        with Horizontal(classes="tiles"):
            yield Tile("", weight="strong", id="elapsed-is")
            yield Tile(words.back, weight="quiet", id="back")

    def show(self, view: View | None) -> None:
        if view is None or view.minutes is None:
            return
        if Offer.CONFIRM_ELAPSED not in view.offers:
            to_nurse(self)
            return
        words = self.staff_words
        ask = words.ask_elapsed_minute if view.minutes == 1 else words.ask_elapsed
        self.query_one("#ask-elapsed", Sentence).say(ask.format(minutes=view.minutes))
        self.query_one("#elapsed", BigLetters).text = str(view.minutes + self._more)
        told = words.elapsed_is.format(minutes=view.minutes + self._more)
        self.query_one("#elapsed-is", Tile).label = told

    @on(Tile.Tapped, ".step")
    def _step(self, event: Tile.Tapped) -> None:
        if self.view is not None and self.view.minutes is not None:
            self._more = max(-self.view.minutes, self._more + int(str(event.tile.value)))
            self.show(self.view)

    @on(Tile.Tapped, "#elapsed-is")
    def _yes(self) -> None:
        self.do(ConfirmElapsed(60.0 * self._more, self.unlocked.by))

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        to_nurse(self)
