"""Surf on a wide beach: three trains of waves, each wave its own, over a steady far sea.

The timbre moves by mixing noise of fixed colours, not by filters. Three scales of time: a wave
lasts some fifteen seconds, sets of higher waves come about every minute, the tide turns in eight.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.synthesis.soundscape import LEVEL, Nodes, Soundscape, drawn, node_times
from companion.sound.synthesis.weighting import loop, power_for

_Wave = npt.NDArray[np.float32]

_COLOURS = ((45.0, 190.0, 0.9), (160.0, 900.0, 0.8), (700.0, 4200.0, 0.75))
"""Deep, body, wash: between which Hz each sounds, and how its amplitude falls with frequency."""
_LOOPS = (31.7, 23.3, 19.1)
"""Seconds of each colour's loop."""
_TRAINS = ((11.9, 0.22), (15.7, 0.5), (19.3, 0.78))
"""Seconds between the waves of each train, and where it breaks from left (0) to right (1)."""
_BED = (0.42, 0.34, 0.20)
"""How much of each colour sounds between the waves."""
_SHAPES = ((0.0, 4.5, 6.0), (1.6, 4.2, 6.5), (3.4, 3.6, 9.0))
"""Of each colour in a wave: seconds until it begins, rises and is gone."""
_GATED = 0.5
"""dB that the calm between the waves hides from BS.1770, whose gate leaves out what is quiet."""
_LIFE = 18.0
"""Seconds of the longest wave."""
_SURVEY = 1200.0
"""Seconds over which the mean power is taken, to know the level."""


class Shore(Soundscape):
    """`brightness` moves from deep to wash, `density` makes the waves higher and closer."""

    def __init__(self, seed: int, brightness: float, density: float, at: float) -> None:
        super().__init__(at)
        self._seed = seed % (1 << 32)
        self._density = density
        tilt = 10.0 ** ((brightness - 0.5) * 9.0 / 20.0)
        self._colours = np.array([1.0 / tilt, 1.0, tilt])
        self._loops = _colour_loops()
        chance = np.random.default_rng((self._seed, 0))
        self._offsets = chance.integers(0, 1 << 30, (3, 2))
        self._gains = self._level(0.0), self._level(1.0)

    def block(self, number: int) -> Block:
        times = node_times(number)
        least, most = self._gains
        gain = least + (most - least) * self.intensity
        envelopes = self._envelopes(times, self.intensity) * gain
        block = np.zeros((2, BLOCK), np.float32)
        for colour, waves in enumerate(self._loops):
            for side in range(2):
                at = (int(self._offsets[colour, side]) + number * BLOCK) % (len(waves) - BLOCK)
                block[side] += waves[at : at + BLOCK] * drawn(envelopes[colour, side])
        return np.ascontiguousarray(block.T)

    def _envelopes(self, times: Nodes, intensity: float) -> Nodes:
        """Amplitudes of shape (colour, side, time)."""
        tide = 1.0 + 0.12 * np.sin(2 * np.pi * (times / 487.0 + self._share(1)))
        sets = 0.72 + 0.16 * (
            np.sin(2 * np.pi * (times / 61.3 + self._share(2)))
            + np.sin(2 * np.pi * (times / 97.9 + self._share(3)))
        )
        height = (0.55 + 0.5 * self._density) * (0.8 + 0.4 * intensity) * sets
        waves = np.zeros((3, 2, len(times)))
        for train, (usual, place) in enumerate(_TRAINS):
            period = usual * (1.25 - 0.5 * self._density)
            for k in range(int((times[0] - _LIFE) // period) - 1, int(times[-1] // period) + 1):
                late, high, aside = _chances(self._seed, train, k)
                since = times - (k + 0.35 * late) * period
                pan = (place + 0.2 * (aside - 0.5)) * np.pi / 2
                sides = np.array([np.cos(pan), np.sin(pan)])
                for colour, shape in enumerate(_SHAPES):
                    rise = _swell(since, *shape) * (0.45 + 0.55 * high)
                    waves[colour] += sides[:, np.newaxis] * rise
        bed = np.array(_BED)[:, np.newaxis, np.newaxis]
        envelopes: Nodes = (bed + height * waves) * tide * self._colours[:, np.newaxis, np.newaxis]
        return envelopes

    def _share(self, number: int) -> float:
        return _chances(self._seed, -1, number)[0]

    def _level(self, intensity: float) -> float:
        """The factor that brings the whole to its level, from the envelopes' own power."""
        envelopes = self._envelopes(np.arange(0.0, _SURVEY, 0.5), intensity)
        power = np.mean(np.sum(envelopes**2, axis=0))
        return float(np.sqrt(power_for(LEVEL - _GATED) / power))


@lru_cache(maxsize=1)
def _colour_loops() -> tuple[_Wave, ...]:
    """One loop of noise for each colour; its first block is repeated at its end."""
    loops = []
    for number, ((low, high, fall), seconds) in enumerate(zip(_COLOURS, _LOOPS, strict=True)):
        frames = int(seconds * RATE) // 2000 * 2000
        hertz = np.fft.rfftfreq(frames, 1 / RATE)
        hertz[0] = hertz[1]
        edges = 1.0 / ((1.0 + (low / hertz) ** 4) * (1.0 + (hertz / high) ** 4))
        magnitudes = hertz**-fall * edges * (hertz < 9000.0)
        waves = loop(magnitudes, np.random.default_rng((77, number)))
        loops.append(np.concatenate((waves, waves[:BLOCK])))
    return tuple(loops)


@lru_cache(maxsize=1024)
def _chances(seed: int, train: int, k: int) -> tuple[float, float, float]:
    """Three numbers between 0 and 1 that belong to one wave."""
    one, two, three = np.random.default_rng((seed, train + 1, k + (1 << 20))).random(3)
    return float(one), float(two), float(three)


def _swell(since: Nodes, wait: float, up: float, down: float) -> Nodes:
    """From nothing up in `up` seconds and away in `down`, beginning after `wait`."""
    x = since - wait
    rising = np.sin(np.clip(x / up, 0.0, 1.0) * np.pi / 2) ** 2
    falling = np.cos(np.clip((x - up) / down, 0.0, 1.0) * np.pi / 2) ** 2
    swell: Nodes = rising * falling
    return swell
