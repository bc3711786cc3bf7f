"""Short sounds that ring: drops, bubbles, skins and bars, each struck once.

Their partials are those of bells, but so short that a whole sound is made ahead and laid where it
begins.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.bells import Mode
from companion.sound.synthesis.nodes import Wave
from companion.sound.synthesis.tables import UNIT, Array
from companion.sound.synthesis.weighting import power_of

Ring = npt.NDArray[np.float64]

_LEAVES: Final = 0.15
"""Of a sound: its end, which goes to nothing."""


def ring(
    modes: Sequence[Mode],
    seconds: float,
    attack: float,
    bend: float,
    straightens: float,
    chance: np.random.Generator,
) -> Ring:
    """`seconds` of some modes, which come up within `attack` seconds.

    Their pitch begins at 1 + `bend` times their own and goes there in some `straightens` seconds:
    a bubble's from below, that of a skin that was struck from above.
    """
    times = np.arange(int(seconds * RATE)) / RATE
    bent = times + bend * straightens * (1.0 - np.exp(-times / straightens))
    waves = np.zeros(len(times))
    for mode in modes:
        fall = 10.0 ** (-3.0 * times / mode.seconds)
        pair = (-0.5, 0.5) if mode.beat else (0.0,)
        for side in pair:
            turns = (mode.hertz + side * mode.beat) * bent + chance.random()
            waves += mode.strength / len(pair) * fall * np.sin(2 * np.pi * turns)
    waves *= np.sin(np.clip(times / attack, 0.0, 1.0) * np.pi / 2) ** 2
    left = (seconds - times) / (_LEAVES * seconds)
    shaped: Ring = waves * np.sin(np.clip(left, 0.0, 1.0) * np.pi / 2) ** 2
    return shaped


def energy_of(waves: Ring) -> float:
    """The K-weighted energy of a sound: power times seconds."""
    padded = np.concatenate((waves, np.zeros(RATE)))
    padded = padded[: len(padded) // 2 * 2]
    return power_of(np.abs(np.fft.rfft(padded))) * len(padded) / RATE


def kept(waves: Ring) -> npt.NDArray[np.int16]:
    """Sounds as a table, in units of `UNIT`."""
    return np.rint(waves * UNIT).clip(-32768, 32767).astype(np.int16)


def lay(side: Wave, sound: Array, since: int, gain: float | Wave) -> None:
    """Add to the block `side` what of `sound` falls into it. It began `since` frames before the
    block, or begins within it where that is below 0; `gain` is an amplitude for all of it, or one
    for each frame of the block, in units of `UNIT`."""
    first, last = max(0, -since), min(BLOCK, len(sound) - since)
    if first < last:
        piece = sound[first + since : last + since]
        side[first:last] += piece * (gain[first:last] if isinstance(gain, np.ndarray) else gain)
