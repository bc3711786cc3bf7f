"""`companion calibrate`: the parts for it, joined on a terminal while nothing else runs here."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from companion import adoption, joining
from companion.access import Act
from companion.at_shell import FAULT, Refused, desk_of, unlocked
from companion.calibrating import Calibrating, output_found, typed_lines
from companion.desk import Desk
from companion.moment import SystemClock
from companion.session.events import By
from companion.sound.client import SoundClient
from companion.sound.wire import Notice
from companion.sound_child import Sound
from companion.terminal import harden
from companion.words import staff_words

_WORDS = staff_words("en")
_DONE = 0
_TEND_EVERY = 0.1
"""Seconds between two looks at the sound process."""
_SOUND_FADES = 3.0
"""Seconds that the sound has to end in."""
_ENDED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Ask = Callable[[], str]


def run(home: Path, ask_initials: Ask, ask_pin: Ask) -> int:
    """Calibrate the output of `home` with a lead; the exit code. Raises OSError."""
    harden()
    if not os.isatty(sys.stdin.fileno()):
        return _refuse("Calibrating needs a terminal: start it in one, not in a pipe.", FAULT)
    told = "Companion runs in this home. Calibrate on its screen: People, Calibrate the sound."
    try:
        with desk_of(home, told) as desk:
            return _Shell(home).run(desk, ask_initials, ask_pin)
    except Refused as refused:
        return _refuse(str(refused), refused.code)


class _Shell:
    """The sound of one home, for as long as it is calibrated."""

    def __init__(self, home: Path) -> None:
        self._clock = SystemClock()
        self._address = adoption.address(home)
        command = [sys.executable, "-P", "-m", "companion", "sound"]
        self._child = Sound(command, home, self._address, home / "companion.sound.lock")

    def run(self, desk: Desk, ask_initials: Ask, ask_pin: Ask) -> int:
        try:
            return asyncio.run(self._live(desk, ask_initials(), ask_pin()))
        finally:
            self._child.end(_SOUND_FADES)

    async def _live(self, desk: Desk, initials: str, pin: str) -> int:
        by = await unlocked(desk, initials, pin, Act.CALIBRATE)

        def hear(notice: Notice) -> None:
            joining.tell_desk(desk, notice)

        client = SoundClient(self._address, hear)
        aside = [asyncio.ensure_future(work) for work in (client.run(), self._tend())]
        dialogue = asyncio.ensure_future(self._talk(desk, client, by))
        loop = asyncio.get_running_loop()
        for number in _ENDED_BY:
            loop.add_signal_handler(number, dialogue.cancel)
        try:
            return await dialogue
        except asyncio.CancelledError:
            return FAULT
        finally:
            for task in aside:
                task.cancel()

    async def _talk(self, desk: Desk, client: SoundClient, by: By) -> int:
        if not await output_found(desk):
            return _refuse(_WORDS.no_output)
        dialogue = Calibrating(desk, client, self._clock, by, print)
        async with contextlib.aclosing(typed_lines(sys.stdin.fileno())) as lines:
            await dialogue.live(lines)
        return _DONE

    async def _tend(self) -> None:
        while True:
            self._child.tend(time.monotonic())
            await asyncio.sleep(_TEND_EVERY)


def _refuse(why: str, code: int = FAULT) -> int:
    print(why, file=sys.stderr)
    return code
