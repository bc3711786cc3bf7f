"""`config.yaml` -> Config, or the list of all its problems."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator, model_validator

from companion.library.fields import (
    Argument,
    Checked,
    Language,
    Name,
    Sentence,
    Title,
    between,
    wrong,
)
from companion.library.files import Unusable, find
from companion.library.forms import Finding, Form, fill, several
from companion.library.protocols import ProtocolForm
from companion.library.reading import BYTES, Location, Place, dotted, read
from companion.library.voices import Voice, VoiceForm
from companion.library.wording import (
    QuestionForm,
    Spoken,
    SpokenForm,
    Wording,
    WordingForm,
    wrong_with,
)
from companion.problems import BadContent, Problem, nearest
from companion.session.plan import Levels, Protocol, Question, same_language

THIS_SCREEN = "this screen"
_BUTTON = "[a-z][a-z0-9_+]{1,30}"
_ADDRESS = r"^\s*[Hh][Tt][Tt][Pp][Ss]?://."


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


def load_config(path: Path) -> Config:
    """The clinic's configuration. Raises BadContent with every problem of the file."""
    return config_from(config_bytes(path), path.name)


def config_bytes(path: Path) -> bytes:
    """What the file at `path` holds. Raises BadContent where it cannot be read."""
    try:
        return find(path.parent, path.name, (".yaml",), BYTES).read_bytes()
    except Unusable as error:
        raise BadContent([Problem(path.name, 0, 0, "", str(error))]) from None
    except OSError as error:
        raise BadContent(
            [Problem(path.name, 0, 0, "", f"cannot be read: {error.strerror}")]
        ) from None


def config_from(data: bytes, file: str) -> Config:
    """The configuration that `data` says; `file` is its name in messages. Raises BadContent with
    every problem of it."""
    source = read(data, file)
    form = fill(ConfigForm, source).form
    places = {dotted(where): place for where, place in source.values.items()}
    return form.config(file, places, source.hash)


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or not value.isprintable():
        raise wrong("expected an address that begins with https:// or http://")
    return value


def _button(value: str) -> str:
    if len(value) == 1 or not re.fullmatch(_BUTTON, value):
        raise wrong("expected the name of a key that types nothing, such as f13 or pagedown")
    return value


class _UsualForm(Form):
    protocol: Name
    """One of the protocols."""
    playlist: Name
    """A file in playlists, without .yaml."""
    script: Name | None = None
    """A file in scripts_guided, without .yaml; empty for no voice."""
    language: Language | None = None
    """What the patient reads and hears; without it the clinic's own."""
    eyes_covered: bool = False
    """Yes: check-ins are left out, and the record says so."""
    words_on_screen: bool = True
    """Whether the words of a script are also shown."""


class _CommandForm(Form):
    run: tuple[Argument, ...] = Field(min_length=1, max_length=20)
    """The program and its arguments."""
    reaches: Title
    """Whom it reaches, in words."""


class _WebhookForm(Form):
    url: Annotated[str, Checked(_address, {"pattern": _ADDRESS})]
    """The address."""
    reaches: Title
    """Whom it reaches, in words."""


class _CallsForm(Form):
    button: Annotated[str, Checked(_button, {"pattern": f"^{_BUTTON}$"})] | None = None
    """The key of a call button, such as f13; one press calls."""
    command: _CommandForm | None = None
    """A program to start."""
    webhook: _WebhookForm | None = None
    """An address to send to."""

    def calls(self) -> Calls:
        channels = {"command": self.command, "webhook": self.webhook}
        named = {name: channel.reaches for name, channel in channels.items() if channel}
        return Calls(
            button=self.button,
            command=self.command.run if self.command else (),
            webhook=self.webhook.url if self.webhook else "",
            reaches=" and ".join([THIS_SCREEN, *named.values()])
            if named
            else f"{THIS_SCREEN} only",
            named=named,
        )


class _LevelsForm(Form):
    start: Annotated[float, between(-48, 0, " dB")] = -18
    """Where every session begins."""
    step: Annotated[float, between(1, 3, " dB")] = 2
    """One touch of louder or quieter."""
    ceiling: Annotated[float, between(-48, -12, " dB")] = -12
    """The loudest a patient can choose until the output is calibrated."""

    @model_validator(mode="after")
    def _start_below(self) -> "_LevelsForm":
        if self.start > self.ceiling:
            told = f"must not be above the ceiling, {self.ceiling:g} dB"
            raise several([(("start",), told, "")])
        return self

    def levels(self) -> Levels:
        return Levels(start=self.start, ceiling=self.ceiling, step=self.step)


