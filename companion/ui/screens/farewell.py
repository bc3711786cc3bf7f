"""Thank you, and what the clinic wants her to remember, until a nurse closes the session."""

from collections.abc import Iterator

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.session.view import View
from companion.ui.place import PlaceScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class FarewellScreen(PlaceScreen):
    """Nothing is left to do."""

    def furnish(self) -> Iterator[Widget]:
        with Horizontal(classes="head"):
            yield Tile(self.words.staff, weight="quiet", id="staff")
            yield Sentence(self.words.farewell, classes="title")
        with Vertical(classes="middle"):
            yield Sentence(id="reminders")

    def show(self, view: View | None) -> None:
        if view is not None:
            reminders = view.reminders or (self.words.farewell_stay,)
            self.query_one("#reminders", Sentence).say("\n".join(f"· {one}" for one in reminders))
