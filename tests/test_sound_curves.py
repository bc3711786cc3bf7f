"""How levels move: fades, crossfades, the ceiling, the ruler, the last stage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_files import noise, rms, tone

from companion.sound.curves import BLOCK, FLOOR, RATE, Block, Glide
from companion.sound.finish import Finish
from companion.sound.guard import Ceiling
from companion.sound.mixer import Mixer
from companion.sound.ruler import levels, rises
from companion.sound.source import Silence, Tone

CEILING = 10 ** (-6 / 20)


class Given:
    """A source that plays given samples."""

    def __init__(self, samples: Block) -> None:
        self.samples = samples
        self.closed = False

    def read(self, frames: int) -> Block:
        block, self.samples = self.samples[:frames], self.samples[frames:]
        return block

    def follow(self, phase: object, position: float) -> None:
        """It has no arc."""

    def left(self) -> float | None:
        return len(self.samples) / RATE

    def close(self) -> None:
        self.closed = True


def gains(glide: Glide, seconds: float) -> Block:
    parts = []
    for _ in range(round(seconds * RATE / BLOCK)):
        gain = glide.gains(BLOCK)
        parts.append(np.full((BLOCK, 1), gain) if isinstance(gain, float) else gain)
    return np.concatenate(parts)[:, 0]


def test_a_fade_is_straight_in_db() -> None:
    glide = Glide(FLOOR)
    glide.fade(0.0, 10.0)
    path = 20 * np.log10(gains(glide, 10.0))
    expected = FLOOR + 6.0 * np.arange(1, len(path) + 1) / RATE
    assert np.abs(path - expected).max() < 0.01
    assert glide.arrived and glide.gains(1) == 1.0


def test_a_fade_that_turns_round_goes_on_from_where_it_is() -> None:
    glide = Glide(0.0)
    glide.fade(FLOOR, 6.0)
    down = gains(glide, 3.0)
    glide.fade(0.0, 6.0)
    up = gains(glide, 3.5)
    assert np.abs(np.diff(np.concatenate((down, up)))).max() < 0.001
    assert glide.arrived and up[-1] == 1.0


def crossfade(mixer: Mixer, seconds: float) -> Block:
    return np.concatenate([mixer.render(BLOCK) for _ in range(round(seconds * RATE / BLOCK))])


def test_a_crossfade_keeps_the_power() -> None:
    mixer = Mixer()
    mixer.add(Given(noise(20, -20, seed=1)), 1.0, 8.0)
    before = rms(crossfade(mixer, 4))
    old_rms = levels(crossfade(mixer, 1)).mean()
    mixer.add(Given(noise(20, -20, seed=2)), 1.0, 8.0)
    during = levels(crossfade(mixer, 8))
    assert abs(before - -20) < 0.1
    assert np.abs(during - old_rms).max() < 0.4


def test_a_crossfade_inside_another_has_no_step() -> None:
    mixer = Mixer()
    sources = [Given(noise(40, -20, seed=number)) for number in range(4)]
    mixer.add(sources[0], 1.0, 8.0)
    heard = [crossfade(mixer, 1)]
    for source in sources[1:]:
        mixer.add(source, 1.0, 8.0)
        heard.append(crossfade(mixer, 3))
    heard.append(crossfade(mixer, 8))
    assert np.abs(levels(np.concatenate(heard)) - -20).max() < 0.4
    assert [source.closed for source in sources] == [True, True, True, False]


def test_tones_cross_without_a_click() -> None:
    mixer = Mixer()
    heard = []
    for frequency in (200.0, 300.0, 400.0):
        mixer.add(Tone(frequency, -12.0), 1.0, 8.0)
        heard.append(crossfade(mixer, 2.5))
    steepest = 2 * np.pi * 400 / RATE * 10 ** (-12 / 20) * np.sqrt(3)
    assert np.abs(np.diff(np.concatenate(heard)[:, 0])).max() < steepest


def under_the_ceiling(samples: Block) -> Block:
    ceiling = Ceiling()
    padded = np.concatenate((samples, np.zeros((-len(samples) % BLOCK + BLOCK, 2), np.float32)))
    blocks = padded.reshape(-1, BLOCK, 2)
    return np.concatenate([ceiling.process(block) for block in blocks])


@given(st.integers(0, 1000), st.floats(-40, 18), st.floats(-40, 18), st.integers(1, 40_000))
@settings(derandomize=True, max_examples=40)
def test_nothing_passes_the_ceiling(seed: int, first: float, second: float, at: int) -> None:
    samples = np.concatenate((noise(1.0, first, seed)[:at], noise(1.0, second, seed + 1)))
    assert np.abs(under_the_ceiling(samples)).max() <= CEILING + 1e-6


def test_what_is_under_the_ceiling_passes_untouched_and_20_ms_late() -> None:
    samples = tone(2, level=-7)
    assert np.array_equal(under_the_ceiling(samples)[960 : 960 + len(samples)], samples)


def test_the_ceiling_comes_down_gently() -> None:
    samples = tone(2, frequency=100, level=-10)
    samples[48_000:49_000] *= 4
    heard = under_the_ceiling(samples)[960:]
    ratio = heard[:96_000, 0] / np.where(np.abs(samples[:, 0]) > 0.05, samples[:, 0], np.nan)
    assert np.nanmax(np.abs(np.diff(ratio[47_000:48_000]))) < 0.005
    assert np.nanmin(ratio[90_000:]) > 0.99


def test_the_ruler_reads_a_step() -> None:
    samples = np.concatenate((noise(12, -40), noise(3, -28)))
    above = rises(levels(samples))
    assert 11.5 < above[120] < 12.5
    assert abs(above[119]) < 1 and above[132:].max() < 1
    assert rises(levels(noise(1, -45)))[0] == pytest.approx(5.0, abs=0.3)


def finished(finish: Finish, seconds: float, source: Block | None = None) -> Block:
    half = BLOCK // 2
    block = np.full((half, 2), 0.25, np.float32) if source is None else source
    made = b"".join(finish.make(block) for _ in range(round(seconds * RATE / half)))
    return np.frombuffer(made, "<i2").reshape(-1, 2) / 32768


def test_sound_off_is_complete_in_a_second_and_comes_back_with_a_fade() -> None:
    finish = Finish(seed=1)
    finish.aim(-6.0, on=True, fade=8.0)
    assert rms(finished(finish, 0.5)) == pytest.approx(-18.0, abs=0.1)
    finish.aim(-6.0, on=False, fade=8.0)
    away = finished(finish, 1.25)
    assert np.any(away[30_000]) and not away[36_000:].any()  # dithered to the chunk's end
    assert finish.silent
    finish.aim(-6.0, on=True, fade=8.0)
    back = levels(finished(finish, 8.0).astype(np.float32))
    assert back[-1] == pytest.approx(-18.4, abs=0.2)
    assert np.diff(back[40:]) == pytest.approx(0.75, abs=0.1)


def test_the_level_rises_by_six_db_a_second_at_most_and_never_above_zero() -> None:
    finish = Finish(seed=1)
    finish.aim(-30.0, on=True, fade=8.0)
    finished(finish, 0.5)
    finish.aim(6.0, on=True, fade=8.0)
    path = levels(finished(finish, 6.0).astype(np.float32))
    assert np.diff(path).max() < 0.65
    assert path[-1] == pytest.approx(-12.04, abs=0.05)


def test_silence_is_all_zeros_and_sound_is_dithered() -> None:
    finish = Finish(seed=1)
    finish.aim(0.0, on=True, fade=8.0)
    assert not finished(finish, 0.25, np.zeros((BLOCK // 2, 2), np.float32)).any()
    quiet = np.full((BLOCK // 2, 2), 0.3 / 32768, np.float32)
    many = finished(finish, 2.0, quiet) * 32768
    assert many.mean() == pytest.approx(0.3, abs=0.02)
    assert set(np.unique(many)) <= {-1.0, 0.0, 1.0, 2.0}


def test_sources_of_a_known_length_end() -> None:
    assert len(Silence(0.5).read(RATE)) == RATE // 2
    assert len(Tone(440, -12).read(RATE)) == RATE
