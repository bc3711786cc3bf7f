"""`companion calibrate`: the parts for it, joined on a terminal while nothing else runs here."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from companion.access import Act
from companion.at_shell import FAULT, Refused, desk_of, unlocked
from companion.calibration.calibrating import Calibrating, output_found, typed_lines
from companion.desk import Desk
from companion.moment import SystemClock
from companion.processes.terminal import harden
from companion.session.events import By
from companion.sound.client import SoundClient
from companion.sound_at_shell import sound_of
from companion.words import staff_words

_WORDS = staff_words("en")
_DONE = 0
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
            return asyncio.run(_live(home, desk, ask_initials(), ask_pin()))
    except Refused as refused:
        return _refuse(str(refused), refused.code)


async def _live(home: Path, desk: Desk, initials: str, pin: str) -> int:
    by = await unlocked(desk, initials, pin, Act.CALIBRATE)
    async with sound_of(home, desk) as client:
        dialogue = asyncio.ensure_future(_talk(desk, client, by))
        loop = asyncio.get_running_loop()
        for number in _ENDED_BY:
            loop.add_signal_handler(number, dialogue.cancel)
        try:
            return await dialogue
        except asyncio.CancelledError:
            return FAULT


async def _talk(desk: Desk, client: SoundClient, by: By) -> int:
    if not await output_found(desk):
        return _refuse(_WORDS.calibration.no_output)
    dialogue = Calibrating(desk, client, SystemClock(), by, print)
    async with contextlib.aclosing(typed_lines(sys.stdin.fileno())) as lines:
        await dialogue.live(lines)
    return _DONE


def _refuse(why: str, code: int = FAULT) -> int:
    print(why, file=sys.stderr)
    return code
