"""Initials by touch: a tile a letter."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.message import Message

from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST = 4


class InitialsPad(Vertical):
    """Twenty-six letters; its tiles are as small as those of a scale, and only for staff.

    With nothing entered, the tile that deletes goes back instead.
    """

    class Entered(Message):
        """She is done."""

        def __init__(self, initials: str) -> None:
            super().__init__()
            self.initials = initials

    class Cancelled(Message):
        """She wants to go back."""

    def __init__(self, *, delete: str, done: str, cancel: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._delete, self._done, self._cancel = delete, done, cancel
        self._entered = ""

    def compose(self) -> ComposeResult:
        yield Sentence(self._shown(), classes="dots")
        with Grid():
            for letter in _LETTERS:
                yield Tile(letter, letter, key=letter.lower())
            yield Tile(self._cancel, weight="quiet", key="backspace", id="delete", classes="wide")
            yield Tile(self._done, weight="strong", key="1", id="done", classes="wide")

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        event.stop()
        if event.tile.id == "done":
            self.post_message(self.Entered(self._entered))
        elif event.tile.id != "delete":
            self._show((self._entered + str(event.tile.value))[:_LONGEST])
        elif self._entered:
            self._show(self._entered[:-1])
        else:
            self.post_message(self.Cancelled())

    def _show(self, entered: str) -> None:
        self._entered = entered
        self.query_one(".dots", Sentence).say(self._shown())
        self.query_one("#delete", Tile).label = self._delete if entered else self._cancel

    def _shown(self) -> str:
        return " ".join(self._entered.ljust(_LONGEST, "·"))
