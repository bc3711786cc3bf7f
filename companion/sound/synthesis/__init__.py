"""Soundscapes: endless, seeded, a function of the seed and the second. Import costs nothing;
numpy is loaded when the first one is made."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companion.sound.source import Source


def tables_of(home: Path) -> Path:
    """The folder in which the tables of `home` are kept from one start to the next."""
    return home / "cache" / "soundscapes"


def soundscape(
    name: str,
    seed: int,
    brightness: float,
    density: float,
    at: float,
    cache: Path | None = None,
) -> "Source":
    """The soundscape `name` from second `at` on, to the frame.

    The same seed and knobs give the same bytes on the same machine. `brightness` and `density` lie
    between 0 and 1. Its tables are kept in the folder `cache`, or in memory alone. Raises
    Unplayable for a name that is not in the catalogue.
    """
    from companion.sound.source import Unplayable
    from companion.sound.synthesis.bowls import Bowls
    from companion.sound.synthesis.deep_water import DeepWater
    from companion.sound.synthesis.rain import Rain
    from companion.sound.synthesis.reference_noise import ReferenceNoise
    from companion.sound.synthesis.shore import Shore
    from companion.sound.synthesis.slow_drum import SlowDrum
    from companion.sound.synthesis.tables import tables
    from companion.sound.synthesis.warm_pads import WarmPads

    match name:
        case "shore":
            kind: type[Bowls | DeepWater | Rain | Shore | SlowDrum | WarmPads] = Shore
        case "warm-pads":
            kind = WarmPads
        case "bowls":
            kind = Bowls
        case "rain":
            kind = Rain
        case "deep-water":
            kind = DeepWater
        case "slow-drum":
            kind = SlowDrum
        case "reference-noise":
            return ReferenceNoise(at)
        case _:
            raise Unplayable(f"there is no soundscape called {name}")
    return kind(seed, brightness, density, at, tables(cache))


def build_tables(cache: Path) -> None:
    """Make every table that the folder `cache` does not hold yet, and drop those that no
    soundscape uses any more: some seconds of work, once. At most 60 MB."""
    from companion.sound.synthesis.colours import COLOURS
    from companion.sound.synthesis.drops import DROPS
    from companion.sound.synthesis.room import ROOMS
    from companion.sound.synthesis.skin import STROKES
    from companion.sound.synthesis.tables import Recipe, tables
    from companion.sound.synthesis.tones import TONES

    recipes: list[Recipe] = [*ROOMS, *COLOURS, *TONES, *DROPS, *STROKES]
    tables(cache).build(recipes)
