"""The tables of the soundscapes, made while the tablet rests, so that no patient waits for them.

A child of the screen process makes them, which itself must load no numpy. It is the last to get
the processor, and ends with its parent; what it has made by then stays.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_REST = 30.0
"""Seconds that the tablet must have been without a session."""


async def make_while_resting(home: Path, resting: Callable[[], bool], rest: float = _REST) -> None:
    """Make what is missing once `resting` holds, and still does `rest` seconds later. Where it
    cannot be done, a table is made when it is first needed."""
    command = [sys.executable, "-P", "-m", "companion", "--home", str(home), "tables"]
    rested = False
    while not (rested and resting()):
        rested = resting()
        await asyncio.sleep(rest)
    with suppress(OSError):
        child = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL
        )
        try:
            await child.wait()
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    child.kill()
