"""A place where somebody of staff says who she is by touching her name."""

from textual import on

from companion.ui.place import PlaceScreen
from companion.ui.widgets.name_tiles import NameTiles
from companion.ui.widgets.sentence import Sentence


class NamingPlace(PlaceScreen):
    """Holds a container `#names`; while it is filled, it stands in place of the rest."""

    def ask_name(self) -> None:
        """Show a tile for everybody here."""
        names = [person.initials for person in self.companion.desk.staff]
        self.query_one("#names").mount(
            Sentence(self.words.who_is_it),
            NameTiles(names, back=self.words.back, more=self.words.more),
        )
        self.add_class("-naming")
        self.changed()

    def leave_names(self) -> None:
        """Show what stood here before."""
        self.query_one("#names").remove_children()
        self.remove_class("-naming")
        self.changed()

    @on(NameTiles.Left)
    def _nobody(self) -> None:
        self.leave_names()
