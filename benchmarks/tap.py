"""From a tap to what it brings about on the screen, with sound playing, beside a bare Textual app.

    python benchmarks/tap.py

`Sound on` is kept in the journal first and shown after; `Sound off` shows at once and is kept
alongside.
"""

import random
import statistics
import tempfile
import time
from pathlib import Path

from clinic import ONE_FILE, new_home, under_way
from rounds import Values, collect, rounds, tell
from terminal import BARE_CLOCK, PtyScreen, companion, on_terminal

from companion.words import patient_words

_PAIRS = 30
"""Taps of each kind in a round."""
_BARE = "bare app"
_WORDS = patient_words("en")


def main() -> None:
    taps: dict[str, list[float]] = {_BARE: [], "kept first": [], "shown at once": []}
    middle: Values = {}
    with tempfile.TemporaryDirectory() as folder:
        home = new_home(Path(folder, "home"))
        under_way(home, ONE_FILE)
        with on_terminal(companion(home)) as session, on_terminal(BARE_CLOCK) as bare:
            session.wait_for(_WORDS.sound_off, 30.0)
            bare.wait_for("taps 0", 30.0)
            time.sleep(10.0)  # the library is read
            for _ in rounds():
                of_round = _round(session, bare)
                for name, measured in of_round.items():
                    taps[name] += measured
                    collect(middle, {name: statistics.median(measured)})
    tell("Tap to visible, the middle of each round's taps", "ms", middle, [_BARE])
    print()
    for name, measured in taps.items():
        p99 = statistics.quantiles(measured, n=100)[98]
        print(
            f"{name}: {len(measured)} taps, p50 {statistics.median(measured):.1f} ms, "
            f"p99 {p99:.1f} ms, slowest {max(measured):.1f} ms"
        )


def _round(session: PtyScreen, bare: PtyScreen) -> dict[str, list[float]]:
    chance = random.Random(1)
    measured: dict[str, list[float]] = {_BARE: [], "kept first": [], "shown at once": []}
    for _ in range(_PAIRS):
        time.sleep(chance.uniform(0.15, 0.35))
        measured[_BARE].append(_bare_tap(bare))
        time.sleep(chance.uniform(0.15, 0.35))
        measured["shown at once"].append(_tap(session, _WORDS.sound_off, _WORDS.sound_on))
        time.sleep(chance.uniform(0.15, 0.35))
        measured["kept first"].append(_tap(session, _WORDS.sound_on, _WORDS.sound_off))
    return measured


def _tap(terminal: PtyScreen, on: str, brings: str) -> float:
    """Milliseconds from a tap on the word `on` until `brings` shows."""
    lines = terminal.wait_for(on)
    row = next(row for row, line in enumerate(lines) if on in line)
    return _took(terminal, row, lines[row].index(on), brings)


def _bare_tap(terminal: PtyScreen) -> float:
    lines = terminal.screen()
    row = next(row for row, line in enumerate(lines) if "taps " in line)
    taps = int(lines[row].split("taps ")[1])
    return _took(terminal, row, 2, f"taps {taps + 1} ")


def _took(terminal: PtyScreen, row: int, column: int, brings: str) -> float:
    began = time.monotonic()
    terminal.tap(row, column)
    terminal.wait_for(brings)
    return (time.monotonic() - began) * 1000


if __name__ == "__main__":
    main()
