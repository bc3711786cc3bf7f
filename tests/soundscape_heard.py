"""What can be measured of a soundscape: how loud, how bright, how it moves, and whether it comes
back to where it was."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.loudness import LoudnessMeter

Values = npt.NDArray[np.float64]

HOP = RATE // 4
"""Frames from one print to the next."""
_WINDOW = np.hanning(RATE).astype(np.float32)
_BANDS = np.geomspace(45.0, 7200.0, 25)
"""Hz between which energy is told apart."""
_SILENT = 1e-8


def loudness(samples: Block) -> float:
    """Integrated loudness in LUFS."""
    meter = LoudnessMeter()
    for start in range(0, len(samples), BLOCK):
        meter.add(samples[start : start + BLOCK])
    return meter.whole


class Prints:
    """The energies of each second in each band and on each side, in dB, every quarter second."""

    def __init__(self) -> None:
        hertz = np.fft.rfftfreq(RATE, 1 / RATE)
        self._cut = np.searchsorted(hertz, _BANDS)
        self._rest = np.empty((2, 0), np.float32)
        self._found: list[Values] = []

    def hear(self, samples: Block) -> None:
        """Any number of frames."""
        self._rest = np.concatenate((self._rest, samples.T), axis=1)
        while self._rest.shape[1] >= RATE:
            sounding = np.fft.rfft(self._rest[:, :RATE] * _WINDOW)[:, : self._cut[-1]]
            power = sounding.real**2 + sounding.imag**2
            bands = np.add.reduceat(power, self._cut[:-1], axis=1).T
            self._found.append(10 * np.log10(bands.reshape(-1) / RATE**2 + _SILENT))
            self._rest = self._rest[:, HOP:]

    @property
    def prints(self) -> Values:
        """Of shape (times, bands)."""
        return np.array(self._found)


def nearest(prints: Values) -> float:
    """The smallest distance (RMS, dB) between the prints of any ten seconds that begin at a whole
    second and of any others at least ten seconds later, to the quarter second."""
    per, length = RATE // HOP, 10
    seconds, best = prints[::per], np.inf
    for lag in range(length * per, len(prints) - length * per):
        later = prints[lag::per]
        apart = seconds[: len(later)] - later[: len(seconds)]
        squares = np.concatenate(([0.0], np.cumsum(np.einsum("ij,ij->i", apart, apart))))
        best = min(best, float((squares[length:] - squares[:-length]).min()))
    return float(np.sqrt(best / (length * prints.shape[1])))


def repeated(samples: Block) -> float:
    """The largest distance between the prints of ten seconds of `samples` and of the same ten
    seconds an eighth of a second later, which is as far as `nearest` can miss them. What is nearer
    has come again."""
    parts = [Prints(), Prints()]
    for part, begin in zip(parts, (0, HOP // 2), strict=True):
        part.hear(samples[begin : len(samples) - HOP + begin])
    per, length = RATE // HOP, 10
    apart = (parts[0].prints - parts[1].prints)[::per]
    squares = np.concatenate(([0.0], np.cumsum(np.einsum("ij,ij->i", apart, apart))))
    return float(np.sqrt((squares[length:] - squares[:-length]).max() / (length * apart.shape[1])))


def movement(prints: Values, shortest: float, longest: float) -> float:
    """How far (RMS, dB) the bands move up and down in waves of `shortest` to `longest` seconds.
    Bands in which hardly anything sounds do not count."""
    sounding = prints[:, prints.mean(axis=0) > prints.mean(axis=0).max() - 40.0]
    spectrum = np.fft.rfft(sounding - sounding.mean(axis=0), axis=0)
    hertz = np.fft.rfftfreq(len(sounding), HOP / RATE)
    outside = (hertz < 1.0 / longest) | (hertz > 1.0 / shortest)
    spectrum[outside] = 0.0
    return float(np.sqrt(np.mean(np.fft.irfft(spectrum, len(sounding), axis=0) ** 2)))


def brightness(blocks: Iterable[Block]) -> float:
    """The middle of what is heard in Hz: the mean frequency, each weighted with its amplitude."""
    hertz = np.fft.rfftfreq(BLOCK, 1 / RATE)
    window = np.hanning(BLOCK)[:, np.newaxis]
    power = sum(np.abs(np.fft.rfft(block * window, axis=0)) ** 2 for block in blocks).sum(axis=1)
    amplitudes = np.sqrt(power)
    return float(np.sum(hertz * amplitudes) / np.sum(amplitudes))
