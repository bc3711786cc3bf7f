"""How levels move: fades, crossfades, the last stage."""

import numpy as np
import pytest
from sound_files import noise, rms

from companion.sound.curves import BLOCK, FLOOR, RATE, Block, Glide
from companion.sound.finish import Aim, Finish, FinishOrder
from companion.sound.mixer import Mixer
from companion.sound.ruler import levels
from companion.sound.source import Silence, Tone


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


def test_a_source_that_is_alone_is_passed_on_without_a_copy() -> None:
    samples = noise(2, -20)
    mixer = Mixer()
    mixer.add(Given(samples), 1.0, 0.0)
    assert np.shares_memory(mixer.render(BLOCK), samples)
    assert np.array_equal(mixer.render(BLOCK), noise(2, -20)[BLOCK : 2 * BLOCK])


def test_a_known_end_comes_without_a_click() -> None:
    mixer = Mixer()
    mixer.add(Given(np.full((RATE + 1234, 2), 0.5, np.float32)), 1.0, 0.0)
    heard = crossfade(mixer, 2)
    assert (heard[: RATE - 2400] == 0.5).all() and not heard[RATE + 1234 :].any()
    assert np.abs(np.diff(heard[:, 0])).max() < 0.001


def crossfade(mixer: Mixer, seconds: float) -> Block:
    return np.concatenate([mixer.render(BLOCK) for _ in range(round(seconds * RATE / BLOCK))])


def test_a_crossfade_keeps_the_power() -> None:
    mixer = Mixer()
    mixer.add(Given(noise(20, -20, seed=1)), 1.0, 0.0)
    before = rms(crossfade(mixer, 4))
    old_rms = levels(crossfade(mixer, 1)).mean()
    mixer.add(Given(noise(20, -20, seed=2)), 1.0, 8.0)
    during = levels(crossfade(mixer, 8))
    assert abs(before - -20) < 0.1
    assert np.abs(during - old_rms).max() < 0.4


def test_a_crossfade_inside_another_has_no_step() -> None:
    mixer = Mixer()
    sources = [Given(noise(40, -20, seed=number)) for number in range(4)]
    mixer.add(sources[0], 1.0, 0.0)
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


class Last:
    """The last stage, played through block by block."""

    def __init__(self) -> None:
        self.finish = Finish()
        self.frame = 0

    def obey(self, order: FinishOrder) -> None:
        self.finish.obey(order, self.frame)

    def play(self, seconds: float, sample: float = 0.25) -> Block:
        made = []
        for _ in range(round(seconds * RATE / BLOCK)):
            out = np.empty((BLOCK, 2), np.int16)
            self.finish.make(np.full((BLOCK, 2), sample, np.float32), self.frame, out)
            self.frame += BLOCK
            made.append(out)
        return np.concatenate(made).astype(np.float32) / 32768


def test_sound_off_is_complete_in_a_second_and_comes_back_with_a_fade() -> None:
    last = Last()
    last.obey(Aim(-6.0, on=True, fade=8.0))
    assert rms(last.play(0.5)) == pytest.approx(-18.0, abs=0.1)
    last.obey(Aim(-6.0, on=False, fade=8.0))
    away = last.play(1.5)
    assert np.any(away[30_000]) and not away[31_200:].any()
    assert last.finish.silent(last.frame)
    last.obey(Aim(-6.0, on=True, fade=8.0))
    back = levels(last.play(8.0))
    assert back[-1] == pytest.approx(-18.4, abs=0.2)
    assert np.diff(back[40:]) == pytest.approx(0.75, abs=0.1)


def test_the_level_rises_by_six_db_a_second_at_most_and_never_above_zero() -> None:
    last = Last()
    last.obey(Aim(-30.0, on=True, fade=8.0))
    last.play(0.5)
    last.obey(Aim(6.0, on=True, fade=8.0))
    path = levels(last.play(6.0))
    assert np.diff(path).max() < 0.65
    assert path[-1] == pytest.approx(-12.04, abs=0.05)


def test_silence_is_all_zeros_and_sound_is_dithered() -> None:
    last = Last()
    last.obey(Aim(0.0, on=True, fade=8.0))
    assert not last.play(0.5, 0.0).any()
    many = last.play(2.0, 0.3 / 32768) * 32768
    assert many.mean() == pytest.approx(0.3, abs=0.02)
    assert set(np.unique(many)) <= {-1.0, 0.0, 1.0, 2.0}


def test_sources_of_a_known_length_end() -> None:
    assert len(Silence(0.5).read(RATE)) == RATE // 2
    assert len(Tone(440, -12).read(RATE)) == RATE
