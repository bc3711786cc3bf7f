"""The soundscapes: repeatable, endless, level, calm, and alive."""

import functools
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from soundscape_heard import (
    Prints,
    Values,
    brightness,
    loudness,
    movement,
    nearest,
    repeated,
)

from companion.session.plan import Phase
from companion.sound.curves import BLOCK, RATE, Block
from companion.sound.loudness import LoudnessMeter
from companion.sound.ruler import MUSIC_RISE, Levels100ms, Ruler
from companion.sound.source import Source, Unplayable
from companion.sound.synthesis import soundscape
from companion.sound.synthesis.catalogue import SOUNDSCAPES
from companion.sound.synthesis.endless import Soundscape

SECONDS, HALF_MINUTE, TEN_MINUTES = (2.0, 12.0), (15.0, 60.0), (240.0, 900.0)
MINUTES = 20
"""Of each soundscape that are heard every day: no fewer, or nothing could move in 900 s."""
STILL = 0.53
"""dB that white noise moves in some seconds, only because it is noise."""


def blocks(source: Source, seconds: float) -> Iterator[Block]:
    for _ in range(round(seconds * RATE / BLOCK)):
        yield source.read(BLOCK)


def render(source: Source, seconds: float) -> Block:
    return np.concatenate(list(blocks(source, seconds)))


def middle(name: str, seed: int = 3, at: float = 0.0) -> Soundscape:
    return soundscape(name, seed, 0.5, 0.5, at)


# --- the same bytes ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(name: str) -> None:
    one, same, other = (render(middle(name, seed, 60.0), 3) for seed in (3, 3, 4))
    assert one.tobytes() == same.tobytes()
    assert np.abs(one - other).max() > 0.01


def test_another_process_gives_the_same_bytes_whatever_its_threads(tmp_path: Path) -> None:
    """The first builds the tables, the second reads them; this one has its own."""
    program = (
        "import hashlib, pathlib\n"
        "from companion.session.plan import Phase\n"
        "from companion.sound.synthesis import soundscape\n"
        f"for name in {SOUNDSCAPES!r}:\n"
        f"    source = soundscape(name, 8, 0.3, 0.6, 77.0, pathlib.Path({str(tmp_path)!r}))\n"
        "    source.follow(Phase.BUILD, 0.2)\n"
        "    print(hashlib.sha256(source.read(96_000).tobytes()).hexdigest())\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
        ).stdout.split()
        for threads in ("1", "2")
    ]
    here = []
    for name in SOUNDSCAPES:
        source = soundscape(name, 8, 0.3, 0.6, 77.0)
        source.follow(Phase.BUILD, 0.2)
        here.append(hashlib.sha256(source.read(96_000).tobytes()).hexdigest())
    assert said[0] == said[1] == here


