"""Decoding: exact to the sample, and unharmed by whatever a file may hold."""

import os
from pathlib import Path

import numpy as np
import pytest
from sound_files import CODECS, clicks, noise, rms, tone, write

from companion.library.decoding import decoding
from companion.session.plan import Cue, Track
from companion.sound.curves import RATE, Block
from companion.sound.decode import FileSource
from companion.sound.read_ahead import ReadAhead
from companion.sound.shelf import AtOnce, Shelf
from companion.sound.source import Unplayable

SECONDS = 12
EXACT = ("wav", "flac")


@pytest.fixture(scope="module")
def original() -> Block:
    return clicks(SECONDS) + noise(SECONDS, -50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, original: Block) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for ending in CODECS:
        write(folder / f"music.{ending}", original)
    return folder


def decoded(path: Path, start: float = 0.0) -> Block:
    source = FileSource(path, start)
    parts = []
    while len(part := source.read(12_000)):
        parts.append(part)
    source.close()
    return np.concatenate(parts)


def lag(one: Block, other: Block) -> int:
    """By how many frames `one` is late."""
    n = min(len(one), len(other), 2 * RATE)
    spectrum = np.fft.rfft(one[:n, 0], 2 * n) * np.conj(np.fft.rfft(other[:n, 0], 2 * n))
    best = int(np.fft.irfft(spectrum).argmax())
    return best if best < n else best - 2 * n


@pytest.mark.parametrize("ending", CODECS)
def test_every_format_decodes_exactly(ending: str, folder: Path, original: Block) -> None:
    heard = decoded(folder / f"music.{ending}")
    assert lag(heard, original) == 0
    assert 0 <= len(heard) - len(original) < (1 if ending != "m4a" else 1024)
    error = np.abs(heard[: len(original)] - original).max()
    assert error < (1e-4 if ending in EXACT else 0.08)


@pytest.mark.parametrize("ending", CODECS)
@pytest.mark.parametrize("start", [0.004, 0.6, 5.2, 10.345])
def test_every_format_is_sought_exactly(
    ending: str, start: float, folder: Path, original: Block
) -> None:
    whole = decoded(folder / f"music.{ending}")[round(start * RATE) :]
    heard = decoded(folder / f"music.{ending}", start)
    assert len(heard) == len(whole)
    assert lag(heard, original[round(start * RATE) :]) == 0
    assert np.abs(heard - whole).max() < (1e-6 if ending in EXACT else 0.02)


# --- other rates, depths and numbers of channels --------------------------------------------------


def bursts(seconds: float, rate: int) -> Block:
    """A short burst of its own height at each half second, sampled at any rate."""
    t = np.arange(round(seconds * rate)) / rate
    number = np.round((t - 0.05) / 0.5)
    away = t - (0.5 * number + 0.05)
    shape = np.where(np.abs(away) < 0.01, 0.5 + 0.5 * np.cos(np.pi * away / 0.01), 0.0)
    wave = (0.2 + 0.05 * (number % 8)) * shape * np.sin(2 * np.pi * 1000 * away + 0.3)
    return np.repeat(wave[:, np.newaxis], 2, axis=1).astype(np.float32)


RATES = {
    "wav": (8_000, 11_025, 44_099, 192_000),
    "flac": (22_050, 44_100, 96_000),
    "mp3": (22_050, 44_100),
    "ogg": (44_100, 96_000),
    "m4a": (44_100, 96_000),
}
OTHER_RATES = [(ending, rate) for ending, rates in RATES.items() for rate in rates]


@pytest.mark.parametrize(("ending", "rate"), OTHER_RATES)
def test_every_rate_becomes_48_khz_and_is_sought_exactly(
    ending: str, rate: int, tmp_path: Path
) -> None:
    path = write(tmp_path / f"a.{ending}", bursts(6, rate), rate)
    whole, original = decoded(path), bursts(6, RATE)
    assert lag(whole, original) == 0
    assert 0 <= len(whole) - 6 * RATE < 2048
    assert np.abs(whole[: 6 * RATE] - original).max() < (1e-4 if ending in EXACT else 0.03)
    for start in (0.004, 1.7, 5.2, 5.99):
        assert np.array_equal(decoded(path, start), whole[round(start * RATE) :])


