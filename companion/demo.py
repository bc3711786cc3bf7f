"""`companion demo`: a whole short session in a scratch home, through the same supervisor."""

import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from companion import access, joining, record
from companion.home import fill_home

_NURSE = "DN"
_PROTOCOL = "taste"
_PROBE_LIMIT = 10.0


def run() -> int:
    """Make a scratch home and a nurse, show her PIN, run, and forget all of it."""
    scratch = Path(tempfile.mkdtemp(prefix="companion-demo-"))
    try:
        home = scratch / "home"
        fill_home(home)
        _shorten(home / "config.yaml")
        pin = _make_nurse(home)
        record.waive_review(home)
        print(_welcome(pin))
        if not _sound_device():
            print("\nNo sound device was found here: the session will be silent, and says so.")
        input("\nPress Enter to begin. ")
        return joining.run(home, hint=f"Demonstration: {_NURSE} has the PIN {pin}", runtime=scratch)
    except (EOFError, KeyboardInterrupt):
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _welcome(pin: str) -> str:
    return (
        "Companion, a demonstration: a whole session in about three minutes.\n\n"
        f"The nurse is {_NURSE}, and her PIN is {pin[:3]} {pin[3:]}.\n\n"
        "Touch her name, give the PIN, then “Give to patient”. Answer as a patient would;\n"
        "“Infusion started” starts the clock. “staff” and the same PIN lead back to the\n"
        "nurse, who closes the session; “End the day” on the first screen ends it all.\n"
        "Touch with the mouse, or choose tiles by a, b, c … in reading order.\n\n"
        "It plays what is shipped with Companion, which nobody has reviewed here. In a clinic\n"
        "patients hear nothing before somebody of the clinic has read and accepted it."
    )


def _shorten(config: Path) -> None:
    """Make the short protocol the usual one, and leave every comment where it is."""
    text = config.read_text()
    before, usual, after = text.partition("\nusual:")
    lines = after.splitlines(keepends=True)
    for index, line in enumerate(lines):
        if line.strip().startswith("protocol:"):
            lines[index] = f"  protocol: {_PROTOCOL}\n"
            break
    config.write_text(before + usual + "".join(lines))


def _make_nurse(home: Path) -> str:
    """The demonstration's nurse, a lead because she is the first here; her PIN."""
    while True:
        pin = f"{secrets.randbelow(10**6):06d}"
        if access.refuse_pin(pin) is None:
            break
    refusal = record.change_staff(home, "add", _NURSE, role="lead", pin=pin)
    assert refusal is None, refusal
    return pin


def _sound_device() -> bool:
    """Whether sound can come out of this machine, asked of a process of its own."""
    question = "from companion.sound.output import PygameOutput; PygameOutput().open()"
    probe = [sys.executable, "-c", question]
    try:
        done = subprocess.run(probe, capture_output=True, timeout=_PROBE_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
