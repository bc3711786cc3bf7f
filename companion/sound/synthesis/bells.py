"""Partials that ring: bowls, bells and drones.

Each mode is a pair of partials a little apart, so that it beats, a little later on one side than on
the other. A partial that rings down is an exponential, and the exponential of a sum is a product:
all partials of a block come from one small matrix product of coarse and of fine steps. Only the
coarse side changes from block to block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.nodes import Nodes, Wave
from companion.sound.synthesis.weighting import k_weighting

Amplitudes = npt.NDArray[np.complex128]

_FINE: Final = 60
_COARSE: Final = BLOCK // _FINE
_LARGEST: Final = 1 << 18
"""Multiplications in one product: so few that the algebra library keeps to one thread, and the
bytes do not depend on how many it has."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way in which something swings."""

    hertz: float
    beat: float
    """Hz between the two partials of the pair."""
    seconds: float
    """In which it falls by 60 dB; infinite where it sounds on."""
    strength: float
    """Amplitude."""


class Partials:
    """The partials of some modes, two for each."""

    def __init__(self, modes: Sequence[Mode]) -> None:
        falls = [-3.0 * np.log(10.0) / mode.seconds for mode in modes for _ in range(2)]
        self._hertz = np.array([m.hertz + side * m.beat / 2 for m in modes for side in (-1, 1)])
        self._strengths = np.array([mode.strength for mode in modes for _ in range(2)])
        self.rates: Amplitudes = np.array(falls) + 2j * np.pi * self._hertz
        """Of growth, per second; one for each partial."""
        fine = np.exp(self.rates * (np.arange(_FINE) / RATE)[:, np.newaxis]).T
        self._fine = np.concatenate((fine.real, fine.imag)).astype(np.float32)
        steps = np.arange(_COARSE) * (_FINE / RATE)
        self._coarse = np.exp(self.rates * steps[:, np.newaxis]).astype(np.complex64)
        most = max(1, _LARGEST // self._fine.size)
        self._piece = max(n for n in range(1, most + 1) if 2 * _COARSE % n == 0)

    def sound(self, amplitudes: Amplitudes) -> Wave:
        """One block, shape (2, BLOCK). `amplitudes`, of shape (2, partials), hold for its first
        frame."""
        coarse = amplitudes[:, np.newaxis].astype(np.complex64) * self._coarse
        rows = np.concatenate((coarse.real, -coarse.imag), axis=2)
        pieces = rows.reshape(-1, self._piece, rows.shape[2]) @ self._fine
        waves: Wave = pieces.reshape(2, BLOCK)
        return waves

    def spread(self, depth: float, places: Nodes) -> Amplitudes:
        """The amplitudes of full strength, of shape (2, partials). The second of a pair is `depth`
        beside the first and a quarter of a turn later on the right; each mode stands at its own of
        `places`, from left (-1) to right (1)."""
        pairs = np.array(((1.0, depth), (1.0, depth * 1j))) / np.sqrt(1.0 + depth**2)
        angles = (1.0 + places) * np.pi / 4
        sides = np.stack((np.cos(angles), np.sin(angles))) * np.sqrt(2.0)
        shares = (sides[:, :, np.newaxis] * pairs[:, np.newaxis]).reshape(2, -1)
        spread: Amplitudes = shares * self._strengths
        return spread

    def powers(self) -> Nodes:
        """K-weighted, of each mode at full strength, on each side on average."""
        powers: Nodes = self._strengths[::2] ** 2 / 2 * k_weighting(self._hertz[::2])
        return powers

    def energies(self) -> Nodes:
        """K-weighted, of one stroke of each mode: power times seconds."""
        energies: Nodes = self.powers() / (-2.0 * self.rates.real[::2])
        return energies
