"""Sound files made for the tests, of every kind that is played."""

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

CODECS = {
    "wav": "pcm_s16le",
    "flac": "flac",
    "mp3": "libmp3lame",
    "ogg": "vorbis",
    "opus": "libopus",
    "m4a": "aac",
}
_EXACT = ("wav", "flac")


def write(
    path: Path,
    samples: Samples,
    rate: int = 48_000,
    layout: str = "stereo",
    codec: str = "",
    container: dict[str, str] | None = None,
    **options: str,
) -> Path:
    """Encode `samples` of shape (frames, channels) as the ending of `path` says, or by `codec`.
    `container` and `options` go to FFmpeg as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    codec = codec or CODECS[path.suffix[1:]]
    with av.open(str(path), "w", options=container or {}) as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        stream.codec_context.options = {"strict": "experimental", **options}  # vorbis asks for it
        if path.suffix[1:] not in _EXACT and "global_quality" not in options:
            stream.bit_rate = 192_000
        fine = codec in ("pcm_s24le", "pcm_f32le") or options.get("bits_per_raw_sample") == "24"
        if fine:
            stream.codec_context.format = "flt" if codec == "pcm_f32le" else "s32"
        resampler = av.AudioResampler(stream.codec_context.format, layout, rate)
        kind, whole = ("s16", np.rint(samples.clip(-1, 1) * 32767).astype(np.int16))
        if fine:
            kind, whole = "flt", samples
        for start in range(0, len(whole), 4800):
            piece = np.ascontiguousarray(whole[start : start + 4800]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(piece, format=kind, layout=layout)
            frame.sample_rate = rate
            frame.pts = start
            for one in resampler.resample(frame) if fine else [frame]:
                file.mux(stream.encode(one))
        file.mux(stream.encode(None))
    return path


def tone(seconds: float, frequency: float = 440.0, level: float = -20.0) -> Samples:
    """A sine with `level` as its peak in dBFS, the right side a fifth higher."""
    t = np.arange(round(seconds * 48_000)) / 48_000
    wave = np.stack([np.sin(2 * np.pi * f * t) for f in (frequency, frequency * 1.5)], axis=1)
    return (10 ** (level / 20) * wave).astype(np.float32)


def clicks(seconds: float) -> Samples:
    """A short burst of its own height at each half second, so that every place is known."""
    samples = np.zeros((round(seconds * 48_000), 2), np.float32)
    t = np.arange(480) / 48_000
    burst = np.sin(2 * np.pi * 1000 * t) * np.hanning(480)
    for number, start in enumerate(range(0, len(samples) - 480, 24_000)):
        samples[start : start + 480] = (0.2 + 0.05 * (number % 8)) * burst[:, np.newaxis]
    return samples


def noise(seconds: float, level: float = -30.0, seed: int = 1) -> Samples:
    """White noise with `level` as its RMS in dBFS, its sides unlike."""
    chance = np.random.default_rng(seed)
    return (10 ** (level / 20) * chance.standard_normal((round(seconds * 48_000), 2))).astype(
        np.float32
    )


def rms(samples: Samples) -> float:
    """dBFS over both sides."""
    return float(10 * np.log10(max(np.mean(np.square(samples, dtype=np.float64)), 1e-15)))
