"""Backup to stick: a copy of all that the tablet keeps, made while whoever wants it looks on."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Unlocked
from companion.cleaning import clean
from companion.curating.sticks import Stick
from companion.processes.command_child import CommandChild, Ended
from companion.session.book import BackedUp
from companion.session.view import View
from companion.ui.cut import cut
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.staff import StaffScreen, UnlockedScreen
from companion.ui.widgets.pages import Choice
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_NAME = 19
"""Columns for a name on the narrowest tile of a list."""


def ask_stick(screen: StaffScreen, unlocked: Unlocked) -> None:
    """Which stick? With one, it is that one."""
    screen.companion.begin(_ask_stick(screen, unlocked))


async def _ask_stick(screen: StaffScreen, unlocked: Unlocked) -> None:
    companion, words = screen.companion, screen.staff_words

    async def chosen(stick: Stick | None) -> None:
        if stick is None:
            ask_stick(screen, unlocked)
        else:
            screen.go_to(CopyingScreen(unlocked, stick))

    sticks = await companion.curating.sticks()
    if len(sticks) == 1:
        await chosen(sticks[0])
        return
    choices = [Choice(cut(stick.name, _NAME), stick) for stick in sticks]
    look_again = [Choice(screen.record_words.copy_again, None)]
    question = words.ask_stick if choices else words.no_stick
    screen.go_to(
        ChoiceScreen(
            unlocked, question, choices or look_again, chosen, companion.leave_staff, long=True
        )
    )


class CopyingScreen(UnlockedScreen):
    """It says first what is in a copy. While it copies it does not lock; to leave it ends that,
    and nothing is left on the stick."""

    def __init__(self, unlocked: Unlocked, stick: Stick) -> None:
        super().__init__(unlocked)
        self._stick = stick
        self._child: CommandChild | None = None
        self._ended: Ended | None = None

    def furnish(self) -> Iterator[Widget]:
        yield Sentence(id="title", classes="question")
        yield Sentence(id="lines-told")
        with Horizontal(classes="tiles"):
            yield Tile(self.record_words.sure_copy, weight="strong", id="begin")
            yield Tile(self.staff_words.back, weight="quiet", id="back")

    @property
    def under_way(self) -> bool:
        return self._child is not None and self._ended is None

    def show(self, view: View | None) -> None:
        self._write()

    def _write(self) -> None:
        if not self.is_attached:
            return
        under_way = self.under_way
        self.query_one("#title", Sentence).say(self._title())
        self.query_one("#lines-told", Sentence).say("\n\n".join(self._lines()))
        good = self._ended is not None and self._ended.good
        begin = self.query_one("#begin", Tile)
        begin.visible = not under_way and not good
        begin.label = (
            self.record_words.sure_copy if self._ended is None else self.record_words.copy_again
        )
        back = self.staff_words.cancel if under_way else self.staff_words.back
        self.query_one("#back", Tile).label = back

    def _title(self) -> str:
        words, name = self.record_words, self._stick.name
        match self._ended:
            case None if self._child is None:
                return f"{words.copy_to_stick}: {name}"
            case None:
                return words.copying.format(stick=name)
            case Ended(good=True):
                return words.copied
        return words.copy_failed

    def _lines(self) -> list[str]:
        if self._child is None:
            return [self.record_words.copy_says]
        if self._ended is None:
            return []
        return [clean(line, 300) for line in self._ended.lines[-3:]]

    @on(Tile.Tapped, "#begin")
    def _begin(self) -> None:
        if self.under_way:
            return
        self._ended = None
        self._child = CommandChild(self.companion.desk.home)
        self.changed()
        self.companion.begin(self._run(self._child))
        self._write()

    async def _run(self, child: CommandChild) -> None:
        ended = await child.run("backup", "--", str(self._stick.path))
        if ended.good:
            desk, by = self.companion.desk, self.unlocked.by
            await desk.write(BackedUp(place=self._stick.name, by=by))
        self._ended = ended
        self._write()

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        self.leave("left")

    def on_unmount(self) -> None:
        if self._child is not None:
            self._child.end()