BY_QUALITY = {"flags": "+qscale", "global_quality": "472"}


@pytest.mark.parametrize("options", [{}, BY_QUALITY])
@pytest.mark.parametrize("index", ["0", "1"])
def test_an_mp3_is_sought_exactly_whatever_its_header_tells(
    options: dict[str, str], index: str, tmp_path: Path
) -> None:
    music = bursts(12, 44_100)
    path = write(tmp_path / "a.mp3", music, 44_100, container={"write_xing": index}, **options)
    whole, late = decoded(path), 0 if index == "1" else 1203
    assert lag(whole, bursts(12, RATE)) == late  # the codec's own delay, which only a header tells
    for start in (0.6, 1.7, 11.0, 11.99):
        assert np.array_equal(decoded(path, start), whole[round(start * RATE) :])


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [("a.wav", "pcm_s24le", {}), ("a.flac", "flac", {"bits_per_raw_sample": "24"})],
)
def test_24_bits_are_kept(name: str, codec: str, options: dict[str, str], tmp_path: Path) -> None:
    quiet = tone(1, level=-90)
    heard = decoded(write(tmp_path / name, quiet, codec=codec, **options))
    assert np.abs(heard - quiet).max() < 2.0**-23


def test_one_channel_is_heard_from_both_sides_as_it_is(tmp_path: Path) -> None:
    one = tone(1)[:, :1]
    heard = decoded(write(tmp_path / "a.flac", one, layout="mono"))
    assert np.abs(heard - one).max() < 1e-4


SURROUND = {0: (1.0, 0.0), 1: (0.0, 1.0), 2: (0.707, 0.707), 4: (0.707, 0.0)}
"""What is heard left and right of the channels L, R, C and Ls, after ITU-R BS.775."""


@pytest.mark.parametrize(("channel", "sides"), SURROUND.items())
def test_surround_is_mixed_down(channel: int, sides: tuple[float, float], tmp_path: Path) -> None:
    music = np.zeros((RATE, 6), np.float32)
    music[:, channel] = tone(1)[:, 0]
    heard = decoded(write(tmp_path / "a.flac", music, layout="5.1"))
    assert heard == pytest.approx(music[:, [channel]] * np.array(sides), abs=1e-3)


def test_loud_surround_is_not_clipped(tmp_path: Path) -> None:
    loud = np.repeat(tone(1, level=-0.1)[:, :1], 6, axis=1)
    heard = decoded(write(tmp_path / "a.flac", loud, layout="5.1"))
    assert heard == pytest.approx(loud[:, :2] * 2.414, abs=0.01)


def test_a_file_may_change_its_kind_on_the_way(tmp_path: Path) -> None:
    stereo = write(tmp_path / "stereo.mp3", tone(3))
    mono = write(tmp_path / "mono.mp3", tone(3)[:, :1], 44_100, layout="mono")
    (tmp_path / "both.mp3").write_bytes(mono.read_bytes() + stereo.read_bytes())
    heard = decoded(tmp_path / "both.mp3")
    assert len(heard) == pytest.approx(6.26 * RATE, abs=0.1 * RATE)
    assert rms(heard[RATE : 2 * RATE]) == pytest.approx(rms(heard[4 * RATE : 5 * RATE]), abs=0.1)


# --- what is no music ----------------------------------------------------------------------------


