"""The doors to what concerns the tablet itself: who works here, earlier sessions, copies."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Act, Unlocked
from companion.ui.fit import check_told
from companion.ui.screens.staff import StaffScreen
from companion.ui.screens.unlock import UnlockScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class TabletScreen(StaffScreen):
    """Behind each door somebody gives her PIN."""

    LOCKS_AFTER = 60.0

    def furnish(self) -> Iterator[Widget]:
        words, record = self.staff_words, self.record_words
        yield Sentence(record.ask_door, classes="question")
        with Horizontal(classes="tiles"):
            yield Tile(words.people, id="people")
            yield Tile(record.history, id="history")
            yield Tile(record.copy_to_stick, id="copy")
        with Horizontal(classes="tiles"):
            told = check_told(self.companion.desk, words)
            yield Tile(words.morning_check, second=told, id="check")
            yield Tile(words.back, weight="quiet", id="back")

    @on(Tile.Tapped, "#people")
    def _people(self) -> None:
        from companion.ui.screens.people import PeopleScreen

        self._open(
            self.staff_words.people,
            Act.MANAGE_PEOPLE,
            lambda unlocked: self.go_to(PeopleScreen(unlocked)),
        )

    @on(Tile.Tapped, "#history")
    def _history(self) -> None:
        from companion.ui.screens.history import show_history

        self._open(
            self.record_words.history,
            Act.READ_HISTORY,
            lambda unlocked: show_history(self, unlocked),
        )

    @on(Tile.Tapped, "#copy")
    def _copy(self) -> None:
        from companion.ui.screens.copying import ask_stick

        self._open(
            self.record_words.copy_to_stick,
            Act.EXPORT,
            lambda unlocked: ask_stick(self, unlocked),
        )

    @on(Tile.Tapped, "#check")
    def _check(self) -> None:
        from companion.ui.screens.morning import MorningScreen

        self._open(
            self.staff_words.morning_check,
            Act.RUN_SESSION,
            lambda unlocked: self.go_to(MorningScreen(unlocked, self.companion.leave_staff)),
        )

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        self.companion.leave_staff()

    def _open(self, purpose: str, act: Act, then: Callable[[Unlocked], None]) -> None:
        self.go_to(UnlockScreen(None, then, act=act, purpose=purpose))
