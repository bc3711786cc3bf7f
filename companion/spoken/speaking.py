"""A voice command speaks one sentence: an argv list and no shell, within its time, alone."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from companion.cleaning import clean
from companion.library.files import Unusable, find
from companion.library.voices import Voice

MOST = 100 * 1024 * 1024
"""Bytes that it may write for one sentence."""
_LOOK_AGAIN = 0.1
_REASON = 4096


class Unspoken(Exception):  # noqa: N818 (it is what happened to the sentence)
    """The voice command did not speak a sentence; says why in plain words."""


def speak(voice: Voice, text: str, scratch: Path, home: Path) -> Path:
    """The sound file in the folder `scratch` in which `voice` says `text`. Raises Unspoken.

    It runs in `home`, so that its paths may be relative to that. At its end, whatever that is,
    all that it started in its process group ends too.
    """
    out, words, errors = (scratch / name for name in ("said.wav", "words.txt", "errors.txt"))
    out.unlink(missing_ok=True)
    words.write_text(text + "\n", encoding="utf-8")
    command = voice.arguments(text, str(words), str(out))
    with words.open("rb") as said, errors.open("wb") as told:
        try:
            process = subprocess.Popen(
                command,
                cwd=home,
                stdin=said,
                stdout=subprocess.DEVNULL,
                stderr=told,
                start_new_session=True,
            )
        except OSError as error:
            raise Unspoken(f"{command[0]} cannot be run: {error.strerror}") from error
    try:
        status = _wait(process, voice, out, errors)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if status != 0:
        raise Unspoken(f"{command[0]} ended with code {status}{_reason(errors)}")
    try:
        return find(scratch, out.name, (".wav",), MOST)
    except Unusable as error:
        raise Unspoken(f"{command[0]} ended well, but its sound file: {error}") from None


def _wait(process: subprocess.Popen[bytes], voice: Voice, *written: Path) -> int:
    """The exit code, once there is one. Raises Unspoken where that takes too much."""
    program, deadline = voice.command[0], time.monotonic() + voice.timeout
    while True:
        try:
            return process.wait(min(_LOOK_AGAIN, voice.timeout))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                raise Unspoken(f"{program} took longer than {voice.timeout:g} s") from None
            if any(path.exists() and path.stat().st_size > MOST for path in written):
                raise Unspoken(f"{program} wrote more than {MOST >> 20} MB") from None


def _reason(errors: Path) -> str:
    """The last line that it wrote about its errors."""
    with errors.open("rb") as file:
        file.seek(max(0, errors.stat().st_size - _REASON))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return f": {clean(lines[-1], 120)}" if lines else ""
