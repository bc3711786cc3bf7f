"""The sound of a rehearsed session: rendered as a patient would get it at 0 dB, and measured."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from companion.rehearse import Rehearsal, clock
from companion.sound.ceiling import CEILING
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.programme import Programme
from companion.sound.ruler import WINDOW, Levels100ms, Ruler
from companion.sound.shelf import AtOnce, Shelf
from companion.sound.wire import Notice, TrackFailed, TrackStarted

_SILENT = -60.0
"""dBFS under which a second counts as silence."""
_CODECS = {".wav": "pcm_s16le", ".flac": "flac", ".ogg": "libopus"}
_NOTHING = -120.0
"""dB, where there is nothing to measure."""
_HELD = -3.0
"""dB from which on the guard works hard …"""
_HELD_FOR = 1.0
"""… and the seconds of it that a curator should know of."""


class NoSuchFormat(Exception):  # noqa: N818 (it is what it says)
    """The file's ending names no format that a rehearsal can be written in."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was heard. Levels in dBFS, moments in session seconds."""

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
    findings: tuple[str, ...]


def render(
    home: Path, rehearsal: Rehearsal, path: Path, progress: Callable[[float], None]
) -> Measured:
    """Write the whole session to `path` (.wav, .flac or .ogg) and measure it on the way.

    `progress` is told the seconds rendered. Raises NoSuchFormat and OSError.
    """
    if path.suffix not in _CODECS:
        raise NoSuchFormat(f"{path.name}: expected a file that ends in {', '.join(_CODECS)}")
    heard = _Heard()
    with _File(path) as file:
        for programme, block in _blocks(home, rehearsal, heard.told):
            heard.hear(block, programme.speaking, programme.reduction)
            file.write(block)
            progress(programme.time)
    return heard.measured()


def _blocks(
    home: Path, rehearsal: Rehearsal, tell: Callable[[float, Notice], None]
) -> Iterator[tuple[Programme, Block]]:
    """Every block of the session, with the programme that made it."""
    programme = Programme(Shelf(home, AtOnce()), lambda notice: tell(programme.time, notice))
    orders = itertools.chain(rehearsal.orders, ((float("inf"), None),))
    at, wanted = next(orders)
    upcoming, following = next(orders)
    assert wanted is not None
    programme.want(wanted, at)
    try:
        while programme.time < rehearsal.seconds:
            while upcoming <= programme.time and following is not None:
                wanted = following
                programme.want(wanted, programme.time)
                upcoming, following = next(orders)
            yield programme, programme.render(BLOCK)
    finally:
        programme.close()


class _File:
    """A sound file being written."""

    def __init__(self, path: Path) -> None:
        import av

        self._container: Any = av.open(str(path), "w")
        self._stream: Any = self._container.add_stream(
            _CODECS[path.suffix], rate=RATE, layout="stereo"
        )
        self._frames = 0

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def write(self, block: Block) -> None:
        import av

        samples = np.rint(block * 32767.0).clip(-32768, 32767).astype("<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
        frame.rate = RATE
        frame.pts = self._frames
        self._frames += len(block)
        self._container.mux(self._stream.encode(frame))


class _Heard:
    """What has been heard so far."""

    def __init__(self) -> None:
        self._meter = Levels100ms()
        self._ruler = Ruler()
        self._peak = 0.0
        self._held: list[float] = []
        self._tracks: list[tuple[float, str]] = []
        self._failures: list[str] = []

    def told(self, at: float, notice: Notice) -> None:
        match notice:
            case TrackStarted(title=title):
                self._tracks.append((at, title))
            case TrackFailed(title=title, why=why):
                self._failures.append(f"{clock(at)} {title} cannot be played: {why}")

    def hear(self, block: Block, voice: bool, held: float) -> None:
        """`held`: dB by which the guard held this block down at most."""
        self._meter.add(block)
        self._ruler.add(block, voice)
        self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))
        self._held.append(held)

    def measured(self) -> Measured:
        rises, voiced = self._ruler.rises, self._ruler.voiced
        rise, rise_at = _highest(np.where(voiced, _NOTHING, rises))
        voice_rise, _ = _highest(np.where(voiced, rises, _NOTHING))
        silence, silent_at = _longest_silence(self._meter.levels)
        held = np.array(self._held)
        return Measured(
            peak=float(20 * np.log10(max(self._peak, 1e-6))),
            loudest_rise=rise,
            loudest_rise_at=rise_at,
            voice_rise=voice_rise,
            held=float(held.min(initial=0.0)),
            held_at=float(held.argmin()) * BLOCK / RATE if len(held) else 0.0,
            longest_silence=silence,
            tracks=tuple(self._tracks),
            findings=(*self._failures, *self._findings(silence, silent_at)),
        )

    def _findings(self, silence: float, silent_at: float) -> Iterator[str]:
        if self._peak > 10.0 ** ((CEILING + 0.01) / 20.0):
            yield f"over the ceiling: {20 * np.log10(self._peak):.1f} dBFS"
        excess, voiced = self._ruler.excess, self._ruler.voiced
        for what, where in (("the music", ~voiced), ("a voice", voiced)):
            over, at = _highest(np.where(where, excess, _NOTHING))
            if over > 0.0:
                yield f"{clock(at)} {what} rises {over:.1f} dB more than is calm"
        yield from self._held_down()
        if silence >= 1.0:
            yield f"{clock(silent_at)} {silence:.1f} s of silence that nobody asked for"

    def _held_down(self) -> Iterator[str]:
        """Where the guard works hard, the track is not what its curator hears elsewhere."""
        hard = np.array(self._held) <= _HELD
        turns = np.flatnonzero(np.diff(np.concatenate(([False], hard, [False]))))
        for begins, ends in turns.reshape(-1, 2):
            seconds = (ends - begins) * BLOCK / RATE
            if seconds > _HELD_FOR:
                worst = min(self._held[begins:ends])
                at = clock(begins * BLOCK / RATE)
                yield f"{at} the guard holds the sound down by {-worst:.1f} dB for {seconds:.1f} s"


def _highest(rises: Any) -> tuple[float, float]:
    """The highest value of the ruler, and the second it is at."""
    at = int(rises.argmax()) if len(rises) else 0
    return float(rises.max(initial=_NOTHING)), at * WINDOW / RATE


def _longest_silence(levels: Any) -> tuple[float, float]:
    """Seconds of the longest stretch under -60 dBFS between two sounds, and where it begins."""
    sounding = np.flatnonzero(levels > _SILENT)
    if len(sounding) < 2:
        return 0.0, 0.0
    gaps = np.diff(sounding) - 1
    worst = int(gaps.argmax())
    return float(gaps[worst]) / 10, float(sounding[worst] + 1) / 10
