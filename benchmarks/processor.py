"""CPU and memory of a session with sound, beside a bare Textual app and beside mpv (twice).

    python benchmarks/processor.py

All of them run at the same time, each on a terminal of its own, and every window of twenty seconds
is read from all of them: what disturbs the machine disturbs every one alike. A session is awake
while somebody touches it every five seconds, and resting when nobody has for twenty.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

from clinic import ONE_FILE, SOUNDSCAPES, music_file, new_home, under_way
from rounds import Values, collect, rounds, tell
from terminal import BARE_CLOCK, PtyScreen, companion, on_terminal
from tree import cpu, part, pss, tree_cpu

from companion.words import patient_words

_CLOCK, _MPV, _LEAN = "bare clock", "mpv", "mpv, lean"
_PEERS = (_CLOCK, _MPV, _LEAN)
_SESSIONS = {"one file": ONE_FILE, "soundscapes": SOUNDSCAPES}
_PLAYER = ("mpv", "--no-config", "--really-quiet", "--no-video", "--ao=null", "--loop-file=inf")
_NO_CONTROLS = ("--no-terminal", "--osc=no")
"""Without them mpv also runs a script for controls on its screen and reads keys."""
_WINDOW, _TOUCH_EVERY = 20.0, 5.0
"""Seconds."""
_BESIDE_THE_TILES = (10, 6)
"""Row and column of the screen where a touch only wakes."""
_SOUND_OFF = patient_words("en").sound_off


def main() -> None:
    awake, resting, memory = Values(), Values(), Values()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = new_home(Path(folder, "home"))
        sessions = {
            name: stack.enter_context(on_terminal(_session(home, Path(folder, name), playlist)))
            for name, playlist in _SESSIONS.items()
        }
        player = (*_PLAYER, str(music_file(home)))
        others = {
            _CLOCK: stack.enter_context(on_terminal(BARE_CLOCK)),
            _MPV: stack.enter_context(on_terminal(player)),
            _LEAN: stack.enter_context(on_terminal((*player, *_NO_CONTROLS))),
        }
        roots = {name: _root(terminal) for name, terminal in {**others, **sessions}.items()}
        _stay_awake(sessions.values())  # what follows the first frame is over then
        for _ in rounds():
            collect(awake, _window(roots, lambda: _stay_awake(sessions.values())))
            _come_to_rest(sessions.values())
            collect(resting, _window(roots, lambda: time.sleep(_WINDOW)))
            collect(memory, {name: pss(root) for name, root in roots.items()})
    tell("CPU, awake", "seconds a minute", awake, _PEERS)
    tell("CPU, resting", "seconds a minute", resting, _PEERS)
    tell("Memory, sum of PSS", "MB", memory, _PEERS)


def _session(like: Path, home: Path, playlist: str) -> tuple[str, ...]:
    shutil.copytree(like, home)
    under_way(home, playlist)
    return companion(home)


def _root(terminal: PtyScreen) -> int:
    assert terminal.program is not None
    return terminal.program.pid


def _window(roots: dict[str, int], live: Callable[[], None]) -> dict[str, float]:
    """CPU seconds a minute of every tree while `live` lasts, and of the parts of the sessions."""
    began, before = time.monotonic(), _counted(roots)
    live()
    after, seconds = _counted(roots), time.monotonic() - began
    return {name: (after[name] - before[name]) / seconds * 60 for name in before}


def _counted(roots: dict[str, int]) -> dict[str, float]:
    counted = {name: tree_cpu(root) for name, root in roots.items()}
    for name in _SESSIONS:
        for word in ("screen", "sound"):
            counted[f"{name}, its {word} process"] = cpu(part(roots[name], word))
    return counted


# --- somebody at the tablet ----------------------------------------------------------------------


def _stay_awake(sessions: Iterable[PtyScreen]) -> None:
    until = time.monotonic() + _WINDOW
    while (left := until - time.monotonic()) > 0:
        for terminal in sessions:
            terminal.wait_for(lambda _, on=terminal: on.mouse_on(), 30.0)
            terminal.tap(*_BESIDE_THE_TILES)
            terminal.wait_for(_SOUND_OFF)
        time.sleep(min(_TOUCH_EVERY, left))


def _come_to_rest(sessions: Iterable[PtyScreen]) -> None:
    for terminal in sessions:
        terminal.wait_for(lambda lines: _SOUND_OFF not in "\n".join(lines), 40.0)


if __name__ == "__main__":
    main()
