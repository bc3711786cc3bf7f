"""A soundscape as staff write it: its name and its knobs."""

import hashlib

from companion.session.plan import Track
from companion.sound.synthesis.catalogue import ABOUT, SOUNDSCAPES

KNOBS = ("seed", "brightness", "density")
"""What staff may turn, besides the level."""


def soundscape(
    name: str, title: str | None, *, seed: int, brightness: float, density: float, level: float
) -> Track:
    """A track of the soundscape `name`, without end. `level` in dB around the music bus's."""
    knobs = f"{name} seed={seed} brightness={brightness:.6f} density={density:.6f}"
    return Track(
        title=title or called(name),
        soundscape=name,
        seed=seed,
        brightness=brightness,
        density=density,
        gain=level,
        hash=hashlib.sha256(knobs.encode()).hexdigest(),
    )


def called(name: str) -> str:
    """What a soundscape without a title of its own is called on screens."""
    return name.replace("-", " ").capitalize()


def about(name: str) -> str:
    """What a soundscape sounds like, in a sentence."""
    return ABOUT[name]


def known_soundscapes() -> tuple[str, ...]:
    """The names that staff may write."""
    return tuple(sorted(SOUNDSCAPES))
