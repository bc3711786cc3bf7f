"""`companion demo`: a whole short session in a scratch home, through the same supervisor."""

import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from companion import access, joining
from companion.home import fill_home
from companion.record import record
from companion.words import patient_words
from companion.words.patient import PatientWords

_NURSE = "DN"
_PROTOCOL = "taste"
_PROBE_LIMIT = 10.0


def run(language: str | None) -> int:
    """Make a scratch home and a nurse, show her PIN, run, and forget all of it.

    `language` is that of the patient's screens and words; None: the clinic's.
    """
    scratch = Path(tempfile.mkdtemp(prefix="companion-demo-"))
    try:
        home = scratch / "home"
        fill_home(home)
        _preset(home / "config.yaml", language)
        pin = _make_nurse(home)
        record.waive_review(home)
        print(_welcome(pin, patient_words(language or "en")))
        if not _sound_device():
            print("\nNo sound device was found here: the session will be silent, and says so.")
        input("\nPress Enter to begin. ")
        return joining.run(home, hint=f"Demonstration: {_NURSE} has the PIN {pin}", runtime=scratch)
    except (EOFError, KeyboardInterrupt):
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _welcome(pin: str, words: PatientWords) -> str:
    return (
        "Companion, a demonstration: a whole session in about three minutes.\n\n"
        f"The nurse is {_NURSE}, and her PIN is {pin[:3]} {pin[3:]}.\n\n"
        "Touch her name, give the PIN, then “Give to patient”. Answer as a patient would;\n"
        f"“{words.infusion_started}” starts the clock. “{words.staff}” and the same PIN "
        "lead back to\nthe nurse, who closes the session; “End the day” on the first screen "
        "ends it\nall. Touch with the mouse, or choose tiles by a, b, c … in reading order.\n\n"
        "It plays what is shipped with Companion, which nobody has reviewed here. In a\n"
        "clinic patients hear nothing before somebody there has read and accepted it."
    )


def _preset(config: Path, language: str | None) -> None:
    """Make the short protocol and `language` the usual ones, and leave every comment in place."""
    text = config.read_text()
    before, usual, after = text.partition("\nusual:")
    for key, value in (("protocol", _PROTOCOL), ("language", language)):
        if value is not None:
            after = re.sub(rf"(?m)^  {key}:.*$", f"  {key}: {value}", after, count=1)
    config.write_text(before + usual + after)


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
