"""A voice command for the tests: `voice_command.py HOW TEXTFILE OUT`, or `-` to read its input.

It says a tone whose length follows the words, with silence around it, and writes what it was asked
to say to the file SAID in the environment; or it fails in the way that HOW names.
"""

import math
import os
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path

RATE = 16_000


def tone(out: str, seconds: float, level: float = 0.2, around: float = 0.5) -> None:
    samples = [
        round(32767 * level * math.sin(2 * math.pi * 300 * n / RATE))
        for n in range(round(seconds * RATE))
    ]
    quiet = [0] * round(RATE * around)
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        whole = quiet + samples + quiet
        file.writeframes(struct.pack(f"<{len(whole)}h", *whole))


def child() -> None:
    """A child that outlives this program unless its group is ended."""
    sleeping = subprocess.Popen(["sleep", "600"])
    Path(os.environ["CHILD"]).write_text(str(sleeping.pid))


how, textfile, out = sys.argv[1:]
text = (sys.stdin.read() if textfile == "-" else Path(textfile).read_text()).strip()
with Path(os.environ["SAID"]).open("a") as file:
    file.write(text + "\n")
if how == "fail on" or (how.startswith("fail on ") and how.removeprefix("fail on ") in text):
    print("cannot say this", file=sys.stderr)
    sys.exit(3)
match how:
    case "hang":
        child()
        time.sleep(600)
    case "crash":
        os.abort()
    case "nothing":
        pass
    case "silence":
        tone(out, 1.0, 0.0)
    case "short":
        tone(out, 0.1, around=0.0)
    case "long":
        tone(out, 60.5)
    case "garbage":
        Path(out).write_bytes(b"no sound at all " * 4000)
    case "huge":
        with Path(out).open("wb") as file:
            file.truncate(200 * 1024 * 1024)
        time.sleep(600)
    case "folder":
        Path(out).mkdir()
    case "pipe":
        os.mkfifo(out)
    case "child":
        child()
        tone(out, 1.0)
    case _:
        tone(out, 0.4 + 0.1 * len(text.split()))
