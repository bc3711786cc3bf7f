"""One question, 0 to 10. Nothing is preset and no earlier answer is shown."""

from collections.abc import Iterator

from textual import on
from textual.containers import Container, Grid, Horizontal
from textual.widget import Widget

from companion.session.commands import (
    PostponeRating,
    Rate,
    SkipQuestion,
    StepBack,
    StopQuestions,
)
from companion.session.plan import Question
from companion.session.state import Stage
from companion.session.view import View
from companion.ui.place import PlaceScreen
from companion.ui.widgets.scale import Scale
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class QuestionScreen(PlaceScreen):
    """Asks one question after the other; each is a new scale."""

    def __init__(self, view: View | None = None) -> None:
        super().__init__(view)
        self._asked: Question | None = None

    def furnish(self) -> Iterator[Widget]:
        words = self.words
        yield Sentence(id="question")
        with Horizontal(id="answers"):
            yield Container(id="scale")
            with Grid(id="ways"):
                yield Tile(words.back, StepBack(), weight="quiet", id="back")
                yield Tile(words.rate_later, PostponeRating(), weight="quiet", id="later")
                yield Tile(words.no_more_questions, StopQuestions(), weight="quiet")
                yield Tile(words.staff, weight="quiet", id="staff")

    def show(self, view: View | None) -> None:
        if view is None or view.question is None:
            return
        self.query_one("#back").visible = view.can_step_back
        self.query_one("#later").visible = view.stage is Stage.RATING
        if view.question != self._asked:
            self._ask(view.question)

    def _ask(self, question: Question) -> None:
        self._asked = question
        self.changed()
        self.query_one("#question", Sentence).say(question.text)
        place = self.query_one("#scale")
        place.remove_children()
        place.mount(Scale(question, skip=self.words.skip))

    @on(Scale.Chosen)
    def _chosen(self, event: Scale.Chosen) -> None:
        if self._asked is not None:
            self.carry_out(Rate(self._asked.key, event.value))

    @on(Scale.Skipped)
    def _skipped(self) -> None:
        if self._asked is not None:
            self.carry_out(SkipQuestion(self._asked.key))

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        match event.tile.value:
            case StepBack() | PostponeRating() | StopQuestions() as command:
                self.carry_out(command)
