"""What is heard of a rehearsed session, and what a curator should know of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.rehearsal.rehearse import Line, clock
from companion.sound.ceiling import CEILING
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.loudness import NOTHING, STEP, LoudnessMeter
from companion.sound.ruler import FRAME, WINDOW, Levels, Levels100ms, Ruler
from companion.sound.wire import Notice, TrackFailed, TrackStarted

QUIET = -35.0
"""LUFS of three seconds that a whole minute should not stay under …"""
_QUIET_FOR = 60.0
LOUD = -14.0
"""… and that no three seconds should be over: 8 above the music bus."""
_SILENT = -60.0
"""dBFS under which a tenth of a second counts as silence …"""
_SILENT_FOR = 1.0
"""… and the seconds of it that nobody should hear unasked."""
_HELD = -3.0
"""dB from which on the guard works hard …"""
_HELD_FOR = 1.0
"""… and the seconds of it that a curator should know of."""
_APART = 60.0
"""Seconds between two loud stretches that are told apart."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was heard. Levels in dBFS, loudness in LUFS, moments in session seconds."""

    loudness: float
    """Integrated, of the whole session."""
    peak: float
    loudest_rise: float
    """The highest value of the ruler, in dB, where no voice sounds …"""
    loudest_rise_at: float
    voice_rise: float
    """… and where one does; -120 where none ever does."""
    held: float
    """dB (not above 0) by which the guard held the sound down at most."""
    held_at: float
    longest_silence: float
    """Seconds between the first and the last sound."""
    tracks: tuple[tuple[float, str], ...]
    short_term: tuple[float, ...]
    """Loudness of the three seconds that end with each second."""
    excess: tuple[float, ...]
    """For each second, the most dB that the sound rose above what is calm; negative: below it."""
    findings: tuple[Line, ...]