@pytest.mark.parametrize("name", SOUNDSCAPES)
@pytest.mark.parametrize("at", [0.0, 9.25, 3601.5, 40_000.123])
def test_it_starts_anywhere_with_the_bytes_it_would_have_played(name: str, at: float) -> None:
    played = middle(name, at=at)
    joined = middle(name, at=at + 4.0)
    for source in (played, joined):
        source.follow(Phase.PEAK, 0.4)
    render(played, 4)
    assert render(joined, 3).tobytes() == render(played, 3).tobytes()


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_an_arc_that_moved_is_forgotten_with_the_room(name: str) -> None:
    moved, there = middle(name), middle(name, at=80.0)
    moved.follow(Phase.SETTLE, 0.0)
    render(moved, 20)
    for source in (moved, there):
        source.follow(Phase.PEAK, 0.5)
    render(moved, 60)
    assert render(there, 2).tobytes() == render(moved, 2).tobytes()


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_reads_of_any_length_join_without_a_seam(name: str) -> None:
    whole = middle(name).read(30_000)
    pieces = middle(name)
    assert np.array_equal(
        whole, np.concatenate([pieces.read(n) for n in (1, 11_999, 13_000, 5000)])
    )


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_a_start_renders_no_more_than_the_room_remembers(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = middle(name, at=7200.3)
    rendered: list[int] = []
    sound = type(source).sound

    def counted(self: Soundscape, number: int, mood: object) -> object:
        rendered.append(number)
        return sound(self, number, mood)  # type: ignore[arg-type]

    monkeypatch.setattr(type(source), "sound", counted)
    source.read(1)
    assert len(rendered) <= 17


def test_an_unknown_name_is_unplayable() -> None:
    with pytest.raises(Unplayable, match="seaside"):
        soundscape("seaside", 1, 0.5, 0.5, 0.0)


# --- how it sounds -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heard:
    """A long time of one soundscape."""

    loudness: float
    peak: float
    rises: Values
    plain: Values
    prints: Values
    above_9_khz: float
    below_40_hz: float
    """Beside all of its power."""


@functools.cache
def heard(name: str, seed: int, minutes: int, knobs: tuple[float, float] = (0.5, 0.5)) -> Heard:
    source = soundscape(name, seed, *knobs, 0.0)
    ruler, plain, prints, meter = Ruler(), Levels100ms(), Prints(), LoudnessMeter()
    peak, power = 0.0, np.zeros(BLOCK // 2 + 1)
    window = np.blackman(BLOCK).astype(np.float32)[:, np.newaxis]
    for number, block in enumerate(blocks(source, minutes * 60)):
        ruler.add(block)
        plain.add(block)
        prints.hear(block)
        meter.add(block)
        peak = max(peak, float(np.abs(block).max()))
        if number % 10 == 0:
            power += (np.abs(np.fft.rfft(block * window, axis=0)) ** 2).sum(axis=1)
    hertz = np.fft.rfftfreq(BLOCK, 1 / RATE)
    return Heard(
        meter.whole,
        20 * np.log10(peak),
        ruler.rises[450:],
        plain.levels,
        prints.prints,
        float(power[hertz > 9000].sum() / power.sum()),
        float(power[hertz < 40].sum() / power.sum()),
    )


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_it_is_level_and_calm(name: str) -> None:
    long = heard(name, 1, MINUTES)
    assert long.loudness == pytest.approx(-22.0, abs=0.7)
    assert long.peak < -5.0
    assert long.plain.min() > -50.0
    assert long.rises.max() < MUSIC_RISE


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_it_has_nothing_shrill_and_no_rumble(name: str) -> None:
    long = heard(name, 1, MINUTES)
    assert long.above_9_khz < 1e-6
    assert long.below_40_hz < 0.01


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_no_ten_seconds_of_it_come_again(name: str) -> None:
    assert nearest(heard(name, 1, MINUTES).prints) > repeated(render(middle(name), 240))


def test_ten_seconds_that_come_again_are_found() -> None:
    samples = render(middle("warm-pads"), 120)
    least = repeated(samples)
    later, earlier = (int(second * RATE) for second in (90.125, 20.0))
    samples[later : later + 12 * RATE] = samples[earlier : earlier + 12 * RATE]
    prints = Prints()
    prints.hear(samples)
    assert nearest(prints.prints) < least


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_it_moves_in_seconds_in_half_a_minute_and_in_ten_minutes(name: str) -> None:
    prints = heard(name, 1, MINUTES).prints
    assert movement(prints, *SECONDS) > 1.5 * STILL
    assert movement(prints, *HALF_MINUTE) > 1.0
    assert movement(prints, *TEN_MINUTES) > 0.5


def test_a_loop_does_not_move_in_half_a_minute() -> None:
    loop = list(blocks(middle("bowls"), 7))
    prints = Prints()
    for number in range(300):
        prints.hear(loop[number % len(loop)])
    assert movement(prints.prints, *SECONDS) > 1.5 * STILL
    assert movement(prints.prints, *HALF_MINUTE) < 0.5


# --- the arc and the knobs -----------------------------------------------------------------------


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_loudness_and_brightness_follow_the_arc(name: str) -> None:
    loud, bright = {}, {}
    for phase in (Phase.SETTLE, Phase.BUILD, Phase.PEAK, Phase.RETURN, Phase.RECOVERY):
        source = middle(name, at=700.0)
        source.follow(phase, 0.5)
        sounds = list(blocks(source, 20))
        loud[phase], bright[phase] = loudness(np.concatenate(sounds)), brightness(sounds)
    for read in (loud, bright):
        rising = [Phase.RECOVERY, Phase.SETTLE, Phase.RETURN, Phase.BUILD, Phase.PEAK]
        assert sorted(rising, key=lambda phase: read[phase]) == rising
    assert loud[Phase.PEAK] - loud[Phase.RECOVERY] > 2.0
    assert bright[Phase.PEAK] > 1.1 * bright[Phase.RECOVERY]


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_it_follows_the_arc_slowly(name: str) -> None:
    still, led = middle(name), middle(name)
    for source in (still, led):
        source.follow(Phase.SETTLE, 0.0)
        source.read(BLOCK)
    led.follow(Phase.PEAK, 0.5)
    soon, later = (loudness(render(led, s)) - loudness(render(still, s)) for s in (6, 60))
    assert abs(soon) < 0.4
    assert later > 1.0


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_brightness_opens_it_and_leaves_its_level(name: str) -> None:
    dark, bright = (list(blocks(soundscape(name, 2, b, 0.5, 300.0), 30)) for b in (0.0, 1.0))
    assert brightness(bright) > 1.15 * brightness(dark)
    assert abs(loudness(np.concatenate(bright)) - loudness(np.concatenate(dark))) < 1.5


@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_density_changes_what_is_heard_and_leaves_its_level(name: str) -> None:
    few, many = (render(soundscape(name, 2, 0.5, d, 300.0), 40) for d in (0.0, 1.0))
    assert np.abs(few - many).max() > 0.02
    assert abs(loudness(few) - loudness(many)) < 1.5


# --- for hours -----------------------------------------------------------------------------------


@pytest.mark.torture
@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_nothing_comes_again_in_four_hours(name: str) -> None:
    assert nearest(heard(name, 7, 240).prints) > repeated(render(middle(name), 240))


@pytest.mark.torture
@pytest.mark.parametrize("name", SOUNDSCAPES)
@pytest.mark.parametrize(
    ("seed", "knobs"), [(2, (0.5, 0.5)), (-9, (0.5, 0.5)), (31, (0.35, 0.3)), (10**12, (0.6, 0.7))]
)
def test_half_an_hour_is_level_and_calm(name: str, seed: int, knobs: tuple[float, float]) -> None:
    """In the middle of a phase; through the arc of a session, which it follows, it is fuller."""
    long = heard(name, seed, 30, knobs)
    assert long.loudness == pytest.approx(-22.3, abs=1.0)
    assert np.mean(long.rises < MUSIC_RISE) > 0.9998
    assert long.rises.max() < MUSIC_RISE + 1.0
    assert long.peak < -3.5


@pytest.mark.torture
@pytest.mark.parametrize("name", SOUNDSCAPES)
def test_it_grows_no_memory(name: str) -> None:
    def pages() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1])

    source = middle(name)
    for _ in islice(blocks(source, 1800), 1200):
        pass
    before = pages()
    for _ in blocks(source, 3600):
        pass
    assert (pages() - before) * os.sysconf("SC_PAGE_SIZE") < 2_000_000
