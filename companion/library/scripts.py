"""`scripts_guided/*.yaml`: gentle words, one part while settling and one on the return."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from companion.library.clips import INDEX, INDEX_BYTES, Made, Place, read_index
from companion.library.fields import (
    Language,
    Paragraph,
    Seconds,
    Sentence,
    Title,
    in_words,
    lasting,
    shown,
)
from companion.library.files import Unusable, find
from companion.library.forms import NO_LICENCE, Form, fill, several
from companion.library.loudness import VOICE
from companion.library.pace import CALM, length, pace, speaking_time, themes
from companion.library.reading import Location, Source
from companion.library.shelf import Shelf
from companion.problems import Problem
from companion.session.plan import Cue, Protocol, Script

PARTS = ("settle", "return")


@dataclass(frozen=True, slots=True)
class ScriptContent:
    """A script, and the file that it came from."""

    script: Script
    source: Source
    licence: str | None = None
    synthetic: int = 0
    """Sentences whose recording a voice command spoke."""

    @property
    def advice(self) -> tuple[Problem, ...]:
        """What is worth a look in it, whatever the protocols."""
        return () if self.licence else (self.source.problem((), *NO_LICENCE),)

    def part(self, name: str) -> tuple[Cue, ...]:
        """The cues of `settle` or `return`."""
        return self.script.settle if name == "settle" else self.script.back


class _CueForm(Form):
    say: Sentence
    """One sentence, as it is spoken and shown."""
    pause: Annotated[Seconds, lasting(0, 180)] = 6.0
    """The quiet after it: 4s to 8s between sentences, 30s and more between scenes."""
    sound: str | None = None
    """Its recording below the folder of scripts; one of the expected name is found without."""


_Cues = Annotated[tuple[_CueForm, ...], Field(max_length=200)]


_ONE_PART: JsonDict = {
    "anyOf": [{"required": [part], "properties": {part: {"minItems": 1}}} for part in PARTS]
}


class _PartsForm(Form):
    model_config = ConfigDict(json_schema_extra=_ONE_PART)

    settle: _Cues = ()
    """Said while settling and in the first minutes of the infusion."""
    back: _Cues = Field((), alias="return")
    """Said on the way back to the room."""

    @model_validator(mode="after")
    def _not_empty(self) -> "_PartsForm":
        if not self.settle and not self.back:
            raise several([((), "needs a settle part or a return part", "")])
        return self


class ScriptForm(Form):
    title: Title
    """The name that staff and patients see."""
    about: Paragraph | None = None
    """What it speaks of, in a sentence or two."""
    language: Language
    """The language of its words, such as en or de."""
    author: Title
    """Who wrote it."""
    licence: Title | None = None
    """What allows the clinic to use its words, such as CC0-1.0."""
    parts: _PartsForm
    """What is said; a session takes one settle part and one return part."""

    def places(self) -> tuple[Place, ...]:
        """Every sentence in order."""
        return tuple(
            Place(name, index + 1, cue.say, cue.sound)
            for name, cues in zip(PARTS, (self.parts.settle, self.parts.back), strict=True)
            for index, cue in enumerate(cues)
        )


def sentences(stem: str, shelf: Shelf) -> tuple[str, tuple[Place, ...]]:
    """The language of the script of this stem and its sentences. Raises BadContent."""
    form = fill(ScriptForm, shelf.source(stem)).form
    return form.language, form.places()


def made_of(stem: str, shelf: Shelf) -> dict[str, Made]:
    """What is known of the recordings of this script, by content hash. Raises Unusable."""
    index = f"{stem}/{INDEX}"
    if not shelf.has(index):
        return {}
    path = find(shelf.folder, index, (".json",), INDEX_BYTES)
    try:
        return read_index(path.read_bytes())
    except OSError as error:
        raise Unusable(f"cannot be read: {error.strerror}") from None


def load_script(stem: str, shelf: Shelf) -> tuple[ScriptContent, list[Problem]]:
    """The script of this stem, and what is wrong with its words and recordings.

    A sentence whose recording cannot be used stays as words on the screen. Raises BadContent
    where the file itself cannot be used.
    """
    return script_of(stem, shelf.source(stem), shelf)


def script_of(stem: str, source: Source, shelf: Shelf) -> tuple[ScriptContent, list[Problem]]:
    """The same of a script that `source` says, its recordings from `shelf`."""
    form, problems = fill(ScriptForm, source).form, list[Problem]()
    made: Mapping[str, Made] = {}
    try:
        made = made_of(stem, shelf)
    except Unusable as error:
        problems.append(Problem(f"{shelf.folder.name}/{stem}/{INDEX}", 0, 0, "", str(error)))
    parts: dict[str, tuple[Cue, ...]] = {}
    hashes = [source.hash]
    for name, forms in zip(PARTS, (form.parts.settle, form.parts.back), strict=True):
        cues = []
        for index, cue in enumerate(forms):
            where: Location = ("parts", name, index)
            for theme, found in themes(cue.say, form.language):
                told = f"speaks of {theme} ({found!r})"
                problems.append(source.problem((*where, "say"), told, "say it another way"))
            file = cue.sound or _by_name(shelf, f"{stem}/{name}-{index + 1:02}.opus")
            line = spoken(shelf, cue.say, file, cue.pause, made)
            if line.wrong:
                problems.append(source.problem((*where, "sound"), line.wrong))
            hashes.append(line.cue.hash)
            cues.append(line.cue)
        parts[name] = tuple(cues)
    digest = hashlib.sha256("\n".join(hashes).encode()).hexdigest()
    script = Script(stem, form.title, form.language, parts["settle"], parts["return"], digest)
    known = (made.get(one) for one in hashes[1:])
    synthetic = sum(one is not None and one.voice is not None for one in known)
    return ScriptContent(script, source, form.licence, synthetic), problems


def clips_of(script: Script) -> tuple[str, ...]:
    """The recordings of a script, as paths below its folder."""
    clips = (cue.clip for cue in (*script.settle, *script.back))
    return tuple(dict.fromkeys(clip for clip in clips if clip is not None))


def script_from(script: Script, folder: str) -> Script:
    """The script with its recordings in `folder`, a path below that of all scripts."""

    def moved(cue: Cue) -> Cue:
        return cue if cue.clip is None else replace(cue, clip=f"{folder}/{cue.clip}")

    return replace(
        script, settle=tuple(map(moved, script.settle)), back=tuple(map(moved, script.back))
    )


def _by_name(shelf: Shelf, file: str) -> str | None:
    return file if shelf.has(file) else None


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it will be said, and what is wrong with its recording."""

    cue: Cue
    wrong: str = ""


