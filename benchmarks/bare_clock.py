"""The peer: what a Textual app costs that shows one clock and counts taps, and does nothing else.

It shows seconds, as clocks do, so it draws once a second.
"""

import time

from textual.app import App, ComposeResult
from textual.widgets import Digits, Static


class BareClock(App[None]):
    """The time, and below it how often somebody tapped."""

    ENABLE_COMMAND_PALETTE = False
    taps = 0

    def compose(self) -> ComposeResult:
        yield Digits(id="clock")
        yield Static("taps 0", id="taps")

    def on_mount(self) -> None:
        self.animation_level = "none"
        self._tell_time()
        self.set_interval(1.0, self._tell_time)

    def on_click(self) -> None:
        self.taps += 1
        self.query_one("#taps", Static).update(f"taps {self.taps}")

    def _tell_time(self) -> None:
        self.query_one("#clock", Digits).update(time.strftime("%H:%M:%S"))


if __name__ == "__main__":
    BareClock().run()
