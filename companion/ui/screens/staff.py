"""What the screens of staff have in common: their look, their sentences, and that they lock."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.widget import Widget

from companion.access import Unlocked
from companion.session.commands import Command
from companion.session.decide import Refused
from companion.session.view import Place
from companion.ui.place import PlaceScreen
from companion.ui.widgets.sentence import Sentence
from companion.words.record import RecordWords
from companion.words.staff import StaffWords


class StaffScreen(PlaceScreen):
    """A screen of staff. Its sentence `#said` tells why something was not done."""

    LOCKS_AFTER: ClassVar[float | None] = None
    """Seconds without a touch after which it locks; None: never."""

    def __init__(self) -> None:
        super().__init__()
        self._in_session = False

    def compose(self) -> ComposeResult:
        session = self.view is not None and self.view.place is not Place.READY
        self._in_session = session or self.companion.desk.asks_nurse
        yield from super().compose()

    @property
    def CALL_BAR(self) -> bool:  # type: ignore[override]  # noqa: N802
        """Opened in a session, this screen calls as every other does."""
        return self._in_session

    @property
    def staff_words(self) -> StaffWords:
        """The staff's sentences."""
        return self.companion.staff_words

    @property
    def record_words(self) -> RecordWords:
        """The staff's sentences of the record."""
        return self.companion.record_words

    def tend(self) -> None:
        super().tend()
        untouched = self._now() - self._touched
        if self.LOCKS_AFTER and untouched >= self.LOCKS_AFTER:
            self.leave("untouched")

    def leave(self, why: str) -> None:
        """Leave what staff alone may do; `why` is written down where a PIN had opened it."""
        self.companion.leave_staff()

    def saying(self) -> Widget:
        """Where `say` is read; to be furnished by the screen."""
        said = Sentence(id="said")
        said.display = False
        return said

    def say(self, text: str) -> None:
        """Tell `text`, as long as this screen stands."""
        if self.is_attached:
            self.query_one("#said", Sentence).say(text)
            self.query_one("#said").display = bool(text)
            self.set_class(bool(text), "-saying")

    def go_to(self, screen: PlaceScreen) -> None:
        """Show another screen of staff instead of this one."""
        self.companion.open_staff(screen)

    def do(self, command: Command, then: Callable[[], None] | None = None) -> None:
        """Carry out `command`, and `then` what follows; a refusal is told in its place."""

        def answered(refused: Refused | None) -> None:
            if refused is not None:
                self.say(self.staff_words.refused[refused.why])
            elif then is not None:
                then()

        self.companion.carry_out(command, answered)


class UnlockedScreen(StaffScreen):
    """A screen behind somebody's PIN. Untouched for a minute it locks; the session goes on."""

    LOCKS_AFTER: ClassVar[float | None] = 60.0

    def __init__(self, unlocked: Unlocked) -> None:
        super().__init__()
        self.unlocked = unlocked

    @property
    def under_way(self) -> bool:
        """Whether something is done meanwhile that somebody waits for; it does not lock then."""
        return False

    def tend(self) -> None:
        if self.under_way:
            self._touched = self._now()
        super().tend()

    def leave(self, why: str) -> None:
        self.companion.begin(self.companion.desk.staffing.locked(self.unlocked.by.who, why))
        super().leave(why)
