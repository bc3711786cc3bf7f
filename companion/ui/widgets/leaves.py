"""A text too long for the screen, page by page."""

import textwrap
from collections.abc import Iterator, Sequence

from textual.message import Message

from companion.ui.widgets.sentence import Sentence


class Leaves(Sentence):
    """One page at a time; a line stays whole where a page has room for it."""

    class Turned(Message):
        """Another page stands here, or there is another number of them."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: Sequence[str] = ()
        self._pages: Sequence[str] = ("",)
        self._page = 0
        self.read_to_end = False
        """Whether the last page stood here at least once."""

    @property
    def page(self) -> int:
        """Which page stands here, from 1."""
        return self._page + 1

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self._pages)

    def tell(self, lines: Sequence[str]) -> None:
        """Show these lines from the first page on."""
        self._lines, self._page, self.read_to_end = lines, 0, False
        self._lay_out()

    def turn(self, by: int) -> None:
        """So many pages on, or back."""
        self._page += by
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width, rows = self.content_size
        if not width or not rows:
            return
        self._pages = tuple(_pages(self._lines, width, rows)) or ("",)
        self._page = max(0, min(self._page, len(self._pages) - 1))
        self.read_to_end = self.read_to_end or (bool(self._lines) and self.page == self.pages)
        self.say(self._pages[self._page])
        self.post_message(self.Turned())


def _pages(lines: Sequence[str], width: int, rows: int) -> Iterator[str]:
    page: list[str] = []
    for line in lines:
        wrapped = textwrap.wrap(line, width) or [""]
        if page and len(page) + len(wrapped) > rows:
            yield "\n".join(page)
            page = []
        page += wrapped
        while len(page) > rows:
            yield "\n".join(page[:rows])
            page = page[rows:]
    if page:
        yield "\n".join(page)
