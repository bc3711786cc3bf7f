"""`companion review`: how playlists and scripts stand, and the reading and accepting of one."""

import asyncio
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

from companion import access
from companion.access import Act
from companion.at_shell import NOT_NOW, Refused, desk_of, unlocked
from companion.cleaning import clean
from companion.desk import Desk
from companion.library.check import Library, load_library
from companion.library.offer import Offering
from companion.record import record
from companion.review import review
from companion.review.told import standing_told, to_be_read
from companion.session.book import Kind
from companion.session.events import By
from companion.words import staff_words

_WORDS = staff_words("en")
_RUNNING = "Companion runs in this home. Review on its screen: To review."
_WIDTH = 80
_REASON = 200
"""The longest reason, in characters."""

Ask = Callable[[], str]


def told_of(library: Library, home: Path) -> Mapping[tuple[str, str], str]:
    """How every playlist and script of `library` stands, in a few words, by its kind (`playlist`
    or `script`) and stem. Nothing is changed in `home`. Raises OSError."""
    reviews = record.reviews(home)
    standings = Offering(home).offer(library, reviews.accepted).standings
    return {(str(one.kind), one.stem): standing_told(one, reviews, _WORDS) for one in standings}


def lines(home: Path) -> list[str]:
    """One line a playlist or script. Raises OSError."""
    told = told_of(load_library(home, None), home)
    width = max((len(stem) for _, stem in told), default=0)
    return [f"{kind:8}  {stem:{width}}  {how}" for (kind, stem), how in told.items()]


def run(home: Path, kind: str, stem: str, reason: str, ask_initials: Ask, ask_pin: Ask) -> int:
    """Show one playlist or script, and accept it for whoever gives her PIN; the exit code.
    Raises OSError."""
    try:
        with desk_of(home, _RUNNING) as desk:
            why = clean(reason, _REASON)
            asyncio.run(_review(desk, Kind(kind), stem, why, ask_initials, ask_pin))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return refused.code
    return 0


async def _review(
    desk: Desk, kind: Kind, stem: str, reason: str, ask_initials: Ask, ask_pin: Ask
) -> None:
    await desk.load()
    for problem in desk.problems:
        print(problem, file=sys.stderr)
    standing = desk.review.of(kind, stem)
    if standing is None:
        raise Refused(f"There is no {kind} {stem} that can be read.", NOT_NOW)
    before, now = await desk.review.contents(standing)
    if standing.now is None or now is None:
        raise Refused(standing_told(standing, desk.review.reviews, _WORDS), NOT_NOW)
    for line in to_be_read(before, now, _WORDS):
        print(textwrap.fill(line, _WIDTH, subsequent_indent="  "))
    if not standing.waits:
        print(standing_told(standing, desk.review.reviews, _WORDS))
        return
    by = await unlocked(desk, ask_initials(), ask_pin(), Act.CURATE)
    match await desk.review.accept(standing.now, by, reason):
        case access.Refusal() as refusal:
            raise Refused(_WORDS.staff_refused[refusal])
        case review.Refusal.REASON:
            raise Refused(f"{_WORDS.review.refused['reason']} Give it with --reason.")
        case review.Refusal() as refusal:
            raise Refused(_WORDS.review.refused[refusal])
    print(_WORDS.review.accepted.format(title=standing.title))


def authored(home: Path, kind: str, stem: str, initials: str) -> None:
    """Write down that `initials` wrote what lies there now, which she put there by a command.
    Raises Refused, and OSError."""
    with desk_of(home, record.RUNNING) as desk:
        asyncio.run(desk.review.authored(Kind(kind), stem, By(initials)))
