"""Rooms to sound in: convolution with decaying noise, by partitioned overlap-save.

One channel in, two out. The low end of a room rings long, its high end short. A part of the answer
is as long as a block, so there is no delay; nothing is reckoned above the highest frequency.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.nodes import Wave
from companion.sound.synthesis.tables import Array, Tables

_HIGHEST = 7500.0
"""Hz above which no room answers …"""
_FROM = 5000.0
"""… and from which it answers less."""
_BINS = int(_HIGHEST * 2 * BLOCK / RATE)
_LEAVES = 1.0
"""Seconds in which the end of an answer goes to nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The recipe of a room: the spectra of its answer, of shape (2, parts, bins). Between 100 and
    800 Hz it answers with as much power as it hears."""

    name: str
    seconds: float
    """Of the whole answer; whole blocks."""
    pause: float
    """Seconds before it begins."""
    bloom: float
    """Seconds in which it comes up."""
    bands: tuple[tuple[float, float, float], ...]
    """From which to which Hz each band reaches, and the seconds in which it falls 60 dB."""

    @property
    def parts(self) -> int:
        return int(self.seconds * RATE) // BLOCK

    def made(self) -> Array:
        frames = self.parts * BLOCK
        chance = np.random.default_rng(4141)
        hertz = np.maximum(np.fft.rfftfreq(frames, 1 / RATE), 1.0)
        times = np.arange(frames, dtype=np.float32) / RATE
        answer = np.zeros((2, frames), np.float32)
        for low, high, decay in self.bands:
            band = 1.0 / np.sqrt((1.0 + (low / hertz) ** 6) * (1.0 + (hertz / high) ** 6))
            fall = np.exp(times * np.float32(-3.0 * np.log(10.0) / decay)) / np.sqrt(decay)
            for side in range(2):
                noise = np.fft.rfft(chance.standard_normal(frames, np.float32)) * band
                answer[side] += np.fft.irfft(noise.astype(np.complex64)) * fall
        answer *= np.clip((times - self.pause) / self.bloom, 0.0, 1.0)
        answer *= np.clip((self.seconds - times) / _LEAVES, 0.0, 1.0)
        told = (hertz > 100.0) & (hertz < 800.0)
        answer /= np.sqrt(np.mean(np.abs(np.fft.rfft(answer, axis=1)[:, told]) ** 2))
        padded = np.zeros((2, self.parts, 2 * BLOCK), np.float32)
        padded[:, :, :BLOCK] = answer.reshape(2, self.parts, BLOCK)
        hertz = np.arange(_BINS) * (RATE / (2 * BLOCK))
        edge = np.cos(np.clip((hertz - _FROM) / (_HIGHEST - _FROM), 0.0, 1.0) * np.pi / 2) ** 2
        spectra: Array = np.fft.rfft(padded, axis=2)[:, :, :_BINS] * edge
        return spectra.astype(np.complex64)


HALL: Final = Answer(
    "hall",
    seconds=5.5,
    pause=0.03,
    bloom=0.12,
    bands=(
        (50.0, 300.0, 5.6),
        (300.0, 1200.0, 4.4),
        (1200.0, 3500.0, 2.6),
        (3500.0, 8000.0, 1.4),
    ),
)
"""Large and warm."""
DOME: Final = Answer(
    "dome",
    seconds=7.5,
    pause=0.055,
    bloom=0.25,
    bands=((50.0, 280.0, 8.5), (280.0, 900.0, 6.0), (900.0, 2500.0, 3.0), (2500.0, 7000.0, 1.3)),
)
"""Very large and dark."""
YARD: Final = Answer(
    "yard",
    seconds=3.0,
    pause=0.02,
    bloom=0.06,
    bands=((50.0, 300.0, 2.6), (300.0, 1200.0, 2.2), (1200.0, 3500.0, 1.6), (3500.0, 8000.0, 1.0)),
)
"""Out of doors, between house and trees."""
ROOMS: Final = (HALL, DOME, YARD)


class Room:
    """One room, with its own memory of what sounded in it."""

    def __init__(self, tables: Tables, answer: Answer) -> None:
        self.parts = answer.parts
        """Blocks after which nothing of a block is heard any more."""
        self._answer: npt.NDArray[np.complex64] = tables.get(answer)
        self._heard = np.zeros((self.parts, _BINS), np.complex64)
        """Block n is kept at n modulo `parts`, wherever one began."""
        self._window = np.zeros(2 * BLOCK, np.float32)
        self._spectrum: Array = np.zeros(BLOCK + 1, np.complex64)
        self._spectra = np.zeros((2, BLOCK + 1), np.complex64)

    def hear(self, number: int, mono: Wave) -> None:
        """Block `number` sounds in the room."""
        self._window[:BLOCK] = self._window[BLOCK:]
        self._window[BLOCK:] = mono
        np.fft.rfft(self._window, out=self._spectrum)
        self._heard[number % self.parts] = self._spectrum[:_BINS]

    def answer(self, number: int) -> Wave:
        """What the room answers during block `number`, which it has heard; shape (2, BLOCK)."""
        newest = number % self.parts
        newer, older = self._heard[newest::-1], self._heard[:newest:-1]
        answers = self._spectra[:, :_BINS]
        np.sum(newer * self._answer[:, : newest + 1], axis=1, out=answers)
        if len(older):
            answers += np.sum(older * self._answer[:, newest + 1 :], axis=1)
        waves: Array = np.fft.irfft(self._spectra, axis=1)
        return waves[:, BLOCK:]
