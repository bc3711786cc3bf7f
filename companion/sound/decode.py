"""Files as sources: streaming decode in constant memory, exact to the sample.

Nothing about a file is believed before it was checked: it must be a regular file of a known
format with sane numbers, and whatever decoding it raises ends the track, never the session.
"""

import os
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer

from companion.session.plan import Phase
from companion.sound.curves import RATE, Block
from companion.sound.source import Unplayable

_FORMATS = "wav,flac,mp3,ogg,mov,mp4,m4a,3gp,3g2,mj2,w64,aiff"
"""What a container may be; playlists and other files that name files are not among them."""
_MOST_ERRORS = 50
"""Damaged packets before a file is given up."""
_LONGEST = 6 * 3600.0
"""Seconds."""
_RATES = range(8_000, 192_001)
_CHANNELS = range(1, 9)
_RUN_UP = 1.0
"""Seconds decoded and dropped before a place that was sought, so that the decoder has settled."""


class FileSource:
    """One sound file from `start` seconds on."""

    def __init__(self, path: Path, start: float = 0.0) -> None:
        """Raises Unplayable."""
        self._file = _open_regular(path)
        try:
            self._container, stream = _open_container(self._file)
        except Unplayable:
            self._file.close()
            raise
        self._frames = _decoded(self._container, stream, start)
        self._rest = np.empty((0, 2), np.float32)
        self._ended = False

    def read(self, frames: int) -> Block:
        parts = [self._rest]
        ready = len(self._rest)
        while ready < frames and not self._ended:
            fresh = self._next()
            parts.append(fresh)
            ready += len(fresh)
        whole = np.concatenate(parts) if len(parts) > 1 else parts[0]
        block, self._rest = whole[:frames], whole[frames:]
        return block

    def follow(self, phase: Phase, position: float) -> None:
        """A recording has its own arc."""

    def left(self) -> float | None:
        return len(self._rest) / RATE if self._ended else None

    def close(self) -> None:
        """Explicitly, for an abandoned decoder would keep its file and memory for minutes."""
        self._frames.close()  # type: ignore[attr-defined]
        self._container.close()
        self._file.close()

    def _next(self) -> Block:
        fresh = next(self._frames, None)
        if fresh is None:
            self._ended = True
            return np.empty((0, 2), np.float32)
        if not np.isfinite(fresh).all():
            np.nan_to_num(fresh, copy=False, posinf=0.0, neginf=0.0)
        return fresh


def _open_regular(path: Path) -> BinaryIO:
    """Without ever waiting, as opening a pipe would."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unplayable(f"the file cannot be opened: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unplayable("it is not a file")
    return os.fdopen(descriptor, "rb")


def _open_container(file: BinaryIO) -> tuple[InputContainer, AudioStream]:
    try:
        container = av.open(
            file,
            "r",
            metadata_errors="replace",
            container_options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
        )
    except Exception:  # decoders raise whatever they like on foreign bytes
        raise Unplayable("it cannot be read as sound") from None
    try:
        return container, _checked(container)
    except Exception as error:
        container.close()
        if isinstance(error, Unplayable):
            raise
        raise Unplayable("it cannot be read as sound") from None


def _checked(container: InputContainer) -> AudioStream:
    if not container.streams.audio:
        raise Unplayable("there is no sound in it")
    stream = container.streams.audio[0]
    if (stream.rate or 0) not in _RATES:
        raise Unplayable(f"its sample rate of {stream.rate} Hz is not one of sound")
    if stream.channels not in _CHANNELS:
        raise Unplayable(f"it has {stream.channels} channels; 1 to 8 can be played")
    if container.duration is not None and container.duration / av.time_base > _LONGEST:
        raise Unplayable("it says that it is longer than six hours")
    stream.codec_context.thread_count = 1
    return stream


def _decoded(container: InputContainer, stream: AudioStream, start: float) -> Iterator[Block]:
    """Everything from `start` seconds on, at 48 kHz stereo.

    One channel is heard from both sides as it is; FFmpeg's own way from one to two would take
    3 dB away from it.
    """
    sides = 1 if stream.channels == 1 else 2
    layout = "mono" if sides == 1 else "stereo"
    resampler = av.AudioResampler(format="flt", layout=layout, rate=RATE)
    begun = float((stream.start_time or 0) * stream.time_base) if stream.time_base else 0.0
    try:
        if start > _RUN_UP:
            container.seek(round((begun + start - _RUN_UP) * av.time_base))
        surplus: int | None = None
        for frame in chain(_frames(container, stream), (None,)):
            if frame is not None and surplus is None:
                came = begun if frame.time is None else frame.time
                surplus = round((begun + start - came) * RATE) if start > 0 else 0
            for piece in resampler.resample(frame):
                samples = piece.to_ndarray().reshape(-1, sides).astype(np.float32, copy=False)
                block: Block = samples if sides == 2 else np.repeat(samples, 2, axis=1)
                drop = min(max(surplus or 0, 0), len(block))
                surplus = (surplus or 0) - drop
                if drop < len(block):
                    yield block[drop:]
    except Exception:
        return


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[av.AudioFrame]:
    errors = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except Exception:  # a damaged packet is skipped; what comes after may be whole
            errors += 1
            if errors > _MOST_ERRORS:
                return
