"""Digits by touch: two rows of six tiles."""

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.message import Message
from textual.widget import Widget

from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_DELETE, _CANCEL = "delete", "cancel"


class KeyPad(Vertical):
    """Takes `digits` digits. With `secret` it shows dots instead of them."""

    class Entered(Message):
        """The last digit was tapped."""

        def __init__(self, pad: "KeyPad", digits: str) -> None:
            super().__init__()
            self.pad = pad
            self.digits = digits

        @property
        def control(self) -> "KeyPad":
            return self.pad

    class Cancelled(Message):
        """She wants to go back."""

        def __init__(self, pad: "KeyPad") -> None:
            super().__init__()
            self.pad = pad

        @property
        def control(self) -> "KeyPad":
            return self.pad

    def __init__(
        self,
        digits: int = 6,
        *,
        delete: str,
        cancel: str,
        secret: bool = True,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._length = digits
        self._delete, self._cancel = delete, cancel
        self._secret = secret
        self._taps: list[tuple[float, str]] = []
        """The digits entered and their moments, in order."""

    def compose(self) -> ComposeResult:
        yield Sentence(self._dots(), classes="dots")
        with Grid():
            yield from self._tiles()

    def clear(self) -> None:
        """Forget what was entered."""
        self._show([])

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        event.stop()
        if event.tile.value == _CANCEL:
            self._show([])
            self.post_message(self.Cancelled(self))
        elif event.tile.value == _DELETE:
            self._show(self._taps[:-1])
        elif len(self._taps) < self._length:
            self._show(sorted([*self._taps, (event.moment, str(event.tile.value))]))
            if len(self._taps) == self._length:
                self.post_message(self.Entered(self, self._entered))

    def _tiles(self) -> Iterator[Widget]:
        for digit in "12345":
            yield Tile(digit, digit, key=digit)
        yield Tile(self._delete, _DELETE, weight="quiet", key="backspace")
        for digit in "67890":
            yield Tile(digit, digit, key=digit)
        yield Tile(self._cancel, _CANCEL, weight="quiet")

    @property
    def _entered(self) -> str:
        return "".join(digit for _, digit in self._taps)

    def _show(self, taps: list[tuple[float, str]]) -> None:
        self._taps = taps
        self.query_one(".dots", Sentence).say(self._dots())

    def _dots(self) -> str:
        shown = "●" * len(self._entered) if self._secret else self._entered
        return " ".join(shown.ljust(self._length, "·"))
