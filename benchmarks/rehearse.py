"""How much faster than life a session is rehearsed.

    python benchmarks/rehearse.py

The whole command is measured, from its start to its last line. A session without `--sound` tells
only its timeline; with it, every sample is rendered, measured and written.
"""

import re
import subprocess
import tempfile
import time
from pathlib import Path

from clinic import ONE_FILE, SCRIPT, SOUNDSCAPES, new_home, rehearsal
from rounds import Values, collect, rounds, tell

_LENGTH = re.compile(r"^\s*(\d+):(\d\d) ", re.MULTILINE)


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
        for _ in rounds():
            for name, command in subjects.items():
                collect(values, {name: _times_life(command)})
    tell("Rehearsal", "times real time", values)


def _times_life(command: tuple[str, ...]) -> float:
    """Rehearsed seconds by the seconds that it took. A finding is no fault here."""
    began = time.monotonic()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    took = time.monotonic() - began
    moments = [int(minutes) * 60 + int(rest) for minutes, rest in _LENGTH.findall(done.stdout)]
    assert moments, done.stderr
    return max(moments) / took


if __name__ == "__main__":
    main()
