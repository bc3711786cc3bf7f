"""Files of a stick are heard, judged, chosen and taken; each of them in one sentence."""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from pathlib import PurePath

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Refusal, Unlocked
from companion.cleaning import clean
from companion.curating.adding_child import AddingChild, Taken, Verdict, Wish
from companion.session.view import View
from companion.ui.cut import cut
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_AT_ONCE = 2
"""Sentences that stand together."""
_NAME = 40
"""Columns for the name of a file."""


class _Step(Enum):
    HEARING = auto()
    ASKING = auto()
    TAKING = auto()
    ENDED = auto()


class AddingScreen(LibraryPlace):
    """While it hears or copies it does not lock. To leave it ends that; nothing is half done."""

    def __init__(self, unlocked: Unlocked, wish: Wish, back: Callable[[], None]) -> None:
        super().__init__(unlocked, back)
        self._wish = wish
        self._child: AddingChild | None = None
        self._step = _Step.HEARING
        self._outcome: bool | Refusal = False
        self._file = ""
        """What is heard or copied now."""
        self._verdicts: list[Verdict] = []
        self._asking = 0
        """Which verdict stands here to be answered."""
        self._wanted: list[str] = []
        self._taken: list[Taken] = []
        self._first = 0
        """The first sentence that stands here at the end."""

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(id="title", classes="question")
        yield Sentence(id="sentences")
        with Horizontal(id="wanting", classes="tiles"):
            yield Tile(words.library.take, weight="strong", id="take")
            yield Tile(words.library.leave_out, id="leave")
            yield Tile(words.library.take_good, id="good")
        with Horizontal(classes="tiles"):
            yield Tile(words.more, id="next")
            yield self.back_tile()

    def show(self, view: View | None) -> None:
        super().show(view)
        if self._child is None:
            self._child = AddingChild(
                self.companion.desk.home,
                begun=self._begun,
                judged=self._judged,
                asked=self._asked,
                taken=self._took,
            )
            self.companion.begin(self._run(self._child))
        self._write()

    @property
    def under_way(self) -> bool:
        return self._step in (_Step.HEARING, _Step.TAKING)

    def on_unmount(self) -> None:
        super().on_unmount()
        if self._child is not None:
            self._child.end()

    # --- what the child tells --------------------------------------------------------------------

    async def _run(self, child: AddingChild) -> None:
        curating, by = self.companion.curating, self.unlocked.by
        self._outcome = await curating.add(child, self._wish, by)
        self._step = _Step.ENDED
        self._write()

    def _begun(self, file: str) -> None:
        self._file = file
        self._write()

    def _judged(self, verdict: Verdict) -> None:
        self._verdicts.append(verdict)
        self._write()

    def _asked(self) -> None:
        self._step = _Step.ASKING
        self.changed()
        self._write()

    def _took(self, taken: Taken) -> None:
        self._taken.append(taken)
        self._write()

    # --- how it stands ---------------------------------------------------------------------------

    def _write(self) -> None:
        if not self.is_attached:
            return
        words = self.staff_words
        told = self._sentences()
        if self._step is _Step.ENDED:
            shown = told[self._first : self._first + _AT_ONCE]
        else:
            shown = told[-_AT_ONCE:]
        self.query_one("#title", Sentence).say(self._title())
        self.query_one("#sentences", Sentence).say("\n\n".join(shown))
        asking = self._step is _Step.ASKING
        self.reveal("#wanting", asking)
        if asking:
            refused = self._verdicts[self._asking].refused
            self.query_one("#take").visible = not refused
            self.query_one("#leave", Tile).label = (
                words.go_on if refused else words.library.leave_out
            )
            self.query_one("#good").visible = len(self._good_ones()) > 1
        ended = self._step is _Step.ENDED
        self.query_one("#next").visible = ended and len(told) > _AT_ONCE
        self.query_one("#back", Tile).label = words.back if ended else words.cancel

    def _title(self) -> str:
        words, count = self.staff_words, len(self._wish.files)
        match self._step:
            case _Step.HEARING:
                number = min(count, len(self._verdicts) + 1)
                return words.library.hearing_file.format(
                    file=_name(self._file), number=number, count=count
                )
            case _Step.ASKING:
                number, name = self._asking + 1, _name(self._verdicts[self._asking].file)
                return words.library.about_file.format(file=name, number=number, count=count)
            case _Step.TAKING:
                number, count = len(self._taken) + 1, len(self._wanted)
                name = _name(self._file)
                return words.library.taking_file.format(
                    file=name, number=min(count, number), count=count
                )
        if isinstance(self._outcome, Refusal):
            return words.library.not_curator
        if not self._outcome:
            return words.library.adding_broke
        return words.library.files_added.format(
            added=sum(one.done for one in self._taken), count=count
        )

    def _sentences(self) -> list[str]:
        """One for each file that there is something to say of."""
        words = self.staff_words
        judged = [
            f"{_name(one.file)}: {words.library.marks[one.mark]}. {_begun(one.sentence)}"
            for one in self._verdicts
        ]
        if self._step is _Step.HEARING:
            return judged
        if self._step is _Step.ASKING:
            return [judged[self._asking]]
        taken = [f"{_name(one.file)}: {one.sentence}" for one in self._taken]
        if self._step is _Step.TAKING:
            return taken
        refused = [told for told, one in zip(judged, self._verdicts, strict=True) if one.refused]
        return [*taken, *refused]

    def _good_ones(self) -> list[str]:
        """Those still to be asked about, and good."""
        return [one.file for one in self._verdicts[self._asking :] if one.mark == "good"]

    # --- what is chosen --------------------------------------------------------------------------

    @on(Tile.Tapped, "#take")
    def _take(self) -> None:
        self._wanted.append(self._verdicts[self._asking].file)
        self._ask_next()

    @on(Tile.Tapped, "#leave")
    def _leave_out(self) -> None:
        self._ask_next()

    @on(Tile.Tapped, "#good")
    def _take_good(self) -> None:
        self._wanted += self._good_ones()
        self._answer()

    def _ask_next(self) -> None:
        self._asking += 1
        if self._asking == len(self._verdicts):
            self._answer()
        else:
            self.changed()
            self._write()

    def _answer(self) -> None:
        self._step, self._file = _Step.TAKING, ""
        if self._child is not None:
            self._child.answer(self._wanted)
        self.changed()
        self._write()

    @on(Tile.Tapped, "#next")
    def _next(self) -> None:
        following = self._first + _AT_ONCE
        self._first = following if following < len(self._sentences()) else 0
        self._write()


def _name(file: str) -> str:
    return cut(clean(PurePath(file).name, 80), _NAME)


def _begun(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"
