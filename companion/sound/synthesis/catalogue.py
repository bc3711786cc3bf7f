"""Which soundscapes there are, in words; for those who only need the names."""

from collections.abc import Mapping
from typing import Final

ABOUT: Final[Mapping[str, str]] = {
    "shore": "Slow surf on a wide beach, each wave its own, with long calm between the sets.",
    "warm-pads": "Long warm chords that swell and pass over a deep steady tone, in a large hall.",
    "bowls": "Bowls of many sizes, softly struck and sung, ringing long in a large dark room.",
    "rain": "Rain on a roof and on broad leaves, far rain all round, gusts that come and pass.",
    "deep-water": "Far down in warm water: slow deep tones, songs far off, bubbles that rise.",
    "slow-drum": "A soft slow drum and low wood in a warm hall, with a choir. It has a beat.",
}
SOUNDSCAPES: Final = tuple(ABOUT)
