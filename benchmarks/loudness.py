"""What Companion and its peers find of the same files' loudness, and how long each takes.

    python benchmarks/loudness.py

The files are made here, the same every time: chords over noise that swell and ebb, the spoken
lines of a script one after the other, and the piece of music that comes with the program; mono and
stereo, 44.1 and 48 kHz, of every kind that is played. One channel is heard from both sides, so it
is told as two: ffmpeg has an option for that, and what loudgain tells of it is raised by 3 dB.
"""

import math
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from rounds import Values, collect, rounds, tell

from companion.library import loudness

Peer = Callable[[Path], float]
"""Measures a file, and tells its integrated loudness in LUFS."""

_CONTENT = Path(__file__).resolve().parents[1]
_SCRIPT = _CONTENT / "scripts_guided" / "the-quiet-shore"
_PIECE = _CONTENT / "playlists" / "music" / "first-embers.opus"

_SECONDS = 200
_NOISE = (
    f"anoisesrc=color=pink:amplitude=0.5:seed=1:r=48000:d={_SECONDS}[left];"
    f"anoisesrc=color=pink:amplitude=0.5:seed=2:r=48000:d={_SECONDS}[right];"
    "[left][right]join=inputs=2:channel_layout=stereo,"
    "volume='0.35+0.3*sin(2*PI*t/23)':eval=frame[noise];"
    "aevalsrc='0.1*sin(2*PI*110*t)*(1+sin(2*PI*t/17))|0.1*sin(2*PI*165*t)*(1+sin(2*PI*t/13))'"
    f":s=48000:d={_SECONDS}[chord];[noise][chord]amix=normalize=0"
)
_MADE = {
    "swells-48-stereo.flac": ("swells", 48_000, 2),
    "swells-44-stereo.mp3": ("swells", 44_100, 2),
    "swells-44-mono.wav": ("swells", 44_100, 1),
    "speech-48-mono.opus": ("speech", 48_000, 1),
    "speech-44-mono.flac": ("speech", 44_100, 1),
    "speech-44-stereo.mp3": ("speech", 44_100, 2),
    "piece-44-stereo.m4a": ("piece", 44_100, 2),
    "piece-48-stereo.wav": ("piece", 48_000, 2),
}
"""Of what each file is made, its rate and its channels; the piece as it comes is measured too."""
_BOTH_SIDES = 10 * math.log10(2)
_TOLD = re.compile(r"^ +I: +(\S+) LUFS$", re.MULTILINE)

_APART, _WITHIN = "Companion, a process for each file", "Companion, all within one process"
_FFMPEG, _LOUDGAIN = "ffmpeg", "loudgain"


def main() -> None:
    peers: dict[str, Peer] = {_APART: _apart, _WITHIN: _within, _FFMPEG: _ffmpeg}
    if shutil.which("loudgain"):
        peers[_LOUDGAIN] = _loudgain
    else:
        print("loudgain is not installed: it is left out")
    clock: Values = {}
    processor: Values = {}
    with tempfile.TemporaryDirectory() as folder:
        files = _files(Path(folder))
        life = sum(loudness.measure(file).seconds for file in files)  # which loads the decoder
        for _ in rounds():
            found: dict[str, dict[str, float]] = {}
            for name, peer in peers.items():
                before = os.times()
                found[name] = {file.name: peer(file) for file in files}
                took = [after - then for after, then in zip(os.times(), before, strict=True)]
                collect(clock, {name: life / took[4]})
                collect(processor, {name: sum(took[:4]) / life * 3600})
    _tell_found(found)
    print(f"\n{len(files)} files, {life / 60:.0f} minutes in all")
    tell("Speed", "times real time", clock, tuple(peers)[2:])
    tell("Processor", "s of CPU for an hour of sound", processor, tuple(peers)[2:])


def _files(folder: Path) -> list[Path]:
    """Make the files in `folder`."""
    lines = folder / "lines.txt"
    clips = sorted(_SCRIPT.glob("*.opus"))
    lines.write_text("".join(f"file '{clip}'\n" for clip in clips))
    sources = {
        "swells": ("-filter_complex", _NOISE),
        "speech": ("-f", "concat", "-safe", "0", "-i", str(lines)),
        "piece": ("-i", str(_PIECE)),
    }
    for name, (source, rate, channels) in _MADE.items():
        form = ("-ar", str(rate), "-ac", str(channels), "-t", "300", str(folder / name))
        _run("ffmpeg", "-v", "error", *sources[source], *form)
    return [*(folder / name for name in _MADE), _PIECE]


def _apart(file: Path) -> float:
    """As the program does it."""
    return float(loudness.apart(loudness.__name__, str(file))["loudness"])


def _within(file: Path) -> float:
    return loudness.measure(file).loudness


def _ffmpeg(file: Path) -> float:
    meter = "ebur128=peak=true:dualmono=true"
    told = _run("ffmpeg", "-hide_banner", "-i", str(file), "-af", meter, "-f", "null", "-").stderr
    return float(_TOLD.findall(told)[-1])


def _loudgain(file: Path) -> float:
    _, row = _run("loudgain", "-q", "-O", str(file)).stdout.splitlines()
    told = float(row.split("\t")[1].removesuffix(" LUFS"))
    return told + _BOTH_SIDES if "-mono" in file.name else told


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def _tell_found(found: Mapping[str, Mapping[str, float]]) -> None:
    """What each found of each file, and the furthest that Companion is from each peer."""
    print(f"\nIntegrated loudness, LUFS\n\n| | {' | '.join(found)} |\n|{'---|' * (len(found) + 1)}")
    for file in found[_APART]:
        print(f"| {file} | {' | '.join(f'{one[file]:.2f}' for one in found.values())} |")
    print()
    for name in list(found)[1:]:
        one = found[name]
        furthest = max(abs(one[file] - ours) for file, ours in found[_APART].items())
        print(f"at most {furthest:.3f} LU between {_APART} and {name}")


if __name__ == "__main__":
    main()
