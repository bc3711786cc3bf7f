"""The sound process playing one file, beside mpv (twice), mpd, cmus and ffplay playing the same.

    python benchmarks/players.py

All of them run at the same time into outputs that play nothing, and every window of twenty seconds
is read from all of them. cmus has no such output: it plays to a PulseAudio of its own, into a null
sink, and what that server costs is not counted.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from clinic import music_file, new_home
from rounds import Values, collect, rounds, tell
from sound_alone import sound_alone
from tree import pss, tree_cpu

from pty_screen import PtyScreen  # isort: skip
from pulse_server import PulseServer  # isort: skip

from companion.session.plan import Phase, Section, Track
from companion.session.wanted import Arc, Music, Wanted
from companion.sound.wire import Want

_MPV, _LEAN, _MPD, _CMUS, _FFPLAY = "mpv", "mpv, lean", "mpd", "cmus", "ffplay"
_PLAYER = ("mpv", "--no-config", "--really-quiet", "--no-video", "--ao=null")
_NO_CONTROLS = ("--no-terminal", "--osc=no")
_WINDOW, _SETTLE = 20.0, 30.0
"""Seconds; the fade of the beginning is over when measuring begins."""
_MPD_CONF = """
music_directory "{music}"
db_file "{folder}/db"
bind_to_address "{folder}/mpd.sock"
log_file "{folder}/log"
audio_output {{
    type "null"
    name "null"
}}
"""


def main() -> None:
    spent, memory = Values(), Values()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = new_home(Path(folder, "home"))
        music = music_file(home)
        sound, line = stack.enter_context(sound_alone(home))
        line.say(Want(1, 0.0, _wanted(str(music.relative_to(home / "playlists")))))
        roots = {
            "sound process": sound,
            _MPV: stack.enter_context(_running((*_PLAYER, str(music)))),
            _LEAN: stack.enter_context(_running((*_PLAYER, *_NO_CONTROLS, str(music)))),
            _MPD: stack.enter_context(_mpd(Path(folder), music)),
            _CMUS: stack.enter_context(_cmus(Path(folder, "cmus"), music)),
            _FFPLAY: stack.enter_context(_running(("ffplay", "-nodisp", "-nostats", str(music)))),
        }
        time.sleep(_SETTLE)
        for _ in rounds():
            began, before = time.monotonic(), {name: tree_cpu(pid) for name, pid in roots.items()}
            time.sleep(_WINDOW)
            minutes = (time.monotonic() - began) / 60
            collect(spent, {n: (tree_cpu(pid) - before[n]) / minutes for n, pid in roots.items()})
            collect(memory, {name: pss(pid) for name, pid in roots.items()})
    tell("CPU", "seconds a minute", spent, (_MPV, _LEAN, _MPD, _CMUS, _FFPLAY))
    tell("Memory, PSS", "MB", memory, (_MPV, _MPD))


def _wanted(file: str) -> Wanted:
    track = Track("the file", file=file, seconds=960.0)
    music = Music(Section(Phase.PEAK, (track,)), 0.0, 8.0)
    return Wanted(Arc(Phase.PEAK, 0.0, 0.0, 0.0), music, None, fade=10.0, until=3600.0)


@contextmanager
def _running(command: Sequence[str]) -> Iterator[int]:
    """On a terminal of nobody's: its input is empty, its output goes nowhere."""
    player = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SDL_AUDIODRIVER": "dummy"},
    )
    try:
        yield player.pid
    finally:
        player.terminate()
        player.wait()


@contextmanager
def _mpd(folder: Path, music: Path) -> Iterator[int]:
    conf = folder / "mpd.conf"
    conf.write_text(_MPD_CONF.format(music=music.parent, folder=folder))
    with _running(("mpd", "--no-daemon", str(conf))) as pid:
        while not (folder / "mpd.sock").exists():
            time.sleep(0.1)
        for words in (("update", "--wait"), ("add", music.name), ("play",)):
            subprocess.run(
                ("mpc", "--host", str(folder / "mpd.sock"), *words),
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield pid


@contextmanager
def _cmus(folder: Path, music: Path) -> Iterator[int]:
    folder.mkdir()
    (folder / "rc").write_text("set output_plugin=pulse\nset mpris=false\n")
    server = PulseServer(folder)
    try:
        address = folder / "socket"
        with PtyScreen(env={**server.environment, "CMUS_HOME": str(folder)}) as terminal:
            pid = terminal.start(("cmus", "--listen", str(address)))
            while not address.exists():
                time.sleep(0.1)
            subprocess.run(("cmus-remote", "--server", address, "--file", music), check=True)
            yield pid
    finally:
        server.close()


if __name__ == "__main__":
    main()
