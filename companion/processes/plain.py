"""The plain screen: a clock, a call and nothing else, for when the real one cannot run.

It needs no more than a terminal. Any key or touch calls; nobody can leave it.
"""

import os
import re
import select
import termios
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from companion.processes.lifeline import LEFT_ALONE, beat, leave_when_alone
from companion.processes.terminal import quieten

_REPORTS = re.compile(rb"\x1b\[(?:\?[\d;]*\$?[a-zA-Z]|[IO]|<[\d;]*m)")
"""What a terminal sends by itself, and fingers that lift: nobody calls with these."""
_BEGIN = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1000h\x1b[?1006h"
_COLOURS = "\x1b[0m\x1b[38;2;232;220;200;48;2;12;12;14m\x1b[2J"
_GLYPHS = {
    "0": "111 101 101 101 111",
    "1": "010 110 010 010 111",
    "2": "111 001 111 100 111",
    "3": "111 001 111 001 111",
    "4": "101 101 111 001 001",
    "5": "111 100 111 001 111",
    "6": "111 100 111 101 111",
    "7": "111 001 001 001 001",
    "8": "111 101 111 101 111",
    "9": "111 101 111 001 111",
    ":": "0 1 0 1 0",
    "A": "111 101 111 101 101",
    "C": "111 100 100 100 111",
    "D": "110 101 101 101 110",
    "L": "100 100 100 100 111",
    "M": "10001 11011 10101 10001 10001",
}


@dataclass(frozen=True, slots=True)
class PlainWords:
    """What the plain screen says."""

    press: str
    """How to call, below the clock."""
    mended: str
    """That the screen is being mended, and that the bell works."""
    call: str
    """One word, in large letters where there are such letters for it."""
    showing: str
    """That the call shows, and what to do if nobody comes."""


def show(
    words: PlainWords, call: Callable[[], None], *, called: bool, life_fd: int, beat_fd: int
) -> int:
    """Show the clock, or the call, until somebody ends this process; an exit code.

    `call` keeps the call for good. Where it raises, it is tried again every second, while the
    call shows all the same. `called`: a call shows already.
    """
    leave_when_alone(life_fd)
    try:
        quieten(0)
        _write(_BEGIN)
        _stay(words, call, called, beat_fd)
    except (OSError, termios.error):
        return LEFT_ALONE


def _stay(words: PlainWords, call: Callable[[], None], called: bool, beat_fd: int) -> NoReturn:
    """Raises OSError when the terminal is gone."""
    kept, shown = called, ""
    while True:
        beat(beat_fd)
        picture = _picture(words, called)
        if picture != shown:
            _write(picture)
            shown = picture
        if select.select([0], [], [], 1.0)[0]:
            typed = os.read(0, 4096)
            if not typed:
                raise OSError("the terminal is gone")
            called = called or bool(_REPORTS.sub(b"", typed))
        if called and not kept:
            with suppress(Exception):
                call()
                kept = True


def _picture(words: PlainWords, called: bool) -> str:
    """The whole screen, its lines centred, as one string for the terminal."""
    columns, rows = os.get_terminal_size(0)
    large, said = words.call, [words.showing]
    if not called:
        large, said = time.strftime("%H:%M"), [words.press, words.mended]
    lines = _large(large)
    for sentence in said:
        lines += ["", *textwrap.wrap(sentence, columns - 4)]
    top = max(0, (rows - len(lines)) // 2)
    text = _COLOURS
    for row, line in enumerate(lines, top + 1):
        text += f"\x1b[{row};{max(0, (columns - len(line)) // 2) + 1}H{line}"
    return text


def _large(word: str) -> list[str]:
    if not set(word) <= set(_GLYPHS):
        return [word]
    glyphs = [_GLYPHS[letter].split() for letter in word]
    return [
        "  ".join(glyph[row].replace("1", "██").replace("0", "  ") for glyph in glyphs)
        for row in range(5)
    ]


def _write(text: str) -> None:
    os.write(1, text.encode())
