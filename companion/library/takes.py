"""Which of a person's recordings is meant for which sentence, by the names of the files."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from companion.cleaning import clean
from companion.library.clips import Place
from companion.library.files import SOUND

_NAMED = re.compile(r"(settle|return)[ _.-]*0*(\d{1,4})", re.IGNORECASE)


class Unclear(Exception):  # noqa: N818 (it is what it says)
    """The names do not tell what is meant; says why in plain words."""


@dataclass(frozen=True, slots=True)
class Takes:
    """Every file once: for a sentence, or not used."""

    files: Mapping[Place, str]
    missing: tuple[Place, ...]
    unused: Mapping[str, str]
    """Why each of the other files is not used."""


def match(names: Iterable[str], places: Iterable[Place]) -> Takes:
    """Match files named `settle 1.wav`, `return-02.flac`, and so on, with sentences.

    Where no name tells a part, the files are taken in order, and there must be one for every
    sentence: one that is left out would put all the others at wrong words. Raises Unclear.
    """
    names, places = sorted(names, key=_in_order), tuple(places)
    sounds = [name for name in names if PurePath(name).suffix.lower() in SOUND]
    unused = {name: "is no sound file" for name in names if name not in sounds}
    named = {name: found for name in sounds if (found := _NAMED.fullmatch(PurePath(name).stem))}
    if not named:
        return Takes(_by_order(sounds, places), (), unused)
    by_name = {place.name: place for place in places}
    files: dict[Place, str] = {}
    for name in sounds:
        if name not in named:
            unused[name] = "has a name that tells no sentence, such as settle 1"
            continue
        told = f"{named[name][1].lower()}-{int(named[name][2]):02}"
        place = by_name.get(told)
        if place is None:
            unused[name] = f"there is no sentence {told}"
        elif place in files:
            both = f"{clean(files[place], 60)} and {clean(name, 60)}"
            raise Unclear(f"{both} are both for {told}: take one of them away")
        else:
            files[place] = name
    missing = tuple(place for place in places if place not in files)
    return Takes(files, missing, unused)


def _by_order(sounds: list[str], places: tuple[Place, ...]) -> dict[Place, str]:
    if len(sounds) != len(places):
        one = len(sounds) == 1
        there_are = "there is 1 recording" if one else f"there are {len(sounds)} recordings"
        raise Unclear(
            f"{there_are} for {len(places)} sentences, and no name tells which is which: name "
            "them settle 1, settle 2, return 1 and so on"
        )
    return dict(zip(places, sounds, strict=True))


def _in_order(name: str) -> list[tuple[int, str]]:
    """Numbers by their value, so that 2 comes before 10."""
    pieces = re.findall(r"\d+|\D+", PurePath(name).stem.casefold())
    return [(int(piece[:18]), "") if piece.isdecimal() else (-1, piece) for piece in pieces]
