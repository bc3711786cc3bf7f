"""What a curator hears of the library between sessions, as the value a session would give.

Pure rules: moments are session seconds, levels dB.
"""

from companion.session.plan import Cue, Phase, Section, Track
from companion.session.wanted import Arc, Music, Voice, Wanted

Piece = Track | Cue
"""A cue has a recording."""

LASTS = 180.0
"""Seconds that a piece plays on unless somebody touches the screen."""

_FADE_IN, _FADE_OUT = 3.0, 2.0
_CHANGE = 2.0
"""Seconds of the crossfade from one piece, or from the way it was, to another."""


def heard(piece: Piece, phase: Phase, output: str, level: float, began: float, t: float) -> Wanted:
    """`piece` on `output` at the patient's `level`, heard since `began`; asked for at `t`.

    A soundscape sounds as in the middle of `phase`. The music goes down before a voice, so a
    sentence begins some seconds after it was asked for.
    """
    music = voice = None
    if isinstance(piece, Track):
        music = Music(Section(phase, (piece,)), began, _CHANGE)
    else:
        voice = Voice(piece, began + _FADE_IN)
    return Wanted(
        arc=Arc(phase, began, 0.5, 0.0),
        music=music,
        voice=voice,
        fade=_FADE_IN,
        level=min(level, 0.0),
        output=output,
        until=t + LASTS,
    )


def over(piece: Piece, began: float) -> float:
    """The moment at which `piece`, heard since `began`, has been heard to its end."""
    if isinstance(piece, Cue):
        return began + _FADE_IN + piece.seconds
    if piece.seconds is None:
        return float("inf")
    return began + max(piece.seconds / 2, piece.seconds - _FADE_OUT - _CHANGE)


def silence(piece: Piece, level: float, t: float) -> Wanted:
    """`piece` goes: music fades, a sentence is switched off in the midst of it. The level stays,
    so that nothing grows louder meanwhile."""
    nowhere = Arc(Phase.SETTLE, t, 0.0, 0.0)
    on = isinstance(piece, Track)
    return Wanted(arc=nowhere, on=on, fade=_FADE_OUT, level=min(level, 0.0), until=t + LASTS)
