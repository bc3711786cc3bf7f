"""Sources that are read some time before they are heard, and apart from who hears them.

A disk may be slow, so nothing waits for it: whoever reads takes what is there. It is fetched some
seconds at a time, for a thread that wakes seldom and does much costs less than the other way round.
"""

from concurrent.futures import Executor
from threading import Lock

from companion.session.plan import Phase
from companion.sound.curves import RATE, Block
from companion.sound.reel import Reel
from companion.sound.source import Source, Unplayable

_FIRST = 10.0
"""Seconds that are there once it is open; more follow at once."""
_KEPT = 18.0
"""Seconds under which more is fetched …"""
_FETCHED = 4.0
"""… by as many and a few more: 8 MB in all."""
_STALLED = 8.0
"""Seconds: if no more are left, it has stalled. They are enough for a crossfade to another one, and
a disk may take ten seconds until then."""
_PIECE = RATE
"""Frames fetched in one go; between two of them it can be closed."""


class ReadAhead:
    """`source`, fetched by `executor`: which end is near is known early enough to bring in the
    next one over it."""

    def __init__(self, source: Source, executor: Executor) -> None:
        """Fetches the first seconds at once. Raises Unplayable when there is not a single frame."""
        self._source = source
        self._executor = executor
        self._reel = Reel()
        self._ready = Lock()
        """Over the reel, for a moment."""
        self._fetching = Lock()
        """Over the source, for as long as a disk takes."""
        self._under_way = self._ended = self._closed = False
        self._fetch(_FIRST)
        if not self._reel.frames:
            source.close()
            raise Unplayable("there is no sound in it")
        self._fetch_if_low()

    def read(self, frames: int) -> Block:
        """As every source, but at most 18 seconds at a time; fewer frames also when what was
        fetched is used up."""
        self._fetch_if_low()
        with self._ready:
            return self._reel.take(frames)

    def follow(self, phase: Phase, position: float) -> None:
        self._source.follow(phase, position)

    @property
    def stalled(self) -> bool:
        """Whether the end is near only because nothing more comes from the disk."""
        return not self._ended and self._reel.frames < _STALLED * RATE

    def left(self) -> float | None:
        return self._reel.frames / RATE if self._ended or self.stalled else None

    def close(self) -> None:
        """At once, or as soon as what is being fetched has come."""
        self._closed = True
        self._executor.submit(self._let_go)

    def _fetch_if_low(self) -> None:
        low = self._reel.frames < _KEPT * RATE
        if low and not (self._under_way or self._ended or self._closed):
            self._under_way = True
            self._executor.submit(self._fetch_more)

    def _fetch_more(self) -> None:
        try:
            self._fetch(_KEPT + _FETCHED)
        finally:
            self._under_way = False

    def _fetch(self, seconds: float) -> None:
        """Until so many seconds are there, or the end."""
        with self._fetching:
            while self._reel.frames < seconds * RATE and not (self._ended or self._closed):
                fresh = self._source.read(_PIECE)
                with self._ready:
                    self._reel.put(fresh)
                    self._ended = len(fresh) < _PIECE

    def _let_go(self) -> None:
        with self._fetching:
            self._source.close()
        with self._ready:
            self._reel.clear()
