"""The ruler: how suddenly a sound rises, measured. `docs/sound/ruler.md` shows the evidence.

L is the level of each 25 ms of the sound as a `Meter` hears it, deep notes counting as little as
they do to the ear. R is the loudest L that is at least a second old; one that is older than ten
seconds counts 1 dB less for each second more, and R is never under -50 dBFS. Music alone never has
L more than 6 dB above R; where a voice sounds it is 10 dB, and R is never under -20.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import RATE, Block
from companion.sound.meter import LATE, SLOT, Meter

MUSIC_RISE: Final = 6.0
"""dB that L may be above R in music alone …"""
VOICE_RISE: Final = 10.0
"""… and where a voice sounds."""
LOWEST: Final = -50.0
"""dBFS that R is never under: so much may come out of silence, and MUSIC_RISE more …"""
VOICE_LOWEST: Final = -20.0
"""… and where a voice sounds, for a sentence must be heard from its first word."""
WINDOW: Final = RATE // 40
"""Frames of one level: 25 ms."""
YOUNGEST: Final = 40
"""Levels before L from which on they count for R: those at least a second old …"""
OLDEST: Final = 400
"""… and up to which they count in full."""
FADING: Final = 1.0 * WINDOW / RATE
"""dB that what is older counts less with each level more."""

Levels = npt.NDArray[np.float64]


def rises(samples: Block, voice: bool = False) -> Levels:
    """L - R in dB for each 25 ms of `samples`, in which a voice sounds throughout or not at all.
    `Ruler` measures the same as it comes, and where only some of it is a voice's."""
    ruler = Ruler()
    ruler.add(samples, voice)
    return ruler.rises


class Ruler:
    """Takes samples as they come and measures each whole 25 ms, once 2 ms more are known."""

    def __init__(self) -> None:
        self._meter = Meter()
        self._early = LATE
        """Readings that are of nothing, before the first."""
        self._rest = np.empty((0, 2), np.float32)
        self._energies: list[Levels] = []
        self._voices: list[Levels] = []

    def add(self, samples: Block, voice: bool = False) -> None:
        """Any number of frames, of shape (frames, 2); whether a voice sounds among them."""
        joined = np.concatenate((self._rest, samples))
        whole = len(joined) // SLOT * SLOT
        self._rest = joined[whole:]
        if whole:
            heard, _ = self._meter.add(joined[:whole])
            known = heard[self._early :]
            self._early = max(0, self._early - len(heard))
            self._energies.append(known)
            self._voices.append(np.full(len(known), float(voice)))

    @property
    def levels(self) -> Levels:
        """L in dBFS; never under -120."""
        return 10.0 * np.log10(np.maximum(_sums(self._energies) / WINDOW, 1e-12))

    @property
    def voiced(self) -> npt.NDArray[np.bool_]:
        """For each L, whether a voice sounds in it."""
        return _sums(self._voices) > 0.0

    @property
    def rises(self) -> Levels:
        """L - R in dB, for each L."""
        levels = self.levels
        least = np.where(self.voiced, VOICE_LOWEST, LOWEST)
        above: Levels = levels - np.maximum(_references(levels), least)
        return above

    @property
    def excess(self) -> Levels:
        """dB by which each L is above what is allowed; negative where all is well."""
        return self.rises - np.where(self.voiced, VOICE_RISE, MUSIC_RISE)


def rises_of(levels: Levels) -> Levels:
    """L - R in dB for each L of music alone, in dBFS: for one that is played at another level than
    it was measured at."""
    above: Levels = levels - _references(levels)
    return above


def _sums(parts: list[Levels]) -> Levels:
    """The sum of each window's milliseconds."""
    slots = np.concatenate(parts) if parts else np.empty(0)
    per = WINDOW // SLOT
    sums: Levels = slots[: len(slots) // per * per].reshape(-1, per).sum(axis=1)
    return sums


def _references(levels: Levels) -> Levels:
    """R for each of `levels`."""
    count = len(levels)
    before = np.concatenate((np.full(OLDEST, LOWEST), levels))
    lately = highest(before, OLDEST - YOUNGEST + 1)[:count]
    faded = FADING * np.arange(len(before))
    formerly = (np.maximum.accumulate(before + faded) - faded)[:count]
    references: Levels = np.maximum(np.maximum(lately, formerly), LOWEST)
    return references


def highest(values: Levels, length: int) -> Levels:
    """The highest of each `length` neighbours along the first axis, in as few passes as its
    logarithm: shorter by `length` - 1."""
    reach = 1
    while reach * 2 <= length:
        values = np.maximum(values[:-reach], values[reach:])
        reach *= 2
    rest = length - reach
    most: Levels = np.maximum(values[: len(values) - rest], values[rest:])
    return most


# --- the plain level -----------------------------------------------------------------------------

FRAME: Final = RATE // 10
"""Frames of one plain level: 100 ms."""


class Levels100ms:
    """Takes samples as they come and keeps the plain level (RMS of both sides, dBFS) of each
    whole 100 ms: it tells silence, and is no part of the ruler."""

    def __init__(self) -> None:
        self._rest = np.empty((0, 2), np.float32)
        self._powers: list[Levels] = []

    def add(self, samples: Block) -> None:
        """Any number of frames, of shape (frames, 2)."""
        joined = np.concatenate((self._rest, samples))
        whole = len(joined) // FRAME * FRAME
        self._rest = joined[whole:]
        pieces = joined[:whole].reshape(-1, FRAME * 2)
        self._powers.append(np.einsum("ij,ij->i", pieces, pieces, dtype=np.float64) / (FRAME * 2))

    @property
    def levels(self) -> Levels:
        """One value for each 100 ms so far; -120 for digital silence."""
        powers = np.concatenate(self._powers) if self._powers else np.empty(0)
        return 10.0 * np.log10(np.maximum(powers, 1e-12))


def levels(samples: Block) -> Levels:
    """The plain level in dBFS of each whole 100 ms of `samples`."""
    meter = Levels100ms()
    meter.add(samples)
    return meter.levels
