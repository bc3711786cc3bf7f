"""A bright screen that is deaf to touch for a while, so that it can be wiped."""

from collections.abc import Iterator

from textual import events
from textual.widget import Widget

from companion.access import Unlocked
from companion.session.view import View
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.sentence import Sentence

_DEAF = 20.0
"""Seconds in which a touch is only a cloth. Keys call all the while."""


class WipeScreen(UnlockedScreen):
    """It gives way to the nurse view by itself, and at once to a call."""

    def __init__(self, unlocked: Unlocked) -> None:
        super().__init__(unlocked)
        self._began = 0.0

    def furnish(self) -> Iterator[Widget]:
        yield Sentence(self.staff_words.wiping, classes="title")

    def on_mount(self) -> None:
        super().on_mount()
        self._began = self._now()

    def show(self, view: View | None) -> None:
        if view is not None and view.calling is not None:
            self._end()

    def tend(self) -> None:
        if self._now() - self._began >= _DEAF:
            self._end()

    def _forward_event(self, event: events.Event) -> None:
        if not isinstance(event, events.MouseEvent):
            super()._forward_event(event)

    def _end(self) -> None:
        from companion.ui.screens.choices import to_nurse

        to_nurse(self)
