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

        def __init__(self, tile: "Tile", moment: float) -> None:
            """`moment` is when it was tapped: each tile has a queue of its own, so two quick
            taps may be told of in the wrong order."""
            super().__init__()
            self.tile = tile
            self.moment = moment

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

    def tap(self, moment: float) -> None:
        """What a finger does, at `moment` of the event that brought it."""
        self.post_message(self.Tapped(self, moment))

    def watch_label(self) -> None:
        self._write()

    def watch_second(self) -> None:
        self._write()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.tap(event.time)

    def _write(self) -> None:
        label = plain(self.label)
        self.update(Content.assemble(label, "\n", plain(self.second)) if self.second else label)
