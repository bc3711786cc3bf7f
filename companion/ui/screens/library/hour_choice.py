"""Which session is to be rehearsed with a playlist: its protocol and its voice are asked for."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from companion.problems import BadContent
from companion.ui.cut import cut
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.library.hour import HourScreen
from companion.ui.screens.library.place import LibraryPlace
from companion.ui.widgets.pages import Choice

_TITLE = 19
"""Columns for a title on the narrowest tile of a list."""


def can_be_rehearsed(place: LibraryPlace, stem: str) -> bool:
    """Whether the playlist of this stem can be used as it is, and the configuration too."""
    curating = place.companion.curating
    library = curating.library
    return curating.config is not None and library is not None and stem in library.playlists


class Asking:
    """The questions one after another; `back` leads to where they began."""

    def __init__(self, place: LibraryPlace, stem: str, back: Callable[[], None]) -> None:
        self._place, self._stem, self._back = place, stem, back

    def ask_protocol(self) -> None:
        """The first question."""
        config = self._place.companion.curating.config
        assert config is not None
        protocols = [Choice(protocol.title, key) for key, protocol in config.protocols.items()]

        async def chosen(key: str) -> str | None:
            self._ask_voice(key)
            return None

        question = self._place.staff_words.library.ask_hour_protocol
        self._show(question, protocols, chosen, self._back)

    def _ask_voice(self, protocol: str) -> None:
        library = self._place.companion.curating.library
        assert library is not None
        words = self._place.staff_words
        voices = [Choice(words.library.without_voice, None)]
        voices += [Choice(cut(one.title, _TITLE), stem) for stem, one in library.scripts.items()]

        async def chosen(script: str | None) -> str | None:
            try:
                rehearsed = await self._place.companion.curating.rehearse(
                    protocol, self._stem, script
                )
            except BadContent as bad:
                return str(bad.problems[0])
            self._place.go_to(HourScreen(self._place.unlocked, rehearsed, self._back))
            return None

        self._show(words.library.ask_hour_voice, voices, chosen, self.ask_protocol)

    def _show(
        self,
        question: str,
        choices: Iterable[Choice],
        then: Callable[[Any], Awaitable[str | None]],
        back: Callable[[], None],
    ) -> None:
        unlocked = self._place.unlocked
        self._place.go_to(ChoiceScreen(unlocked, question, choices, then, back, long=True))
