"""Where sound leaves the program. The only file that knows pygame.

The environment is set before pygame is imported: no greeting on stdout, SIGTERM left alone, a
video driver without a screen (events need one), no worker threads for mathematics. A sound server
is asked to hold a sixth of a second: with the 43 ms that SDL would ask for, it runs dry whenever
the machine is busy, and it wakes us four times as often.
"""

import os
import time
from threading import Thread
from typing import Final, Protocol

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ.setdefault("PULSE_PROP", "media.role=music application.name=Companion")
os.environ.setdefault("PULSE_LATENCY_MSEC", "160")

import numpy as np
import pygame

from companion.sound.curves import BLOCK, RATE
from companion.sound.finish import Samples
from companion.sound.pace import Pace
from companion.sound.pactl import why_closed

_BUFFER: Final = 2048
"""Frames that the device takes at a time: 43 ms."""
_CHANNELS: Final = 8
_CHUNKS: Final = 3
"""One plays, one waits, one is filled."""
_STUCK = 0.25
"""Seconds that a channel may hold a chunk without playing before it counts as stuck."""
_LATE = 0.03
"""Seconds after a chunk is expected to begin that it is looked for …"""
_AGAIN = 0.02
"""… and between two such looks."""


class NoOutput(Exception):  # noqa: N818 (it is what it says)
    """There is no sound device; the message says why."""


class Output(Protocol):
    """Takes chunks of BLOCK frames. Everything but the constructor happens in one thread.

    A chunk is filled where it will be played from, so it can still be changed while it waits, and
    while it plays ahead of the place that is played.
    """

    @property
    def name(self) -> str:
        """What a person may call it."""
        ...

    @property
    def gaps(self) -> int:
        """How often it ran dry since it was made."""
        ...

    def open(self) -> None:
        """Raises NoOutput."""
        ...

    def room(self) -> Samples | None:
        """The chunk to be filled and played next, if there is room for one; the same until it is
        played."""
        ...

    def patience(self) -> float:
        """Seconds after which it is worth asking for room again."""
        ...

    def play(self) -> None:
        """Play that chunk after what it holds already. Only when there is room."""
        ...

    def taken(self) -> int:
        """How many of all frames played since `open` are beyond change: taken by the device, or
        about to be."""
        ...

    def lost(self) -> str | None:
        """Why it is gone, if it says so itself."""
        ...

    def close(self, timeout: float) -> bool:
        """Let go of the device; False when that did not succeed within `timeout` seconds."""
        ...


class PygameOutput:
    """The sound device that SDL finds.

    A channel holds the chunk it plays and one more; a second one would silently replace the
    first. At the end of a chunk a channel can be left idle with its next chunk waiting, for
    ever: then the next channel number takes over.
    """

    def __init__(self) -> None:
        self.gaps = 0
        self._number = 0
        self._sounds: list[pygame.mixer.Sound] = []
        self._chunks: list[Samples] = []
        self._played = 0
        """Frames since it was opened."""
        self._waiting: int | None = None
        """The first frame of the chunk that waits."""
        self._pace = Pace(_BUFFER)
        self._idle_since: float | None = None

    @property
    def name(self) -> str:
        return os.environ.get("SDL_AUDIODRIVER", "sound device")

    def open(self) -> None:
        if why := why_closed():
            raise NoOutput(why)
        try:
            if not pygame.display.get_init():
                pygame.display.init()
            pygame.mixer.init(RATE, -16, 2, _BUFFER, allowedchanges=0)
        except pygame.error as error:
            raise NoOutput(str(error)) from None
        pygame.mixer.set_num_channels(_CHANNELS)
        pygame.event.clear()
        self._sounds = [pygame.mixer.Sound(buffer=bytes(4 * BLOCK)) for _ in range(_CHUNKS)]
        self._chunks = [np.asarray(sound) for sound in self._sounds]
        self._played = 0
        self._waiting = None

    def room(self) -> Samples | None:
        now = time.monotonic()
        channel = pygame.mixer.Channel(self._number)
        if channel.get_queue() is None:
            if self._waiting is not None:
                self._pace.plays(self._waiting)
                self._waiting = None
            return self._chunks[self._next]
        if channel.get_busy():
            self._idle_since = None
            self._pace.not_yet(now)
        elif self._idle_since is None:
            self._idle_since = now
        elif now - self._idle_since > _STUCK:
            self._move_on(now)
        return None

    def patience(self) -> float:
        expected = 0.0 if self._waiting is None else self._pace.expected(self._waiting)
        return max(_AGAIN, expected + _LATE - time.monotonic())

    def play(self) -> None:
        channel = pygame.mixer.Channel(self._number)
        if channel.get_busy():
            self._waiting = self._played
        else:
            self.gaps += self._played > 0
            self._waiting = None
            self._pace.begin(self._played, time.monotonic())
        channel.queue(self._sounds[self._next])
        self._played += BLOCK

    def taken(self) -> int:
        return min(self._pace.taken(time.monotonic()), self._played)

    def lost(self) -> str | None:
        for event in pygame.event.get():
            # Number 2 is the device that plays; lower ones tell of others coming and going.
            if event.type == pygame.AUDIODEVICEREMOVED and event.which >= 2 and not event.iscapture:
                return "the sound device is gone"
        return None

    def close(self, timeout: float) -> bool:
        """In a thread: a frozen sound server would hold it for ever."""
        quitting = Thread(target=pygame.mixer.quit, daemon=True)
        quitting.start()
        quitting.join(timeout)
        return not quitting.is_alive()

    @property
    def _next(self) -> int:
        return self._played // BLOCK % _CHUNKS

    def _move_on(self, now: float) -> None:
        """Play what waits on the next channel, and leave the stuck one alone."""
        waits = pygame.mixer.Channel(self._number).get_queue()
        self._number = (self._number + 1) % _CHANNELS
        self._idle_since = self._waiting = None
        self.gaps += 1
        self._pace.begin(self._played - BLOCK, now)
        pygame.mixer.Channel(self._number).queue(waits)
