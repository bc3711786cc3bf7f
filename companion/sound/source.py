"""Where samples come from: 48 kHz stereo float32, read in order."""

from collections import deque
from typing import Protocol

import numpy as np

from companion.session.plan import Phase
from companion.sound.curves import BLOCK, RATE, Block, amplitude


class Unplayable(Exception):  # noqa: N818 (it is what it says)
    """Something cannot be played; the message says in plain words why."""


class Source(Protocol):
    """Something that sounds."""

    def read(self, frames: int) -> Block:
        """The next `frames` frames, or fewer: then it has ended. Never raises."""
        ...

    def follow(self, phase: Phase, position: float) -> None:
        """Be told that the session is `position` (0 to 1) through `phase`. Only soundscapes
        care; they follow slowly."""
        ...

    def left(self) -> float | None:
        """Seconds until it ends, once that is known; None before, and always of the endless."""
        ...

    def close(self) -> None:
        """Let go of files and memory. It is not read after."""
        ...


class Tone:
    """A steady sine at `frequency` Hz and `level` dBFS (peak); endless, or `seconds` long."""

    def __init__(self, frequency: float, level: float, seconds: float | None = None) -> None:
        self._step = 2 * np.pi * frequency / RATE
        self._peak = amplitude(level)
        self._at = 0
        self._end = None if seconds is None else round(seconds * RATE)

    def read(self, frames: int) -> Block:
        if self._end is not None:
            frames = min(frames, self._end - self._at)
        angle = (self._at + np.arange(frames)) * self._step
        self._at += frames
        wave = (self._peak * np.sin(angle)).astype(np.float32)
        return np.repeat(wave[:, np.newaxis], 2, axis=1)

    def follow(self, phase: Phase, position: float) -> None:
        """A tone has no arc."""

    def left(self) -> float | None:
        return None if self._end is None else (self._end - self._at) / RATE

    def close(self) -> None:
        """A tone holds nothing."""


class Silence(Tone):
    """Nothing, endless or `seconds` long."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__(0.0, -120.0, seconds)


class ReadAhead:
    """A source that is read some seconds before it is heard, so that its end is known early
    enough to bring in the next one over it."""

    def __init__(self, source: Source, seconds: float) -> None:
        """Reads `seconds` at once. Raises Unplayable when there is not a single frame."""
        self._source = source
        self._ended = False
        self._ready: deque[Block] = deque()
        self._frames = 0
        while self._frames < seconds * RATE and not self._ended:
            self._fetch(BLOCK)
        if not self._frames:
            source.close()
            raise Unplayable("there is no sound in it")

    def read(self, frames: int) -> Block:
        if not self._ended:
            self._fetch(frames)
        if self._ready and len(self._ready[0]) == frames:
            self._frames -= frames
            return self._ready.popleft()
        return self._gather(frames)

    def follow(self, phase: Phase, position: float) -> None:
        self._source.follow(phase, position)

    def left(self) -> float | None:
        return self._frames / RATE if self._ended else None

    def close(self) -> None:
        self._source.close()
        self._ready.clear()

    def _fetch(self, frames: int) -> None:
        fresh = self._source.read(frames)
        self._ended = len(fresh) < frames
        if len(fresh):
            self._ready.append(fresh)
            self._frames += len(fresh)

    def _gather(self, frames: int) -> Block:
        parts: list[Block] = []
        missing = min(frames, self._frames)
        self._frames -= missing
        while missing:
            first = self._ready.popleft()
            parts.append(first[:missing])
            if len(first) > missing:
                self._ready.appendleft(first[missing:])
            missing -= len(parts[-1])
        return np.concatenate(parts) if parts else np.empty((0, 2), np.float32)
