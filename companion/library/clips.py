"""Which recording belongs to which sentence of a script: by its words, whatever its number.

Beside the recordings of a script lies `clips.json`: by content hash, the words that were said, what
said them and how loud, so that a tablet need not measure them all before its first session. A
recording that is not in it was put there by a person, and nobody knows its words.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from companion.library.files import Unusable
from companion.library.loudness import Loudness, as_told

INDEX = "clips.json"
UNUSED = "unused"
"""The folder, beside the recordings, of those that a person made and no sentence has now."""
INDEX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """What a recording says."""

    say: str
    voice: str | None
    """Digest of the voice that spoke it; None: a person did."""
    loudness: Loudness


@dataclass(frozen=True, slots=True)
class Held:
    """A recording that is there, and what it says where that is known."""

    hash: str
    made: Made | None

    @property
    def spoken(self) -> bool:
        """Whether a voice command made it, so that it can be made again."""
        return self.made is not None and self.made.voice is not None


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a script, and where its recording is found."""

    part: str
    number: int
    """From 1 within its part."""
    say: str
    sound: str | None = None
    """The recording that the script itself names, below the library's folder."""

    @property
    def name(self) -> str:
        """`settle-01`"""
        return f"{self.part}-{self.number:02}"

    @property
    def file(self) -> str:
        """`settle-01.opus`"""
        return f"{self.name}.opus"


def read_index(data: bytes) -> dict[str, Made]:
    """What is known of recordings, by content hash. Raises Unusable."""
    try:
        return {digest: _made(**one) for digest, one in json.loads(data).items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        told = "does not say which recording says what; delete it and make them again"
        raise Unusable(told) from None


def _made(say: str, voice: str | None, loudness: Any) -> Made:
    if not isinstance(say, str) or not isinstance(voice, str | None):
        raise ValueError("is not what a recording says")
    return Made(say, voice, as_told(loudness))


def written_index(made: Mapping[str, Made]) -> bytes:
    """The same as bytes."""
    told = {digest: asdict(one) for digest, one in made.items()}
    return (json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Sorted:
    """Every sentence of a script in exactly one of the first five; files by their names."""

    named: tuple[Place, ...]
    """The script names their recording, or another sentence names theirs: not ours to make."""
    own: tuple[Place, ...]
    """A person put a recording there; nobody knows its words."""
    fitting: Mapping[Place, str]
    """Their words are said by this file, which may lie at another place."""
    other_words: Mapping[Place, Made]
    """A person's recording says something else."""
    missing: tuple[Place, ...]
    """Nothing is there, or only what a voice said before the words changed."""
    left: tuple[str, ...] = field(default=())
    """Files beside the others that no sentence has now."""

    @property
    def moves(self) -> dict[str, str]:
        """New place of every fitting file that lies at another, by where it lies."""
        return {file: place.file for place, file in self.fitting.items() if file != place.file}


def sort_out(places: Iterable[Place], held: Mapping[str, Held], stem: str) -> Sorted:
    """Give every sentence of the script `stem` the recording that says its words.

    `held` are the files below the script's own folder, by their path there. A recording stays
    where it fits; one that a person put there and named by number alone always stays.
    """
    places = tuple(places)
    elsewhere = [p for p in places if p.sound is not None and p.sound != f"{stem}/{p.file}"]
    taken = {place.sound.removeprefix(f"{stem}/") for place in elsewhere if place.sound}
    named = tuple(p for p in places if p in elsewhere or p.file in taken)
    free = [place for place in places if place not in named]
    own = tuple(p for p in free if p.file in held and held[p.file].made is None)
    fitting = _fitting([p for p in free if p not in own], held, taken)
    leaving = set(fitting.values())
    other_words: dict[Place, Made] = {}
    missing: list[Place] = []
    for place in free:
        if place in own or place in fitting:
            continue
        there = held.get(place.file)
        if there and there.made and not there.spoken and place.file not in leaving:
            other_words[place] = there.made
        else:
            missing.append(place)
    kept = taken | leaving | {place.file for place in free}
    left = tuple(sorted(file for file in set(held) - kept if "/" not in file))
    return Sorted(named, own, fitting, other_words, tuple(missing), left)


def _fitting(
    places: Iterable[Place], held: Mapping[str, Held], taken: set[str]
) -> dict[Place, str]:
    """The file of every sentence that is said by one: where it lies, else from elsewhere."""
    by_words: dict[str, list[str]] = {}
    for file in sorted(held):
        made = held[file].made
        if made and file not in taken:
            by_words.setdefault(made.say, []).append(file)
    fitting: dict[Place, str] = {}
    for place in (places := tuple(places)):
        if place.file in by_words.get(place.say, ()):
            fitting[place] = place.file
            by_words[place.say].remove(place.file)
    for place in places:
        if place not in fitting and by_words.get(place.say):
            fitting[place] = by_words[place.say].pop(0)
    return fitting
