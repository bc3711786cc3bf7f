"""How loud a spectrum is: the K-weighting of ITU-R BS.1770-4."""

import numpy as np
import numpy.typing as npt

from companion.sound.curves import RATE

_SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
_HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
_OFFSET = -0.691
"""LUFS of a power of one."""

Spectrum = npt.NDArray[np.floating]


def k_weighting(frequencies: Spectrum) -> Spectrum:
    """The power gain of the K filter at each frequency in Hz, for 48 kHz."""
    z = np.exp(-2j * np.pi * frequencies / RATE)
    gain = np.ones(len(frequencies))
    for (b0, b1, b2), (a1, a2) in (_SHELF, _HIGH_PASS):
        gain = gain * np.abs((b0 + b1 * z + b2 * z**2) / (1 + a1 * z + a2 * z**2)) ** 2
    return gain


def power_for(lufs: float) -> float:
    """The K-weighted power that each of two channels has at `lufs`."""
    return float(10.0 ** ((lufs - _OFFSET) / 10.0) / 2.0)


def loop(magnitudes: Spectrum, chance: np.random.Generator) -> npt.NDArray[np.float32]:
    """A loop without a seam that has these magnitudes and random phases, at a K-weighted power
    of one. `magnitudes` holds one value for each bin from 0 to half the rate."""
    sounding = np.flatnonzero(magnitudes)
    phases = chance.random(len(sounding), np.float32) * np.float32(2 * np.pi)
    spectrum = np.zeros(len(magnitudes), np.complex64)
    spectrum[sounding] = magnitudes[sounding] * np.exp(1j * phases)
    wave: npt.NDArray[np.float32] = np.fft.irfft(spectrum).astype(np.float32, copy=False)
    return wave / np.float32(np.sqrt(power_of(magnitudes)))


def power_of(magnitudes: Spectrum) -> float:
    """The K-weighted power of a loop with these magnitudes at the bins of its spectrum."""
    frames = 2 * (len(magnitudes) - 1)
    weights = k_weighting(np.fft.rfftfreq(frames, 1 / RATE))
    return 2.0 * float(np.sum(magnitudes**2 * weights)) / frames**2


def meter_weighting(frequencies: Spectrum) -> Spectrum:
    """How much of the power at each frequency in Hz the ruler's meter hears: see `Meter`."""
    heard: Spectrum = 1.0 - np.sinc(frequencies * 1.25e-3) ** 2
    return heard
