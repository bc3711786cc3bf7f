"""Which code? One the patient has had before, a new one, or none today."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Unlocked
from companion.session.patient_code import DIGITS, is_code, spaced
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.key_pad import KeyPad
from companion.ui.widgets.tile import Tile


class CodeScreen(UnlockedScreen):
    """A code is typed and checked; one that is new to the tablet asks once more."""

    LOCKS_AFTER = None

    def __init__(
        self, unlocked: Unlocked, then: Callable[[str], None], back: Callable[[], None]
    ) -> None:
        super().__init__(unlocked)
        self._then, self._back = then, back

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield self.saying()
        with Horizontal(classes="tiles"):
            yield Tile("", weight="strong", id="use")
            yield Tile(words.new_code, id="new")
            yield Tile(words.no_code, id="none")
        yield KeyPad(DIGITS, delete=words.delete, cancel=words.back, secret=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#use").display = False
        self.say(self.staff_words.ask_code)

    @on(KeyPad.Entered)
    async def _entered(self, event: KeyPad.Entered) -> None:
        words, code = self.staff_words, event.digits
        event.pad.clear()
        use = self.query_one("#use", Tile)
        use.display = False
        if not is_code(code):
            self.say(words.bad_code.format(code=spaced(code)))
        elif await self.companion.desk.code_known(code):
            self._then(code)
        else:
            self.say(words.unknown_code.format(code=spaced(code)))
            use.label, use.value = words.use_it.format(code=spaced(code)), code
            use.display = True
            self.changed()

    @on(KeyPad.Cancelled)
    def _cancelled(self) -> None:
        self._back()

    @on(Tile.Tapped, "#use")
    def _use(self, event: Tile.Tapped) -> None:
        self._then(str(event.tile.value))

    @on(Tile.Tapped, "#new")
    def _new(self) -> None:
        self._then(self.companion.desk.new_code())

    @on(Tile.Tapped, "#none")
    def _none(self) -> None:
        self._then(self.companion.desk.temporary_code())


def code_told(code: str) -> str:
    """A code as people read it; a temporary one, too."""
    return spaced(code) if is_code(code) else f"{code[:1]} {code[1:4]} {code[4:]}"
