"""Loudness is measured rightly, once, and broken files are told from whole ones."""

import json
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sound_files
from library_home import sine
from sound_files import tone

from companion.library.files import Unusable, content_hash
from companion.library.loudness import Loudness, loudness_of, measure


def test_a_tone_of_a_known_level(tmp_path: Path) -> None:
    """A 1 kHz tone on both sides reads as its peak in dBFS (BS.1770)."""
    found = measure(sine(tmp_path / "a.wav", 5.05, -20.0))
    assert found.loudness == pytest.approx(-20.0, abs=0.15)
    assert found.peak == pytest.approx(-20.0, abs=0.2)
    assert found.seconds == pytest.approx(5.05, abs=0.001)


@pytest.mark.parametrize("seconds", [1.0, 2.48, 2.85, 3.59, 4.33])
def test_silence_after_the_last_note_is_no_damage(tmp_path: Path, seconds: float) -> None:
    samples = np.concatenate([tone(seconds, 304.0), np.zeros((48_000, 2), np.float32)])
    found = measure(sound_files.write(tmp_path / "a.wav", samples))
    assert found.seconds == pytest.approx(seconds + 1.0, abs=0.001)


def test_one_channel_is_measured_as_it_is_heard_from_both_sides(tmp_path: Path) -> None:
    one = measure(sine(tmp_path / "one.wav", 2.0, channels=1))
    two = measure(sine(tmp_path / "two.wav", 2.0, channels=2))
    assert one.loudness == pytest.approx(two.loudness, abs=0.02)
    assert one.peak == pytest.approx(two.peak, abs=0.02)


