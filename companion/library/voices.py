"""The voices that a clinic may have a script spoken with: programs of its own, by language."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from companion.library.fields import Argument, Seconds, between, lasting, wrong
from companion.library.forms import Form
from companion.problems import nearest

_FILLED = ("{text}", "{textfile}", "{out}")
_OPEN = re.compile(r"\{[a-z]+\}")


@dataclass(frozen=True, slots=True)
class Voice:
    """A program that speaks, and how long it may take, in seconds."""

    command: tuple[str, ...]
    """Program and arguments, with `{out}` and perhaps `{text}` or `{textfile}` in them."""
    timeout: float
    tempo: float
    """Below 1 what it said is slowed down."""

    def arguments(self, text: str, textfile: str, out: str) -> list[str]:
        """The command for one sentence."""
        values = dict(zip(_FILLED, (text, textfile, out), strict=True))
        return [_OPEN.sub(lambda found: values[found[0]], part) for part in self.command]

    @property
    def digest(self) -> str:
        """What distinguishes this voice from one that would sound otherwise."""
        parts = [*self.command, f"{self.tempo:g}"]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def voice_for(voices: Mapping[str, Voice], language: str) -> Voice | None:
    """The voice of this language; `en` also speaks `en-GB` where that has none of its own."""
    return voices.get(language) or voices.get(language.split("-", maxsplit=1)[0])


def _with_an_out(command: tuple[str, ...]) -> tuple[str, ...]:
    for part in command:
        for found in _OPEN.findall(part):
            if found not in _FILLED:
                raise wrong(f"{found} is not filled in", nearest(found, _FILLED))
    if _OPEN.search(command[0]):
        raise wrong("begins with no program")
    if not any("{out}" in part for part in command):
        raise wrong("needs {out} where the command names the sound file it writes")
    return command


class VoiceForm(Form):
    """A voice as staff write it."""

    command: Annotated[
        tuple[Argument, ...],
        Field(min_length=1, max_length=40),
        AfterValidator(_with_an_out),
    ]
    """The program and its arguments, with {out} and perhaps {text} or {textfile} in them."""
    timeout: Annotated[Seconds, lasting(1, 600)] = 60.0
    """How long one sentence may take."""
    tempo: Annotated[float, between(0.5, 1)] = 1.0
    """Below 1 what it said is slowed down."""

    def voice(self) -> Voice:
        """The same as a value."""
        return Voice(self.command, self.timeout, self.tempo)
