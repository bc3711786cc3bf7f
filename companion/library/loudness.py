"""How loud a sound file is: measured once, kept by content hash.

Loudness is that of ITU-R BS.1770 as FFmpeg's `ebur128` reckons it, in LUFS; peaks are true peaks
in dBTP. A file is measured in a process of its own with a time limit, so that no broken file can
hold up or end the program, and the program itself need not load a decoder.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from companion.library.decoding import decoding, limit_myself
from companion.library.files import Unusable, content_hash

MUSIC = -22.0
"""Level of the music bus, in LUFS."""
VOICE = -18.0
"""Level of the voice bus, in LUFS."""
MOST_GAIN = 6.0
"""No file is raised by more, in dB."""
CACHE = Path("cache", "loudness")
"""Where it is kept, below the home."""
_SILENT = -69.0
_RATE = 48_000
_PASSAGE = 3.0
_MOST_PEAK = 18.0
_NO_NUMBERS = "is damaged: not all of its samples are numbers that can be sound"
_LONGEST = 6 * 3600.0
_TIME_LIMIT = 300.0


@dataclass(frozen=True, slots=True)
class Loudness:
    """What was measured of one file."""

    seconds: float
    loudness: float
    """Integrated, in LUFS."""
    peak: float
    """True peak, in dBTP."""
    loudest: float
    """Loudness of the loudest three seconds, in LUFS."""
    loudest_at: float
    """Where these begin, in seconds."""

    def gain(self, target: float) -> float:
        """dB that bring the file to `target` LUFS, at most 6 up."""
        return round(min(MOST_GAIN, target - self.loudness), 2)


def loudness_of(path: Path, digest: str, cache: Path, told: Loudness | None = None) -> Loudness:
    """Loudness of the file at `path`, whose content hash is `digest`. Raises Unusable.

    What was measured here, or else is `told` by what came with the file, is kept in the folder
    `cache`, which is made if it is missing: it serves every copy of the file.
    """
    kept = cache / f"{digest}.json"
    known = _kept(kept)
    if known is None:
        known = told or _measured_apart(path)
        if told is None and content_hash(path) != digest:
            raise Unusable("changed while it was being measured")
        _keep(kept, known)
    return known


def as_told(told: Any) -> Loudness:
    """What was measured, from keys and values as `asdict` gives them. Raises ValueError."""
    try:
        found = Loudness(**told)
    except TypeError:
        raise ValueError("is no loudness") from None
    if not all(isinstance(part, float) and math.isfinite(part) for part in asdict(found).values()):
        raise ValueError("is no loudness")
    return found


def _kept(path: Path) -> Loudness | None:
    try:
        return as_told(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None


def keep(home: Path, digest: str, measured: Loudness) -> None:
    """Keep what was measured of a file with this content, so that it is not measured again."""
    _keep(home / CACHE / f"{digest}.json", measured)


def _keep(path: Path, measured: Loudness) -> None:
    """Write the whole file or none; a folder that cannot be written costs only time."""
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(json.dumps(asdict(measured)))
        draft.replace(path)
    except OSError:
        return


def _measured_apart(path: Path) -> Loudness:
    """`measure` in a process of its own."""
    return Loudness(**apart(__name__, str(path)))


def apart(module: str, *arguments: str) -> Any:
    """What `module` prints as JSON, run in a process of its own for at most five minutes.

    Raises Unusable, also where it prints `{"unusable": why}`.
    """
    command = [sys.executable, "-P", "-m", module, *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_TIME_LIMIT, check=False
        )
        told = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Unusable("takes too long to measure") from None
    except ValueError:
        raise Unusable("cannot be measured: the decoder failed") from None
    if "unusable" in told:
        raise Unusable(told["unusable"])
    return told


def measure(path: Path) -> Loudness:
    """Decode the whole file and measure it. Raises Unusable."""
    return listen(path, lambda _: None)[0]


def listen(
    path: Path, also: Callable[[Any], None], flawless: bool = False
) -> tuple[Loudness, float]:
    """Decode the whole file and measure it; the second is the loudness range in LU (EBU R128).
    `also` is given every frame as it is measured: 48 kHz, interleaved float32, one channel or two.
    Raises Unusable; with `flawless` also where sound is missing in the midst of it."""
    import numpy as np

    def checked(frame: Any) -> None:
        """After one that is no number the meter reads nothing else, and does not say so."""
        count = frame.samples * len(frame.layout.channels)
        if not np.isfinite(np.frombuffer(frame.planes[0], np.float32, count)).all():
            raise Unusable(_NO_NUMBERS)
        also(frame)

    with decoding(path, flawless) as (stream, frames):
        meter = Meter(stream.channels == 1, checked)
        for frame in frames:
            meter.hear(frame)
            if meter.seconds > _LONGEST:
                raise Unusable("is longer than six hours")
        return meter.reading(), meter.range


class Meter:
    """FFmpeg's loudness meter, fed frame by frame.

    One channel is heard from both sides, so it is measured as two; FFmpeg's own way from one to
    two would take 3 dB away.
    """

    def __init__(self, mono: bool, also: Callable[[Any], None] = lambda _: None) -> None:
        import av

        self._also = also

        layout = "mono" if mono else "stereo"
        self._resampler = av.AudioResampler("flt", layout, _RATE)
        self._graph = av.filter.Graph()
        chain = [
            self._graph.add_abuffer(sample_rate=_RATE, format="flt", layout=layout),
            self._graph.add("pan", f"stereo|c0=c0|c1={'c0' if mono else 'c1'}"),
            self._graph.add("ebur128", "metadata=1:peak=true:framelog=quiet"),
            self._graph.add("abuffersink"),
        ]
        self._graph.link_nodes(*chain).configure()
        self._samples = self._metered = 0
        self._last: dict[str, str] = {}
        self._loudest, self._loudest_end = -math.inf, 0.0

    @property
    def range(self) -> float:
        """Loudness range, in LU."""
        return float(self._last["lavfi.r128.LRA"])

    @property
    def seconds(self) -> float:
        """How much was heard."""
        return self._samples / _RATE

    def hear(self, frame: Any) -> None:
        """Measure one decoded frame; None ends the measurement."""
        for even in self._resampler.resample(frame):
            self._samples += even.samples
            even.pts = None
            self._also(even)
            self._graph.push(even)
        self._read()

    def _read(self) -> None:
        import av

        while True:
            try:
                out: Any = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            self._metered += out.samples
            if "lavfi.r128.S" not in out.metadata:
                continue  # the last one, when it is shorter than a tenth of a second
            self._last = out.metadata
            short = float(self._last["lavfi.r128.S"])
            if short > self._loudest:
                self._loudest = short
                self._loudest_end = self._metered / _RATE

    def reading(self) -> Loudness:
        """What was heard, from first to last. Raises Unusable where that is nothing."""
        self.hear(None)
        self._graph.push(None)
        self._read()
        if not self._last:
            raise Unusable("has no sound in it")
        loudness = float(self._last["lavfi.r128.I"])
        if loudness <= _SILENT:
            raise Unusable("is silent, or shorter than half a second")
        peak = 20 * math.log10(max(float(self._last["lavfi.r128.true_peak"]), 1e-6))
        if not (math.isfinite(loudness) and peak <= _MOST_PEAK):
            raise Unusable(_NO_NUMBERS)
        return Loudness(
            seconds=round(self.seconds, 3),
            loudness=loudness,
            peak=round(peak, 2),
            loudest=self._loudest,
            loudest_at=round(max(0.0, self._loudest_end - _PASSAGE), 1),
        )


def main() -> None:
    """Measure the file named on the command line and print what was found as JSON."""
    limit_myself()
    try:
        told: dict[str, Any] = asdict(measure(Path(sys.argv[1])))
    except Unusable as error:
        told = {"unusable": str(error)}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
