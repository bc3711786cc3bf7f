"""What a nurse needs now and then, in pages."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.session.commands import Louder, OpenRating, Quieter
from companion.session.view import View
from companion.ui.nurse_tiles import Door, more_layer
from companion.ui.screens import choices
from companion.ui.screens.elapsed import ElapsedScreen
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.screens.wipe import WipeScreen
from companion.ui.widgets.level import Level
from companion.ui.widgets.pages import Pages
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_ASK = {
    Door.END_INFUSION: choices.ask_ended,
    Door.ANCHOR: choices.ask_anchor,
    Door.MUSIC: choices.ask_music,
    Door.VOICE: choices.ask_voice,
    Door.MODE: choices.ask_mode,
}


class MoreScreen(UnlockedScreen):
    """Six tiles a page. What is done shows in the nurse view; the level is changed here."""

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        with Horizontal(id="level-line"):
            yield Sentence(words.level_is, id="level-is")
            yield Level(id="level")
        yield self.saying()
        with Horizontal(classes="choices"):
            yield Pages((), more=words.more)
            with Vertical(classes="side -one"):
                yield Tile(words.back, weight="quiet", id="back")

    def show(self, view: View | None) -> None:
        if view is not None:
            self.query_one(Level).follow(view)
            offered = more_layer(view, self.unlocked.by, self.staff_words)
            self.query_one(Pages).renew(offered)

    @on(Pages.Chosen)
    def _chosen(self, event: Pages.Chosen) -> None:
        self.say("")
        match event.value:
            case Door.ELAPSED:
                self.go_to(ElapsedScreen(self.unlocked))
            case Door.WIPE:
                self.go_to(WipeScreen(self.unlocked))
            case Door() as door:
                _ASK[door](self)
            case Louder() | Quieter() as command:
                self.do(command)
            case OpenRating() as command:
                self.do(command, lambda: self.leave("rating opened"))
            case command:
                self.do(command, self._back)  # type: ignore[arg-type]

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        choices.to_nurse(self)
