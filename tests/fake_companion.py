"""Stand-ins for the processes of Companion, and the real supervisor around them.

    fake_companion.py run HOME RUNTIME     the supervisor over the three others
    fake_companion.py screen|sound|plain … as the supervisor starts them

The screen shows its own process id, its parent's, and the sound's as that one tells it over the
socket. Keys: `q` ends the day, `b` is a bad configuration, `x` dies at once.
"""

import argparse
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path

from companion.processes import heart, screen_child
from companion.processes.lifeline import beat, leave_when_alone
from companion.processes.plain import PlainWords, show
from companion.processes.supervisor import run
from companion.processes.terminal import quieten


def ask_sound(path: str) -> int:
    """The sound's process id, 0 where nobody answers."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(0.3)
            line.connect(path)
            line.sendall(b'{"kind":"who"}\n')
            return int(json.loads(line.recv(100))["pid"])
    except (OSError, ValueError):
        return 0


def screen(options: argparse.Namespace) -> int:
    leave_when_alone(options.life_fd)
    (options.home / "screens").open("a").write(f"{os.getpid()}\n")
    quieten(0)
    os.write(1, b"\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[>1u")
    count, beaten = 0, 0.0
    while True:
        if (options.home / "die").exists():
            return 1
        while (options.home / "spin").exists():
            pass
        if time.monotonic() >= beaten + 1 and not (options.home / "mute").exists():
            beat(options.beat_fd)
            beaten = time.monotonic()
        sound = ask_sound(options.socket)
        text = f"screen {os.getpid()} under {os.getppid()} sound {sound} count {count}"
        os.write(1, f"\x1b[1;1H{text:<79}".encode())
        count += 1
        if select.select([0], [], [], 0.1)[0]:
            for key in os.read(0, 4096):
                if key in b"qbx":
                    if key != ord("x"):
                        os.write(1, b"\x1b[?1000l\x1b[?1006l\x1b[?2004l\x1b[?1049l\x1b[?25h")
                    return {"q": 0, "b": 2, "x": 1}[chr(key)]


class _Sound:
    """Answers who it is, and lets itself be adopted."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.home, self.life, self.beat = options.home, options.life_fd, options.beat_fd
        self.listener = socket.socket(fileno=options.listen_fd)
        self.lines: list[socket.socket] = []
        self.alone_since: float | None = None
        (options.home / "sounds").open("a").write(f"{os.getpid()}\n")
        print(f"sound {os.getpid()} plays", file=sys.stderr, flush=True)

    def serve(self) -> int:
        while self.alone_since is None or time.monotonic() < self.alone_since + 60:
            if not (self.home / "stand still").exists():
                beat(self.beat)
            life = [self.life] if self.alone_since is None else []
            for end in select.select([self.listener, *life, *self.lines], [], [], 1.0)[0]:
                if end is self.listener:
                    self.lines.append(self.listener.accept()[0])
                elif end == self.life:
                    self.alone_since = time.monotonic()
                else:
                    self.listen_to(end)
        return 0

    def listen_to(self, line: socket.socket) -> None:
        try:
            self.answer(line)
        except OSError:
            self.lines.remove(line)
            line.close()

    def answer(self, line: socket.socket) -> None:
        said, fds, _, _ = socket.recv_fds(line, 4096, 2)
        if not said:
            raise ConnectionError
        if json.loads(said)["kind"] == "adopt" and not (self.home / "deaf").exists():
            (self.life, self.beat), self.alone_since = fds, None
            reply = json.dumps({"kind": "adopted", "pid": os.getpid()}) + "\n"
            greeting = b'{"kind":"hello","version":1}\n'
            line.sendall(greeting)
            socket.send_fds(line, [reply.encode()], [self.listener.fileno()])
        elif not fds:
            line.sendall(json.dumps({"pid": os.getpid()}).encode())


def plain(options: argparse.Namespace) -> int:
    words = PlainWords("Call: press any key or touch", "It is being mended.", "CALL", "It shows.")
    kept = options.home / "called"
    return show(
        words, kept.touch, called=kept.exists(), life_fd=options.life_fd, beat_fd=options.beat_fd
    )


def supervise(home: Path, runtime: Path) -> int:
    def command(part: str) -> list[str]:
        return [sys.executable, __file__, part]

    home_option = ["--home", str(home)]
    if (home / "limits").exists():
        limits = json.loads((home / "limits").read_text())
        for part in (screen_child, heart):
            vars(part).update(limits)
    return run(
        home,
        [*command("screen"), *home_option],
        command("sound"),
        [*command("plain"), *home_option],
        runtime,
    )


def main() -> int:
    if sys.argv[1] == "run":
        return supervise(Path(sys.argv[2]), Path(sys.argv[3]))
    options = argparse.ArgumentParser()
    options.add_argument("part")
    options.add_argument("--home", type=Path)
    options.add_argument("--socket")
    for name in ("--beat-fd", "--life-fd", "--listen-fd"):
        options.add_argument(name, type=int)
    given = options.parse_args()
    if given.part == "sound":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        return _Sound(given).serve()
    return {"screen": screen, "plain": plain}[given.part](given)


if __name__ == "__main__":
    sys.exit(main())
