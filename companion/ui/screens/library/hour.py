"""A whole rehearsed session: what happens when, and any minute of it to be heard."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Grid
from textual.widget import Widget

from companion.access import Unlocked
from companion.curating.audition import Hour
from companion.curating.curating import Rehearsed
from companion.rehearsal.rehearse import clock
from companion.session.plan import Phase
from companion.session.view import View
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.screens.library.problems import FileProblemsScreen
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.ui.widgets.timeline import Stretch, Timeline

_STEPS = {"ten_back": -600.0, "one_back": -60.0, "one_on": 60.0, "ten_on": 600.0}


class HourScreen(LibraryPlace):
    """It stands at one second of the session; while it is heard, that goes on."""

    def __init__(
        self, unlocked: Unlocked, rehearsed: Rehearsed, back: Callable[[], None], at: float = 0.0
    ) -> None:
        super().__init__(unlocked, back)
        self._rehearsed = rehearsed
        self._at = at
        self._phases = tuple(rehearsed.rehearsal.phases)

    def furnish(self) -> Iterator[Widget]:
        words, rehearsed = self.staff_words, self._rehearsed
        seconds = rehearsed.rehearsal.seconds
        ends = [*(at for at, _ in self._phases[1:]), seconds]
        phases = [
            Stretch(at, end, words.phases[phase])
            for (at, phase), end in zip(self._phases, ends, strict=True)
        ]
        begins = [one.begins for one in rehearsed.playings]
        tracks = [
            Stretch(one.begins, end, one.track.title)
            for one, end in zip(rehearsed.playings, [*begins[1:], seconds], strict=False)
        ]
        said = [Stretch(one.begins, one.ends) for one in rehearsed.rehearsal.sentences]
        yield Sentence(rehearsed.title, classes="question")
        yield Timeline(seconds, (phases, tracks, said), self._at)
        yield Sentence(id="track-told")
        yield self.saying()
        with Grid(id="turning", classes="-hour"):
            yield self.hear_tile()
            for name, step in _STEPS.items():
                yield Tile(getattr(words.library, name), step, classes="step")
            yield Tile(words.next_phase, id="phase")
            yield Tile("", id="found")
            yield self.back_tile()

    def show(self, view: View | None) -> None:
        super().show(view)
        words, rehearsal = self.staff_words, self._rehearsed.rehearsal
        at = self._at
        playing = [one.track.title for one in self._rehearsed.playings if one.begins <= at]
        where = words.library.second_of.format(
            at=clock(at), length=clock(rehearsal.seconds), phase=words.phases[self._phase]
        )
        told = " · ".join((where, *playing[-1:]))
        coming = next((one for one in rehearsal.sentences if one.ends > at), None)
        if coming is not None:
            said = words.library.says_at.format(at=clock(coming.begins), words=coming.cue.say)
            told = f"{told}\n{said}"
        self.query_one("#track-told", Sentence).say(told)
        self.query_one(Timeline).mark(at)
        self.query_one("#phase").visible = self._next_phase is not None
        found = self.query_one("#found", Tile)
        found.visible = bool(rehearsal.findings)
        count = len(rehearsal.findings)
        found.label = (
            words.library.one_finding if count == 1 else words.library.findings.format(count=count)
        )

    @property
    def _phase(self) -> Phase:
        return [phase for at, phase in self._phases if at <= self._at][-1]

    @property
    def _next_phase(self) -> float | None:
        """The second at which the next phase begins."""
        return next((at for at, _ in self._phases if at > self._at), None)

    def tend(self) -> None:
        super().tend()
        if self.is_attached and isinstance(self._heard, Hour):
            self._at = self._heard.second(self.companion.conductor.seconds())
            self.show(self.view)

    def _jump(self, at: float) -> None:
        """Stand at second `at`; what is heard goes over to it."""
        self._at = min(max(at, 0.0), self._rehearsed.rehearsal.seconds - 1.0)
        if self.hears:
            self._hear_from_here()
        self.show(self.view)

    def _hear_from_here(self) -> None:
        rehearsal, now = self._rehearsed.rehearsal, self.companion.conductor.seconds()
        self.hear(Hour(rehearsal.orders, rehearsal.seconds, self._at, now))

    @on(Tile.Tapped, ".step")
    def _step(self, event: Tile.Tapped) -> None:
        assert isinstance(event.tile.value, float)
        self._jump(self._at + event.tile.value)

    @on(Tile.Tapped, "#phase")
    def _to_next_phase(self) -> None:
        if self._next_phase is not None:
            self._jump(self._next_phase)

    @on(Tile.Tapped, "#hear")
    def _hear(self) -> None:
        if self.hears:
            self.stop()
        else:
            self._hear_from_here()

    @on(Tile.Tapped, "#found")
    def _found(self) -> None:
        told = [str(line) for line in self._rehearsed.rehearsal.findings]

        def again() -> None:
            self.go_to(HourScreen(self.unlocked, self._rehearsed, self._back, self._at))

        self.go_to(FileProblemsScreen(self.unlocked, self._rehearsed.title, told, again))
