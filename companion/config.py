"""All that a clinic decides for itself, as `config.yaml` says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from companion.library.reading import Location, Place, dotted
from companion.library.voices import Voice
from companion.library.wording import Spoken, Wording
from companion.problems import Problem
from companion.session.plan import Levels, Protocol, Question, same_language


@dataclass(frozen=True, slots=True)
class Card:
    """What a nurse chooses for one session."""

    protocol: str
    playlist: str
    """Stem of a file in `playlists`; empty: there is no music."""
    script: str | None
    """Stem of a file in `scripts_guided`; None: no voice is offered."""
    language: str
    eyes_covered: bool = False
    words_on_screen: bool = True


@dataclass(frozen=True, slots=True)
class Calls:
    """How a call leaves the tablet, besides its screen."""

    button: str | None
    """Name of the key that calls at one press."""
    command: tuple[str, ...]
    """Program and arguments; empty: off."""
    webhook: str
    """Address; empty: off."""
    reaches: str
    """Whom a call reaches, in words."""
    named: Mapping[str, str]
    """Whom each channel that is on reaches, by `command` or `webhook`."""


@dataclass(frozen=True, slots=True)
class Config:
    """All that a clinic decides for itself. Lengths are seconds, levels dB."""

    clinic: str
    room: str
    language: str
    usual: Card
    protocols: Mapping[str, Protocol]
    demonstrations: frozenset[str]
    """Names of the protocols made for showing the program."""
    questions: Mapping[str, Question]
    """Every question by its key, asked or not."""
    before: tuple[Question, ...]
    after: tuple[Question, ...]
    notes: tuple[str, ...]
    anchors: tuple[Spoken, ...]
    call_line: Spoken
    reminders: tuple[str, ...]
    languages: Mapping[str, Wording]
    """What is said in other languages, by their codes."""
    calls: Calls
    levels: Levels
    intention: bool
    voices: Mapping[str, Voice]
    """What speaks a script without recordings, by language."""
    keep_days: int | None
    """Days after the close for which the patient's own answers and words are kept; None: all
    are."""
    file: str
    places: Mapping[str, Place]
    """Line and column of every value by its dotted path."""
    hash: str

    def worded(self, language: str) -> "Config":
        """The same with what a patient reads and hears in `language`, as far as it is written."""
        said = self.wording(language)
        if said is None or same_language(language, self.language):
            return self
        questions = {**self.questions, **said.questions}
        return replace(
            self,
            questions=questions,
            before=tuple(questions[asked.key] for asked in self.before),
            after=tuple(questions[asked.key] for asked in self.after),
            anchors=said.anchors or self.anchors,
            call_line=said.call_line or self.call_line,
            reminders=said.reminders or self.reminders,
            calls=replace(self.calls, named={**self.calls.named, **said.reaches}),
        )

    def wording(self, language: str) -> Wording | None:
        """What is written for another `language`, if anything is."""
        written = self.languages.items()
        return next((said for code, said in written if same_language(code, language)), None)

    def problem(self, where: Location, message: str, hint: str = "") -> Problem:
        """A problem found later with the value at `where`, or where it is missing."""
        around = (dotted(where[:end]) for end in range(len(where), -1, -1))
        place = next((self.places[path] for path in around if path in self.places), (0, 0))
        return Problem(self.file, *place, dotted(where), message, hint)
