"""What rain, deep water and the slow drum are built from: drops, songs, beds, strokes of a hand."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis.bed import Bed
from companion.sound.synthesis.clusters import Clusters
from companion.sound.synthesis.colours import PATTER
from companion.sound.synthesis.drops import DROPS, ENERGY, LEAF, POOL
from companion.sound.synthesis.drum import Drum
from companion.sound.synthesis.falling import Falling
from companion.sound.synthesis.gusts import Gusts
from companion.sound.synthesis.hand import Hand, played
from companion.sound.synthesis.nodes import NODES, Nodes, Wave
from companion.sound.synthesis.ringing import energy_of, lay
from companion.sound.synthesis.skin import Skin, Spot
from companion.sound.synthesis.song import Song
from companion.sound.synthesis.tables import UNIT, Tables
from companion.sound.synthesis.tuning import hertz, notes_between
from companion.sound.synthesis.weighting import k_weighting

SEEDS = st.integers(-(2**63), 2**63)
ALL = np.ones(NODES + 1)
KEPT = Tables(None)


def silence() -> Wave:
    return np.zeros((2, BLOCK), np.float32)


def power_of(sides: npt.NDArray[np.float32]) -> float:
    """K-weighted, on each side on average."""
    blocks = sides.reshape(-1, BLOCK)
    spectra = np.abs(np.fft.rfft(blocks)) ** 2 @ k_weighting(np.fft.rfftfreq(BLOCK, 1 / RATE))
    return 2.0 * float(spectra.mean()) / BLOCK**2


# --- drops ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("drops", DROPS, ids=lambda drops: drops.name)
def test_drops_are_as_loud_as_each_other_and_none_is_like_another(drops) -> None:
    sounds = drops.made() / UNIT
    assert len(sounds) == drops.count
    for sound in sounds[::7]:
        assert energy_of(sound) == pytest.approx(ENERGY, rel=0.03)
        assert np.abs(sound).max() < 7.0
        assert sound[0] == pytest.approx(0.0, abs=1e-3) == sound[-1]
    alike = np.corrcoef(sounds)[~np.eye(len(sounds), dtype=bool)]
    assert alike.max() < 0.99


def test_a_bubble_in_a_pool_sings_upwards_and_a_leaf_does_not() -> None:
    def middle(sound: npt.NDArray[np.float64]) -> float:
        power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
        return float(np.sum(np.fft.rfftfreq(len(sound), 1 / RATE) * power) / power.sum())

    for drops, higher in ((POOL, 1.08), (LEAF, 0.0)):
        for sound in drops.made()[::9].astype(float):
            length = len(sound) // 4
            assert middle(sound[length : 2 * length]) > higher * middle(sound[:length])


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_as_much_falls_as_is_asked_for(share: float) -> None:
    falling = Falling(KEPT, 5, 0, LEAF, 20.0)
    heard = []
    for number in range(120):
        sides = silence()
        falling.add(sides, number, share * ALL, ALL)
        heard.append(sides)
    assert power_of(np.concatenate(heard, axis=1)) == pytest.approx(share * falling.power, rel=0.25)


def test_drops_are_the_same_from_wherever_and_go_across_blocks_unbroken() -> None:
    onwards, alone = (Falling(KEPT, 5, 1, POOL, 30.0) for _ in range(2))
    before = [silence() for _ in range(20)]
    for number, sides in enumerate(before):
        onwards.add(sides, number, ALL, ALL)
    for number in (17, 3, 12):
        sides = silence()
        alone.add(sides, number, ALL, ALL)
        assert np.array_equal(sides, before[number])
    joined = np.concatenate(before, axis=1)
    steps = np.abs(np.diff(joined, axis=1)).max(axis=0)
    assert steps[BLOCK - 1 :: BLOCK].max() < steps.max()


def test_a_sound_is_laid_where_it_begins() -> None:
    sound = np.arange(1, 2 * BLOCK, dtype=np.int16)
    for since in (-BLOCK, -100, 0, 100, BLOCK, 2 * BLOCK):
        side = np.zeros(BLOCK, np.float32)
        lay(side, sound, since, 1.0)
        places = np.arange(BLOCK) + since
        told = np.where((places >= 0) & (places < len(sound)), places + 1, 0)
        assert np.array_equal(side, np.where(told > 32767, side, told))


# --- wind and beds -------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, at=st.floats(0, 1e6))
def test_wind_and_bubbles_come_and_go_without_a_jerk(seed: int, at: float) -> None:
    times = at + np.arange(0.0, 300.0, 0.025)
    for heights, fastest in ((Gusts(seed).heights, 0.02), (Clusters(seed).heights, 0.05)):
        whole = heights(times)
        assert whole.min() >= 0.0 and 0.25 < whole.max() <= 1.0
        assert np.abs(np.diff(whole)).max() < fastest
        assert np.allclose(whole[4000:4021], heights(times[4000:4021]))
        assert np.ptp(whole) > 0.2


def test_a_bed_has_its_level_and_its_loop_does_not_come_round() -> None:
    bed, heard = Bed(KEPT, 4, 2, PATTER, 0.3), []
    for number in range(120):
        sides = silence()
        bed.add(sides, number, ALL)
        heard.append(sides)
    joined = np.concatenate(heard, axis=1)
    assert power_of(joined) == pytest.approx(1.0, rel=0.2)
    assert abs(np.corrcoef(joined)[0, 1]) < 0.05
    loop = len(KEPT.get(PATTER)) - BLOCK
    assert abs(np.corrcoef(joined[0, :-loop], joined[0, loop:])[0, 1]) < 0.3


# --- songs ---------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, turn=st.integers(0, 5000))
def test_a_call_goes_from_a_note_of_its_range_to_another(seed: int, turn: int) -> None:
    notes = notes_between(160.0, 260.0)
    call = Song(seed, 40, 41.9, notes)._made(turn)
    pitches = [hertz(note) for note in notes]
    for pitch in (call.first, call.last):
        assert min(abs(pitch - other) for other in pitches) < 1e-9
    since = np.linspace(0.0, call.seconds, 2000)
    speed = np.diff(call.turns(since)) / np.diff(since)
    assert speed[0] == pytest.approx(call.first, rel=0.02)
    assert speed[-1] == pytest.approx(call.last, rel=0.02)
    assert 0.9 * min(pitches) < speed.min() and speed.max() < 1.15 * max(pitches)
    assert np.abs(np.diff(np.log2(speed)) / np.diff(since)[1:]).max() < 0.4


def test_a_song_is_the_same_from_wherever_and_as_loud_as_it_says() -> None:
    song = Song(3, 40, 41.9, notes_between(160.0, 260.0))
    heard = []
    for number in range(1200):
        sides = silence()
        song.add(sides, number, ALL, ALL)
        heard.append(sides)
    assert power_of(np.concatenate(heard, axis=1)) == pytest.approx(song.power, rel=0.3)
    again = Song(3, 40, 41.9, notes_between(160.0, 260.0))
    sounding = [number for number, sides in enumerate(heard) if np.abs(sides).max() > 0.1]
    for number in (sounding[-1], sounding[5]):
        sides = silence()
        again.add(sides, number, ALL, ALL)
        assert np.array_equal(sides, heard[number])
    call = again._made(7)
    number = int((call.begins + 3.0) * RATE / BLOCK)
    exact = np.exp(
        2j * np.pi * call.turns((number * BLOCK + np.arange(BLOCK)) / RATE - call.begins)
    )
    assert np.abs(call.turned(number) / call.turned(number)[0] - exact / exact[0]).max() < 1e-3


# --- the drum ------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, at=st.floats(0, 1e6))
def test_a_hand_beats_about_fifty_times_a_minute_and_never_quite_evenly(
    seed: int, at: float
) -> None:
    hand = Hand(seed)
    strokes = hand.between(at, at + 120.0)
    assert 88 <= len(strokes) <= 108
    gaps = np.array([later.begins - earlier.begins for earlier, later in pairwise(strokes)])
    assert gaps.min() > 1.05 and gaps.max() < 1.4
    assert len(np.unique(np.round(gaps, 4))) > 60
    joined = [s for k in range(4) for s in hand.between(at + 30.0 * k, at + 30.0 * (k + 1))]
    assert strokes == joined == Hand(seed).between(at, at + 120.0)


def count(strokes, share: float) -> float:
    return sum(float(played(share * ALL, stroke.rank).max()) for stroke in strokes)


def test_fewer_strokes_are_played_where_the_arc_is_low_and_the_first_of_a_round_stays() -> None:
    strokes = Hand(7).between(0.0, 1200.0)
    counts = [count(strokes, share) / 20 for share in (0.16, 0.4, 0.8, 1.2)]
    assert counts == sorted(counts)
    assert 9 < counts[0] < 18 and 15 < counts[1] < 30 and counts[3] > 44
    kept = [stroke for stroke in strokes if played(0.16 * ALL, stroke.rank).max() > 0]
    gaps = [later.begins - earlier.begins for earlier, later in pairwise(kept)]
    assert max(gaps) < 6.0


@pytest.mark.parametrize("spot", Spot)
def test_a_stroke_comes_up_softly_and_is_round(spot: Spot) -> None:
    for sound in Skin(spot).made().reshape(-1, len(Skin(spot).made()[0, 0])).astype(float):
        loud = np.array([np.abs(sound[n : n + 240]).max() for n in range(0, 4800, 240)])
        assert loud[0] < 0.25 * loud.max()
        assert loud[:2].max() < 0.6 * loud.max()
        power = np.abs(np.fft.rfft(sound)) ** 2
        high = np.fft.rfftfreq(len(sound), 1 / RATE) > 900.0
        assert power[high].sum() < 1e-3 * power.sum()


def test_a_drum_beats_with_the_pace_of_its_hand_and_as_loud_as_it_says() -> None:
    drum = Drum(KEPT, 3)

    def beats(share: float, wood: Nodes) -> npt.NDArray[np.float32]:
        heard = []
        for number in range(160):
            sides = silence()
            drum.add(sides, number, share * ALL, ALL, wood)
            heard.append(sides)
        return np.concatenate(heard, axis=1)

    skin = beats(1.2, 0.0 * ALL)
    assert power_of(skin) == pytest.approx(float(drum.power(1.2 * ALL)[0]), rel=0.2)
    smooth = (skin**2).sum(axis=0).reshape(-1, 1200).mean(axis=1)
    spectrum = np.abs(np.fft.rfft((smooth - smooth.mean()) * np.hanning(len(smooth))))
    rates = np.fft.rfftfreq(len(smooth), 1200 / RATE)
    near = spectrum[(rates > 0.6) & (rates < 1.4)]
    beat = rates[(rates > 0.6) & (rates < 1.4)][near.argmax()]
    assert beat == pytest.approx(1.0 / drum.hand.pace, abs=0.03)
    assert power_of(beats(0.2, 0.0 * ALL)) < 0.6 * power_of(skin)
    assert power_of(beats(1.2, ALL)) > 1.15 * power_of(skin)