def test_the_loudest_three_seconds_are_found(tmp_path: Path) -> None:
    soft, loud = (tmp_path / name for name in ("soft.wav", "loud.wav"))
    sine(soft, 8.0, -40.0)
    sine(loud, 4.0, -10.0)
    whole = tmp_path / "whole.flac"
    joined = "[0][1][2]concat=n=3:v=0:a=1"
    inputs = [part for file in (soft, loud, soft) for part in ("-i", str(file))]
    command = ["ffmpeg", "-loglevel", "error", *inputs, "-filter_complex", joined, str(whole)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    found = measure(whole)
    assert 7.9 <= found.loudest_at <= 9.1
    assert found.loudest == pytest.approx(-10.0, abs=0.3)


def told_by_ffmpeg(path: Path) -> float:
    """Integrated loudness in LUFS, in tenths; one channel as it is heard from both sides."""
    meter = ("-af", "ebur128=peak=true:dualmono=true", "-f", "null", "-")
    command = ["ffmpeg", "-hide_banner", "-i", str(path), *meter]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    return float(re.findall(r"^ +I: +(\S+) LUFS$", done.stderr, re.MULTILINE)[-1])


def told_by_loudgain(path: Path, channels: int) -> float:
    """The same in hundredths; of one channel it tells what that alone is."""
    command = ["loudgain", "-q", "-O", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = done.stdout.splitlines()[1].split("\t")[1]
    return float(told.removesuffix(" LUFS")) + (3.01 if channels == 1 else 0.0)


@pytest.mark.parametrize(
    ("source", "suffix", "rate", "channels"),
    [
        ("scripts_guided/spoken/call.opus", ".opus", 48_000, 1),
        ("scripts_guided/spoken/anchor-chair.opus", ".mp3", 44_100, 1),
        ("playlists/music/first-embers.opus", ".flac", 44_100, 2),
    ],
)
def test_other_meters_find_the_same(
    tmp_path: Path, source: str, suffix: str, rate: int, channels: int
) -> None:
    file, whole = tmp_path / f"a{suffix}", Path(__file__).parents[1] / source
    form = ("-ar", str(rate), "-ac", str(channels), "-t", "20")
    command = ["ffmpeg", "-loglevel", "error", "-i", str(whole), *form, str(file)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    found = measure(file).loudness
    assert found == pytest.approx(told_by_ffmpeg(file), abs=0.1)
    if shutil.which("loudgain"):
        assert found == pytest.approx(told_by_loudgain(file, channels), abs=0.1)


@pytest.mark.parametrize("suffix", ["mp3", "ogg", "opus", "m4a", "flac"])
def test_every_kind_of_file_is_measured(tmp_path: Path, suffix: str) -> None:
    coded = tmp_path / f"a.{suffix}"
    wav = sine(tmp_path / "a.wav", 3.0, -18.0)
    command = ["ffmpeg", "-loglevel", "error", "-i", str(wav), "-b:a", "128k", str(coded)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    found = measure(coded)
    assert found.loudness == pytest.approx(-18.0, abs=0.5)
    assert found.seconds == pytest.approx(3.0, abs=0.1)


def test_gain_is_at_most_six_up() -> None:
    assert Loudness(60.0, -25.5, -6.0, -20.0, 1.0).gain(-22.0) == 3.5
    assert Loudness(60.0, -12.0, -1.0, -8.0, 1.0).gain(-22.0) == -10.0
    assert Loudness(60.0, -45.0, -30.0, -40.0, 1.0).gain(-22.0) == 6.0


def encoded(source: Path, suffix: str) -> bytes:
    target = source.with_suffix(suffix)
    command = ["ffmpeg", "-loglevel", "error", "-i", str(source), str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target.read_bytes()


def floats(odd: float) -> bytes:
    """A wav file of floats, a hundred of which are `odd`."""
    samples = 0.1 * np.sin(np.arange(96_000) / 10)
    samples[40_000:40_100] = odd
    data = samples.astype("<f4").tobytes()
    form = struct.pack("<HHIIHH", 3, 1, 48_000, 192_000, 4, 32)
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16)
    return head + form + b"data" + struct.pack("<I", len(data)) + data


def broken_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Broken files by name, each with the reason to be told."""
    whole = sine(folder / "whole.wav", 4.0)
    wav, flac, ogg = whole.read_bytes(), encoded(whole, ".flac"), encoded(whole, ".ogg")
    m4a = encoded(whole, ".m4a")
    many = m4a.index(b"stsz") + 4
    endless = b"stsz" + m4a[many : many + 8] + b"\x7f\xff\xff\xff"
    hole = slice(len(ogg) // 4, len(ogg) * 3 // 4)
    made = {
        "empty.wav": (b"", "cannot be decoded"),
        "text.mp3": (b"hello " * 100, "cannot be decoded"),
        "zeros.flac": (b"\0" * 4000, "cannot be decoded"),
        "list.mp3": (b"ffconcat version 1.0\nfile whole.wav\n", "cannot be decoded"),
        "list.ogg": (b"#EXTM3U\nhttp://127.0.0.1:9/a.mp3\n", "cannot be decoded"),
        "header.wav": (wav[:44], "no sound in it"),
        "cut.flac": (flac[: len(flac) // 2], "damaged: it ends after 2 s of 4 s"),
        "hole.ogg": (
            ogg[: hole.start] + bytes(hole.stop - hole.start) + ogg[hole.stop :],
            "damaged",
        ),
        "rate.wav": (wav[:24] + b"\1\0\0\0" + wav[28:], "192 kHz"),
        "high.wav": (wav[:24] + b"\xff\xff\xff\x7f" + wav[28:], "192 kHz"),
        "no-sides.wav": (wav[:22] + b"\0\0" + wav[24:], "1 to 8 channels"),
        "sides.wav": (wav[:22] + b"\xff\xff" + wav[24:], "1 to 8 channels"),
        "nan.wav": (floats(np.nan), "not all of its samples are numbers"),
        "infinite.wav": (floats(np.inf), "not all of its samples are numbers"),
        "beyond.wav": (floats(1e20), "not all of its samples are numbers"),
        "stream.mp3": (b"#EXTM3U\n#EXTINF:9,\nwhole.wav\n#EXT-X-ENDLIST\n", "cannot be decoded"),
        "tags.mp3": (b"ID3\4\0\0\x7f\x7f\x7f\x7f" + b"hello " * 100, "cannot be decoded"),
        "samples.m4a": (m4a.replace(b"stsz" + m4a[many : many + 12], endless), "cannot be decoded"),
        "sold.m4a": (m4a.replace(b"mp4a", b"drms"), "protected against copying"),
    }
    files = {}
    for name, (data, why) in made.items():
        (folder / name).write_bytes(data)
        files[name] = (folder / name, why)
    files["silent.wav"] = (sine(folder / "silent.wav", 2.0, -120.0), "is silent")
    files["short.wav"] = (sine(folder / "short.wav", 0.2), "is silent, or shorter")
    return files


def test_broken_files_are_refused_in_plain_words(tmp_path: Path) -> None:
    for name, (path, why) in broken_files(tmp_path).items():
        try:
            found = measure(path)
        except Unusable as error:
            assert re.search(why, str(error)), (name, str(error))
        else:
            raise AssertionError(f"{name} was measured: {found}")


def test_what_was_measured_is_kept_by_content(tmp_path: Path) -> None:
    path, cache = sine(tmp_path / "a.wav", 1.0), tmp_path / "home" / "cache"
    digest = content_hash(path)
    first = loudness_of(path, digest, cache)
    assert json.loads((cache / f"{digest}.json").read_text())["loudness"] == first.loudness
    path.unlink()
    assert loudness_of(path, digest, cache) == first
    with pytest.raises(Unusable):
        loudness_of(path, "another", cache)
    assert [file.name for file in cache.iterdir()] == [f"{digest}.json"]


def test_what_changed_while_it_was_measured_is_not_kept(tmp_path: Path) -> None:
    digest = content_hash(sine(tmp_path / "a.wav", 1.0))
    path = sine(tmp_path / "a.wav", 1.0, -40.0)
    with pytest.raises(Unusable, match="changed while it was being measured"):
        loudness_of(path, digest, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"seconds": 1}', '{"seconds": "no"}', "null"])
def test_a_spoilt_record_is_measured_anew(tmp_path: Path, kept: str) -> None:
    path = sine(tmp_path / "a.wav", 1.0)
    digest = content_hash(path)
    (tmp_path / f"{digest}.json").write_text(kept)
    assert loudness_of(path, digest, tmp_path).seconds == pytest.approx(1.0)
    assert json.loads((tmp_path / f"{digest}.json").read_text())["seconds"] == pytest.approx(1.0)


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    path = sine(tmp_path / "a.wav", 1.0)
    assert loudness_of(path, content_hash(path), path / "cache").seconds == pytest.approx(1.0)


def test_measuring_loads_no_decoder_into_the_program(tmp_path: Path) -> None:
    path = sine(tmp_path / "a.wav", 1.0)
    lines = (
        "import sys; from pathlib import Path",
        "from companion.library.loudness import loudness_of",
        f"loudness_of(Path({str(path)!r}), {content_hash(path)!r}, Path({str(tmp_path)!r}))",
        "print([name for name in ('av', 'numpy', 'pygame', 'textual') if name in sys.modules])",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
