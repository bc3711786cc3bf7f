"""From exec to the first whole frame on the terminal, beside a bare Textual app with one clock.

python benchmarks/first_frame.py
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from clinic import ONE_FILE, new_home, under_way
from rounds import Values, collect, rounds, tell
from terminal import bare_clock, companion, on_terminal, screen_alone

from companion.words import patient_words, staff_words

_CLOCK, _REPEATED = "bare clock", 3
"""Starts of each subject in a round, of which the quickest counts."""

Shows = str | Callable[[list[str]], object]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ready = new_home(Path(folder, "ready"))
        session = Path(folder, "session")
        shutil.copytree(ready, session)
        under_way(session, ONE_FILE)
        end_day, call = staff_words("en").end_day, patient_words("en").call
        subjects: dict[str, tuple[Sequence[str], Shows]] = {
            _CLOCK: (bare_clock(ready), "taps 0"),
            "`companion screen`, ready": (screen_alone(ready), end_day),
            "`companion screen`, back in a session": (screen_alone(session), call),
            "`companion run`, ready": (companion(ready), end_day),
            "`companion run`, back in a session": (companion(session), call),
        }
        values: Values = {}
        for _ in rounds():
            for name, (command, shows) in subjects.items():
                took = min(_first_frame(command, shows) for _ in range(_REPEATED))
                collect(values, {name: took})
    tell("First frame", "ms", values, [_CLOCK])


def _first_frame(command: Sequence[str], shows: Shows) -> float:
    """Milliseconds until `shows` stands on the terminal."""
    began = time.monotonic()
    with on_terminal(command) as terminal:
        terminal.wait_for(shows, 30.0)
        return (time.monotonic() - began) * 1000


if __name__ == "__main__":
    main()
