"""One sentence to take along, for who has a keyboard and wants to."""

from collections.abc import Iterator

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from companion.session.commands import LeaveIntention
from companion.ui.place import PlaceScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_LONGEST = 120


class IntentionScreen(PlaceScreen):
    """What is typed stands in the middle; without a keyboard, one tap goes on."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._sentence = ""

    def furnish(self) -> Iterator[Widget]:
        words = self.words
        with Horizontal(classes="head"):
            yield Tile(words.staff, weight="quiet", id="staff")
            yield Sentence(words.intention, classes="title")
        with Vertical(classes="middle"):
            yield Sentence(words.intention_type, id="typed")
        with Horizontal(classes="tiles"):
            yield Tile(words.no_intention, id="done")

    def typed(self, event: events.Key) -> bool:
        """Letters write, backspace takes the last one away and enter is done."""
        if event.key == "enter":
            self._leave()
        elif event.key == "backspace":
            self._write(self._sentence[:-1])
        elif event.is_printable and event.character:
            self._write((self._sentence + event.character)[:_LONGEST])
        else:
            return False
        return True

    @on(Tile.Tapped, "#done")
    def _leave(self) -> None:
        self.carry_out(LeaveIntention(self._sentence.strip()))

    def _write(self, sentence: str) -> None:
        self._sentence = sentence
        words = self.words
        self.query_one("#typed", Sentence).say(f"{sentence}▏" if sentence else words.intention_type)
        self.query_one("#done", Tile).label = words.that_is_all if sentence else words.no_intention
