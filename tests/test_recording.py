"""One recording: whatever was said how loud, it is one channel, trimmed, level and small."""

import math
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
import sound_files
from sound_files import Samples

from companion.library.files import Unusable
from companion.library.loudness import measure
from companion.spoken import recording

RATE = 48_000


def silence(seconds: float) -> Samples:
    return np.zeros((round(seconds * RATE), 2), np.float32)


def syllables(seconds: float, level: float, peaks: float = 1.0) -> Samples:
    """A sound that swells four times a second, with peaks this much above the rest."""
    t = np.arange(round(seconds * RATE)) / RATE
    swell = (0.55 - 0.45 * np.cos(2 * np.pi * 4 * t)).astype(np.float32)
    samples = sound_files.tone(seconds, 250.0, level) * swell[:, np.newaxis]
    samples[RATE // 4 :: RATE // 2] *= peaks
    return samples


def heard(path: Path) -> npt.NDArray[np.float32]:
    """What is decoded, with shape (channels, frames)."""
    with av.open(str(path)) as file:
        resampler = av.AudioResampler("fltp", None, RATE)
        frames = [one for frame in file.decode(audio=0) for one in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


@pytest.mark.parametrize(
    ("file", "samples"),
    [
        ("quiet.wav", np.concatenate([silence(2), syllables(1.5, -42.0), silence(1)])),
        ("loud.mp3", syllables(1.5, 0.0)),
        ("peaks.flac", np.concatenate([silence(1), syllables(1.5, -20.0, peaks=9.0)])),
        ("noisy.ogg", np.concatenate([silence(1), syllables(1.5, -12.0), silence(1)])
            + sound_files.noise(3.5, -60.0)),
        ("left.m4a", np.concatenate([silence(1), syllables(1.5, -12.0)]) * np.float32([1, 0])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_recording_is_level_trimmed_and_one_channel(
    tmp_path: Path, file: str, samples: Samples
) -> None:
    source = sound_files.write(tmp_path / file, samples)

    found = recording.finish(source, tmp_path / "r.opus", "Words.")

    assert found == measure(tmp_path / "r.opus")
    assert found.loudness == pytest.approx(-20.0, abs=1.0)
    assert found.peak <= -3.0
    assert found.seconds == pytest.approx(1.5, abs=0.2)
    sides = heard(tmp_path / "r.opus")
    assert len(sides) == 1
    begin, end = sides[0, :48], sides[0, -48:]
    assert max(np.abs(begin).max(), np.abs(end).max()) < 0.01, "it fades in and out"
    assert (tmp_path / "r.opus").stat().st_size < 32_000 / 8 * found.seconds * 1.5 + 1000
    with av.open(str(tmp_path / "r.opus")) as opened:
        stream = opened.streams.audio[0]
        assert {**opened.metadata, **stream.metadata}["title"] == "Words."


def test_rumble_is_taken_out_and_pauses_inside_stay(tmp_path: Path) -> None:
    t = np.arange(3 * RATE) / RATE
    rumble = (0.1 * np.sin(2 * np.pi * 25 * t)).astype(np.float32)[:, np.newaxis]
    words = np.concatenate([syllables(1, -12.0), silence(1), syllables(1, -12.0)])
    source = sound_files.write(tmp_path / "a.wav", words + rumble)

    found = recording.finish(source, tmp_path / "r.opus", "Words.")

    assert found.seconds == pytest.approx(3.0, abs=0.2)
    before, after = (_rumble(heard(path).mean(axis=0)) for path in (source, tmp_path / "r.opus"))
    assert after < before - 15.0


def _rumble(samples: npt.NDArray[np.float32]) -> float:
    """dB of what is at 25 Hz above the words at 250 Hz, in the first two seconds."""
    spectrum = np.abs(np.fft.rfft(samples[: 2 * RATE]))
    return 20 * math.log10(spectrum[40:60].max() / spectrum[490:510].max())


def test_the_same_sound_becomes_the_same_bytes_unless_the_words_differ(tmp_path: Path) -> None:
    source = sound_files.write(tmp_path / "a.wav", syllables(1, -12.0))
    first, second, third = (tmp_path / f"{n}.opus" for n in range(3))
    recording.finish(source, first, "One.")
    recording.finish(source, second, "One.")
    recording.finish(source, third, "Two.")
    assert first.read_bytes() == second.read_bytes() != third.read_bytes()


@pytest.mark.parametrize(("tempo", "seconds"), [(1.0, 2.0), (0.85, 2.0 / 0.85), (0.5, 4.0)])
def test_a_tempo_slows_down_and_keeps_the_pitch(
    tmp_path: Path, tempo: float, seconds: float
) -> None:
    source = sound_files.write(tmp_path / "a.wav", sound_files.tone(2, 300.0) * np.float32([1, 0]))

    found = recording.finish(source, tmp_path / "r.opus", "Words.", tempo)

    assert found.seconds == pytest.approx(seconds, rel=0.05)
    samples = heard(tmp_path / "r.opus")[0][RATE // 2 : RATE // 2 + RATE]
    assert int(np.abs(np.fft.rfft(samples)).argmax()) == pytest.approx(300, abs=3)


@pytest.mark.parametrize(
    ("seconds", "level", "told"),
    [
        (0.1, -12.0, "shorter than 0.2 s"),
        (1.0, -66.0, "is silent"),
        (61.0, -12.0, "longer than 60"),
    ],
)
def test_what_is_no_sentence_is_refused(
    tmp_path: Path, seconds: float, level: float, told: str
) -> None:
    source = sound_files.write(tmp_path / "a.wav", sound_files.tone(seconds, 300.0, level))
    with pytest.raises(Unusable, match=told):
        recording.finish(source, tmp_path / "r.opus", "Words.")
    assert not (tmp_path / "r.opus").exists()


def test_a_short_word_can_be_measured(tmp_path: Path) -> None:
    source = sound_files.write(tmp_path / "a.wav", sound_files.tone(0.25, 300.0))
    found = recording.finish(source, tmp_path / "r.opus", "Yes.")
    assert found.seconds == pytest.approx(0.6, abs=0.01)
    assert found.loudness == pytest.approx(-20.0, abs=2.0)
