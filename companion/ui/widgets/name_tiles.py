"""Who is it? One tile a person, and one to go back."""

from collections.abc import Iterable, Iterator

from textual import events, on
from textual.containers import Grid
from textual.message import Message

from companion.ui.widgets.tile import Tile

_COLUMNS, _ROWS = 12, 5
"""What one tile takes."""

_MORE, _BACK = object(), object()


class NameTiles(Grid):
    """The initials of everybody here. No PIN: what is done by them is kept as not confirmed."""

    class Named(Message):
        """Somebody tapped her name."""

        def __init__(self, names: "NameTiles", initials: str) -> None:
            super().__init__()
            self.names = names
            self.initials = initials

        @property
        def control(self) -> "NameTiles":
            return self.names

    class Left(Message):
        """Nobody's name: go back."""

        def __init__(self, names: "NameTiles") -> None:
            super().__init__()
            self.names = names

        @property
        def control(self) -> "NameTiles":
            return self.names

    def __init__(
        self,
        initials: Iterable[str],
        *,
        back: str,
        more: str,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._initials = tuple(initials)
        self._back, self._more = back, more
        self._first = 0
        self._fits = (0, 0)

    def on_resize(self, event: events.Resize) -> None:
        fits = (max(3, event.size.width // _COLUMNS), max(1, event.size.height // _ROWS))
        if fits != self._fits:
            self._fits = fits
            self._lay()

    def _lay(self) -> None:
        """As many names as fit; the rest by *more*."""
        columns, rows = self._fits
        self.styles.grid_size_columns = columns
        self.remove_children()
        self.mount_all(self._tiles(columns * rows))

    def _tiles(self, places: int) -> Iterator[Tile]:
        all_fit = len(self._initials) < places
        shown = self._initials if all_fit else self._initials[self._first :][: places - 2]
        for initials in shown:
            yield Tile(initials, initials)
        if not all_fit:
            yield Tile(self._more, _MORE, weight="quiet")
        yield Tile(self._back, _BACK, weight="quiet")

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        event.stop()
        match event.tile.value:
            case str() as initials:
                self.post_message(self.Named(self, initials))
            case value if value is _MORE:
                columns, rows = self._fits
                self._first += columns * rows - 2
                self._first *= self._first < len(self._initials)
                self._lay()
            case _:
                self.post_message(self.Left(self))
