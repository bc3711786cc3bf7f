"""Reviews on their way from one tablet of a clinic to another, beside the files they are of."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from companion.cleaning import clean
from companion.durable import replace_file
from companion.library.files import Unusable, find
from companion.review.review import Reviews
from companion.session.book import BookEvent, ContentSaved, Kind, ReviewTakenIn, Version
from companion.session.events import By

FILE = "companion-reviews.json"
"""On a stick: the reviews of the library that was carried there."""
_BYTES = 4 << 20

_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HASH = re.compile(r"[0-9a-f]{64}")
_LONGEST = {"stem": 120, "who": 4, "reason": 200}

_LATEST = 1e11
"""Seconds since 1970; a calendar knows nothing later."""

Plain = dict[str, list[dict[str, str | float]]]


class Unreadable(ValueError):  # noqa: N818 (it is what it says)
    """Raised where what another tablet gave is not what a tablet gives."""


def as_plain(reviews: Reviews, versions: Iterable[Version]) -> Plain:
    """Who accepted these versions, and who wrote them, as plain values."""
    asked = tuple(versions)
    accepted = (reviews.accepted.get(version) for version in asked)
    return {
        "reviews": [
            {**_named(one.version), "who": one.who, "wall": one.wall, "reason": one.reason}
            for one in accepted
            if one is not None
        ],
        "authors": [
            {**_named(version), "who": who}
            for version in asked
            for who in sorted(reviews.authors.get(version, ()))
        ],
    }


def taken_in(reviews: Reviews, told: object, by: By) -> tuple[BookEvent, ...]:
    """What the book of this tablet should say of what `as_plain` gave on another, brought by
    `by`. Raises Unreadable.

    What is accepted here already stays as it is. An author's own review counts only with the
    reason that she gave, here as there.
    """
    if not isinstance(told, dict):
        raise Unreadable("the reviews are not what a tablet gives")
    written = [(_version(one), _text(one, "who")) for one in _entries(told, "authors")]
    saved = [
        ContentSaved(version=version, by=By(who))
        for version, who in written
        if version not in reviews.accepted and who not in reviews.authors.get(version, ())
    ]
    own = {*written, *((version, who) for version, of in reviews.authors.items() for who in of)}
    taken = [_review(one, by) for one in _entries(told, "reviews")]
    return (
        *saved,
        *(
            one
            for one in taken
            if one.version not in reviews.accepted
            and (one.reason or (one.version, one.who) not in own)
        ),
    )


def write(folder: Path, told: Plain) -> None:
    """Put what `as_plain` gives in `folder`, for ever or not at all. Raises OSError."""
    replace_file(folder / FILE, json.dumps(told, indent=1, ensure_ascii=False).encode())


def read(folder: Path) -> object:
    """What `write` put in `folder`; of a folder without it, nothing. Raises Unreadable."""
    try:
        if not (folder / FILE).exists():
            return {"reviews": [], "authors": []}
        return json.loads(find(folder, FILE, (".json",), _BYTES).read_bytes())
    except (Unusable, OSError, ValueError, RecursionError):
        raise Unreadable(f"{folder / FILE} cannot be read as what a tablet gives") from None


def _named(version: Version) -> dict[str, str | float]:
    return {"kind": str(version.kind), "stem": version.stem, "hash": version.hash}


def _entries(told: dict[Any, Any], key: str) -> Iterator[dict[Any, Any]]:
    entries = told.get(key)
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise Unreadable(f"the {key} are not a list of what a tablet gives")
    yield from entries


def _review(entry: dict[Any, Any], by: By) -> ReviewTakenIn:
    wall = entry.get("wall")
    if not isinstance(wall, int | float) or not 0 <= wall <= _LATEST:
        raise Unreadable("a review has no time")
    return ReviewTakenIn(
        version=_version(entry),
        who=_text(entry, "who"),
        wall=float(wall),
        by=by,
        reason=_text(entry, "reason", needed=False),
    )


def _version(entry: dict[Any, Any]) -> Version:
    kind, stem, digest = entry.get("kind"), _text(entry, "stem"), entry.get("hash")
    if kind not in tuple(Kind) or not _STEM.fullmatch(stem):
        raise Unreadable("a review is of nothing that there is")
    if not isinstance(digest, str) or not _HASH.fullmatch(digest):
        raise Unreadable(f"a review of {stem} has no content hash")
    return Version(Kind(kind), stem, digest)


def _text(entry: dict[Any, Any], key: str, needed: bool = True) -> str:
    text = entry.get(key)
    if not isinstance(text, str) or len(text) > _LONGEST[key] or (needed and not text.strip()):
        raise Unreadable(f"a review has no {key} that can be read")
    return clean(text, _LONGEST[key]).strip()
