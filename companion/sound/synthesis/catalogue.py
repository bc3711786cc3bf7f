"""Which soundscapes there are, in words; for those who only need the names."""

from collections.abc import Mapping
from typing import Final

ABOUT: Final[Mapping[str, str]] = {
    "shore": "Slow surf on a wide beach, each wave its own, with long calm between the sets.",
    "warm-pads": "Long warm chords that swell and pass over a deep steady tone, in a large hall.",
    "bowls": "Bowls of many sizes, softly struck and sung, ringing long in a large dark room.",
}
SOUNDSCAPES: Final = tuple(ABOUT)
