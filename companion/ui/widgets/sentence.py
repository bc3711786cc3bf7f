"""Words on the screen, shown as they are: never read as markup, never obeyed by the terminal."""

from textual.content import Content
from textual.widgets import Static

from companion.cleaning import clean

_LONGEST = 600


def plain(text: str) -> Content:
    """`text` as content that is only shown. Line breaks stay; all else of control goes."""
    lines = (clean(line, _LONGEST) for line in text.split("\n"))
    return Content("\n".join(lines), strip_control_codes=False)


class Sentence(Static):
    """One or more lines of plain words."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str = "") -> None:  # noqa: A002
        super().__init__(plain(text), markup=False, id=id, classes=classes)

    def say(self, text: str) -> None:
        """Show `text` instead; nothing is drawn anew where it is the same."""
        said = plain(text)
        if said != self.content:
            self.update(said)
