"""What soundscapes are built from: notes, voices, rooms, bowls, and tables that are kept."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENCE

from companion.sound.curves import BLOCK, RATE
from companion.sound.synthesis import build_tables, soundscape
from companion.sound.synthesis.bells import Mode, Partials
from companion.sound.synthesis.bowl import Bowl
from companion.sound.synthesis.catalogue import SOUNDSCAPES
from companion.sound.synthesis.chance import chance
from companion.sound.synthesis.drone import Drone
from companion.sound.synthesis.harmony import Voice
from companion.sound.synthesis.nodes import NODES, STEP, drawn
from companion.sound.synthesis.room import DOME, HALL, Answer, Room
from companion.sound.synthesis.striking import Striking
from companion.sound.synthesis.tables import UNIT, Array, Tables
from companion.sound.synthesis.tones import TONES, Part, Tone
from companion.sound.synthesis.tuning import agree, hertz, notes_between
from companion.sound.synthesis.weighting import k_weighting

SEEDS = st.integers(-(2**63), 2**63)


# --- chance --------------------------------------------------------------------------------------


def test_chances_are_even_and_belong_to_their_place() -> None:
    found = np.array([chance(5, place, 3) for place in range(-5000, 5000)])
    counts, _ = np.histogram(found, 20, (0.0, 1.0))
    assert abs(counts - 500).max() < 110
    assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < 0.05
    assert len({chance(5, 1, 2), chance(5, 2, 1), chance(6, 1, 2), chance(5, 1), chance(5)}) == 5


# --- notes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "calm"),
    [
        ("C", "G", True),
        ("C", "E", True),
        ("E", "C", True),
        ("Ab", "Eb", True),
        ("E", "F", False),
        ("B", "C", False),
        ("D", "A", False),
        ("E", "Bb", False),
    ],
)
def test_which_notes_agree_follows_from_their_ratios(one: str, other: str, calm: bool) -> None:
    assert agree(one, other) is calm


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, at=st.floats(0, 1e6), shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_voices_that_sound_together_never_rub(
    seed: int, at: float, shares: tuple[float, float]
) -> None:
    voices = [
        Voice(seed, number, period, share, notes_between(low, high))
        for number, (period, share, low, high) in enumerate(
            zip((29.9, 47.9), shares, (128.0, 256.0), (260.0, 520.0), strict=True)
        )
    ]
    for second in np.arange(at, at + 300.0, 5.0):
        ways = [second / voice.period + voice.share for voice in voices]
        if all(0.15 < way % 1.0 < 0.85 for way in ways):
            names = [v.note(math.floor(w))[0] for v, w in zip(voices, ways, strict=True)]
            assert agree(*names)


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_a_voice_stays_in_its_range_and_mostly_steps(seed: int) -> None:
    voice = Voice(seed, 1, 25.9, 0.3, notes_between(160.0, 260.0))
    sung = [voice.note(turn) for turn in range(100)]
    assert set(sung) <= set(voice.notes)
    steps = [abs(1200 * math.log2(hertz(b) / hertz(a))) for a, b in pairwise(sung)]
    assert np.mean(np.array(steps) < 400.0) > 0.6


# --- tables --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """A recipe that tells how often it was followed."""

    name: str = "counted"
    made_of: int = 1
    times: list[int] = field(default_factory=list, compare=False, repr=False)

    def made(self) -> Array:
        self.times.append(1)
        return np.arange(5000, dtype=np.int16) * np.int16(self.made_of)


def test_a_table_is_made_once_and_read_from_then_on(tmp_path: Path) -> None:
    recipe = Counted()
    for _ in range(3):
        kept = Tables(tmp_path / "cache")
        assert np.array_equal(kept.get(recipe), kept.get(recipe))
    assert len(recipe.times) == 1
    with pytest.raises(ValueError, match="read-only"):
        kept.get(recipe)[0] = 1


def shortened(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def changed(raw: bytes) -> bytes:
    return raw[:3000] + bytes([raw[3000] ^ 4]) + raw[3001:]


def lost(raw: bytes) -> bytes:
    return b""


def foreign(raw: bytes) -> bytes:
    return b"something else altogether"


@pytest.mark.parametrize("harm", [shortened, changed, lost, foreign])
def test_a_harmed_file_is_made_again(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    recipe = Counted()
    whole = Tables(tmp_path).get(recipe)
    (file,) = tmp_path.iterdir()
    before = file.read_bytes()
    file.write_bytes(harm(before))
    assert np.array_equal(Tables(tmp_path).get(recipe), whole)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
    assert len(recipe.times) == 2


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    recipe = Counted()
    for _ in range(2):
        assert Tables(tmp_path / "cache" / "soundscapes").get(recipe)[3] == 3
    assert len(recipe.times) == 2


def test_another_recipe_never_finds_the_table_of_one(tmp_path: Path) -> None:
    Tables(tmp_path).get(Counted())
    assert Tables(tmp_path).get(Counted(made_of=2))[3] == 6


def test_who_asks_while_a_table_is_made_waits_for_it() -> None:
    going, enough = threading.Event(), threading.Event()

    @dataclass(frozen=True)
    class Slow(Counted):
        def made(self) -> Array:
            going.set()
            enough.wait(PATIENCE)
            return super().made()

    recipe, kept = Slow(), Tables(None)
    found: list[Array] = []
    askers = [threading.Thread(target=lambda: found.append(kept.get(recipe))) for _ in range(3)]
    for asker in askers:
        asker.start()
    assert going.wait(PATIENCE)
    enough.set()
    for asker in askers:
        asker.join(5)
    assert len(found) == 3 and len(recipe.times) == 1


def test_all_tables_are_built_ahead_and_nothing_else_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.joinpath("old-0123.table").write_bytes(b"of an earlier version")
    tmp_path.joinpath("body-C1.table.77-1").write_bytes(b"half a dr")
    build_tables(tmp_path)
    files = list(tmp_path.iterdir())
    assert "old-0123.table" not in {file.name for file in files}
    assert all(file.suffix == ".table" for file in files)
    assert sum(file.stat().st_size for file in files) < 60_000_000

    def never(self: object) -> Array:
        raise AssertionError("a table was made")

    for kind in (Tone, Answer):
        monkeypatch.setattr(kind, "made", never)
    for name in SOUNDSCAPES:
        assert np.abs(soundscape(name, 3, 0.5, 0.5, 50.0, tmp_path).read(BLOCK)).max() > 0.001


def test_tones_are_as_loud_as_each_other_and_need_no_limit() -> None:
    for tone in TONES[::7]:
        loop = tone.made()
        spectrum = np.abs(np.fft.rfft(loop[:-BLOCK] / UNIT)) ** 2
        frames = len(loop) - BLOCK
        weights = k_weighting(np.fft.rfftfreq(frames, 1 / RATE))
        assert 2 * np.sum(spectrum * weights) / frames**2 == pytest.approx(1.0, rel=0.01)
        assert np.abs(loop).max() < 32_000
        assert np.array_equal(loop[:BLOCK], loop[-BLOCK:])
    air = Tone(Part.AIR, ("C", 1)).made()[:-BLOCK].astype(float)
    low = np.fft.rfftfreq(len(air), 1 / RATE) < 400
    power = np.abs(np.fft.rfft(air)) ** 2
    assert power[low].sum() < 0.01 * power.sum()


# --- rooms, bowls and drones ---------------------------------------------------------------------


@pytest.mark.parametrize("answer", [HALL, DOME])
def test_a_room_is_the_convolution_with_its_answer(answer: Answer) -> None:
    kept = Tables(None)
    parts = np.fft.irfft(kept.get(answer), 2 * BLOCK, axis=2)[0, :, :BLOCK]
    impulse = parts.reshape(-1)
    blocks = answer.parts + 3
    noise = np.fft.rfft(np.random.default_rng(1).standard_normal(blocks * BLOCK))
    noise[np.fft.rfftfreq(blocks * BLOCK, 1 / RATE) > 3000] = 0.0
    mono = np.fft.irfft(noise).astype(np.float32)
    room, heard = Room(kept, answer), []
    for number in range(blocks):
        room.hear(number, mono[number * BLOCK : (number + 1) * BLOCK])
        heard.append(room.answer(number)[0].copy())
    size = 1 << math.ceil(math.log2(2 * len(mono)))
    whole = np.fft.irfft(np.fft.rfft(impulse, size) * np.fft.rfft(mono, size))[: len(mono)]
    wrong = np.concatenate(heard) - whole
    assert wrong.std() < 0.003 * whole.std()
    assert np.abs(wrong).max() < 0.02 * whole.std()


@pytest.mark.parametrize("answer", [HALL, DOME])
def test_a_room_rings_long_below_and_short_above(answer: Answer) -> None:
    parts = np.fft.irfft(Tables(None).get(answer), 2 * BLOCK, axis=2)[0, :, :BLOCK].reshape(-1)

    def level(low: float, high: float, second: float) -> float:
        piece = parts[int(second * RATE) :][: RATE // 2]
        hertz = np.fft.rfftfreq(len(piece), 1 / RATE)
        inside = (hertz > low) & (hertz < high)
        return 10 * np.log10(
            np.sum(np.abs(np.fft.rfft(piece * np.hanning(len(piece)))[inside]) ** 2)
        )

    falls = [level(*band, 1.0) - level(*band, 3.0) for band in ((80, 250), (800, 1500), (3e3, 5e3))]
    assert 10 < falls[0] < falls[1] < falls[2]
    assert np.abs(parts[:1000]).max() < 1e-6


def test_partials_are_what_their_modes_say() -> None:
    modes = [Mode(200.0, 0.5, 4.0, 0.5), Mode(543.2, 1.0, math.inf, 0.25)]
    partials = Partials(modes)
    start = 3.25
    amplitudes = partials.spread(0.4, np.zeros(2)) * np.exp(partials.rates * start)
    times = start + np.arange(BLOCK) / RATE
    left = sum(
        mode.strength
        / math.sqrt(1.16)
        * 10 ** (-3 * times / mode.seconds)
        * (
            np.cos(2 * np.pi * (mode.hertz - mode.beat / 2) * times)
            + 0.4 * np.cos(2 * np.pi * (mode.hertz + mode.beat / 2) * times)
        )
        for mode in modes
    )
    assert np.abs(partials.sound(amplitudes)[0] - left).max() < 2e-5


def test_a_drone_has_its_level_and_never_comes_back() -> None:
    drone = Drone(("C", 0))
    powers = []
    for number in range(0, 4000, 10):
        sides = np.zeros((2, BLOCK), np.float32)
        drone.add(sides, number, np.ones(NODES + 1))
        spectrum = np.abs(np.fft.rfft(sides, axis=1)) ** 2
        weights = k_weighting(np.fft.rfftfreq(BLOCK, 1 / RATE))
        powers.append(np.sum(spectrum * weights) / BLOCK**2)
    assert np.mean(powers) == pytest.approx(1.0, rel=0.15)
    assert len(np.unique(np.round(powers, 6))) > 390


BOWLS = [
    Bowl(number, note, usual, loud, comes)
    for number, (note, usual, loud, comes) in enumerate(
        ((("C", 1), 20.3, 0.8, 0), (("G", 1), 18.7, 0.5, 0), (("D", 2), 23.1, 0.5, 1))
    )
]


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, at=st.floats(0, 1e6))
def test_strokes_come_in_their_time_and_are_the_same_from_wherever(seed: int, at: float) -> None:
    striking = Striking(seed, BOWLS, 1.5)
    long = striking.between(at, at + 400.0)
    assert long == sorted(long, key=lambda stroke: stroke.begins)
    joined = [s for k in range(8) for s in striking.between(at + 50.0 * k, at + 50.0 * (k + 1))]
    assert long == joined == Striking(seed, BOWLS, 1.5).between(at, at + 400.0)
    for place in range(2):
        gaps = np.diff([stroke.begins for stroke in long if stroke.bowl == place])
        assert gaps.min() > 11.0 and gaps.max() < 37.0
    for stroke in long:
        assert stroke.attack >= 0.03 and 0.0 < stroke.force <= 1.2 * BOWLS[stroke.bowl].loud


def test_envelopes_meet_their_nodes() -> None:
    nodes = np.random.default_rng(2).random((2, NODES + 1))
    lines = drawn(nodes)
    assert np.allclose(lines[:, ::STEP], nodes[:, :-1], atol=1e-6)
    assert np.allclose(lines[:, STEP // 2 :: STEP], (nodes[:, :-1] + nodes[:, 1:]) / 2, atol=1e-6)
