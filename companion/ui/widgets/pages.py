"""Things to choose from, as tiles in a grid; where they do not all fit, the last turns the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from textual import on
from textual.app import ComposeResult
from textual.containers import Grid
from textual.message import Message

from companion.ui.widgets.tile import Tile


@dataclass(frozen=True, slots=True)
class Choice:
    """One tile of a page: what it says, and what choosing it means."""

    label: str
    value: object
    second: str = ""
    chosen: bool = False


class Pages(Grid):
    """`across` times `down` tiles. A page that is left comes round again."""

    class Chosen(Message):
        """One of the choices was tapped."""

        def __init__(self, pages: "Pages", value: object) -> None:
            super().__init__()
            self.pages = pages
            self.value = value

        @property
        def control(self) -> "Pages":
            return self.pages

    def __init__(
        self,
        choices: Iterable[Choice],
        *,
        more: str,
        across: int = 3,
        down: int = 2,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._choices = tuple(choices)
        self._turn = Choice(more, None)
        self._slots = across * down
        self._page = 0
        self.styles.grid_size_columns, self.styles.grid_size_rows = across, down

    def compose(self) -> ComposeResult:
        for _ in range(self._slots):
            yield Tile("")

    def on_mount(self) -> None:
        self._lay_out()

    def renew(self, choices: Iterable[Choice]) -> None:
        """Offer `choices` from now on, on the page that stands."""
        self._choices = tuple(choices)
        self._lay_out()

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        event.stop()
        if isinstance(choice := event.tile.value, Choice):
            self.post_message(self.Chosen(self, choice.value))
        else:
            self._page += 1
            self._lay_out()

    def _lay_out(self) -> None:
        tiles = self.query(Tile).results()
        for tile, choice in zip_longest(tiles, self._standing()):
            tile.visible = choice is not None
            if choice is not None:
                tile.value = None if choice is self._turn else choice
                tile.label, tile.second, tile.chosen = choice.label, choice.second, choice.chosen

    def _standing(self) -> list[Choice | None]:
        """What stands on this page, tile by tile; the one that turns it is always the last."""
        if len(self._choices) <= self._slots:
            return list(self._choices)
        room = self._slots - 1
        starts = range(0, len(self._choices), room)
        start = starts[self._page % len(starts)]
        page = self._choices[start : start + room]
        return [*page, *[None] * (room - len(page)), self._turn]
