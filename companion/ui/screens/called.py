"""A call shows, until somebody says that she is here."""

from collections.abc import Iterable, Iterator

from textual import on
from textual.containers import Container, Horizontal, Vertical
from textual.widget import Widget

from companion.session.commands import AnswerCall, TakeBackCall
from companion.session.events import By
from companion.session.view import View
from companion.ui.naming import NamingPlace
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.name_tiles import NameTiles
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class CalledScreen(NamingPlace):
    """Large words for whoever looks, plain ones for the patient. Only one tile takes it back."""

    def furnish(self) -> Iterator[Widget]:
        words = self.words
        with Horizontal(id="call"):
            yield BigLetters(words.call_word, rows=5, id="call-word")
            with Vertical():
                yield BigLetters(id="since")
                yield BigLetters(id="call-room")
        with Vertical(classes="middle"):
            yield Sentence(words.call_told, id="told")
            yield Sentence(id="channels")
        with Horizontal(classes="tiles"):
            yield Tile(words.take_back, TakeBackCall(), weight="quiet", id="take-back")
            yield Tile(words.staff, weight="quiet", id="staff")
            yield Tile(words.here, weight="strong", id="i-am-here")
        yield Container(id="names")

    def show(self, view: View | None) -> None:
        if view is None or view.calling is None:
            return
        since = self.words.call_minutes if view.calling else self.words.call_now
        self.query_one("#since", BigLetters).text = since.format(minutes=view.calling)
        self.query_one("#call-room", BigLetters).text = view.room
        self.query_one("#channels", Sentence).say(" ".join(self._channels(view)))
        self.query_one("#take-back").visible = view.can_take_back

    def _channels(self, view: View) -> Iterator[str]:
        """Whom it reached and whom it did not, by the last word of each channel. What did not go
        out comes first: on a small screen there is not room for all."""
        words = self.words
        if failed := [name for name in dict.fromkeys(view.not_sent) if name not in view.sent]:
            yield words.call_not_sent.format(channels=self._by(failed))
        yield words.call_reaches.format(reaches=view.reaches)
        if view.sent:
            yield words.call_sent.format(channels=self._by(view.sent))

    def _by(self, channels: Iterable[str]) -> str:
        return ", ".join(self.words.channels.get(name, name) for name in channels)

    @on(Tile.Tapped, "#take-back")
    def _take_back(self) -> None:
        self.carry_out(TakeBackCall())

    @on(Tile.Tapped, "#i-am-here")
    def _here(self) -> None:
        self.ask_name()

    @on(NameTiles.Named)
    def _named(self, event: NameTiles.Named) -> None:
        self.carry_out(AnswerCall(By(event.initials)))
