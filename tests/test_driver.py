"""The driver of the screen under everything that a terminal, or a hand on it, can send."""

import asyncio
import itertools
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_screen_app import Counter
from patience import PATIENCE
from pty_screen import PtyScreen
from textual import events
from textual.message import Message

from companion.ui.driver import SafeDriver

APP = [sys.executable, str(Path(__file__).with_name("fake_screen_app.py"))]

RAW = {
    "invalid utf-8": b"\xff",
    "half a character": b"\xe2\x82",
    "overlong": b"\xc0\xaf\xf8\x88\x80\x80\x80",
    "every high byte": bytes(range(0x80, 0x100)),
    "every low byte": bytes(range(0x20)) + b"\x7f",
    "encoded surrogate": b"\xed\xa0\x80",
    "too large a key": b"\x1b[1114112u",
    "far too large a key": b"\x1b[9999999999~",
    "surrogate key": b"\x1b[55296u",
    "surrogate text": b"\x1b[97;1;55296u",
    "negative key": b"\x1b[-1u",
    "empty key": b"\x1b[u\x1b[;;u\x1b[:;:;:u",
    "old mouse": b"\x1b[M !!",
    "old mouse, far right": b"\x1b[M \xe0\xff",
    "old mouse, half": b"\x1b[M",
    "mouse far away": b"\x1b[<0;99999;99999M\x1b[<0;99999;99999m",
    "mouse at zero": b"\x1b[<0;0;0M\x1b[<0;-5;-5m",
    "unknown buttons": b"\x1b[<255;3;3M\x1b[<4096;3;3m",
    "half a mouse report": b"\x1b[<0;3",
    "mouse without numbers": b"\x1b[<;;M",
    "size of a giant": b"\x1b[48;9999;9999;1;1t",
    "size of nothing": b"\x1b[48;0;0;0;0t",
    "size in pixels": b"\x1b[48;24;80;480;1600t",
    "sizes are supported": b"\x1b[?2048;1$y\x1b[?2048;2$y",
    "cursor report": b"\x1b[9999;9999R",
    "mode report": b"\x1b[?2026;9$y\x1b[?1;0$y",
    "device report": b"\x1b[?62;22c\x1b[>0;10;1c",
    "title report": b"\x1b]0;title\x07\x1b]52;c;aGVsbG8=\x07\x1bP+r\x1b\\",
    "focus": b"\x1b[O\x1b[I",
    "long nonsense": b"\x1b[" + b"1;" * 200 + b"x",
    "many escapes": b"\x1b" * 300,
    "ctrl keys": b"\x03\x04\x10\x11\x13\x1a\x1c",
    "paste": b"\x1b[200~k\x1b[201~",
    "a large paste": b"\x1b[200~" + b"k" * 30_000 + b"\x1b[201~",
    "paste within paste": b"\x1b[200~\x1b[200~\xff\x1b[201~\x1b[201~",
    "function keys": b"\x1bOP\x1b[24~\x1b[1;5A\x1b[15;9~",
}


@pytest.fixture
def term() -> Iterator[PtyScreen]:
    with PtyScreen(APP) as term:
        term.wait_for("keys 0")
        yield term


def lives(term: PtyScreen, row: int, column: int) -> None:
    """The first tap lands on the very cell it was meant for, and the first key arrives, once."""
    keys = int(term.screen()[0].split()[1])
    term.tap(row, column)
    term.wait_for(f"tapped {row},{column} ")
    term.keys("k")
    term.wait_for(f"keys {keys + 1} ")


def test_nothing_that_a_terminal_sends_ends_or_upsets_it(term: PtyScreen) -> None:
    places = itertools.cycle([(5, 7), (11, 70), (23, 1), (2, 79)])
    for name, raw in RAW.items():
        term.send(raw)
        try:
            lives(term, *next(places))
        except AssertionError as problem:
            raise AssertionError(f"after {name}: {problem}") from None
    term.wait_for("size 24x80")
    assert term.program is not None
    assert term.program.poll() is None


def test_malformed_bytes_take_no_touch_with_them(term: PtyScreen) -> None:
    term.send(b"\x1b[1114112u\x1b[<0;4;5M\x1b[<0;4;5m\xff")
    term.wait_for("tapped 4,3 ")


def test_a_paste_without_end_does_not_make_it_deaf(term: PtyScreen) -> None:
    term.send(b"\x1b[200")
    term.send(b"~")
    deadline = time.monotonic() + PATIENCE
    while "tapped 4,3 " not in term.screen()[0]:
        assert time.monotonic() < deadline, term.dump()
        term.tap(4, 3)
        time.sleep(0.1)


def test_signals_do_nothing(term: PtyScreen) -> None:
    for number in (
        *("SIGINT", "SIGQUIT", "SIGTSTP", "SIGUSR1", "SIGUSR2"),
        *("SIGTTIN", "SIGTTOU", "SIGPIPE", "SIGSTOP", "SIGCONT"),
    ):
        term.kill(signal.Signals[number])
    lives(term, 3, 3)


def test_sizes_come_from_the_kernel(term: PtyScreen) -> None:
    for rows, columns in ((1, 1), (20, 64), (60, 300), (24, 80)):
        term.resize(rows, columns)
        if columns > 40:
            term.wait_for(f"size {rows}x{columns}")
    lives(term, 20, 70)


def test_a_closed_window_ends_it_with_75() -> None:
    with PtyScreen(["sh", "-c", f"trap '' HUP; exec {shlex.join(APP)}"]) as term:
        term.wait_for("keys 0")
        term.hang_up()
        assert term.wait_end() == 75


KEY = events.Key("k", "k")
TOUCH = events.MouseDown(None, 1, 1, 0, 0, 1, False, False, False)


@pytest.mark.parametrize(
    ("waiting", "message", "passed_on"),
    [(0, KEY, 1), (99, KEY, 1), (100, KEY, 0), (100, TOUCH, 1), (199, TOUCH, 1), (200, TOUCH, 0)],
)
async def test_no_flood_of_keys_keeps_the_heart_from_beating(
    monkeypatch: pytest.MonkeyPatch, waiting: int, message: Message, passed_on: int
) -> None:
    """What the screen cannot work off in time is dropped, keys before touches."""
    monkeypatch.setattr(SafeDriver, "_ignore_signals", lambda driver: None)
    monkeypatch.setattr(Counter, "message_queue_size", waiting)
    driver = SafeDriver(Counter())
    driver.dropped = 0
    sent: list[Message] = []
    monkeypatch.setattr(driver._app, "post_message", sent.append)
    driver.process_message(message)
    assert (driver._sent, driver.dropped) == (passed_on, 1 - passed_on)
    for _ in range(300):  # while the loop does not get to them
        driver.process_message(message)
    assert driver._sent <= max(0, 200 - waiting)
    await asyncio.sleep(0)
    assert len(sent) == driver._sent == driver._arrived
