"""The sound of a rehearsed session: rendered as a patient would get it at 0 dB, and measured."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from companion.rehearse import Rehearsal, clock
from companion.session.wanted import Wanted
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.guard import CEILING, Ceiling
from companion.sound.programme import Programme
from companion.sound.ruler import MUSIC_RISE, VOICE_RISE, Levels100ms, rises
from companion.sound.shelf import AtOnce, Shelf
from companion.sound.wire import Notice, TrackFailed, TrackStarted

_SILENT = -60.0
"""dBFS under which a second counts as silence."""
_CODECS = {".wav": "pcm_s16le", ".flac": "flac", ".ogg": "libopus"}
_AFTER_WORDS = 10.0
"""Seconds after a voice in which the ruler still allows what a voice brings."""


class NoSuchFormat(Exception):  # noqa: N818 (it is what it says)
    """The file's ending names no format that a rehearsal can be written in."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was heard. Levels in dBFS, moments in session seconds."""

    peak: float
    loudest_rise: float
    """The highest value of the ruler, in dB, where no voice speaks …"""
    loudest_rise_at: float
    voice_rise: float
    """… and where one does."""
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
        for at, block, wanted in _blocks(home, rehearsal, heard.told):
            heard.hear(block, wanted.voice is not None)
            file.write(block)
            progress(at)
    return heard.measured()


def _blocks(
    home: Path, rehearsal: Rehearsal, tell: Callable[[float, Notice], None]
) -> Iterator[tuple[float, Block, Wanted]]:
    """Every quarter second of the session, under the ceiling, and what was wanted in it."""
    programme = Programme(Shelf(home, AtOnce()), lambda notice: tell(programme.time, notice))
    ceiling = Ceiling()
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
            yield programme.time, ceiling.process(programme.render(BLOCK)), wanted
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
        self._peak = 0.0
        self._voiced: list[bool] = []
        self._tracks: list[tuple[float, str]] = []
        self._failures: list[str] = []

    def told(self, at: float, notice: Notice) -> None:
        match notice:
            case TrackStarted(title=title):
                self._tracks.append((at, title))
            case TrackFailed(title=title, why=why):
                self._failures.append(f"{clock(at)} {title} cannot be played: {why}")

    def hear(self, block: Block, voice: bool) -> None:
        self._meter.add(block)
        self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))
        self._voiced.append(voice)

    def measured(self) -> Measured:
        levels = self._meter.levels
        rise = rises(levels)
        voiced = self._near_words(len(levels))
        calm = np.where(voiced, -np.inf, rise)
        at = int(calm.argmax()) if len(calm) else 0
        silence, silent_at = _longest_silence(levels)
        peak = 20 * np.log10(max(self._peak, 1e-6))
        worst = float(calm.max(initial=-np.inf))
        worst_voiced = float(np.where(voiced, rise, -np.inf).max(initial=-np.inf))
        findings = list(self._failures)
        if peak > CEILING + 0.01:
            findings.append(f"over the ceiling: {peak:.1f} dBFS")
        if worst > MUSIC_RISE:
            findings.append(f"{clock(at / 10)} the music rises {worst:.1f} dB above what was heard")
        if worst_voiced > VOICE_RISE:
            findings.append(f"a voice rises {worst_voiced:.1f} dB above what was heard")
        if silence >= 1.0:
            findings.append(f"{clock(silent_at)} {silence:.1f} s of silence that nobody asked for")
        return Measured(
            peak=float(peak),
            loudest_rise=worst,
            loudest_rise_at=at / 10,
            voice_rise=worst_voiced,
            longest_silence=silence,
            tracks=tuple(self._tracks),
            findings=tuple(findings),
        )

    def _near_words(self, frames: int) -> Any:
        """For each 100 ms, whether a voice spoke in it or within the ten seconds before."""
        blocks = np.array(self._voiced, bool)
        last = np.maximum.accumulate(np.where(blocks, np.arange(len(blocks)), -np.inf))
        near = np.arange(len(blocks)) - last <= _AFTER_WORDS * RATE / BLOCK
        of = np.minimum((np.arange(frames) * RATE // 10) // BLOCK, len(blocks) - 1)
        return near[of]


def _longest_silence(levels: Any) -> tuple[float, float]:
    """Seconds of the longest stretch under -60 dBFS between two sounds, and where it begins."""
    sounding = np.flatnonzero(levels > _SILENT)
    if len(sounding) < 2:
        return 0.0, 0.0
    gaps = np.diff(sounding) - 1
    worst = int(gaps.argmax())
    return float(gaps[worst]) / 10, float(sounding[worst] + 1) / 10
