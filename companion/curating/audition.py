"""What a curator hears of the library between sessions, as the value a session would give.

Pure rules: moments are session seconds, levels dB.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Protocol

from companion.session.plan import Cue, Phase, Section, Track
from companion.session.wanted import Arc, Music, Voice, Wanted

Piece = Track | Cue
"""A cue has a recording."""

LASTS = 180.0
"""Seconds that a piece plays on unless somebody touches the screen."""

_FADE_IN, _FADE_OUT = 3.0, 2.0
_CHANGE = 2.0
"""Seconds of the crossfade from one piece, or from the way it was, to another."""


class Audible(Protocol):
    """Something that is heard since a moment of its own."""

    def wanted(self, t: float) -> Wanted:
        """What should sound at `t`. Whoever lets it be heard adds output, level and end."""

    @property
    def over(self) -> float:
        """The moment at which it has been heard to its end."""

    @property
    def fades(self) -> bool:
        """Whether it fades out where it is stopped; what is spoken is switched off."""


@dataclass(frozen=True, slots=True)
class Alone:
    """One piece by itself. A soundscape sounds as in the middle of `phase`; the music goes down
    before a voice, so a sentence begins some seconds after it was asked for."""

    piece: Piece
    phase: Phase
    began: float

    def wanted(self, t: float) -> Wanted:
        music = voice = None
        if isinstance(self.piece, Track):
            music = Music(Section(self.phase, (self.piece,)), self.began, _CHANGE)
        else:
            voice = Voice(self.piece, self.began + _FADE_IN)
        arc = Arc(self.phase, self.began, 0.5, 0.0)
        return Wanted(arc=arc, music=music, voice=voice, fade=_FADE_IN)

    @property
    def over(self) -> float:
        if isinstance(self.piece, Cue):
            return self.began + _FADE_IN + self.piece.seconds
        if self.piece.seconds is None:
            return float("inf")
        seconds = self.piece.seconds
        return self.began + max(seconds / 2, seconds - _FADE_OUT - _CHANGE)

    @property
    def fades(self) -> bool:
        return isinstance(self.piece, Track)


@dataclass(frozen=True, slots=True)
class Hour:
    """A rehearsed session from its second `start` on, as its patient would hear it."""

    orders: tuple[tuple[float, Wanted], ...]
    """Each `Wanted` with the second from which it holds, the first from 0."""
    seconds: float
    start: float
    began: float

    def second(self, t: float) -> float:
        """The second of the session that is heard at `t`."""
        return min(self.start + max(0.0, t - self.began), self.seconds)

    def wanted(self, t: float) -> Wanted:
        held = bisect_right(self.orders, self.second(t), key=lambda order: order[0])
        later = self.began - self.start
        return replace(_moved(self.orders[max(0, held - 1)][1], later), fade=_FADE_IN)

    @property
    def over(self) -> float:
        return self.began + self.seconds - self.start

    @property
    def fades(self) -> bool:
        return False


def _moved(wanted: Wanted, later: float) -> Wanted:
    """`wanted` with every moment `later` seconds later."""
    music, voice = wanted.music, wanted.voice
    if music is not None:
        music = replace(music, began=music.began + later)
    if voice is not None:
        then = None if voice.then is None else voice.then + later
        voice = replace(voice, begins=voice.begins + later, then=then)
    arc = replace(wanted.arc, since=wanted.arc.since + later)
    return replace(wanted, arc=arc, music=music, voice=voice)


def heard(what: Audible, output: str, level: float, t: float, until: float) -> Wanted:
    """`what` as it is heard at `t` on `output` at the patient's `level`; it ends at `until`."""
    return replace(what.wanted(t), output=output, level=min(level, 0.0), until=until)


def silence(what: Audible, level: float, t: float) -> Wanted:
    """`what` goes: music fades, what is spoken is switched off in its midst. The level stays, so
    that nothing grows louder meanwhile."""
    nowhere = Arc(Phase.SETTLE, t, 0.0, 0.0)
    level = min(level, 0.0)
    return Wanted(arc=nowhere, on=what.fades, fade=_FADE_OUT, level=level, until=t + LASTS)