class Heard:
    """What has been heard so far."""

    def __init__(self) -> None:
        self._levels = Levels100ms()
        self._loudness = LoudnessMeter()
        self._ruler = Ruler()
        self._peaks: list[float] = []
        self._held: list[float] = []
        self._stated: list[float] = []
        self._tracks: list[tuple[float, str]] = []
        self._failures: list[Line] = []

    def told(self, at: float, notice: Notice) -> None:
        """Take a notice of the programme."""
        match notice:
            case TrackStarted(title=title):
                self._tracks.append((at, title))
            case TrackFailed(title=title, why=why):
                self._failures.append(Line(at, f"{title} cannot be played: {why}"))

    def hear(self, block: Block, voice: bool, held: float, stated: float) -> None:
        """The next block. `held`: dB by which the guard held it down at most. `stated`: dB (not
        above 0) by which staff or the session want it quieter than other music; -inf where they
        want none."""
        self._levels.add(block)
        self._loudness.add(block)
        self._ruler.add(block, voice)
        self._peaks.append(float(np.abs(block).max(initial=0.0)))
        self._held.append(held)
        self._stated.append(stated)

    def measured(self) -> Measured:
        """All of it."""
        rises, voiced = self._ruler.rises, self._ruler.voiced
        rise, rise_at = _highest(np.where(voiced, NOTHING, rises))
        voice_rise, _ = _highest(np.where(voiced, rises, NOTHING))
        held = np.array(self._held)
        short, excess = self._loudness.short_term, self._ruler.excess
        findings = (*self._failures, *self._findings(short, excess))
        return Measured(
            loudness=self._loudness.whole,
            peak=_decibels(max(self._peaks, default=0.0)),
            loudest_rise=rise,
            loudest_rise_at=rise_at,
            voice_rise=voice_rise,
            held=float(held.min(initial=0.0)),
            held_at=float(held.argmin()) * BLOCK / RATE if len(held) else 0.0,
            longest_silence=max((seconds for _, seconds in self._silences()), default=0.0),
            tracks=tuple(self._tracks),
            short_term=_each_second(short, STEP),
            excess=_each_second(excess, WINDOW / RATE),
            findings=tuple(sorted(findings, key=lambda found: found.at)),
        )

    def _findings(self, short: Levels, excess: Levels) -> Iterator[Line]:
        yield from self._over_the_ceiling()
        yield from _too_loud(short)
        yield from self._too_quiet(short)
        yield from self._over_the_ruler(excess)
        yield from self._held_down()
        for at, seconds in self._silences():
            if seconds >= _SILENT_FOR:
                yield Line(at, f"{seconds:.1f} s of silence that nobody asked for")

    def _over_the_ceiling(self) -> Iterator[Line]:
        peak = max(self._peaks, default=0.0)
        if peak > 10.0 ** ((CEILING + 0.01) / 20.0):
            at = self._peaks.index(peak) * BLOCK / RATE
            yield Line(at, f"over the ceiling: a peak of {_decibels(peak):.1f} dBFS")

    def _too_quiet(self, short: Levels) -> Iterator[Line]:
        """Whole minutes that are hardly heard, where nothing says that this is meant."""
        blocks = np.minimum(np.arange(len(short)) * STEP * RATE / BLOCK, len(self._stated) - 1)
        least = QUIET + np.array(self._stated)[blocks.astype(int)]
        for begins, ends in _stretches(short < least):
            seconds = (ends - begins) * STEP
            if seconds >= _QUIET_FOR:
                told = f"too quiet for {clock(seconds)}: under {least[begins]:.0f} LUFS"
                yield Line(begins * STEP, told)

    def _over_the_ruler(self, excess: Levels) -> Iterator[Line]:
        voiced = self._ruler.voiced
        for what, where in (("the music", ~voiced), ("a voice", voiced)):
            over, at = _highest(np.where(where, excess, NOTHING))
            if over > 0.0:
                yield Line(at, f"{what} rises {over:.1f} dB more than is calm")

    def _held_down(self) -> Iterator[Line]:
        """Where the guard works hard, the track is not what its curator hears elsewhere."""
        for begins, ends in _stretches(np.array(self._held) <= _HELD):
            seconds = (ends - begins) * BLOCK / RATE
            if seconds > _HELD_FOR:
                worst = -min(self._held[begins:ends])
                told = f"the guard holds the sound down by {worst:.1f} dB for {seconds:.1f} s"
                yield Line(begins * BLOCK / RATE, told)

    def _silences(self) -> Iterator[tuple[float, float]]:
        """Where silence between two sounds begins, and how long it lasts."""
        sounding = np.flatnonzero(self._levels.levels > _SILENT)
        for index in np.flatnonzero(np.diff(sounding) > 1):
            silent = sounding[index + 1] - sounding[index] - 1
            yield float(sounding[index] + 1) * FRAME / RATE, float(silent) * FRAME / RATE


def _too_loud(short: Levels) -> Iterator[Line]:
    """The loudest moment of each stretch that is too loud; near ones count as one."""
    loud = np.flatnonzero(short > LOUD)
    if len(loud) == 0:
        return
    for stretch in np.split(loud, np.flatnonzero(np.diff(loud) * STEP > _APART) + 1):
        worst = stretch[short[stretch].argmax()]
        told = f"too loud: {short[worst]:.1f} LUFS, and {LOUD:.0f} is the most"
        yield Line(float(worst) * STEP, told)


def _stretches(where: Any) -> list[tuple[int, int]]:
    """First index and the one after the last of every stretch that is true."""
    turns = np.flatnonzero(np.diff(np.concatenate(([False], where, [False]))))
    return [(int(begins), int(ends)) for begins, ends in turns.reshape(-1, 2)]


def _highest(values: Levels) -> tuple[float, float]:
    """The highest value of the ruler, and the second it is at."""
    at = int(values.argmax()) if len(values) else 0
    return float(values.max(initial=NOTHING)), at * WINDOW / RATE


def _each_second(values: Levels, step: float) -> tuple[float, ...]:
    """The highest of each whole second, of values that come every `step` seconds."""
    per = round(1.0 / step)
    whole = values[: len(values) // per * per].reshape(-1, per)
    return tuple(round(float(value), 2) for value in whole.max(axis=1))


def _decibels(amplitude: float) -> float:
    return float(20 * np.log10(max(amplitude, 1e-6)))
