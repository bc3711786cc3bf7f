"""Choir-like tones as loops without a seam, after Nasca's PADsynth.

Each harmonic is not a line but a narrow hill of the spectrum with random phases; one inverse
transform of it sounds like many voices at once. Read from two places it is wide in stereo.
"""

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.weighting import loop

_FRAMES = 1 << 18
"""Of one loop: 5.5 s."""
_HIGHEST = 5000.0
"""Hz of the highest harmonic."""


def pad(
    frequency: float, width: float, fall: float, chance: np.random.Generator
) -> npt.NDArray[np.float32]:
    """A tone at `frequency` Hz with hills `width` cents wide, whose harmonics fall with the
    power `fall` of their number. Its first block is repeated at its end."""
    magnitudes = np.zeros(_FRAMES // 2 + 1)
    bin_width = RATE / _FRAMES
    for harmonic in range(1, int(min(_HIGHEST / frequency, 40)) + 1):
        centre = frequency * harmonic
        spread = max(centre * (2.0 ** (width / 1200.0) - 1.0) / 2.0, 2 * bin_width)
        first = max(1, int((centre - 4 * spread) / bin_width))
        last = int((centre + 4 * spread) / bin_width) + 1
        hertz = np.arange(first, last) * bin_width
        hill = np.exp(-0.5 * ((hertz - centre) / spread) ** 2) / np.sqrt(spread)
        even = 0.7 if harmonic % 2 == 0 else 1.0
        magnitudes[first:last] += hill * even * harmonic**-fall
    waves = loop(magnitudes, chance)
    return np.concatenate((waves, waves[:BLOCK]))
