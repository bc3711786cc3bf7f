"""Long warm chords over a deep steady tone, in a large room.

Seven voices swell and pass in periods that never meet again; each takes a new note while it is
silent. The notes are few and pure, the harmony moves over minutes.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.synthesis.padsynth import pad
from companion.sound.synthesis.reverb import TAIL, Reverb
from companion.sound.synthesis.soundscape import LEVEL, Soundscape, drawn, node_times
from companion.sound.synthesis.weighting import power_for

_Wave = npt.NDArray[np.float32]
_Tones = tuple[_Wave, ...]

_ROOTS = (65.41, 69.30, 73.42, 77.78, 61.74)
"""Hz; the seed chooses."""
_DRONE = (1.0, 1.5)
_NOTES = (2.0, 2.5, 3.0, 10 / 3, 4.0, 4.5, 5.0, 6.0)
"""A pure pentatonic scale, as ratios to the root."""
_GLIMMERS = (8.0, 9.0, 10.0, 12.0)
_HARMONIES = ((0, 2, 4, 6), (1, 2, 4, 7), (2, 3, 4, 6), (0, 3, 4, 5), (2, 4, 5, 7))
"""Which notes may sound together for a while."""
_SCENE = 151.0
"""Seconds that one harmony stays."""
_PERIODS = (17.3, 19.9, 23.5, 25.9, 29.9, 33.1, 37.7, 41.3, 53.9)
"""Seconds from silence to silence of each voice …"""
_LOW_VOICES = 7
"""… of which so many sing notes, the others glimmer."""
_BASS = 0.5
"""Amplitude of each tone of the drone, a voice at its height being 1."""
_DRY, _WET = 0.55, 0.75
_MEAN = 3 / 8
"""Mean power of a voice's swell: that of the square of a sine squared."""


class WarmPads(Soundscape):
    """`brightness` opens the tones and lets high ones glimmer, `density` is how many sound."""

    def __init__(self, seed: int, brightness: float, density: float, at: float) -> None:
        super().__init__(at)
        self._seed = seed % (1 << 32)
        self._brightness = brightness
        self._density = density
        self._low, self._middle, self._high = _tables(
            _ROOTS[self._seed % len(_ROOTS)], round(brightness, 1)
        )
        self._reverb = Reverb()
        for number in range(max(0, self._number - TAIL), self._number):
            self.block(number)

    def block(self, number: int) -> Block:
        sides = np.zeros((2, BLOCK), np.float32)
        for tone, waves in enumerate(self._low):
            slow = 1.0 + 0.25 * np.sin(2 * np.pi * (number * BLOCK / RATE / (47.0 + 24 * tone)))
            self._add(sides, waves, number, tone, np.float32(_BASS * slow))
        glimmer = 0.1 + 0.3 * self._brightness * (0.6 + 0.8 * self.intensity)
        for voice in range(len(_PERIODS)):
            if voice < _LOW_VOICES:
                self._sing(sides, self._middle, number, voice, self._loudness(voice))
            else:
                self._sing(sides, self._high, number, voice, glimmer)
        sides *= np.float32(self._gain())
        wet = self._reverb.process((sides[0] + sides[1]) * np.float32(np.sqrt(0.5)))
        return np.float32(_DRY) * sides.T + np.float32(_WET) * wet

    def _sing(self, sides: _Wave, tables: _Tones, number: int, voice: int, loudness: float) -> None:
        """One voice: a swell over its whole period, then another note."""
        if loudness == 0.0:
            return
        period = _PERIODS[voice]
        ways = node_times(number) / period + self._share(voice)
        swell = np.sin(np.pi * ways) ** 2 * loudness
        for turn in range(int(ways[0]), int(ways[-1]) + 1):
            inside = (ways >= turn) & (ways < turn + 1)
            waves = tables[self._note(voice, turn)]
            self._add(sides, waves, number, voice + turn, drawn(swell * inside))

    def _add(
        self, sides: _Wave, waves: _Wave, number: int, place: int, gain: _Wave | np.float32
    ) -> None:
        """`waves` at `gain`, from two places of the loop for the two sides."""
        length = len(waves) - BLOCK
        for side in range(2):
            at = (number * BLOCK + place * 40_009 + side * 98_317) % length
            sides[side] += waves[at : at + BLOCK] * gain

    def _note(self, voice: int, turn: int) -> int:
        """Which of its tones a voice sings in its swell number `turn`."""
        chance = _chance(self._seed, voice, turn)
        if voice >= _LOW_VOICES:
            return int(chance * len(_GLIMMERS))
        scene = int((turn - self._share(voice)) * _PERIODS[voice] // _SCENE)
        harmony = _HARMONIES[int(_chance(self._seed, 100, scene) * len(_HARMONIES))]
        return harmony[int(chance * len(harmony))]

    def _loudness(self, voice: int) -> float:
        """The first voices always sing; the others as density and the arc let them."""
        singing = 3.0 + 3.0 * self._density + 2.0 * (self.intensity - 0.25)
        return float(np.clip(singing - voice, 0.0, 1.0))

    def _gain(self) -> float:
        """What brings the mean power of all that sings to the level."""
        voices = sum(self._loudness(voice) ** 2 for voice in range(_LOW_VOICES)) * _MEAN
        drone = len(_DRONE) * _BASS**2
        return float(np.sqrt(power_for(LEVEL) / (voices + drone) / (_DRY**2 + _WET**2)))

    def _share(self, voice: int) -> float:
        return _chance(self._seed, 200, voice)


@lru_cache(maxsize=4)
def _tables(root: float, brightness: float) -> tuple[_Tones, ...]:
    """Low, middle and high tones over `root` Hz."""
    chance = np.random.default_rng(2718)
    fall = 2.3 - 0.9 * brightness
    return (
        tuple(pad(root * ratio, 12.0, fall + 0.3, chance) for ratio in _DRONE),
        tuple(pad(root * ratio, 22.0, fall, chance) for ratio in _NOTES),
        tuple(pad(root * ratio, 30.0, fall + 0.6, chance) for ratio in _GLIMMERS),
    )


@lru_cache(maxsize=4096)
def _chance(seed: int, *place: int) -> float:
    """A number between 0 and 1 that belongs to a place."""
    return float(np.random.default_rng((seed, *(p + 8 for p in place))).random())
