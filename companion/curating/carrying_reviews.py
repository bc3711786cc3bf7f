"""Reviews carried with the library: who accepted what lies on the stick, and who wrote it.

On the other tablet a curator or lead takes them in with her PIN; what nobody takes in is reviewed
there.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from companion import access
from companion.access import Act
from companion.at_shell import Refused, desk_of, unlocked
from companion.desk import Desk
from companion.library.check import load_library
from companion.record import record
from companion.review.travel import FILE, Unreadable, as_plain, read, taken_in, write
from companion.session.book import Kind, ReviewTakenIn, Version
from companion.session.events import By
from companion.words import staff_words

_RUNNING = "Companion runs in this home. End the day there to take reviews in."

Ask = Callable[[], str]


def reviews_to(home: Path, folder: Path) -> str:
    """Write what is known of the library of `home` to `folder`, beside what other tablets wrote
    there; what was done, in a sentence. Raises OSError."""
    library = load_library(home, None)
    versions = [Version(Kind.PLAYLIST, stem, one.hash) for stem, one in library.playlists.items()]
    versions += [Version(Kind.SCRIPT, stem, one.hash) for stem, one in library.scripts.items()]
    ours = as_plain(record.reviews(home), versions)
    there = _told(folder)
    both = {key: _together(there.get(key), entries) for key, entries in ours.items()}
    write(folder, both)
    return f"{_count(len(ours['reviews']))} of it came along."


def reviews_from(home: Path, folder: Path, ask_initials: Ask, ask_pin: Ask) -> str:
    """Take in what came along with the library; what was done, in a sentence. Nobody is asked
    where nothing is new here; empty initials leave it on the stick. Raises Refused, and OSError."""
    told = _told(folder)
    if not any(told.values()):
        return "No review came along."
    try:
        events = taken_in(record.reviews(home), told, By(""))
        if not any(isinstance(event, ReviewTakenIn) for event in events):
            return "No review came along that is new here."
        with desk_of(home, _RUNNING) as desk:
            initials = ask_initials().strip()
            if not initials:
                return "The reviews stay in the folder: what was carried waits for one here."
            return asyncio.run(_taken_in(desk, folder, initials, ask_pin()))
    except Unreadable as error:
        raise Refused(f"{folder / FILE} is left alone: {error}.") from None


async def _taken_in(desk: Desk, folder: Path, initials: str, pin: str) -> str:
    await desk.load()
    by = await unlocked(desk, initials, pin, Act.CURATE)
    outcome = await desk.review.take_in(folder, by)
    if isinstance(outcome, access.Refusal):
        raise Refused(staff_words("en").staff_refused[outcome])
    return f"{_count(outcome)} taken in."


def _count(number: int) -> str:
    return f"{number} review{'s' * (number != 1)}"


def _told(folder: Path) -> dict[str, Any]:
    """What stands in `folder`; nothing where that is no list of reviews."""
    try:
        found = read(folder)
    except Unreadable:
        return {}
    return found if isinstance(found, dict) else {}


def _together(there: object, ours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    before = [one for one in there if isinstance(one, dict)] if isinstance(there, list) else []
    return list({json.dumps(one, sort_keys=True): one for one in (*before, *ours)}.values())
