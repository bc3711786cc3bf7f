"""The morning check: one touch, one tone, and what was found, in plain lines with what to do."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from textual import events, on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Unlocked
from companion.morning.facts import Facts, Seen
from companion.morning.findings import Finding, State, findings
from companion.morning.looking import Tone, look_from_desk
from companion.morning.system import colours
from companion.session.book import Checked
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.leaves import Leaves
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.words.check import ENGLISH_CHECK


class MorningScreen(UnlockedScreen):
    """A touch begins it, an answer ends it; what came of it is kept with her name."""

    LOCKS_AFTER = 300.0

    def __init__(self, unlocked: Unlocked, back: Callable[[], None]) -> None:
        super().__init__(unlocked)
        self._back = back
        self._felt = False
        self._tone: Tone | None = None
        self._heard: bool | None = None
        self._facts: Facts | None = None
        self._asking = False

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(words.morning_check, id="which", classes="question")
        yield self.saying()
        yield Leaves(id="leaves")
        with Horizontal(classes="tiles", id="beginning"):
            yield Tile(words.touch_here, weight="strong", id="touch")
            yield Tile(words.back, weight="quiet", classes="back")
        with Horizontal(classes="tiles -away", id="asking"):
            yield Tile(words.heard_it, True, weight="strong", classes="heard")
            yield Tile(words.heard_nothing, False, classes="heard")
        with Horizontal(classes="tiles -away", id="done"):
            yield Tile(words.page_before, weight="quiet", id="before")
            yield Tile(words.next_page, id="next")
            yield Tile(words.done, weight="strong", classes="back")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Leaves).tell([self.staff_words.about_check])

    def on_unmount(self) -> None:
        """However this screen is left, the tone goes with it."""
        self._silence()

    def _forward_event(self, event: events.Event) -> None:
        """That a finger was felt is one of the findings."""
        self._felt = self._felt or isinstance(event, events.MouseDown)
        super()._forward_event(event)

    # --- the tone --------------------------------------------------------------------------------

    @on(Tile.Tapped, "#touch")
    def _begin(self) -> None:
        self.reveal("#beginning", False)
        self.companion.begin(self._look())
        desk, conductor = self.companion.desk, self.companion.conductor
        if not desk.output_in_use or desk.muted:
            self._wait()
            return
        self._asking = True
        self._tone = Tone(desk.output_in_use, conductor.seconds())
        conductor.try_out(self._tone.heard(conductor.seconds()))
        self.query_one("#which", Sentence).say(self.staff_words.ask_heard)
        self.query_one(Leaves).tell([])
        self.reveal("#asking", True)
        self.changed()

    @on(Tile.Tapped, ".heard")
    def _answered(self, event: Tile.Tapped) -> None:
        self._heard, self._asking = bool(event.tile.value), False
        self._silence()
        self.reveal("#asking", False)
        self._wait()

    def _silence(self) -> None:
        if self._tone is not None:
            conductor = self.companion.conductor
            conductor.try_out(self._tone.silence(conductor.seconds()))
            self._tone = None

    # --- what was found --------------------------------------------------------------------------

    async def _look(self) -> None:
        size = self.companion.size
        seen = Seen(size.width, size.height, colours(), self._felt)
        companion = self.companion
        now = companion.clock.now()
        self._facts = await look_from_desk(companion.desk, companion.conductor.channels, seen, now)
        if self.is_attached and not self._asking:
            self._wait()

    def _wait(self) -> None:
        """Tell what was found as soon as all of it is known."""
        words = self.staff_words
        if self._facts is None:
            self.query_one("#which", Sentence).say(words.still_checking)
            return
        facts = self._facts
        if facts.sound is not None:
            facts = replace(facts, sound=replace(facts.sound, tone=self._heard))
        found = findings(facts, ENGLISH_CHECK)
        bad = tuple(one.name for one in found if one.state is not State.WELL)
        self.query_one("#which", Sentence).say(
            words.found_some.format(count=len(bad)) if bad else words.found_nothing
        )
        self.query_one(Leaves).tell([told(one) for one in found])
        self.reveal("#done", True)
        self.changed()
        checked = Checked(by=self.unlocked.by, found=bad, heard=self._heard)
        self.companion.begin(self.companion.desk.write(checked))

    @on(Leaves.Turned)
    def _turned(self) -> None:
        leaves = self.query_one(Leaves)
        self.query_one("#before").visible = leaves.page > 1
        self.query_one("#next").visible = leaves.page < leaves.pages

    @on(Tile.Tapped, "#before")
    def _page_before(self) -> None:
        self.query_one(Leaves).turn(-1)

    @on(Tile.Tapped, "#next")
    def _next_page(self) -> None:
        self.query_one(Leaves).turn(1)

    @on(Tile.Tapped, ".back")
    def _leave(self) -> None:
        self._back()


_MARKS = {State.WRONG: "✕", State.LOOK: "◆", State.WELL: "✓"}
"""Shapes, for nobody should need colours to tell them apart."""


def told(finding: Finding) -> str:
    """A finding as one line."""
    return " ".join(filter(None, [_MARKS[finding.state], finding.told, finding.todo]))
