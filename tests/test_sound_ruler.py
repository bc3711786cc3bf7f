"""The ruler: what startles is over it, what is calm is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_files import Samples, noise

from companion.sound.curves import RATE
from companion.sound.ruler import MUSIC_RISE, WINDOW, Ruler, highest, levels, rises

SECOND = RATE // WINDOW
"""Levels of the ruler in a second."""


def sine(seconds: float, frequency: float, level: float) -> Samples:
    """`level`: RMS in dBFS."""
    t = np.arange(round(seconds * RATE)) / RATE
    wave = 10 ** (level / 20) * np.sqrt(2) * np.sin(2 * np.pi * frequency * t)
    return np.repeat(wave[:, np.newaxis], 2, axis=1).astype(np.float32)


def rumble(seconds: float, level: float) -> Samples:
    """Noise from 30 to 60 Hz, `level` its RMS in dBFS."""
    hertz = np.fft.rfftfreq(round(seconds * RATE), 1 / RATE)
    phases = np.random.default_rng(3).random((len(hertz), 2)) * 2 * np.pi
    spectrum = np.exp(1j * phases) * ((hertz > 30) & (hertz < 60))[:, np.newaxis]
    waves = np.fft.irfft(spectrum, axis=0)
    return (10 ** (level / 20) * waves / np.sqrt(np.mean(waves**2))).astype(np.float32)


def struck(every: float, seconds: float, decay: float, level: float) -> Samples:
    """A note at once and then each `every` seconds, falling by 8.7 dB in `decay` seconds."""
    heard = np.zeros((round((seconds + 20) * RATE), 2), np.float32)
    t = np.arange(20 * RATE) / RATE
    for number in range(round(seconds / every)):
        frequency = (220.0, 262.0, 330.0, 294.0)[number % 4]
        note = sum(np.sin(2 * np.pi * frequency * k * t) / k**1.5 for k in (1, 2, 3, 4))
        note *= 10 ** (level / 20) * np.exp(-t / decay) * np.minimum(t / 0.004, 1.0)
        first = round(number * every * RATE)
        heard[first : first + len(note)] += note[:, np.newaxis]
    return heard[: round(seconds * RATE)]


def with_clicks(bed: Samples, milliseconds: float, level: float, at: float) -> Samples:
    clicked = bed.copy()
    first = round(at * RATE)
    clicked[first : first + round(milliseconds * RATE / 1000)] += 10 ** (level / 20)
    return clicked


def test_a_step_is_read_and_forgotten_after_a_second() -> None:
    above = rises(np.concatenate((noise(12, -40), noise(3, -28))))
    assert above[12 * SECOND + 1] == pytest.approx(12.0, abs=1.0)
    assert above[10 * SECOND : 12 * SECOND - 1].max() < 1
    assert above[13 * SECOND + 1 :].max() < 1


def test_out_of_silence_it_counts_from_minus_fifty() -> None:
    assert rises(sine(1, 1000, -45))[1] == pytest.approx(5.0, abs=0.2)
    assert rises(np.zeros((RATE, 2), np.float32)).max() == pytest.approx(-70.0)


@pytest.mark.parametrize(
    ("frequency", "less"), [(1600, 0), (800, 0), (400, 1.3), (200, 5.8), (100, 11.4), (50, 17.4)]
)
def test_low_notes_count_less(frequency: float, less: float) -> None:
    ruler = Ruler()
    ruler.add(sine(1, frequency, -20))
    assert ruler.levels == pytest.approx(-20 - less, abs=0.6)


def test_a_constant_is_not_heard() -> None:
    ruler = Ruler()
    ruler.add(np.full((RATE, 2), 0.9, np.float32))
    assert ruler.levels[1:].max() == -120


@pytest.mark.parametrize(
    ("gap", "above"), [(5.0, 0.0), (9.0, 0.0), (12.0, 2.0), (20.0, 10.0), (40.0, 20.0)]
)
def test_what_is_older_than_ten_seconds_fades_from_memory(gap: float, above: float) -> None:
    """By a decibel for each second, down to the lowest R."""
    silence = np.zeros((round((gap - 1) * RATE), 2), np.float32)
    burst = sine(1, 1000, -30)
    read = rises(np.concatenate((burst, silence, burst)))
    assert read[round(gap * SECOND) + 1] == pytest.approx(above, abs=1.1)


@pytest.mark.parametrize("every", [1.0, 3.0, 6.0, 12.0])
def test_a_slow_piano_is_calm_once_it_has_begun(every: float) -> None:
    heard = struck(every, 40, decay=2.5, level=-18)
    assert rises(heard)[round(every * SECOND) :].max() < MUSIC_RISE


def test_a_bell_over_a_bed_is_calm_once_it_was_heard() -> None:
    heard = struck(12.0, 60, decay=3.0, level=-16) + noise(60, -42)
    assert rises(heard)[11 * SECOND :].max() < MUSIC_RISE


@pytest.mark.parametrize(("milliseconds", "bed"), [(0.5, -36), (1, -33), (5, -33)])
def test_a_click_over_a_quiet_bed_startles(milliseconds: float, bed: float) -> None:
    heard = with_clicks(noise(13, bed), milliseconds, -4, at=12.3)
    assert rises(heard)[12 * SECOND :].max() > MUSIC_RISE


def test_a_tone_out_of_a_rumble_that_nobody_hears_startles() -> None:
    heard = rumble(14, -20)
    heard[12 * RATE :] += sine(2, 800, -22)
    assert rises(heard)[12 * SECOND :].max() > MUSIC_RISE
    plain = levels(heard)
    assert plain[120:].max() - plain[20:110].max() < 1


def test_where_a_voice_sounds_a_sentence_may_begin_out_of_silence() -> None:
    silence, sentence, shout = np.zeros((RATE, 2), np.float32), noise(1, -14), noise(1, -7)
    for spoken, calm in ((sentence, True), (shout, False)):
        ruler = Ruler()
        ruler.add(silence)
        ruler.add(spoken, voice=True)
        assert not ruler.voiced[: SECOND - 1].any() and ruler.voiced[SECOND:].all()
        assert (ruler.excess.max() <= 0) == calm
    alone = Ruler()
    alone.add(np.concatenate((silence, sentence)))
    assert alone.excess.max() > 20


@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=20), st.integers(0, 99))
@settings(derandomize=True, max_examples=30, deadline=None)
def test_it_reads_the_same_however_the_sound_comes(sizes: list[int], seed: int) -> None:
    samples = noise(sum(sizes) / RATE, -30, seed)
    ruler = Ruler()
    for first, size in zip(np.cumsum([0, *sizes]), sizes, strict=False):
        ruler.add(samples[first : first + size])
    assert ruler.rises == pytest.approx(rises(samples), abs=1e-6)


@given(st.integers(1, 40), st.integers(0, 60))
@settings(derandomize=True, max_examples=40)
def test_the_highest_of_neighbours(length: int, more: int) -> None:
    values = np.random.default_rng(length).random((length + more, 2))
    expected = np.lib.stride_tricks.sliding_window_view(values, length, axis=0).max(axis=-1)
    assert np.array_equal(highest(values, length), expected)
