"""The sound of a home for a command at a shell, while Companion does not run there."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from companion import notices
from companion.desk import Desk
from companion.processes import adoption
from companion.processes.sound_child import Sound
from companion.sound.client import SoundClient
from companion.sound.wire import Notice

_TEND_EVERY = 0.1
"""Seconds between two looks at the sound process."""
_SOUND_FADES = 3.0
"""Seconds that the sound has to end in."""


@asynccontextmanager
async def sound_of(home: Path, desk: Desk) -> AsyncIterator[SoundClient]:
    """A sound process of its own, of which `desk` is told. Raises OSError."""
    address = adoption.address(home)
    command = [sys.executable, "-P", "-m", "companion", "sound"]
    child = Sound(command, home, address, home / "companion.sound.lock")

    def hear(notice: Notice) -> None:
        notices.tell_desk(desk, notice)

    async def tend() -> None:
        while True:
            child.tend(time.monotonic())
            await asyncio.sleep(_TEND_EVERY)

    client = SoundClient(address, hear)
    aside = [asyncio.ensure_future(work) for work in (client.run(), tend())]
    try:
        yield client
    finally:
        for task in aside:
            task.cancel()
        await asyncio.gather(*aside, return_exceptions=True)
        child.end(_SOUND_FADES)
