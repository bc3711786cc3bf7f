"""Chances that belong to a place: the same seed and the same place give the same number.

So any moment of a soundscape can be known without those before it. The numbers are those of
SplitMix64 (Steele, Lea and Flood, 2014), one round for each part of the place.
"""

_ALL = (1 << 64) - 1


def chance(seed: int, *place: int) -> float:
    """A number from 0 up to, but not including, 1."""
    state = seed & _ALL
    for part in place:
        state = _mixed((state ^ (part & _ALL)) + 0x9E3779B97F4A7C15 & _ALL)
    return float(state >> 11) * 2.0**-53


def between(least: float, most: float, seed: int, *place: int) -> float:
    """A number from `least` up to `most`."""
    return least + (most - least) * chance(seed, *place)


def _mixed(z: int) -> int:
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & _ALL
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & _ALL
    return z ^ (z >> 31)
