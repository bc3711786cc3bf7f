"""The sound of a rehearsed session: rendered as a patient would get it at 0 dB, and measured."""

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from companion.rehearsal.heard import Heard, Measured
from companion.rehearsal.rehearse import Rehearsal
from companion.session.wanted import Wanted
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.programme import Programme
from companion.sound.shelf import AtOnce, Shelf
from companion.sound.wire import Notice

_CODECS = {".wav": "pcm_s16le", ".flac": "flac", ".ogg": "libopus"}


class NoSuchFormat(Exception):  # noqa: N818 (it is what it says)
    """The file's ending names no format that a rehearsal can be written in."""


def render(
    home: Path, rehearsal: Rehearsal, path: Path | None, stated: Mapping[str, float] | None = None
) -> Measured:
    """Measure the whole session and write it to `path` (.wav, .flac or .ogg), if there is one.

    `stated` has the dB that staff wrote as the level of a track, by its title. Raises NoSuchFormat
    and OSError.
    """
    if path is not None and path.suffix not in _CODECS:
        raise NoSuchFormat(f"{path.name}: expected a file that ends in {', '.join(_CODECS)}")
    heard, levels = Heard(), stated or {}
    with contextlib.nullcontext() if path is None else _File(path) as file:
        for programme, wanted, block in _blocks(home, rehearsal, heard.told):
            meant = _meant(wanted, levels.get(programme.title, 0.0))
            heard.hear(block, programme.speaking, programme.reduction, meant)
            if file is not None:
                file.write(block)
    return heard.measured()


def _meant(wanted: Wanted, level: float) -> float:
    """dB (not above 0) by which it is wanted quieter than other music; -inf: no music at all."""
    if wanted.music is None or not wanted.on:
        return -math.inf
    return wanted.lower + min(level, 0.0)


def _blocks(
    home: Path, rehearsal: Rehearsal, tell: Callable[[float, Notice], None]
) -> Iterator[tuple[Programme, Wanted, Block]]:
    """Every block of the session, with the programme that made it and what it should make."""
    programme = Programme(Shelf(home, AtOnce()), lambda notice: tell(programme.time, notice))
    orders = itertools.chain(rehearsal.orders, ((math.inf, None),))
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
            yield programme, wanted, programme.render(BLOCK)
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
