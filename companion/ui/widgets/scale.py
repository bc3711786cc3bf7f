"""The answers to one question: 0 to 10, or none."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical
from textual.message import Message

from companion.session.plan import Question
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class Scale(Vertical):
    """Eleven tiles in two rows and one to skip. Nothing is preset and a tap is an answer."""

    class Chosen(Message):
        """A number was tapped."""

        def __init__(self, value: int) -> None:
            super().__init__()
            self.value = value

    class Skipped(Message):
        """She does not want to answer this one."""

    def __init__(self, question: Question, *, skip: str, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._question = question
        self._skip = skip

    def compose(self) -> ComposeResult:
        with Horizontal(classes="ends"):
            yield Sentence(f"0 · {self._question.low}", classes="low")
            yield Sentence(f"10 · {self._question.high}", classes="high")
        with Grid():
            for value in range(11):
                yield Tile(str(value), value, key=str(value) if value < 10 else "t")
            yield Tile(self._skip, weight="quiet")

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        event.stop()
        value = event.tile.value
        if isinstance(value, int):
            event.tile.chosen = True
            self.post_message(self.Chosen(value))
        else:
            self.post_message(self.Skipped())
