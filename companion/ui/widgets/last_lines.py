"""What is so, and what happened last, in as many lines as there is room for."""

from collections.abc import Sequence

from companion.ui.widgets.sentence import Sentence


class LastLines(Sentence):
    """First what is so, the weightiest line first; below it the newest lines of what happened."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._so: Sequence[str] = ()
        self._happened: Sequence[str] = ()

    def tell(self, so: Sequence[str], happened: Sequence[str]) -> None:
        """Show these lines; `happened` runs from the oldest to the newest."""
        self._so, self._happened = so, happened
        self._write()

    def on_resize(self) -> None:
        self._write()

    def _write(self) -> None:
        rows = self.content_size.height
        newest = self._happened[max(0, len(self._happened) + len(self._so) - rows) :]
        self.say("\n".join([*self._so, *newest][:rows]))
