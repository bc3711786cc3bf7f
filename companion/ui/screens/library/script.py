"""A script, sentence by sentence: its words, its quiet, and how its recording sounds."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Unlocked
from companion.session.plan import Cue, Phase, Script
from companion.session.view import View
from companion.ui.library_told import cue_told
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class ScriptScreen(LibraryPlace):
    """One sentence at a time."""

    def __init__(self, unlocked: Unlocked, script: Script, back: Callable[[], None]) -> None:
        super().__init__(unlocked, back)
        parts = {Phase.SETTLE: script.settle, Phase.RETURN: script.back}
        self._script = script
        self._parts = {phase: cues for phase, cues in parts.items() if cues}
        self._part = next(iter(self._parts))
        self._at = 0

    @property
    def _cues(self) -> tuple[Cue, ...]:
        return self._parts[self._part]

    @property
    def _cue(self) -> Cue:
        return self._cues[self._at]

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(self._script.title, classes="question")
        yield Sentence(id="where")
        yield self.saying()
        yield Sentence(id="sentence")
        with Horizontal(classes="tiles"):
            yield Tile(words.library.sentence_before, -1, classes="step")
            yield Tile(words.library.sentence_after, 1, classes="step")
            yield self.hear_tile()
        with Horizontal(classes="tiles"):
            yield Tile(words.library.other_part, id="part")
            yield self.back_tile()

    def show(self, view: View | None) -> None:
        super().show(view)
        words = self.staff_words
        part = words.phases[self._part]
        number, count = self._at + 1, len(self._cues)
        where = words.library.sentence_of.format(part=part.capitalize(), number=number, count=count)
        self.query_one("#where", Sentence).say(f"{where} · {cue_told(self._cue, words)}")
        self.query_one("#sentence", Sentence).say(self._cue.say)
        self.query_one("#hear").visible = self._cue.clip is not None
        self.query_one("#part").visible = len(self._parts) > 1
        for tile in self.query(".step").results(Tile):
            tile.visible = count > 1

    @on(Tile.Tapped, ".step")
    def _step(self, event: Tile.Tapped) -> None:
        """The last sentence is followed by the first."""
        assert isinstance(event.tile.value, int)
        self.stop()
        self._at = (self._at + event.tile.value) % len(self._cues)
        self.show(self.view)

    @on(Tile.Tapped, "#part")
    def _other_part(self) -> None:
        self.stop()
        self._part = next(part for part in self._parts if part is not self._part)
        self._at = 0
        self.show(self.view)

    @on(Tile.Tapped, "#hear")
    def _hear(self) -> None:
        if self.hears:
            self.stop()
        else:
            self.hear_piece(self._cue, self._part)
