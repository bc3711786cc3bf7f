"""Where sound leaves the program. The only file that knows pygame.

The environment is set before pygame is imported: no greeting on stdout, SIGTERM left alone, a
video driver without a screen (events need one), no worker threads for mathematics.
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

import pygame

_RATE: Final = 48_000
_BUFFER = 2048
"""Frames that the device takes at a time: 43 ms."""
_CHANNELS = 8
_STUCK = 1.0
"""Seconds that a channel may hold a chunk without playing before it counts as stuck."""


class NoOutput(Exception):  # noqa: N818 (it is what it says)
    """There is no sound device; the message says why."""


class Output(Protocol):
    """Takes 16-bit stereo at 48 kHz. Everything but the constructor happens in one thread."""

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

    def ready(self) -> bool:
        """Whether it has room for one more chunk."""
        ...

    def play(self, chunk: bytes) -> None:
        """Play `chunk` after what it holds. Only when `ready`."""
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
        self._fed = 0.0
        self._began = False

    @property
    def name(self) -> str:
        return os.environ.get("SDL_AUDIODRIVER", "sound device")

    def open(self) -> None:
        try:
            if not pygame.display.get_init():
                pygame.display.init()
            pygame.mixer.init(_RATE, -16, 2, _BUFFER, allowedchanges=0)
        except pygame.error as error:
            raise NoOutput(str(error)) from None
        pygame.mixer.set_num_channels(_CHANNELS)
        pygame.event.clear()
        self._began = False

    def ready(self) -> bool:
        channel = pygame.mixer.Channel(self._number)
        if channel.get_queue() is None:
            return True
        if not channel.get_busy() and time.monotonic() - self._fed > _STUCK:
            self._number = (self._number + 1) % _CHANNELS
            return True
        return False

    def play(self, chunk: bytes) -> None:
        channel = pygame.mixer.Channel(self._number)
        if self._began and not channel.get_busy():
            self.gaps += 1
        channel.queue(pygame.mixer.Sound(buffer=chunk))
        self._began = True
        self._fed = time.monotonic()

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
