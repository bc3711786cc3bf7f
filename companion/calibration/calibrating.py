"""A lead with a sound level meter at a shell: the reference noise, and what the meter reads."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress

from companion import access
from companion.calibration import calibration
from companion.calibration.told import before_told, kept_told, reading_told
from companion.conductor import Sound
from companion.desk import Desk
from companion.moment import Clock
from companion.session.events import By
from companion.words import staff_words

_WORDS = staff_words("en")
_OUTPUT_WITHIN = 10.0
"""Seconds that the sound may take to find its output."""
_LOOK_AGAIN = 0.05

Tell = Callable[[str], None]


async def output_found(desk: Desk) -> bool:
    """Whether there is an output, or soon is one."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_OUTPUT_WITHIN):
            while not desk.output_in_use:
                await asyncio.sleep(_LOOK_AGAIN)
    return bool(desk.output_in_use)


class Calibrating:
    """One lead at a shell: each line she types is a wish, answered by a line or two."""

    def __init__(self, desk: Desk, sound: Sound, clock: Clock, by: By, tell: Tell) -> None:
        self._desk, self._sound, self._by, self._tell = desk, sound, by, tell
        self._clock = clock
        self._began = self._until = self._seconds()
        self._output = desk.output_in_use
        self._level = calibration.FIRST_LEVEL
        self._reading: float | None = None

    async def live(self, lines: AsyncIterator[str]) -> None:
        """Until *quit*, or until the terminal is gone. The noise begins with the first line."""
        self._tell(_WORDS.calibration.calibrate_output.format(output=self._output))
        self._tell(before_told(self._desk.calibration_in_use, _WORDS))
        steps = (
            _WORDS.calibration.calibrate_place,
            _WORDS.calibration.calibrate_play,
            _WORDS.calibration.calibrate_read,
        )
        for number, step in enumerate(steps, start=1):
            self._tell(f"{number}  {step}")
        self._tell("Press Enter, and a noise begins quietly.")
        async for line in lines:
            if line.strip().lower() == "quit":
                return
            await self._answer(line.strip().lower())

    def _seconds(self) -> float:
        return self._clock.now().boot

    async def _answer(self, line: str) -> None:
        output = self._desk.output_in_use
        if not output:
            self._tell(_WORDS.calibration.no_output)
        elif output != self._output:
            self._output, self._level, self._reading = output, calibration.FIRST_LEVEL, None
            self._tell(_WORDS.calibration.other_output)
            self._tell(_WORDS.calibration.calibrate_output.format(output=output))
        elif line == "save":
            await self._save()
        elif line in ("", "+", "-"):
            self._step({"+": calibration.STEP, "-": -calibration.STEP}.get(line, 0.0))
        else:
            self._read(line)

    def _step(self, by: float) -> None:
        level = self._level + by
        if not calibration.LOWEST_LEVEL <= level <= calibration.HIGHEST_LEVEL:
            self._tell(_WORDS.refused["loudest" if by > 0 else "quietest"])
            return
        self._level, self._reading = level, None
        now = self._seconds()
        if now >= self._until:
            self._began = now
        self._until = now + calibration.LASTS
        wanted = calibration.reference(self._output, level, self._began, now)
        self._sound.want(wanted, self._seconds)
        self._tell(
            f"{level:g} {_WORDS.calibration.level_unit}. Type + or - for louder or quieter, "
            "or what the meter reads."
        )

    def _read(self, line: str) -> None:
        try:
            reading = float(line.replace(",", "."))
        except ValueError:
            self._tell("Type +, -, what the meter reads, save or quit.")
            return
        refusal = calibration.refuse(self._output, reading)
        if refusal is not None:
            self._tell(_WORDS.calibration.reading_refused[refusal])
        elif self._seconds() >= self._until:
            self._tell("The noise does not play. Press Enter, and read again.")
        else:
            self._reading = reading
            self._tell(reading_told(self._level, reading, _WORDS))
            self._tell("Type save to keep it, or a better reading.")

    async def _save(self) -> None:
        if self._reading is None:
            self._tell("There is no reading to save yet.")
            return
        outcome = await self._desk.calibrate(self._output, self._level, self._reading, self._by)
        match outcome:
            case access.Refusal():
                self._tell(_WORDS.staff_refused[outcome])
            case calibration.Refusal():
                self._tell(_WORDS.calibration.reading_refused[outcome])
            case kept:
                self._reading = None
                self._tell(kept_told(kept, _WORDS))
                self._tell("Type quit to end.")


async def typed_lines(fd: int) -> AsyncGenerator[str, None]:
    """What is typed on the terminal `fd`, line by line; they end with it."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        try:
            typed.put_nowait(os.read(fd, 4096))
        except OSError:
            typed.put_nowait(b"")

    loop.add_reader(fd, read)
    try:
        while line := await typed.get():  # a terminal gives one line at a time
            yield line.decode(errors="replace")
    finally:
        loop.remove_reader(fd)