class ConfigForm(Form):
    clinic: Title
    """Shown to staff."""
    room: Title
    """What a call sends, so the name that people say."""
    language: Language
    """The language of the screens, such as en."""
    protocols: dict[Name, ProtocolForm] = Field(min_length=1, max_length=40)
    """The shapes of a session, by their names."""
    usual: _UsualForm
    """What a new card is set to."""
    questions: dict[Name, QuestionForm] = Field(max_length=40)
    """Questions answered from 0 to 10, by their keys."""
    ask_before: tuple[str, ...] = ()
    """Keys of the questions asked before the music."""
    ask_after: tuple[str, ...] = ()
    """Keys of the questions asked afterwards."""
    notes: tuple[Title, ...] = Field(max_length=12)
    """The tiles for a nurse's notes."""
    anchors: tuple[SpokenForm, ...] = Field(max_length=8)
    """Sentences a nurse can have said at the peak, one at a time."""
    call_line: SpokenForm
    """Said once when the patient calls, and shown as well."""
    reminders: tuple[Sentence, ...] = Field(max_length=8)
    """What the farewell screen reminds of."""
    languages: dict[Language, WordingForm] = Field({}, max_length=12)
    """What is said in other languages, by their codes."""
    calls: _CallsForm = _CallsForm()
    """How a call leaves this tablet, besides its screen."""
    level: _LevelsForm = _LevelsForm()
    """The patient's own level, in dB."""
    intention: bool = False
    """Whether the patient may leave one sentence before the music."""
    voices: dict[Language, VoiceForm] | None = None
    """What may speak a script, by language."""
    keep_days: Annotated[int, between(1, 36500, " days")] | None = None
    """Days after which a lead may delete a patient's answers and words; empty: never."""

    @field_validator("usual")
    @classmethod
    def _known_protocol(cls, usual: _UsualForm, info: ValidationInfo) -> _UsualForm:
        protocols = info.data.get("protocols")
        if protocols and usual.protocol not in protocols:
            told = "is not the name of a protocol here"
            raise several([(("protocol",), told, nearest(usual.protocol, protocols))])
        return usual

    @field_validator("languages")
    @classmethod
    def _other_languages(
        cls, languages: dict[str, WordingForm], info: ValidationInfo
    ) -> dict[str, WordingForm]:
        own, questions = info.data.get("language"), info.data.get("questions")
        if findings := wrong_with(languages, own, questions):
            raise several(findings)
        return languages

    @field_validator("ask_before", "ask_after")
    @classmethod
    def _known_questions(cls, asked: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        questions = info.data.get("questions")
        if questions is None:
            return asked
        findings = [*_unknown(asked, questions), *_repeated(asked)]
        if findings:
            raise several(findings)
        return asked

    def config(self, file: str, places: Mapping[str, Place], digest: str) -> Config:
        questions = {key: asked.question(key) for key, asked in self.questions.items()}
        usual = self.usual.model_dump() | {"language": self.usual.language or self.language}
        return Config(
            clinic=self.clinic,
            room=self.room,
            language=self.language,
            usual=Card(**usual),
            protocols={name: form.protocol(name) for name, form in self.protocols.items()},
            demonstrations=frozenset(
                name for name, form in self.protocols.items() if form.demonstration
            ),
            questions=questions,
            before=tuple(questions[key] for key in self.ask_before),
            after=tuple(questions[key] for key in self.ask_after),
            notes=self.notes,
            anchors=tuple(form.spoken() for form in self.anchors),
            call_line=self.call_line.spoken(),
            reminders=self.reminders,
            languages={code: form.wording() for code, form in self.languages.items()},
            calls=self.calls.calls(),
            levels=self.level.levels(),
            intention=self.intention,
            voices={name: form.voice() for name, form in (self.voices or {}).items()},
            keep_days=self.keep_days,
            file=file,
            places=places,
            hash=digest,
        )


def _unknown(asked: Iterable[str], questions: Iterable[str]) -> list[Finding]:
    valid = tuple(questions)
    return [
        ((index,), "is not the key of a question here", nearest(key, valid))
        for index, key in enumerate(asked)
        if key not in valid
    ]


def _repeated(asked: tuple[str, ...]) -> list[Finding]:
    return [
        ((index,), "is asked twice", "keep one")
        for index, key in enumerate(asked)
        if key in asked[:index]
    ]
