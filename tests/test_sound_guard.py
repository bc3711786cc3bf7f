"""The guard: nothing startles, whatever comes, and what is calm is left alone."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_files import Samples, noise, rms, tone

from companion.library.loudness import VOICE, measure
from companion.sound.curves import BLOCK, RATE
from companion.sound.guard import DELAY, Guard
from companion.sound.ruler import MUSIC_RISE, WINDOW, Ruler, levels, rises
from companion.sound.synthesis import soundscape

CEILING = 10 ** (-6 / 20)
SPOKEN = Path(__file__).parent.parent / "scripts_guided" / "spoken"


class Guarded:
    """What the guard made of two buses; a bus that is left out is silent."""

    def __init__(
        self, music: Samples | None = None, voice: Samples | None = None, block: int = BLOCK
    ) -> None:
        guard = Guard()
        length = max(len(bus) for bus in (music, voice) if bus is not None)
        padded = -(-(length + DELAY) // block) * block
        self.heard = np.zeros((padded, 2), np.float32)
        self.reductions = []
        for first in range(0, padded, block):
            out = guard.process(_piece(music, first, block), _piece(voice, first, block), block)
            if out is not None:
                self.heard[first : first + block] = out
            self.reductions.append(guard.reduction)
        self.heard = self.heard[DELAY : DELAY + length]

    def untouched(self, sound: Samples) -> bool:
        return np.array_equal(self.heard, sound) and set(self.reductions) == {0.0}


def _piece(bus: Samples | None, first: int, block: int) -> Samples | None:
    if bus is None or first >= len(bus):
        return None
    piece = bus[first : first + block]
    return np.concatenate((piece, np.zeros((block - len(piece), 2), np.float32)))


def faded(samples: Samples, seconds: float = 15.0) -> Samples:
    way = np.minimum(np.arange(len(samples)) / RATE / seconds, 1.0)
    return (samples * 10 ** (-38 * (1 - way) / 20)[:, np.newaxis]).astype(np.float32)


def steps_out_of_silence() -> dict[str, Samples]:
    t = np.arange(6 * RATE) / RATE
    made = {f"{hertz} Hz": np.sin(2 * np.pi * hertz * t) for hertz in (20, 50, 300, 1000, 5000)}
    made["20 kHz"] = np.sin(2 * np.pi * 20_000 * t)
    made["DC"] = np.ones(len(t))
    made["noise"] = 0.5 * np.random.default_rng(1).standard_normal(len(t))
    made["square"] = np.sign(np.sin(2 * np.pi * 100 * t))
    silence = np.zeros(RATE)
    return {
        name: np.repeat(np.concatenate((silence, wave))[:, np.newaxis], 2, axis=1).astype("f4")
        for name, wave in made.items()
    }


HOSTILE = steps_out_of_silence()


# --- the promise ---------------------------------------------------------------------------------

KINDS = ("sine", "square", "noise", "constant", "click", "clicks", "crackle", "nan", "silence")


class Part(NamedTuple):
    """A stretch of hostile sound."""

    kind: str
    level: float
    """dBFS of its peak, or RMS of noise."""
    frames: int
    hertz: float


def drawn(chance: np.random.Generator, seconds: float) -> list[Part]:
    """Parts of all lengths from a frame to two seconds, and of all pitches; some come again."""
    parts: list[Part] = []
    while sum(part.frames for part in parts) < seconds * RATE:
        frames = int(10 ** chance.uniform(0, 5))
        hertz = float(20 * 1000 ** chance.random())
        part = Part(str(chance.choice(KINDS)), float(chance.uniform(-60, 12)), frames, hertz)
        again = int(chance.integers(1, 10)) if chance.random() < 0.3 else 1
        rest = Part("silence", 0.0, int(10 ** chance.uniform(0, 4.5)), 0.0)
        parts += [part, rest] * again if again > 1 else [part]
    return parts


def put_together(parts: list[Part]) -> Samples:
    mono = np.concatenate([10 ** (part.level / 20) * _wave(part) for part in parts])
    return np.stack((mono, mono * 0.7), axis=1).astype(np.float32)


def _wave(part: Part) -> np.ndarray:
    number, chance = np.arange(part.frames), np.random.default_rng(part.frames)
    sine = np.sin(2 * np.pi * part.hertz / RATE * number + 0.001)
    match part.kind:
        case "sine":
            return sine
        case "square":
            return np.sign(sine)
        case "noise":
            return chance.standard_normal(part.frames)
        case "constant":
            return np.ones(part.frames)
        case "click":
            return np.ones(min(part.frames, 48))
        case "clicks":
            return np.where(number % (1 + int(part.hertz)) == 0, 1.0, 0.0)
        case "crackle":
            return np.where(chance.random(part.frames) < part.hertz / 1e6, 1.0, 0.0)
        case "nan":
            return np.full(min(part.frames, 480), (np.nan, np.inf)[part.frames % 2])
        case _:
            return np.zeros(part.frames)


def assert_it_is_calm(heard: Samples, offsets: Iterable[int]) -> None:
    assert np.isfinite(heard).all()
    assert np.abs(heard).max(initial=0.0) <= np.float32(CEILING)
    after_silence = np.concatenate((np.zeros((WINDOW, 2), np.float32), heard))
    for offset in offsets:
        assert rises(after_silence[offset:]).max(initial=0.0) <= MUSIC_RISE


@given(
    st.lists(
        st.builds(
            Part,
            st.sampled_from(KINDS),
            st.floats(-60.0, 12.0),
            st.floats(0.0, 5.0).map(lambda power: int(10**power)),
            st.floats(20.0, 20_000.0),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(0, WINDOW - 1),
    st.sampled_from([DELAY, 2 * DELAY, BLOCK]),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_whatever_comes_keeps_the_ruler_wherever_it_is_laid_and_the_ceiling(
    parts: list[Part], offset: int, block: int
) -> None:
    heard = Guarded(put_together(parts), block=block).heard
    assert_it_is_calm(heard, (0, offset, (offset + WINDOW // 2) % WINDOW))


@pytest.mark.parametrize("seed", range(15))
def test_half_a_minute_of_hostile_sound_keeps_the_ruler_and_the_ceiling(seed: int) -> None:
    chance = np.random.default_rng(seed)
    block = int(chance.choice([DELAY, 2 * DELAY, BLOCK]))
    heard = Guarded(put_together(drawn(chance, 30.0)), block=block).heard
    assert_it_is_calm(heard, chance.integers(0, WINDOW, 4))


@pytest.mark.torture
def test_two_hours_of_hostile_sound_keep_the_ruler_and_the_ceiling() -> None:
    for seed in range(240):
        test_half_a_minute_of_hostile_sound_keeps_the_ruler_and_the_ceiling(1000 + seed)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_full_scale_step_out_of_silence_comes_up_gently(name: str) -> None:
    heard = Guarded(HOSTILE[name]).heard
    assert_it_is_calm(heard, range(0, WINDOW, 149))
    path = levels(heard)[11:-1]
    assert np.diff(path).min() > -2.5
    assert name == "DC" or (path[0] < -15 and np.diff(path).max() < 1.0)


def test_a_sound_after_a_long_silence_is_as_sudden_as_the_first() -> None:
    burst = noise(3, -26)
    for silence in (2, 14, 30, 100):
        gap = np.zeros((silence * RATE, 2), np.float32)
        heard = Guarded(np.concatenate((faded(noise(20, -26)), gap, burst))).heard
        assert rises(heard).max() <= MUSIC_RISE
        again = heard[-3 * RATE :]
        assert np.array_equal(again, burst) == (silence <= 14)
        assert (rms(again[: RATE // 2]) < -43) == (silence >= 100)


@pytest.mark.parametrize("seed", range(8))
def test_both_buses_together_stay_under_the_ceiling(seed: int) -> None:
    chance = np.random.default_rng(seed)
    music, voice = (put_together(drawn(chance, 10.0)) for _ in range(2))
    heard = Guarded(music, voice).heard
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= np.float32(CEILING)


@pytest.mark.parametrize("block", [DELAY, BLOCK])
def test_what_it_holds_down_is_told_until_it_no_longer_does(block: int) -> None:
    silence = np.zeros((RATE, 2), np.float32)
    reductions = Guarded(np.concatenate((silence, noise(1, -10), silence)), block=block).reductions
    seconds = np.array(reductions[: 3 * RATE // block]).reshape(3, -1).min(axis=1)
    assert seconds[1] < -30
    assert reductions[-1] == 0.0


# --- what is calm --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["shore", "warm-pads", "rain"])
def test_music_passes_bit_for_bit(name: str) -> None:
    source = soundscape(name, 7, 0.4, 0.3, 60.0)
    played = faded(np.concatenate([source.read(BLOCK) for _ in range(80)]), 20.0)
    assert Guarded(played).untouched(played)


def test_what_rises_by_five_db_and_falls_passes_bit_for_bit() -> None:
    levels_of_it = (0, 3, -6, -1, 3, 8, 2, -12, -4, 8, 3)
    stairs = np.repeat(10 ** (np.array(levels_of_it) / 20), 2 * RATE)[:, np.newaxis]
    played = np.concatenate((faded(noise(20, -30)), noise(22, -30, seed=2) * stairs))
    played = played.astype(np.float32)
    assert Guarded(played).untouched(played)


def test_silence_is_told_as_such() -> None:
    guard = Guard()
    zeros = np.zeros((BLOCK, 2), np.float32)
    assert guard.process(None, None, BLOCK) is None
    assert guard.process(zeros, None, BLOCK) is None
    assert guard.process(noise(0.5, -60), None, BLOCK) is not None
    assert guard.process(None, None, BLOCK) is not None
    assert guard.process(None, None, BLOCK) is None


# --- no pumping ----------------------------------------------------------------------------------


def bed_with_clicks(every: float) -> tuple[Samples, Samples, np.ndarray]:
    """A calm bed, the same with clicks of 2 ms, and where they begin."""
    bed = faded(noise(40, -36))
    clicked = bed.copy()
    places = (np.arange(20.0, 40.0, every) * RATE).astype(int)
    for at in places:
        clicked[at : at + 96] += 0.4
    return bed, clicked, places


def test_after_a_click_the_bed_is_back_within_sixty_milliseconds() -> None:
    _, clicked, (at,) = bed_with_clicks(every=20.0)
    guarded = Guarded(clicked)
    touched = np.flatnonzero((guarded.heard != clicked).any(axis=1))
    assert at - DELAY <= touched[0] and touched[-1] <= at + 0.06 * RATE
    assert -20 < min(guarded.reductions) < -3
    assert np.abs(guarded.heard[at : at + 96]).max() < 0.3


def test_repeated_clicks_do_not_hold_the_music_down() -> None:
    bed, clicked, places = bed_with_clicks(every=0.5)
    heard = Guarded(clicked).heard
    between = np.ones(len(bed), bool)
    for at in places:
        between[at - DELAY : at + DELAY + 600] = False
    assert np.array_equal(heard[between], bed[between])
    assert np.array_equal(heard[30 * RATE :], clicked[30 * RATE :])


def test_the_gain_moves_without_a_step() -> None:
    """A low tone has no step of its own; the louder one that it becomes is made quiet."""
    played = np.concatenate((faded(tone(20, 150, -40)), tone(10, 150, -12)))
    heard = Guarded(played).heard.astype(np.float64)
    steepest = 2 * np.pi * 225 / RATE * 10 ** (-12 / 20)
    assert np.abs(np.diff(heard, axis=0)).max() < 1.1 * steepest
    inside = np.r_[1 * RATE : 20 * RATE - 100, 20 * RATE + 100 : len(heard)]
    bends = np.abs(np.diff(heard, 2, axis=0))[inside[:-2]]
    assert bends.max() < 1.5 * steepest * 2 * np.pi * 225 / RATE


def test_what_is_no_number_is_silent_and_the_rest_goes_on() -> None:
    bed = faded(noise(30, -36))
    torn = bed.copy()
    torn[22 * RATE : 22 * RATE + 50] = np.nan
    torn[24 * RATE, 0], torn[26 * RATE, 1] = np.inf, -np.inf
    torn[28 * RATE] = 1e30
    heard = Guarded(torn).heard
    assert np.isfinite(heard).all()
    assert not heard[22 * RATE : 22 * RATE + 50].any() and not heard[28 * RATE].any()
    assert heard[24 * RATE, 0] == heard[26 * RATE, 1] == 0.0
    same = (heard == bed).all(axis=1)
    assert same.mean() > 0.99 and same[-RATE:].all()


# --- the voice -----------------------------------------------------------------------------------


def spoken(name: str) -> Samples:
    """A recorded sentence at the level of the voice bus, and a second of silence before it."""
    path = SPOKEN / name
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "stereo", RATE)
        parts = [
            part.to_ndarray().reshape(-1, 2)
            for frame in container.decode(audio=0)
            for part in resampler.resample(frame)
        ]
    words = np.concatenate((np.zeros((RATE, 2), np.float32), *parts))
    return (words * 10 ** (measure(path).gain(VOICE) / 20)).astype(np.float32)


@pytest.mark.parametrize("path", sorted(SPOKEN.glob("*.opus")), ids=lambda path: path.stem)
def test_no_first_word_is_swallowed_out_of_silence(path: Path) -> None:
    words = spoken(path.name)
    guarded = Guarded(None, words)
    begins = int(np.flatnonzero(np.abs(words).max(axis=1) > 0.01)[0])
    first = slice(begins, begins + round(0.3 * RATE))
    kept = np.sum(np.square(guarded.heard[first])) / np.sum(np.square(words[first]))
    assert kept > 0.99
    ruler = Ruler()
    ruler.add(guarded.heard, voice=True)
    assert ruler.excess.max() < 0


def test_a_voice_over_music_leaves_both_as_they_are() -> None:
    words = np.concatenate((np.zeros((19 * RATE, 2), np.float32), spoken("anchor-chair.opus")))
    bed = faded(noise(len(words) / RATE, -38))
    guarded = Guarded(bed, words)
    assert guarded.untouched(bed + words)


def test_a_voice_that_is_far_too_loud_is_turned_down_and_the_music_is_not() -> None:
    shout = np.concatenate((np.zeros((20 * RATE, 2), np.float32), noise(1, -6)))
    bed = faded(tone(21, 200, -40))
    guarded = Guarded(bed, shout)
    said = guarded.heard - bed
    assert rms(said[20 * RATE : 21 * RATE - 2400]) < -11
    ruler = Ruler()
    ruler.add(guarded.heard[: 20 * RATE])
    ruler.add(guarded.heard[20 * RATE :], voice=True)
    assert ruler.excess.max() < 0
    assert np.abs(np.minimum(said * np.sign(shout), 0)).max() < 0.0003  # a share of its own 0.01
