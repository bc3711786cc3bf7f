"""What the clinic itself says to a patient, as staff write it in `config.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import Field

from companion.library.fields import Name, Sentence, Title
from companion.library.forms import Finding, Form
from companion.problems import nearest
from companion.session.plan import Question, same_language


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of the clinic and its recording below the home's `scripts_guided`, if any."""

    say: str
    sound: str | None


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said in one other language; what is left out is said in the clinic's own."""

    questions: Mapping[str, Question]
    """By key."""
    anchors: tuple[Spoken, ...]
    call_line: Spoken | None
    reminders: tuple[str, ...]
    reaches: Mapping[str, str]
    """Whom a call reaches by `command` or by `webhook`."""


class QuestionForm(Form):
    """One entry of `questions`."""

    text: Sentence
    """What is asked."""
    low: Title
    """The words at 0."""
    high: Title
    """The words at 10."""

    def question(self, key: str) -> Question:
        return Question(key, self.text, self.low, self.high)


class SpokenForm(Form):
    """The call line, or an anchor line."""

    say: Sentence
    """What is said and shown."""
    sound: str | None = None
    """Its recording below the folder of scripts; without one it is only shown."""

    def spoken(self) -> Spoken:
        return Spoken(self.say, self.sound)


class _ReachesForm(Form):
    command: Title | None = None
    """Whom the program reaches, in this language."""
    webhook: Title | None = None
    """Whom the address reaches, in this language."""


class WordingForm(Form):
    """One entry of `languages`. A list stands for the whole of the clinic's own list."""

    questions: dict[Name, QuestionForm] = Field({}, max_length=40)
    """The questions in this language, by the same keys."""
    anchors: tuple[SpokenForm, ...] = Field((), max_length=8)
    """The anchor lines in this language."""
    call_line: SpokenForm | None = None
    """The call line in this language."""
    reminders: tuple[Sentence, ...] = Field((), max_length=8)
    """What the farewell reminds of, in this language."""
    reaches: _ReachesForm = _ReachesForm()
    """Whom a call reaches, in this language."""

    def wording(self) -> Wording:
        return Wording(
            questions={key: form.question(key) for key, form in self.questions.items()},
            anchors=tuple(form.spoken() for form in self.anchors),
            call_line=self.call_line.spoken() if self.call_line else None,
            reminders=self.reminders,
            reaches=self.reaches.model_dump(exclude_none=True),
        )


def wrong_with(
    languages: Mapping[str, WordingForm], own: str | None, questions: Iterable[str] | None
) -> list[Finding]:
    """What is wrong with `languages` beside the clinic's `own` language and its questions, where
    these are known."""
    findings: list[Finding] = []
    before = [] if own is None else [own]
    keys = None if questions is None else tuple(questions)
    for code, form in languages.items():
        if same := next((one for one in before if same_language(one, code)), None):
            findings.append(((code,), f"is written already, as {same}", "keep one of them"))
        before.append(code)
        unknown = (key for key in form.questions if keys is not None and key not in keys)
        findings += (
            (
                (code, "questions", key),
                "is not the key of a question here",
                nearest(key, keys or ()),
            )
            for key in unknown
        )
    return findings
