"""Soundscapes: endless, seeded, a function of the seed and the second. Import costs nothing;
numpy is loaded when the first one is made."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companion.sound.synthesis.soundscape import Soundscape


def soundscape(name: str, seed: int, brightness: float, density: float, at: float) -> "Soundscape":
    """The soundscape `name` from second `at` on, to the quarter of a second.

    The same seed and knobs give the same bytes. `brightness` and `density` lie between 0 and 1.
    Raises Unplayable for a name that is not in the catalogue.
    """
    from companion.sound.source import Unplayable
    from companion.sound.synthesis.shore import Shore
    from companion.sound.synthesis.warm_pads import WarmPads

    match name:
        case "shore":
            return Shore(seed, brightness, density, at)
        case "warm-pads":
            return WarmPads(seed, brightness, density, at)
        case _:
            raise Unplayable(f"there is no soundscape called {name}")
