"""The one thing that is touched: a large field with a word on it."""

from typing import Literal

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from companion.ui.widgets.sentence import plain

Weight = Literal["quiet", "plain", "strong"]


class Tile(Static):
    """A field that a finger finds. A tile that cannot be used is hidden, never greyed."""

    label: reactive[str] = reactive("", init=False)
    second: reactive[str] = reactive("", init=False)
    """A second, smaller line."""
    chosen: reactive[bool] = reactive(False, toggle_class="-chosen")
    """Shown by border and weight, not by colour alone."""

    class Tapped(Message):
        """A finger, or the tile's key, tapped it."""

        def __init__(self, tile: "Tile") -> None:
            super().__init__()
            self.tile = tile

        @property
        def control(self) -> "Tile":
            return self.tile

    def __init__(
        self,
        label: str,
        value: object = None,
        *,
        second: str = "",
        weight: Weight = "plain",
        key: str = "",
        id: str | None = None,  # noqa: A002
        classes: str = "",
    ) -> None:
        """`key` is the one that taps it; without one it has a letter by its place in reading."""
        super().__init__(markup=False, id=id, classes=f"-{weight} {classes}")
        self.value = value
        self.key = key
        self.set_reactive(Tile.label, label)
        self.set_reactive(Tile.second, second)
        self._write()

    def tap(self) -> None:
        """What a finger does."""
        self.post_message(self.Tapped(self))

    def watch_label(self) -> None:
        self._write()

    def watch_second(self) -> None:
        self._write()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.tap()

    def _write(self) -> None:
        label = plain(self.label)
        self.update(Content.assemble(label, "\n", plain(self.second)) if self.second else label)
