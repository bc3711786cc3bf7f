"""`companion library`: the library carried, and told what was done."""

from collections.abc import Callable
from pathlib import Path

from companion.carrying import Carried, carry_from, carry_to
from companion.cleaning import clean
from companion.home import fill_home
from companion.library.files import Unusable

Told = tuple[bool, list[str]]
"""Whether all of it was done, and what is to be said."""


def to(home: Path, folder: Path, again: bool, progress: Callable[[float], None]) -> Told:
    """`companion library to`. Raises BadContent where the home cannot be written."""
    fill_home(home)
    try:
        carried = carry_to(home, folder, again, progress)
    except Unusable as error:
        return _nothing(error)
    return _told(carried, f"in {folder}")


def back(home: Path, folder: Path, again: bool, progress: Callable[[float], None]) -> Told:
    """`companion library from`. Raises BadContent where the home cannot be written."""
    fill_home(home)
    try:
        carried = carry_from(home, folder, again, progress)
    except Unusable as error:
        return _nothing(error)
    return _told(carried, "on this tablet")


def _nothing(error: Unusable) -> Told:
    return False, [f"Nothing was copied. {clean(str(error), 400)}"]


def _told(carried: Carried, where: str) -> Told:
    lines = [f"left out: {clean(why, 300)}" for _, why in carried.left_out]
    lines += [
        f"{clean(path, 200)}: what is {where} is newer, or somebody changed it, so it stays "
        "(--again replaces it)"
        for path in carried.kept
    ]
    copied, same = len(carried.copied), len(carried.same)
    lines.append(
        f"{copied} file{'s' * (copied != 1)} copied and read back; {same} "
        f"{'was' if same == 1 else 'were'} there already."
    )
    return not (carried.kept or carried.left_out), lines
