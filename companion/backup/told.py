"""`companion backup` and `companion restore`, told in words."""

from collections.abc import Callable
from pathlib import Path

from companion.backup.backing_up import Copy, back_up
from companion.backup.restoring import Restored, Running, newest, restore
from companion.cleaning import clean
from companion.curating.adding import Bar
from companion.library.files import Unusable, in_bytes
from companion.record.keeping import JOURNAL
from companion.record.record import RUNNING, note_backup

Say = Callable[[str], None]

FAULT, NOT_NOW = 1, 2


def copy(home: Path, target: Path, bar: Bar, say: Say) -> int:
    """`companion backup`: what it exits with."""
    try:
        with bar("copying") as progress:
            made = back_up(home, target, progress)
    except Unusable as error:
        say(f"No copy was made. {clean(str(error), 400)}")
        return FAULT
    if (home / JOURNAL).exists():
        note_backup(home, str(made.folder))
    for line in made.left_out:
        say(f"left out: {clean(line, 300)}")
    for line in made.wrong:
        say(f"The record was not whole when it was copied ({line}): see `companion audit`.")
    say(_answers(made))
    say(f"Copied to {made.folder} and read back: {_size(made.files, made.size)}.")
    return FAULT if made.wrong or made.left_out else 0


def bring_back(home: Path, folder: Path, bar: Bar, say: Say) -> int:
    """`companion restore`: what it exits with."""
    try:
        with bar("restoring") as progress:
            done = restore(home, newest(folder), progress)
    except Running:
        say(RUNNING)
        return NOT_NOW
    except Unusable as error:
        say(f"Nothing was restored, and all is as it was. {clean(str(error), 400)}")
        return FAULT
    _tell(done, say)
    return 0


def _tell(done: Restored, say: Say) -> None:
    for problem in done.problems:
        say(str(problem))
    for line in done.wrong:
        say(f"The record was not whole already when it was copied ({line}).")
    say(f"Restored from {done.copy}, made {done.made}: {done.files} files, each one proved.")
    if done.set_aside is not None:
        say(
            f"What stood here before is in {done.set_aside}, patients' answers too. Delete it "
            "once you are sure that you do not need it."
        )


def _answers(made: Copy) -> str:
    if not made.answers:
        return "No patient's answer can be read in it."
    count = f"{made.answers} session{'s' * (made.answers != 1)}"
    return (
        f"It holds patients' answers of {count}, not sealed: whoever holds it can read them. "
        "Keep it locked away."
    )


def _size(files: int, size: int) -> str:
    return f"{files} files, {in_bytes(size)}"
