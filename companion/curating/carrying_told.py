"""`companion library`: the library carried with its reviews, and told what was done."""

from collections.abc import Callable
from pathlib import Path

from companion.at_shell import Refused
from companion.cleaning import clean
from companion.curating.adding import Bar, Progress
from companion.curating.carrying import Carried, carry_from, carry_to
from companion.curating.carrying_reviews import Ask, reviews_from, reviews_to
from companion.home import fill_home
from companion.library.files import Unusable

Say = Callable[[str], None]


def to(home: Path, folder: Path, again: bool, bar: Bar, say: Say) -> bool:
    """`companion library to`: whether all of it was done. Raises BadContent where the home cannot
    be written, and OSError."""
    fill_home(home)
    carried = _carried(lambda tell: carry_to(home, folder, again, tell), bar, say)
    if carried is None:
        return False
    _tell(carried, f"in {folder}", say)
    say(reviews_to(home, folder))
    return not (carried.kept or carried.left_out)


def back(
    home: Path,
    folder: Path,
    again: bool,
    bar: Bar,
    say: Say,
    ask_initials: Ask,
    ask_pin: Ask,
    *,
    reviews: bool = True,
) -> bool:
    """`companion library from`: the same. Without `reviews` these are left to whoever asked for
    it: a screen knows by itself who unlocked it."""
    fill_home(home)
    carried = _carried(lambda tell: carry_from(home, folder, again, tell), bar, say)
    if carried is None:
        return False
    _tell(carried, "on this tablet", say)
    if not reviews:
        return not carried.kept
    try:
        say(reviews_from(home, folder, ask_initials, ask_pin))
    except Refused as refused:
        say(f"No review was taken in. {refused}")
        return False
    return not carried.kept


def _carried(carry: Callable[[Progress], Carried], bar: Bar, say: Say) -> Carried | None:
    """What was carried; None, and told why, where nothing was."""
    try:
        with bar("copying") as progress:
            return carry(progress)
    except Unusable as error:
        say(f"Nothing was copied. {clean(str(error), 400)}")
        return None


def _tell(carried: Carried, where: str, say: Say) -> None:
    for _, why in carried.left_out:
        say(f"left out: {clean(why, 300)}")
    for path in carried.kept:
        say(
            f"{clean(path, 200)}: what is {where} is newer, or somebody changed it, so it stays "
            "(--again replaces it)"
        )
    copied, same = len(carried.copied), len(carried.same)
    say(
        f"{copied} file{'s' * (copied != 1)} copied and read back; {same} "
        f"{'was' if same == 1 else 'were'} there already."
    )
