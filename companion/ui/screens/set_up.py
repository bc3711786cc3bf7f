"""The very first run: what this is, and who is the first lead."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.access import Refusal
from companion.session.book import Role
from companion.ui.screens.newcomer import InitialsScreen, PinScreen
from companion.ui.screens.staff import StaffScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class SetUpScreen(StaffScreen):
    """What Companion is and is not, or that the record of who works here is lost; one tile
    begins."""

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        lost = self.companion.desk.record_loss is not None
        first_run = (words.what_it_is, words.what_it_is_not, words.nobody_yet)
        with Vertical(classes="middle"):
            for paragraph in (words.staff_lost,) if lost else first_run:
                yield Sentence(paragraph, classes="paragraph")
        with Horizontal(classes="tiles"):
            yield Tile(words.begin, weight="strong", id="begin")

    @on(Tile.Tapped, "#begin")
    def _begin(self) -> None:
        self._ask_initials()

    def _ask_initials(self) -> None:
        self.go_to(InitialsScreen(Role.LEAD, self._ask_pin, lambda: self.go_to(SetUpScreen())))

    def _ask_pin(self, initials: str) -> None:
        async def chosen(pin: str) -> Refusal | None:
            refusal = await self.companion.desk.staffing.add(initials, Role.LEAD, pin, by=None)
            if refusal is None:
                self.go_to(FirstScreen(initials))
            return refusal

        self.go_to(PinScreen(initials, chosen, self._ask_initials))


class FirstScreen(StaffScreen):
    """The first lead is here. She reads what is shipped, and others follow: now, behind her PIN,
    or later."""

    def __init__(self, initials: str) -> None:
        super().__init__()
        self._initials = initials

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        with Vertical(classes="middle"):
            yield Sentence(words.first_is_here.format(initials=self._initials), classes="paragraph")
            yield Sentence(words.read_first, classes="paragraph")
        with Horizontal(classes="tiles"):
            yield Tile(words.read_shipped, weight="strong", id="read")
            yield Tile(words.add_another, id="another")
            yield Tile(words.done, weight="quiet", id="done")

    @on(Tile.Tapped, "#read")
    def _read(self) -> None:
        from companion.ui.screens.problems import ask_reviewer

        ask_reviewer(self, self._initials, lambda: self.go_to(FirstScreen(self._initials)))

    @on(Tile.Tapped, "#another")
    def _another(self) -> None:
        from companion.ui.screens.people import PeopleScreen
        from companion.ui.screens.unlock import UnlockScreen

        self.go_to(
            UnlockScreen(self._initials, lambda unlocked: self.go_to(PeopleScreen(unlocked)))
        )

    @on(Tile.Tapped, "#done")
    def _done(self) -> None:
        self.companion.leave_staff()
