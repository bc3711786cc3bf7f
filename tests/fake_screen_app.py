"""The least app on the driver of the screen: counts keys `k`, and shows where it was tapped."""

import sys

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from companion.ui.driver import SafeDriver


class Counter(App[None], inherit_bindings=False):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__(driver_class=SafeDriver)
        self.count = 0
        self.place = "nowhere"

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def on_mount(self) -> None:
        self.show()

    def on_key(self, event: events.Key) -> None:
        self.count += event.key == "k"
        self.show()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.place = f"{event.screen_y},{event.screen_x}"
        self.show()

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    def show(self) -> None:
        size = f"{self.size.height}x{self.size.width}"
        self.query_one(Static).update(f"keys {self.count} tapped {self.place} size {size}")


if __name__ == "__main__":
    app = Counter()
    app.run()
    sys.exit(app.return_code or 0)
