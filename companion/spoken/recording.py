"""From what a voice said to the recording that is played: one channel, trimmed, level, small.

Run as `python -m companion.spoken.recording SOURCE TARGET WORDS TEMPO` it makes one recording and
prints what was measured of it as JSON: the decoder works in a process of its own, as when it
measures.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from companion.library.decoding import decoding, limit_myself
from companion.library.files import Unusable
from companion.library.loudness import Loudness, Meter, measure

LEVEL = -20.0
"""Level of every recording, in LUFS as it is heard, from both sides."""
PEAK = -3.0
"""Highest true peak, in dBTP."""
SILENT = -50.0
"""LUFS at which nothing was said."""
SHORTEST, LONGEST = 0.2, 60.0
"""Seconds that a sentence may take."""
_RATE = 48_000
_PIECE = 4_800
_FADE_IN, _FADE_OUT = 0.02, 0.06
_MEASURABLE = 0.6
"""Seconds; a shorter sentence is followed by silence, for loudness needs four tenths."""
_TRIM = "start_periods=1:start_threshold=-45dB:start_silence={}"
_TRIMMED = (
    ("silenceremove", _TRIM.format(0.05)),
    ("areverse", ""),
    ("silenceremove", _TRIM.format(0.1)),
    ("areverse", ""),
)
"""What is under -45 dBFS before the first sound and after the last, but for a breath of it."""
_TRIES = 4
_ONE_MODE = {"application": "lowdelay"}
"""Opus then never passes between its two ways of coding in the middle of a sentence, where FFmpeg's
own decoder was found to give a burst far above full scale."""

Samples = npt.NDArray[np.float32]
"""Shape (frames,), 48 kHz."""


def finish(source: Path, target: Path, say: str, tempo: float = 1.0) -> Loudness:
    """Make the recording `target` (.opus) of the sentence in `source`; what is measured of it.

    The words `say` become its title, so that the same sound for other words is another file. A
    `tempo` below 1 slows it down. Raises Unusable where the sentence cannot be used, and
    OSError where nothing can be written.
    """
    said, rate = _mono(source)
    loudness = _loudness(said)
    if loudness <= SILENT:
        raise Unusable("is silent")
    evened = _through(
        said,
        ("highpass", "f=70"),
        ("volume", f"{LEVEL - loudness:.2f}dB"),
        *_TRIMMED,
        *((("atempo", f"{tempo:g}"),) if tempo != 1.0 else ()),
    )
    _long_enough(evened)
    bits = 24_000 if rate <= 24_000 else 32_000
    return _levelled(evened, lambda finished: _encode(target, finished, say, bits))


def _mono(source: Path) -> tuple[Samples, int]:
    """What is said, and the rate that it was recorded at."""
    resampler = av.AudioResampler("flt", "mono", _RATE)
    pieces: list[Samples] = []
    most = LONGEST * _RATE
    with decoding(source) as (stream, frames):
        for frame in frames:
            pieces += map(_samples, resampler.resample(frame))
            if sum(map(len, pieces)) > most:
                raise Unusable(f"is longer than {LONGEST:g} s")
        pieces += map(_samples, resampler.resample(None))
        if not pieces:
            raise Unusable("has no sound in it")
        said = np.nan_to_num(np.concatenate(pieces))
        _long_enough(said)
        return said, stream.rate


def _long_enough(said: Samples) -> None:
    if len(said) < SHORTEST * _RATE:
        raise Unusable(f"is shorter than {SHORTEST:g} s")


def _levelled(evened: Samples, encode: Callable[[Samples], Loudness]) -> Loudness:
    """Encode what is at nearly its level and measure it; again where the peaks grew on the way."""
    gain = LEVEL - _loudness(evened)
    end = max(0.0, len(evened) / _RATE - _FADE_OUT)
    limit = PEAK - 1.0
    for _ in range(_TRIES):
        finished = _through(
            evened,
            ("volume", f"{gain:.2f}dB"),
            ("alimiter", f"limit={10 ** (limit / 20):.4f}:level=disabled:latency=1"),
            ("afade", f"t=in:d={_FADE_IN}"),
            ("afade", f"t=out:st={end:.4f}:d={_FADE_OUT}"),
            ("apad", f"whole_dur={_MEASURABLE}"),
            ("aformat", "sample_fmts=flt"),
        )
        found = encode(finished)
        if found.peak <= PEAK:
            return found
        limit -= found.peak - PEAK + 0.1
    raise Unusable(f"cannot be brought under {PEAK:g} dBTP")


def _loudness(samples: Samples) -> float:
    """LUFS as heard from both sides; where nothing is said, what the meter reads of silence."""
    missing = round(_MEASURABLE * _RATE) - len(samples)
    meter = Meter(mono=True)
    for frame in _frames(np.pad(samples, (0, max(0, missing)))):
        meter.hear(frame)
    return meter.reading().loudness


def _through(samples: Samples, *filters: tuple[str, str]) -> Samples:
    """`samples` after FFmpeg's filters, in order."""
    graph = av.filter.Graph()
    begin = graph.add_abuffer(sample_rate=_RATE, format="flt", layout="mono")
    between = [graph.add(name, options or None) for name, options in filters]
    graph.link_nodes(begin, *between, graph.add("abuffersink")).configure()
    heard: list[Samples] = [np.zeros(0, np.float32)]
    for frame in (*_frames(samples), None):
        graph.push(frame)
        heard += _pulled(graph)
    return np.concatenate(heard)


def _pulled(graph: Any) -> Iterator[Samples]:
    while True:
        try:
            yield _samples(graph.pull())
        except (av.BlockingIOError, av.EOFError):
            return


def _samples(frame: Any) -> Samples:
    samples: Samples = frame.to_ndarray().reshape(-1)
    return samples


def _frames(samples: Samples) -> Iterator[Any]:
    for start in range(0, len(samples), _PIECE):
        piece = np.ascontiguousarray(samples[start : start + _PIECE]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(piece, format="flt", layout="mono")
        frame.rate = _RATE
        frame.pts = start
        yield frame


def _encode(target: Path, samples: Samples, say: str, bits: int) -> Loudness:
    """Write `target`, and measure what was written. The same always becomes the same bytes."""
    with av.open(str(target), "w", format="ogg", options={"fflags": "+bitexact"}) as file:
        file.metadata["title"] = say
        stream: Any = file.add_stream("libopus", rate=_RATE, layout="mono", options=_ONE_MODE)
        stream.bit_rate = bits
        for frame in (*_frames(samples), None):
            file.mux(stream.encode(frame))
    return measure(target)


def main() -> None:
    """Make the recording that the command line names and print what was found as JSON."""
    source, target, say, tempo = sys.argv[1:]
    limit_myself()
    try:
        told: dict[str, Any] = asdict(finish(Path(source), Path(target), say, float(tempo)))
    except Unusable as error:
        told = {"unusable": str(error)}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
