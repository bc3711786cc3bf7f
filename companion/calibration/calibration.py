"""How loud an output is, as a sound level meter told: pure rules over the tablet's book.

The reference noise is as loud as the music bus, so what a meter reads of it is what music gives
at the same level. Levels are dB, readings dB(A).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from companion.access import Kept
from companion.session.book import Calibrated
from companion.session.plan import Ceiling, Levels, Phase, Section, Track
from companion.session.wanted import Arc, Music, Wanted

FULL = 75.0
"""dB(A) that the loudest a patient can choose gives at her ear."""
LOWEST_READING, HIGHEST_READING = 40.0, 100.0
FIRST_LEVEL, LOWEST_LEVEL, HIGHEST_LEVEL = -30.0, -48.0, 0.0
STEP = 2.0
LOW_CEILING = -40.0
"""Under it a patient has hardly any room to choose: the system's volume should come down."""
LASTS = 180.0
"""Seconds that the reference noise plays on unless somebody asks for more."""

_FADE_IN, _FADE_OUT = 4.0, 2.0
_NOISE = Track("Reference noise", soundscape="reference-noise")


class Refusal(StrEnum):
    """Why a reading is not kept; `words` says it in a sentence."""

    TOO_QUIET = "too quiet"
    TOO_LOUD = "too loud"
    NO_OUTPUT = "no output"


class Known(StrEnum):
    """What is known of the output in use."""

    CALIBRATED = "calibrated"
    OTHER_VOLUME = "other volume"
    """Calibrated, but the system's volume was another."""
    NOT_CALIBRATED = "not calibrated"


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reading on one output, and what follows from it."""

    output: str
    level: float
    reading: float
    volume: int | None
    by: str
    wall: float
    """When, in seconds since 1970 UTC."""

    @property
    def ceiling(self) -> float:
        """The level that gives `FULL` on this output."""
        return ceiling(self.level, self.reading)

    @property
    def loudest(self) -> float:
        """dB(A) that the ceiling gives."""
        return loudest(self.level, self.reading)


_None: Mapping[str, Calibration] = MappingProxyType({})


def ceiling(level: float, reading: float) -> float:
    """The level that gives `FULL` where `level` gives `reading`, and never above 0 dB.

    Nothing behind the patient's level bends the sound: a dB more of it is a dB more at the ear,
    so what the reading lacks to `FULL` is what the level lacks to the ceiling.
    """
    return min(HIGHEST_LEVEL, level + (FULL - reading))


def loudest(level: float, reading: float) -> float:
    """dB(A) that the ceiling gives: `FULL`, or less where the output cannot give it."""
    return reading + ceiling(level, reading) - level


def refuse(output: str, reading: float) -> Refusal | None:
    """Why `reading` cannot be one of `output`; None: it can. Under 40 dB(A) a meter reads the
    room, and above 100 it is not at an ear."""
    if not output:
        return Refusal.NO_OUTPUT
    if not reading >= LOWEST_READING:
        return Refusal.TOO_QUIET
    return Refusal.TOO_LOUD if reading > HIGHEST_READING else None


def fold(known: Mapping[str, Calibration], kept: Kept) -> Mapping[str, Calibration]:
    """The newest calibration of each output after one more event of the tablet's book."""
    match kept.event:
        case Calibrated(output=output, level=level, reading=reading, by=by, volume=volume):
            newest = Calibration(output, level, reading, volume, by.who, kept.moment.wall)
            return MappingProxyType({**known, output: newest})
    return known


def replay(book: Iterable[Kept]) -> Mapping[str, Calibration]:
    """The newest calibration of each output, as the whole book tells it."""
    known = _None
    for kept in book:
        known = fold(known, kept)
    return known


def holds(calibration: Calibration | None, volume: int | None) -> Known:
    """Whether `calibration` is worth its name at the system's `volume` of now."""
    if calibration is None:
        return Known.NOT_CALIBRATED
    same = None in (volume, calibration.volume) or volume == calibration.volume
    return Known.CALIBRATED if same else Known.OTHER_VOLUME


def within(
    levels: Levels, known: Mapping[str, Calibration], output: str, volume: int | None
) -> Levels:
    """`levels` with a ceiling for each output that is known. `output` is the one in use.

    At another volume of the system nobody knows what a level gives there: the lower ceiling
    counts, its own or the one without a calibration.
    """
    ceilings = {name: one.ceiling for name, one in known.items()}
    if holds(known.get(output), volume) is Known.OTHER_VOLUME:
        ceilings[output] = min(ceilings[output], levels.ceiling)
    calibrated = tuple(Ceiling(name, level) for name, level in ceilings.items())
    limited = replace(levels, calibrated=calibrated)
    return replace(limited, start=min(levels.start, limited.highest(output)))


def reference(output: str, level: float, began: float, t: float) -> Wanted:
    """The reference noise on `output` at `level`, playing since `began`; asked for at `t`."""
    return Wanted(
        arc=_nowhere(began),
        music=Music(Section(Phase.SETTLE, (_NOISE,)), began, crossfade=0.0),
        fade=_FADE_IN,
        level=min(level, HIGHEST_LEVEL),
        output=output,
        until=t + LASTS,
    )


def silence(level: float, t: float) -> Wanted:
    """The reference noise goes; the level stays, so that nothing grows louder while it does."""
    return Wanted(arc=_nowhere(t), fade=_FADE_OUT, level=level, until=t + LASTS)


def _nowhere(t: float) -> Arc:
    return Arc(Phase.SETTLE, t, 0.0, 0.0)
