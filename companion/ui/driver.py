"""The terminal driver of the screen: nothing that comes from the terminal can end or upset it.

Textual's own driver dies of a malformed byte, believes sizes that were typed, stops on ctrl+z
signals and spins when its window is gone. This one relies on private parts of Textual 8.2.8: its
tests must pass before another version is used.
"""

import os
import selectors
import signal
import time
from codecs import getincrementaldecoder
from typing import Any

from textual import events, messages
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from companion.processes.lifeline import LEFT_ALONE

_DEAF_TO = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTSTP,
    signal.SIGCONT,
    signal.SIGTTIN,
    signal.SIGTTOU,
    signal.SIGUSR1,
    signal.SIGUSR2,
)
_HEEDED = (events.Key, events.MouseEvent, messages.TerminalSupportsSynchronizedOutput)
"""All that may come in: no pastes, no sizes, no focus that goes elsewhere."""
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_LONGEST_PASTE = 1.0
"""Seconds after which a paste without end is broken off: it swallows touches."""
_LONGEST_QUEUE, _FOR_TOUCHES = 100, 100
"""So many keys may wait for the screen, and for so many touches there is room beside them. No hand
is as fast; what a flood brings beyond is dropped, for working it off would keep the heart from
beating."""
_LOOKS = 0.5
"""Seconds after which the input thread looks whether the screen has ended."""
_LEAVES_WITHIN = 2.0


class SafeDriver(LinuxDriver):
    """What `App(driver_class=…)` takes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._sent = self._arrived = 0
        """How many messages the input thread handed to the loop, and how many came there."""
        self._ignore_signals()

    @property
    def can_suspend(self) -> bool:
        return False

    def start_application_mode(self) -> None:
        self.dropped = 0
        """How often something malformed, or too much, was dropped."""
        self._parser = XTermParser(self._debug)
        self._seen = ""
        self._paste_since: float | None = None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._ignore_signals()

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """No browser opens from here."""

    def run_input_thread(self) -> None:
        """Read what the terminal sends until the screen ends or the terminal is gone."""
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                try:
                    read = os.read(self.fileno, 4096) if selector.select(_LOOKS) else None
                except OSError:
                    read = b""
                if read == b"":
                    return self._leave()
                self._take(decode(read) if read else "")
        return None

    def process_message(self, message: Message) -> None:
        """Pass on what may come in, to the base class; the rest goes no further."""
        if isinstance(message, _HEEDED) and _is_whole(message):
            touch = isinstance(message, events.MouseDown | events.MouseUp)
            waiting = self._sent - self._arrived + self._app.message_queue_size
            if waiting < _LONGEST_QUEUE + touch * _FOR_TOUCHES:
                super().process_message(message)
            else:
                self.dropped += 1
        elif isinstance(message, events.Resize):
            self._parser.mouse_pixels = False

    def send_message(self, message: Message) -> None:
        """Hand it to the loop, and know how many are still on their way there."""
        self._sent += 1
        self._loop.call_soon_threadsafe(self._arrive, message)

    def _arrive(self, message: Message) -> None:
        self._arrived += 1
        self._app.post_message(message)

    def _query_in_band_window_resize(self) -> None:
        """Sizes come from the kernel, never from the input."""

    def _ignore_signals(self) -> None:
        for number in _DEAF_TO:
            signal.signal(number, signal.SIG_IGN)

    def _take(self, text: str) -> None:
        """One character at a time, so that what is malformed takes nothing else with it."""
        for part in (*text, None):
            try:
                for message in self._parser.feed(part) if part else self._parser.tick():
                    self.process_message(message)
            except Exception:
                self._start_anew()
        self._watch_paste(text)

    def _start_anew(self) -> None:
        self.dropped += 1
        self._parser = XTermParser(self._debug)

    def _watch_paste(self, text: str) -> None:
        now = time.monotonic()
        seen = self._seen + text
        begins, ends = seen.rfind(_PASTE_BEGINS), seen.rfind(_PASTE_ENDS)
        if begins != ends:
            self._paste_since = now if begins > ends else None
        self._seen = seen[-len(_PASTE_BEGINS) + 1 :]
        if self._paste_since is not None and now - self._paste_since > _LONGEST_PASTE:
            self._paste_since = None
            self._start_anew()

    def _leave(self) -> None:
        """The terminal is gone: end in order, or at once when that does not go."""
        self._app.call_later(self._app.exit, return_code=LEFT_ALONE)
        if not self.exit_event.wait(_LEAVES_WITHIN):
            os._exit(LEFT_ALONE)


def _is_whole(message: Message) -> bool:
    """Whether no half of a character came with it."""
    if not isinstance(message, events.Key):
        return True
    text = f"{message.key}{message.character or ''}"
    return "\ufffd" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
