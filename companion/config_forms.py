"""The forms that `config.yaml` fills: what may stand where, and the Config that comes of it."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator, model_validator

from companion.config import Calls, Card, Config
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
from companion.library.forms import Finding, Form, several
from companion.library.protocols import ProtocolForm
from companion.library.reading import Place
from companion.library.voices import VoiceForm
from companion.library.wording import QuestionForm, SpokenForm, WordingForm, wrong_with
from companion.problems import nearest
from companion.session.plan import Levels

THIS_SCREEN = "this screen"
_BUTTON = "[a-z][a-z0-9_+]{1,30}"
_ADDRESS = r"^\s*[Hh][Tt][Tt][Pp][Ss]?://."


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
