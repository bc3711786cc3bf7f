"""`scripts_guided/*.yaml`: gentle words, one part while settling and one on the return."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field, model_validator

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
from companion.library.files import Unusable
from companion.library.forms import Form, fill, several
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

    def part(self, name: str) -> tuple[Cue, ...]:
        """The cues of `settle` or `return`."""
        return self.script.settle if name == "settle" else self.script.back


class _CueForm(Form):
    say: Sentence
    pause: Annotated[Seconds, lasting(0, 180)] = 6.0
    sound: str | None = None


_Cues = Annotated[tuple[_CueForm, ...], Field(max_length=200)]


class _PartsForm(Form):
    settle: _Cues = ()
    back: _Cues = Field((), alias="return")

    @model_validator(mode="after")
    def _not_empty(self) -> "_PartsForm":
        if not self.settle and not self.back:
            raise several([((), "needs a settle part or a return part", "")])
        return self


class _ScriptForm(Form):
    title: Title
    about: Paragraph | None = None
    language: Language
    author: Title
    licence: Title | None = None
    parts: _PartsForm


def load_script(stem: str, shelf: Shelf) -> tuple[ScriptContent, list[Problem]]:
    """The script of this stem, and what is wrong with its words and recordings.

    A sentence whose recording cannot be used stays as words on the screen. Raises BadContent
    where the file itself cannot be used.
    """
    filled = fill(_ScriptForm, shelf.source(stem))
    form, source, problems = filled.form, filled.source, list[Problem]()
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
            line = spoken(shelf, cue.say, file, cue.pause)
            if line.wrong:
                problems.append(source.problem((*where, "sound"), line.wrong))
            hashes.append(line.cue.hash)
            cues.append(line.cue)
        parts[name] = tuple(cues)
    digest = hashlib.sha256("\n".join(hashes).encode()).hexdigest()
    script = Script(stem, form.title, form.language, parts["settle"], parts["return"], digest)
    return ScriptContent(script, source), problems


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


def spoken(shelf: Shelf, say: str, file: str | None, pause: float = 0.0) -> Line:
    """A sentence with its recording; where that cannot be used the words stand alone."""
    words = Cue(say, speaking_time(say), pause)
    if file is None:
        return Line(words)
    try:
        sound = shelf.sound(file)
    except Unusable as error:
        return Line(words, wrong=f"{shown(file)}: {error}")
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
