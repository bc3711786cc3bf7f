"""The soundscapes: repeatable, endless, level, calm."""

from fractions import Fraction

import av
import numpy as np
import pytest

from companion.session.plan import Phase
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.ruler import MUSIC_RISE, levels, rises
from companion.sound.source import Source, Unplayable
from companion.sound.synthesis import soundscape
from companion.sound.synthesis.catalogue import SOUNDSCAPES


def render(source: Source, seconds: float) -> Block:
    return np.concatenate([source.read(BLOCK) for _ in range(round(seconds * RATE / BLOCK))])


def loudness(samples: Block) -> float:
    """Integrated LUFS, measured by another program's filter."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=RATE, format="flt", layout="stereo", time_base=Fraction(1, RATE)
    )
    meter = graph.add("ebur128", "metadata=1:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    read = "nan"
    for start in range(0, len(samples), BLOCK):
        piece = np.ascontiguousarray(samples[start : start + BLOCK]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(piece, format="flt", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        source.push(frame)
        while True:
            try:
                read = sink.pull().metadata.get("lavfi.r128.I", read)
            except (av.BlockingIOError, av.EOFError):
                break
    return float(read)


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(name: str) -> None:
    one, same, other = (render(soundscape(name, seed, 0.5, 0.5, 60.0), 3) for seed in (3, 3, 4))
    assert one.tobytes() == same.tobytes()
    assert np.abs(one - other).max() > 0.01


@pytest.mark.parametrize("name", SOUNDSCAPES)
@pytest.mark.parametrize("at", [9.25, 3601.5])
def test_it_starts_anywhere_as_if_it_had_played_on(name: str, at: float) -> None:
    played = soundscape(name, 5, 0.5, 0.5, at - 8.0)
    render(played, 8.0)
    assert np.abs(render(soundscape(name, 5, 0.5, 0.5, at), 4) - render(played, 4)).max() < 1e-4


@pytest.mark.parametrize("name", SOUNDSCAPES)
@pytest.mark.parametrize(
    ("seed", "brightness", "density", "phase"),
    [
        (1, 0.5, 0.5, Phase.SETTLE),
        (2, 0.0, 0.0, Phase.PEAK),
        (-9, 1.0, 1.0, Phase.BUILD),
    ],
)
def test_it_is_level_and_calm(
    name: str, seed: int, brightness: float, density: float, phase: Phase
) -> None:
    source = soundscape(name, seed, brightness, density, 500.0)
    source.follow(phase, 0.5)
    samples = render(source, 80)
    assert loudness(samples) == pytest.approx(-22.0, abs=1.5)
    assert np.abs(samples).max() < 10 ** (-4 / 20)
    read = levels(samples)
    assert read.min() > -40 and rises(read)[100:].max() < MUSIC_RISE
    power = np.abs(np.fft.rfft(samples[: 20 * RATE, 0])) ** 2
    above = np.fft.rfftfreq(20 * RATE, 1 / RATE) > 9000
    assert power[above].sum() < 1e-4 * power.sum()


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_it_follows_the_arc_slowly(name: str) -> None:
    source = soundscape(name, 1, 0.5, 0.5, 0.0)
    source.follow(Phase.SETTLE, 0.0)
    before = source.intensity
    source.follow(Phase.PEAK, 0.5)
    render(source, 10)
    assert before < source.intensity < before + 0.15


def test_reads_of_any_length_join_without_a_seam() -> None:
    whole = soundscape("shore", 1, 0.5, 0.5, 0.0).read(30_000)
    pieces = soundscape("shore", 1, 0.5, 0.5, 0.0)
    assert np.array_equal(
        whole, np.concatenate([pieces.read(n) for n in (1, 11_999, 13_000, 5000)])
    )


def test_an_unknown_name_is_unplayable() -> None:
    with pytest.raises(Unplayable, match="seaside"):
        soundscape("seaside", 1, 0.5, 0.5, 0.0)
