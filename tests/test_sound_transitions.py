"""Storms of orders over hostile sources: nothing startles, nothing clicks, nothing stops.

    python -m pytest -m torture tests/test_sound_transitions.py -n 0 -s

renders ten thousand transitions and ten hours of random sessions on all cores. What was judged
stays in the folder that COMPANION_STORMS names, and is not judged again while the sound's code is
the same, so that a run that was broken off goes on where it was.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest
from hostile_sources import write_files
from sound_files import tone
from sound_storm import Judged, Measured, weather
from wild_sessions import wild_session

import companion.sound
from companion.sound.curves import BLOCK, Block

TRANSITIONS = 10
"""Of one storm."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("storms")
    write_files(home)
    return home


@pytest.mark.parametrize("piece", range(6))
def test_three_hundred_transitions(piece: int, home: Path) -> None:
    storms = [weather(seed, TRANSITIONS, home) for seed in range(piece, 30, 6)]
    assert [finding for storm in storms for finding in storm.findings] == []


def test_a_session_that_goes_wild(home: Path) -> None:
    assert wild_session(1, 1200.0, home).findings == []


def test_the_same_storm_sounds_the_same(home: Path) -> None:
    heard: list[list[Block]] = [[], []]
    for blocks in heard:
        weather(5, 3, home, rendered=blocks.append)
    assert np.array_equal(np.concatenate(heard[0]), np.concatenate(heard[1]))


# --- that what is wrong would be found -----------------------------------------------------------


def judged(samples: Block, least: float = -60.0) -> list[str]:
    told = Judged(0)
    measured = Measured(told, calm=True)
    for begin in range(0, len(samples) // BLOCK * BLOCK, BLOCK):
        measured.hear(samples[begin : begin + BLOCK], False, least if begin >= 240_000 else -np.inf)
    measured.judge()
    return [finding.partition(": ")[2] for finding in told.findings]


def coming() -> Block:
    """A low note that comes in slowly and stays."""
    music = tone(30, 60, -20)
    music[:480_000] *= np.logspace(-3, 0, 480_000, dtype=np.float32)[:, np.newaxis]
    return music


def test_what_is_well_is_found_to_be_well() -> None:
    assert judged(coming()) == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda music: music[800_200:].__imul__(0.97), "a click"),
        (lambda music: music[800_200:860_000].__imul__(0.0), "s of silence"),
        (lambda music: music[800_200:].__imul__(4.0), "music rises"),
        (lambda music: music[800_200:].__imul__(9.0), "a peak"),
        (lambda music: music[800_200:800_201].__imul__(np.nan), "what is no number"),
    ],
)
def test_what_is_wrong_is_found(spoil: Callable[[Block], object], found: str) -> None:
    music = coming()
    spoil(music)
    assert any(found in finding for finding in judged(music))


# --- many ----------------------------------------------------------------------------------------

_HOUR = 3600.0


def _storm(seed: int, home: Path) -> Judged:
    return weather(seed, TRANSITIONS, home)


def _hour(seed: int, home: Path) -> Judged:
    return wild_session(seed, _HOUR, home)


@pytest.mark.torture
def test_ten_thousand_transitions(home: Path) -> None:
    assert _all_of("storms", _storm, range(10_000 // TRANSITIONS), home) == []


@pytest.mark.torture
def test_ten_hours_of_wild_sessions(home: Path) -> None:
    assert _all_of("sessions", _hour, range(10), home) == []


def _all_of(
    name: str, judge: Callable[[int, Path], Judged], seeds: Iterable[int], home: Path
) -> list[str]:
    """The findings of all `seeds`, on all cores; the worst cases are printed."""
    folder = Path(os.environ.get("COMPANION_STORMS", home))
    kept = folder / f"{name}-{_code()}.jsonl"
    known = {
        one["seed"]: Judged(**one)
        for one in map(json.loads, kept.read_text().splitlines() if kept.exists() else ())
    }
    missing = [seed for seed in seeds if seed not in known]
    with ProcessPoolExecutor() as pool, kept.open("a") as file:
        for one in pool.map(judge, missing, [home] * len(missing)):
            known[one.seed] = one
            file.write(json.dumps(asdict(one)) + "\n")
            file.flush()
    _tell_worst(name, known.values())
    return [finding for one in known.values() for finding in one.findings]


def _tell_worst(name: str, all_of_them: Iterable[Judged]) -> None:
    storms = list(all_of_them)
    print(f"\n{len(storms)} {name}, {sum(one.seconds for one in storms) / _HOUR:.1f} hours")
    names = {field.name for field in fields(Judged)}
    for of in sorted(name for name in names if f"{name}_at" in names):
        worst = max(storms, key=lambda one: getattr(one, of))
        at = getattr(worst, f"{of}_at")
        print(f"  worst {of}: {getattr(worst, of):.4g} in {worst.seed} at second {at:.1f}")
    print(f"  highest peak: {max(one.peak for one in storms):.4f} dBFS")


def _code() -> str:
    """A digest of all that a judgement hangs on."""
    (sound,) = companion.sound.__path__
    here = Path(__file__).parent
    files = [*Path(sound).rglob("*.py"), *here.glob("*s*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
