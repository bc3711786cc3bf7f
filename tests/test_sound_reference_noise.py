"""The noise that calibration plays: as loud as music, steady, calm, the same at every ear."""

from pathlib import Path

import numpy as np
import pytest
from sound_files import Samples, write

from companion.library.loudness import measure
from companion.library.soundscapes import known_soundscapes
from companion.sound.curves import BLOCK, RATE
from companion.sound.ruler import MUSIC_RISE, YOUNGEST, rises
from companion.sound.synthesis import soundscape
from companion.sound.synthesis.reference_noise import ReferenceNoise

NAME = "reference-noise"
SECONDS = 40


@pytest.fixture(scope="module")
def noise() -> Samples:
    source = ReferenceNoise(0.0)
    return np.concatenate([source.read(BLOCK) for _ in range(SECONDS * RATE // BLOCK)])


def powers(samples: Samples, seconds: float) -> Samples:
    """dB of each stretch of `seconds`, both sides together."""
    frames = round(seconds * RATE)
    whole = samples[: len(samples) // frames * frames].reshape(-1, frames * samples.shape[1])
    return 10 * np.log10(np.mean(whole.astype(float) ** 2, axis=1))


def a_weighted(samples: Samples) -> Samples:
    """As the A filter of IEC 61672-1 hears it."""
    f = np.fft.rfftfreq(len(samples), 1 / RATE)
    poles = (f**2 + 20.6**2) * np.sqrt((f**2 + 107.7**2) * (f**2 + 737.9**2)) * (f**2 + 12194**2)
    gain = 12194**2 * f**4 / poles * 10 ** (2.0 / 20)
    return np.fft.irfft(np.fft.rfft(samples, axis=0) * gain[:, np.newaxis], axis=0)


def test_it_is_as_loud_as_the_music_bus(tmp_path: Path, noise: Samples) -> None:
    measured = measure(write(tmp_path / "noise.flac", noise))
    assert measured.loudness == pytest.approx(-22.0, abs=0.3)
    assert measured.peak < -9.0


def test_a_meter_stands_still_on_it(noise: Samples) -> None:
    for heard in (noise, a_weighted(noise), a_weighted(noise[:, :1])):
        tenths, seconds = powers(heard, 0.1), powers(heard, 1.0)
        assert np.abs(tenths - tenths.mean()).max() < 1.0
        assert np.abs(seconds - seconds.mean()).max() < 0.3


def test_each_side_alone_reads_the_same_and_both_are_noises_of_their_own(noise: Samples) -> None:
    left, right = (powers(a_weighted(noise[:, side : side + 1]), SECONDS)[0] for side in (0, 1))
    assert left == pytest.approx(right, abs=0.1)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.05


def test_nothing_sounds_below_or_above_its_band(noise: Samples) -> None:
    spectrum = np.abs(np.fft.rfft(noise[:, 0])) ** 2
    hertz = np.fft.rfftfreq(len(noise), 1 / RATE)
    within = spectrum[(hertz > 80) & (hertz < 7500)].sum()
    assert 10 * np.log10(within / spectrum.sum()) > -0.2
    octaves = [spectrum[(hertz >= f) & (hertz < 2 * f)].sum() for f in (200, 400, 800, 1600)]
    assert max(octaves) / min(octaves) == pytest.approx(1.0, abs=0.1)


def test_it_startles_nobody_and_has_no_seam(noise: Samples) -> None:
    assert rises(noise)[2 * YOUNGEST :].max() < MUSIC_RISE / 3
    steps = np.abs(np.diff(noise, axis=0)).max(axis=1)
    (period,) = np.flatnonzero((noise[1:] == noise[0]).all(axis=1))[:1] + 1
    assert (noise[period:] == noise[: len(noise) - period]).all()
    for joint in (period, BLOCK):
        assert steps[joint - 1 : len(steps) : joint].max() < np.quantile(steps, 0.9999)


def test_it_is_the_same_each_time_and_starts_anywhere(noise: Samples) -> None:
    again = ReferenceNoise(0.0).read(3 * BLOCK)
    assert again.tobytes() == noise[: 3 * BLOCK].tobytes()
    later = ReferenceNoise(7.0).read(BLOCK)
    assert later.tobytes() == noise[7 * RATE : 7 * RATE + BLOCK].tobytes()


def test_the_sound_opens_it_by_its_name_and_no_playlist_can(noise: Samples) -> None:
    opened = soundscape(NAME, 7, 0.2, 0.8, 1.0)
    assert opened.read(BLOCK).tobytes() == noise[RATE : RATE + BLOCK].tobytes()
    assert NAME not in known_soundscapes()
