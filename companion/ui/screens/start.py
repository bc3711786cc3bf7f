"""The infusion has started: now, or some minutes ago. Two taps, a name and no PIN."""

from collections.abc import Iterator

from textual import on
from textual.containers import Container, Horizontal
from textual.widget import Widget

from companion.session.commands import StartInfusion
from companion.session.events import By
from companion.session.view import View
from companion.ui.screens.staff import StaffScreen
from companion.ui.widgets.name_tiles import NameTiles
from companion.ui.widgets.pages import Choice, Pages
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_MINUTES = (1, 2, 5, 10, 15, 20, 30, 45, 60)


class StartScreen(StaffScreen):
    """When did it start, and who says so? `by` is who has unlocked, if anybody has."""

    def __init__(self, by: By | None = None) -> None:
        super().__init__()
        self._by = by

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        choices = (
            Choice(words.minutes_ago.format(minutes=minutes), minutes) for minutes in _MINUTES
        )
        yield Sentence(words.ask_started, classes="question")
        yield self.saying()
        with Horizontal(classes="tiles"):
            yield Tile("", weight="strong", id="now")
            yield Tile(words.somebody_else, id="else")
            yield Tile(words.back, weight="quiet", id="back")
        yield Pages(choices, more=words.more, across=5, down=1, id="ago")
        yield Container(id="names")

    def show(self, view: View | None) -> None:
        if self._by is None and view is not None:
            self._by = By(view.nurse)
        who = "" if self._by is None else self._by.who
        self.query_one("#now", Tile).label = self.staff_words.started_now.format(initials=who)

    @on(Tile.Tapped, "#now")
    def _now_started(self) -> None:
        self._start(0)

    @on(Pages.Chosen, "#ago")
    def _started_ago(self, event: Pages.Chosen) -> None:
        if isinstance(event.value, int):
            self._start(event.value)

    def _start(self, minutes: int) -> None:
        if self._by is not None:
            self.do(StartInfusion(self._by, ago=60.0 * minutes), self.companion.leave_staff)

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        self.companion.leave_staff()

    # --- somebody else ---------------------------------------------------------------------------

    @on(Tile.Tapped, "#else")
    def _else(self) -> None:
        words = self.staff_words
        names = [person.initials for person in self.companion.desk.staff]
        self.query_one("#names").mount(NameTiles(names, back=words.back, more=words.more))
        self._ask_name(True)

    @on(NameTiles.Named)
    def _named(self, event: NameTiles.Named) -> None:
        self._by = By(event.initials)
        self._ask_name(False)

    @on(NameTiles.Left)
    def _nobody(self) -> None:
        self._ask_name(False)

    def _ask_name(self, naming: bool) -> None:
        """Show the names instead of the tiles, or no longer."""
        words = self.staff_words
        self.set_class(naming, "-naming")
        self.query_one(".question", Sentence).say(words.who_is_it if naming else words.ask_started)
        if not naming:
            self.query_one("#names").remove_children()
        self.show(self.view)
        self.changed()
