"""Sources that make it hard: loud, sudden, broken, late, and some that are calm."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from random import Random

import numpy as np
from sound_files import noise, tone, write

from companion.session.plan import Cue, Track
from companion.sound.curves import RATE, Block
from companion.sound.shelf import AtOnce, Shelf
from companion.sound.source import Source, Unplayable

_LOOP = 1 << 19
_NOISE = noise(_LOOP / RATE, 0.0, seed=7)
"""White, 0 dBFS RMS, gone round in circles."""
_FILES = {
    "calm.flac": lambda: tone(20, 220, -17),
    "hiss.mp3": lambda: noise(12, -22, seed=3),
    "chord.opus": lambda: sum((tone(16, f, -24) for f in (110, 165, 262)), tone(16, 82.5, -24)),
    "short.ogg": lambda: tone(7, 330, -15),
}
_LENGTHS = {"calm.flac": 20.0, "hiss.mp3": 12.0, "chord.opus": 16.0, "short.ogg": 7.0}


def write_files(home: Path) -> None:
    """The real files among them."""
    for name, samples in _FILES.items():
        write(home / "playlists" / name, samples())


class Made:
    """A source that is a function of the frame number; `seconds` long, or endless."""

    opened = 0
    """How many are open."""

    def __init__(self, make: Callable[[int, int], Block], at: float, seconds: float | None) -> None:
        self._make = make
        self._at = round(at * RATE)
        self._end = None if seconds is None else round(seconds * RATE)
        self._closed = False
        Made.opened += 1

    def read(self, frames: int) -> Block:
        assert not self._closed
        if self._end is not None:
            frames = max(0, min(frames, self._end - self._at))
        samples = self._make(self._at, frames)
        self._at += frames
        return samples

    def follow(self, phase: object, position: float) -> None:
        assert not self._closed

    def left(self) -> float | None:
        """As of a file that is read ahead."""
        left = None if self._end is None else max(0.0, (self._end - self._at) / RATE)
        return left if left is not None and left < 18.0 else None

    def close(self) -> None:
        assert not self._closed
        self._closed = True
        Made.opened -= 1


class Sudden(Made):
    """Nobody knows beforehand that it ends."""

    def left(self) -> float | None:
        return None


class Raising(Made):
    """It fails where others end."""

    def read(self, frames: int) -> Block:
        samples = super().read(frames)
        if len(samples) < frames:
            raise ZeroDivisionError
        return samples

    def left(self) -> float | None:
        return None


# --- what they sound like ------------------------------------------------------------------------


def _circle(at: int, frames: int) -> Block:
    at %= _LOOP
    if at + frames <= _LOOP:
        return _NOISE[at : at + frames].copy()
    return np.concatenate((_NOISE[at:], _NOISE[: at + frames - _LOOP]))


def _factor(level: float) -> np.float32:
    return np.float32(10 ** (level / 20))


def sine(frequency: float, level: float) -> Callable[[int, int], Block]:
    """`level` in dBFS RMS, the right side a little higher."""
    steps = 2 * np.pi * np.array([frequency, frequency * 1.1]) / RATE
    peak = _factor(level + 3.01)

    def make(at: int, frames: int) -> Block:
        first = (at * steps) % (2 * np.pi)
        angles = first + np.arange(frames)[:, np.newaxis] * steps
        return peak * np.sin(angles.astype(np.float32))

    return make


def hiss(level: float) -> Callable[[int, int], Block]:
    return lambda at, frames: _circle(at, frames) * _factor(level)


def clicks(level: float, every: float) -> Callable[[int, int], Block]:
    """Over a bed, single samples at full scale."""
    period = round(every * RATE)

    def make(at: int, frames: int) -> Block:
        samples = _circle(at, frames) * _factor(level)
        samples[-at % period :: period] = 1.0
        return samples

    return make


def steps(low: float, high: float, every: float) -> Callable[[int, int], Block]:
    """Noise that is now at one level and now at the other."""
    period = round(every * RATE)

    def make(at: int, frames: int) -> Block:
        up = (at + np.arange(frames)) // period % 2 == 1
        factors = np.where(up, _factor(high), _factor(low))[:, np.newaxis]
        return _circle(at, frames) * factors

    return make


def drums(level: float, every: float) -> Callable[[int, int], Block]:
    """Strokes that decay within a fifth of a second, over a low note."""
    period = round(every * RATE)
    low = sine(55.0, level - 12)

    def make(at: int, frames: int) -> Block:
        since = (at + np.arange(frames)) % period
        shape = np.exp(-since / (0.05 * RATE)).astype(np.float32)[:, np.newaxis]
        return low(at, frames) + _circle(at, frames) * shape * _factor(level + 6)

    return make


def spoiled(bad: float, level: float, every: float) -> Callable[[int, int], Block]:
    """Noise with ten milliseconds of what is no sound in it."""
    period = round(every * RATE)

    def make(at: int, frames: int) -> Block:
        samples = _circle(at, frames) * _factor(level)
        samples[(at + np.arange(frames)) % period < 480] = bad
        return samples

    return make


def spoken(level: float, seconds: float) -> Callable[[int, int], Block]:
    """A low voice: syllables of a quarter of a second with soft edges."""
    voice = sine(180.0, level)
    period = RATE // 4
    whole = max(1, round(seconds * RATE) // period) * period

    def make(at: int, frames: int) -> Block:
        since = at + np.arange(frames)
        shape = np.sin(np.pi * (since % period) / period) ** 2 * (since < whole)
        return voice(at, frames) * shape.astype(np.float32)[:, np.newaxis]

    return make


# --- the shelf they stand on ---------------------------------------------------------------------

CALM = ("sine", "sine", "sine", "early", "dead", "never", "late", "short")
HOSTILE = (
    *("sine", "hiss", "hiss", "clicks", "steps", "drums", "loud", "file", "file", "lie"),
    *("soundscape", "early", "sudden", "raising", "dead", "never", "late", "short"),
    *("nan", "infinite", "huge", "constant"),
)


class HostileShelf:
    """Opens tracks by their titles: `kind seed`. A calm one has only low notes."""

    def __init__(self, home: Path, calm: bool) -> None:
        self._files = Shelf(home, AtOnce())
        self._calm = calm
        self._time = 0.0
        self._late: list[tuple[float, Future[Source], Source]] = []

    def settle(self, seconds: float) -> None:
        """So much time goes by before the next block."""
        self._time += seconds
        due = [one for one in self._late if one[0] <= self._time]
        self._late = [one for one in self._late if one[0] > self._time]
        for _, future, source in due:
            future.set_result(source)

    def close(self) -> None:
        """What never came is closed as well."""
        for _, _, source in self._late:
            source.close()

    def track(self, track: Track, at: float) -> Future[Source]:
        kind, _, seed = track.title.partition(" ")
        if kind in ("file", "lie", "soundscape") or (kind == "Shore" and not self._calm):
            return self._files.track(track, at)
        future: Future[Source] = Future()
        chance = Random(seed)
        if kind == "dead":
            future.set_exception(Unplayable("it is broken"))
        elif kind == "never":
            self._late.append((np.inf, future, self._made(kind, chance, at, None)))
        elif kind == "late":
            ready = self._time + chance.choice([0.5, 1.0, 3.0, 4.5, 8.0])
            self._late.append((ready, future, self._made(kind, chance, at, None)))
        else:
            future.set_result(self._made(kind, chance, at, track.seconds))
        return future

    def clip(self, cue: Cue, at: float) -> Future[Source]:
        future: Future[Source] = Future()
        kind, _, seed = (cue.clip or "").partition(" ")
        chance = Random(seed)
        if kind == "dead":
            future.set_exception(Unplayable("it is broken"))
            return future
        make = spoken(chance.uniform(-22, -17), cue.seconds)
        if kind == "shout":
            make = hiss(chance.uniform(-12, 0))
        made = Made(make, at, cue.seconds * (0.4 if kind == "torn" else 1.0))
        if kind == "late":
            self._late.append((self._time + chance.choice([0.5, 2.0, 6.0]), future, made))
        else:
            future.set_result(made)
        return future

    def _made(self, kind: str, chance: Random, at: float, seconds: float | None) -> Source:
        level = chance.uniform(-24, -18)
        end = None if seconds is None else seconds
        if kind in ("early", "sudden", "raising"):
            end = at + chance.uniform(0.0, 14.0)
        make = sine(chance.uniform(60, 360), level)
        if not self._calm:
            make = self._hostile(kind, chance, level, make)
        of = {"sudden": Sudden, "raising": Raising}.get(kind, Made)
        return of(make, at, end)

    def _hostile(
        self, kind: str, chance: Random, level: float, otherwise: Callable[[int, int], Block]
    ) -> Callable[[int, int], Block]:
        every = chance.uniform(0.2, 4.0)
        match kind:
            case "hiss":
                return hiss(chance.uniform(-24, -12))
            case "clicks":
                return clicks(level, every)
            case "steps":
                return steps(level, chance.uniform(-10, 0), every)
            case "drums":
                return drums(chance.uniform(-20, -8), every)
            case "loud":
                return sine(chance.choice([20, 100, 1000, 8000, 20_000]), chance.uniform(-10, 12))
            case "nan":
                return spoiled(np.nan, level, every)
            case "infinite":
                return spoiled(np.inf, level, every)
            case "huge":
                return spoiled(1e30, level, every)
            case "constant":
                return lambda at, frames: otherwise(at, frames) + np.float32(0.3)
        return otherwise


def track(kind: str, chance: Random) -> Track:
    """Some track of `kind`, with what a playlist would tell of it."""
    title = f"{kind} {chance.randrange(1 << 30)}"
    gain = chance.uniform(-2, 6)
    if kind in ("file", "lie"):
        name = chance.choice(sorted(_LENGTHS))
        longer = chance.uniform(2, 30) if kind == "lie" else 0.0
        return Track(title, file=name, gain=min(gain, 2.0), seconds=_LENGTHS[name] + longer)
    if kind == "soundscape":
        return Track(title, soundscape="shore", seed=chance.randrange(3))
    seconds = chance.choice([None, 12.0, 25.0, 60.0, 300.0])
    if kind == "short":
        seconds = chance.uniform(2.0, 9.0)
    elif kind in ("early", "sudden", "raising", "never", "late", "dead"):
        seconds = 60.0
    return Track(title, file=title, gain=gain, seconds=seconds)