def spoken(
    shelf: Shelf,
    say: str,
    file: str | None,
    pause: float = 0.0,
    made: Mapping[str, Made] | None = None,
) -> Line:
    """A sentence with its recording; where that cannot be used the words stand alone.

    `made` tells what recordings say, where that is known: one with other words is not used.
    """
    words = Cue(say, speaking_time(say), pause)
    if file is None:
        return Line(words)
    made = made or {}
    try:
        sound = shelf.sound(file, {digest: one.loudness for digest, one in made.items()})
    except Unusable as error:
        return Line(words, wrong=f"{shown(file)}: {error}")
    known = made.get(sound.hash)
    if known and known.say != say:
        told = f"{shown(file)}: the recording says other words: {shown(known.say)}"
        return Line(words, wrong=told)
    measured = sound.loudness
    return Line(Cue(say, measured.seconds, pause, file, measured.gain(VOICE), sound.hash))


def room(part: str, protocol: Protocol) -> float:
    """Seconds that a part may take: the settling part speaks until `voice_until`."""
    if part == "settle":
        return protocol.settle + protocol.voice_until
    return protocol.back


def lengths_of(
    content: ScriptContent, protocols: Sequence[Protocol]
) -> tuple[list[Problem], list[Problem]]:
    """What is wrong with a script's lengths in these protocols, and what is worth a look.

    A part that is too long for its phase stops at a sentence's end; too long for every protocol
    it is a mistake. A pace outside 40 to 60 words a minute is only worth a look.
    """
    problems, advice = list[Problem](), list[Problem]()
    for name in PARTS:
        cues = content.part(name)
        if not cues:
            continue
        where: Location = ("parts", name)
        figures = pace(cues)
        if not CALM[0] <= figures.overall <= CALM[1]:
            told = f"{figures.overall:.0f} words a minute over all; calm is 40 to 60"
            advice.append(content.source.problem(where, told, "change its pauses"))
        tight = [protocol for protocol in protocols if length(cues) > room(name, protocol)]
        if tight:
            most = max(room(name, protocol) for protocol in tight)
            names = ", ".join(protocol.name for protocol in tight)
            told = f"takes {in_words(length(cues))}, and there are {in_words(most)} in {names}"
            found = content.source.problem(where, told, "it would stop at a sentence's end")
            (problems if len(tight) == len(protocols) else advice).append(found)
    return problems, advice