def test_what_is_no_number_is_silent(tmp_path: Path) -> None:
    samples = tone(1)
    samples[1000:1010] = np.nan
    samples[2000] = np.inf
    header = write(tmp_path / "a.wav", tone(1)).read_bytes()
    data = samples.astype("<f4").tobytes()
    riff = bytearray(header[:36] + b"data" + len(data).to_bytes(4, "little"))
    riff[20:36] = (
        (3).to_bytes(2, "little")
        + (2).to_bytes(2, "little")
        + RATE.to_bytes(4, "little")
        + (RATE * 8).to_bytes(4, "little")
        + (8).to_bytes(2, "little")
        + (32).to_bytes(2, "little")
    )
    (tmp_path / "float.wav").write_bytes(bytes(riff) + data)
    heard = decoded(tmp_path / "float.wav")
    assert len(heard) == RATE and np.isfinite(heard).all() and not heard[1000:1010].any()


def test_files_that_are_no_sound_say_so(tmp_path: Path, folder: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "empty.flac").touch()
    (tmp_path / "zeros.mp3").write_bytes(bytes(50_000))
    (tmp_path / "random.ogg").write_bytes(np.random.default_rng(1).bytes(50_000))
    (tmp_path / "list.mp3").write_text(f"#EXTM3U\n#EXTINF:9,\n{folder}/music.mp3\n#EXT-X-ENDLIST\n")
    (tmp_path / "concat.mp3").write_text(f"ffconcat version 1.0\nfile '{folder}/music.mp3'\n")
    slow = bytearray((folder / "music.wav").read_bytes())
    slow[24:28] = (1).to_bytes(4, "little")
    (tmp_path / "slow.wav").write_bytes(slow)
    names = [*sorted(path.name for path in tmp_path.iterdir()), "missing.wav", "."]
    for name in names:
        with pytest.raises(Unplayable) as caught:
            ReadAhead(FileSource(tmp_path / name), AtOnce())
        assert str(caught.value), name


def test_damaged_files_play_as_far_as_they_can(tmp_path: Path, folder: Path) -> None:
    chance = np.random.default_rng(5)
    for ending in CODECS:
        whole = (folder / f"music.{ending}").read_bytes()
        for number in range(6):
            damaged = bytearray(whole[: len(whole) * (number + 4) // 10])
            for place in chance.integers(len(damaged), size=10 * number):
                damaged[place] ^= 0xFF
            path = tmp_path / f"{number}.{ending}"
            path.write_bytes(damaged)
            try:
                source = FileSource(path)
            except Unplayable:
                continue
            total = 0
            while len(block := source.read(48_000)):
                assert np.isfinite(block).all()
                total += len(block)
            assert total < 2 * SECONDS * RATE
            source.close()


def test_closed_files_leave_nothing_open(folder: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        source = FileSource(folder / "music.flac")
        source.read(1000)
        source.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_only_what_lies_below_its_folder_is_opened(tmp_path: Path) -> None:
    write(tmp_path / "playlists" / "in.wav", tone(1))
    write(tmp_path / "scripts_guided" / "say.wav", tone(1))
    write(tmp_path / "secret.wav", tone(1))
    (tmp_path / "playlists" / "link.wav").symlink_to(tmp_path / "secret.wav")
    shelf = Shelf(tmp_path, AtOnce())
    shelf.track(Track("ok", file="in.wav"), 0.0).result().close()
    shelf.clip(Cue("Ok.", 1.0, 1.0, clip="say.wav"), 0.0).result().close()
    for name in ("../secret.wav", str(tmp_path / "secret.wav"), "link.wav"):
        assert "outside" in str(shelf.track(Track("no", file=name), 0.0).exception())
        assert shelf.clip(Cue("No.", 1.0, 1.0, clip=name), 0.0).exception() is not None
    assert "no soundscape" in str(shelf.track(Track("no", soundscape="x"), 0.0).exception())


def test_opus_that_changes_its_way_of_coding_does_not_burst() -> None:
    path = Path(__file__).with_name("recordings") / "speech-to-music.opus"
    source = FileSource(path)
    sound = source.read(60 * 48_000)
    source.close()
    assert 0.1 < np.abs(sound).max() < 0.5
    with decoding(path) as (_, frames):
        assert max(float(np.abs(frame.to_ndarray()).max()) for frame in frames) < 0.5
