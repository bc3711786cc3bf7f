"""How much faster than life a session is rehearsed.

    python benchmarks/rehearse.py

The whole command is measured, from its start to its last line. A session without `--sound` tells
only its timeline; with it, every sample is rendered, measured and written. Beside it ffmpeg renders
a like chain: the same music from two sides of a crossfade, a voice that it makes room for, a
limiter, and the loudness of it all.
"""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from clinic import ONE_FILE, SCRIPT, SOUNDSCAPES, music_file, new_home, rehearsal
from rounds import Values, collect, rounds, tell

_LENGTH = re.compile(r"^\s*(\d+):(\d\d) ", re.MULTILINE)
_PLAYED = re.compile(r"time=00:(\d\d):(\d\d)")
_FFMPEG = "ffmpeg, a like chain"

_CHAIN = (
    "[0:a]asplit[one][two];"
    "[one]atrim=0:480[first];[two]atrim=472,asetpts=PTS-STARTPTS[second];"
    "[first][second]acrossfade=d=8:c1=qsin:c2=qsin[music];"
    "[1:a]aresample=48000,aformat=channel_layouts=stereo,volume=4dB,asplit[voice][key];"
    "[music][key]sidechaincompress=threshold=0.02:ratio=8:attack=200:release=2000[ducked];"
    "[ducked][voice]amix=duration=first:normalize=0,alimiter=limit=0.5:level=0,ebur128"
)


def main() -> None:
    values: Values = {}
    with tempfile.TemporaryDirectory() as folder:
        home = new_home(Path(folder, "home"))
        sound = Path(folder, "rehearsal.wav")
        subjects = {
            "one file, timeline alone": rehearsal(home, ONE_FILE, None),
            "one file, with sound and findings": rehearsal(home, ONE_FILE, sound),
            "soundscapes and voice, with sound and findings": rehearsal(
                home, SOUNDSCAPES, sound, SCRIPT
            ),
        }
        like = _like_chain(home, sound)
        for _ in rounds():
            measured = {name: _times_life(command) for name, command in subjects.items()}
            collect(values, measured | {_FFMPEG: _times_life(like, _PLAYED)})
    tell("Rehearsal", "times real time", values, (_FFMPEG,))


def _like_chain(home: Path, sound: Path) -> tuple[str, ...]:
    """ffmpeg with the clinic's own file and spoken lines; those come every half minute."""
    found = shutil.which("ffmpeg")
    assert found, "ffmpeg is not installed"
    voice = home / "voice.wav"
    line = home / "scripts_guided" / "spoken" / "anchor-chair.opus"
    once = ("-i", str(line), "-af", "apad", "-t", "30", str(voice))
    subprocess.run((found, "-v", "error", "-y", *once), check=True)
    inputs = ("-i", str(music_file(home)), "-stream_loop", "-1", "-i", str(voice))
    written = ("-c:a", "pcm_s16le", "-ar", "48000", str(sound.with_name("like.wav")))
    return (found, "-hide_banner", "-y", *inputs, "-filter_complex", _CHAIN, *written)


def _times_life(command: tuple[str, ...], told: re.Pattern[str] = _LENGTH) -> float:
    """Rehearsed seconds, the last that are `told`, by the seconds that it took. A finding is no
    fault here."""
    began = time.monotonic()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    took = time.monotonic() - began
    found = told.findall(done.stdout) or told.findall(done.stderr)
    moments = [int(minutes) * 60 + int(rest) for minutes, rest in found]
    assert moments, done.stderr
    return max(moments) / took


if __name__ == "__main__":
    main()
