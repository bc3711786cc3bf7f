"""Initials by touch, and a PIN that is chosen by typing it twice."""

from collections.abc import Awaitable, Callable, Iterator

from textual import on
from textual.widget import Widget

from companion.access import Refusal, refuse_addition, refuse_pin
from companion.session.book import Role
from companion.ui.screens.staff import StaffScreen
from companion.ui.widgets.initials_pad import InitialsPad
from companion.ui.widgets.key_pad import KeyPad


class InitialsScreen(StaffScreen):
    """The initials of somebody who is to work here as `role`."""

    LOCKS_AFTER = 60.0

    def __init__(self, role: Role, then: Callable[[str], None], back: Callable[[], None]) -> None:
        super().__init__()
        self._role, self._then, self._back = role, then, back

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield self.saying()
        yield InitialsPad(delete=words.delete, done=words.done, cancel=words.cancel)

    def on_mount(self) -> None:
        super().on_mount()
        self.say(self.staff_words.ask_initials)

    @on(InitialsPad.Entered)
    def _entered(self, event: InitialsPad.Entered) -> None:
        refusal = refuse_addition(self.companion.desk.people, event.initials, self._role)
        if refusal is not None:
            self.say(self.staff_words.staff_refused[refusal])
        else:
            self._then(event.initials)

    @on(InitialsPad.Cancelled)
    def _cancelled(self) -> None:
        self._back()


class PinScreen(StaffScreen):
    """A PIN, and the same once more. `then` keeps it and shows what comes next, or refuses."""

    LOCKS_AFTER = 60.0

    def __init__(
        self,
        initials: str,
        then: Callable[[str], Awaitable[Refusal | None]],
        back: Callable[[], None],
    ) -> None:
        super().__init__()
        self._initials, self._then, self._back = initials, then, back
        self._first: str | None = None

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield self.saying()
        yield KeyPad(delete=words.delete, cancel=words.cancel)

    def on_mount(self) -> None:
        super().on_mount()
        self._ask(self.staff_words.ask_pin)

    def _ask(self, sentence: str, before: str = "") -> None:
        self.say(f"{before} {sentence.format(initials=self._initials)}".strip())

    @on(KeyPad.Entered)
    async def _entered(self, event: KeyPad.Entered) -> None:
        words, pin, first = self.staff_words, event.digits, self._first
        event.pad.clear()
        self._first = None
        if first is None:
            if (refusal := refuse_pin(pin)) is not None:
                self._ask(words.ask_pin, words.staff_refused[refusal])
                return
            self._first = pin
            self._ask(words.ask_pin_again)
        elif pin != first:
            self._ask(words.pins_differ)
        elif (refusal := await self._then(pin)) is not None:
            self._ask(words.ask_pin, words.staff_refused[refusal])

    @on(KeyPad.Cancelled)
    def _cancelled(self) -> None:
        self._back()
