"""Files as sources: streaming decode in constant memory, exact to the sample.

Whatever decoding raises ends the track, never the session. Codecs give some 3000 small frames a
minute; they are gathered in FFmpeg's own queue and converted together, for Python costs as much
for a frame as the codec itself.
"""

import math
from collections.abc import Generator
from pathlib import Path

import av
import numpy as np

from companion.session.plan import Phase
from companion.sound.codec import decoder_of
from companion.sound.curves import RATE, Block
from companion.sound.reel import Reel
from companion.sound.sound_file import CHANNELS, RATES, SoundFile

_MOST_ERRORS = 50
"""Damaged packets before a file is given up."""
_RUN_UP = 1.0
"""Seconds decoded and dropped before a place that was sought, so that the decoder has settled."""
_WARM = 480
"""Frames of 48 kHz that converting from another rate takes to settle."""
_PIECE = RATE
"""Most frames that are converted together."""
_MOST = 8.0
"""Amplitude, +18 dBFS: samples beyond it are no sound."""


class FileSource:
    """One sound file from `start` seconds on."""

    def __init__(self, path: Path, start: float = 0.0) -> None:
        """Raises Unplayable."""
        self._file = SoundFile(path)
        self._frames = _frames(self._file)
        self._run: _Run | None = None
        self._reel = Reel()
        self._ended = False
        stream = self._file.stream
        self._begun = float((stream.start_time or 0) * (stream.time_base or 0))
        """Presentation time of the file's first sample."""
        self._start = max(start, 0.0)
        self._sought = self._seek() if start > _RUN_UP else self._begun
        self._surplus = 0
        """Frames still to be dropped, so that the first one given is that of `start`."""

    def read(self, frames: int) -> Block:
        while self._reel.frames < frames and not self._ended:
            self._gather(min(frames - self._reel.frames, _PIECE))
        return self._reel.take(frames)

    def follow(self, phase: Phase, position: float) -> None:
        """A recording has its own arc."""

    def left(self) -> float | None:
        return self._reel.frames / RATE if self._ended else None

    def close(self) -> None:
        """Explicitly, for an abandoned decoder would keep its file and memory for minutes."""
        self._frames.close()
        self._file.close()
        self._reel.clear()

    def _seek(self) -> float:
        """To a little before `start`, or to the beginning of a file that cannot be sought in."""
        place = self._begun + self._start - _RUN_UP
        try:
            self._file.container.seek(round(place * av.time_base))
        except (av.FFmpegError, OverflowError):
            return self._begun
        return place

    def _gather(self, frames: int) -> None:
        """Decode and convert about as many frames, and what is left at the end."""
        try:
            while self._run is None or self._run.ready < frames:
                frame = next(self._frames, None)
                if frame is None:
                    self._ended = True
                    break
                self._add(frame)
            if self._run:
                self._keep(self._run.convert(None if self._ended else frames))
        except Exception:  # decoders raise whatever they like on damaged bytes
            self._ended = True

    def _add(self, frame: av.AudioFrame) -> None:
        if self._run is None:
            came = self._sought if frame.time is None else frame.time
            place, wanted = came - self._begun, round(self._start * RATE)
            before, made = _both_rates_meet(place, frame.sample_rate, wanted)
            self._surplus = max(0, wanted - made)
            self._run = _Run(frame, before)
        elif not self._run.takes(frame):
            self._keep(self._run.convert(None))
            self._run = _Run(frame)
        self._run.add(frame)

    def _keep(self, samples: Block) -> None:
        drop = min(self._surplus, len(samples))
        self._surplus -= drop
        self._reel.put(samples[drop:])


class _Run:
    """Frames of one rate, format and number of channels, from the codec to 48 kHz stereo.

    One channel is heard from both sides as it is; FFmpeg's own way from one to two would take
    3 dB away from it. More than two are mixed down by FFmpeg as ITU-R BS.775 says, without
    bringing the sum under full scale: that is what loudness was measured of.
    """

    def __init__(self, first: av.AudioFrame, drop: int = 0) -> None:
        """Without its first `drop` frames. Raises ValueError for numbers that are not those of
        sound."""
        self._drop = drop
        self._shape = _shape(first)
        self._rate, self._channels, name = self._shape
        if self._rate not in RATES or self._channels not in CHANNELS:
            raise ValueError(self._shape)
        self._whole_numbers = not name.startswith(("flt", "dbl"))
        layout = "mono" if self._channels == 1 else "stereo"
        self._resampler = av.AudioResampler(format="flt", layout=layout, rate=RATE)
        self._queue = av.AudioFifo()

    @property
    def ready(self) -> float:
        """Frames of 48 kHz that the frames added will make."""
        return self._queue.samples * RATE / self._rate

    def takes(self, frame: av.AudioFrame) -> bool:
        """Whether `frame` is of the same kind; the queue itself does not look at all of it."""
        return _shape(frame) == self._shape

    def add(self, frame: av.AudioFrame) -> None:
        frame.pts = None  # the order of the frames counts, not what a damaged file says of it
        self._queue.write(frame)

    def convert(self, frames: int | None) -> Block:
        """About the first `frames` frames; None: all there are, and nothing comes after."""
        if self._drop and (dropped := self._queue.read(self._drop, partial=True)):
            self._drop -= dropped.samples
        many = 0 if frames is None else -(-frames * self._rate // RATE)
        queued = self._queue.read(many, partial=True)
        made = self._resampler.resample(queued) if queued else []
        if frames is None:
            made = [*made, *self._resampler.resample(None)]
        pieces = [self._samples(one) for one in made if one]
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate(pieces) if pieces else np.empty((0, 2), np.float32)

    def _samples(self, made: av.AudioFrame) -> Block:
        """A view of what FFmpeg made, which lives as long as the view."""
        sides = min(self._channels, 2)
        plane: memoryview = memoryview(made.planes[0])
        samples = np.frombuffer(plane, np.float32, made.samples * sides).reshape(-1, sides)
        if sides == 1:
            samples = np.repeat(samples, 2, axis=1)
        return samples if self._whole_numbers else _sane(samples)


def _sane(samples: Block) -> Block:
    """Without what is no number or no sound."""
    if not len(samples) or -_MOST <= samples.min() <= samples.max() <= _MOST:
        return samples
    return np.nan_to_num(samples, posinf=0.0, neginf=0.0).clip(-_MOST, _MOST)


def _both_rates_meet(place: float, rate: int, wanted: int) -> tuple[int, int]:
    """Where to begin converting frames of `rate` that came from second `place` on, so that what
    is made falls where it would have fallen from the file's beginning: how many of them to leave
    out, and the frame of 48 kHz that the next one is. `wanted` is the one that must be reached."""
    came = round(place * rate)
    period = rate // math.gcd(rate, RATE)
    meeting = -(-came // period) * period
    made = meeting * RATE // rate
    if wanted - made < _WARM:
        return 0, round(place * RATE)
    return meeting - came, made


def _shape(frame: av.AudioFrame) -> tuple[int, int, str]:
    return frame.sample_rate, frame.layout.nb_channels, frame.format.name


def _frames(file: SoundFile) -> Generator[av.AudioFrame, None, None]:
    errors, decode = 0, decoder_of(file.stream)
    for packet in file.container.demux(file.stream):
        try:
            yield from decode(packet)
        except Exception:  # a damaged packet is skipped; what comes after may be whole
            errors += 1
            if errors > _MOST_ERRORS:
                return
