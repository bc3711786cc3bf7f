"""The recordings of one script, while a command works on them: what is there and what goes in."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from companion.library.check import SCRIPTS
from companion.library.clip_folder import ClipFolder
from companion.library.clips import UNUSED, Held, Made, Place, sort_out
from companion.library.files import Unusable
from companion.library.loudness import CACHE, Loudness, apart
from companion.library.scripts import made_of, sentences
from companion.library.shelf import Shelf
from companion.problems import BadContent, Problem, nearest
from companion.processes import locks

Tell = Callable[[str], None]
_PATIENCE = 1.0
_ENDED_BY = (signal.SIGTERM, signal.SIGHUP)
_RUNNING = "Companion runs in this home. End the day there first; what was made so far stays."


class Busy(Exception):  # noqa: N818 (it is what it says)
    """Something else works in this home; says what to do."""


class Recordings:
    """The recordings of the script `stem`. Raises BadContent where the script cannot be used."""

    def __init__(self, home: Path, stem: str, tell: Tell) -> None:
        shelf = Shelf(home / SCRIPTS, home / CACHE)
        known = [name for name, problems in shelf.stems() if not problems]
        if stem not in known:
            hint = nearest(stem, known)
            raise BadContent([Problem(SCRIPTS, 0, 0, "", f"there is no script {stem!r}", hint)])
        self._home, self._tell = home, tell
        self.language, self.places = sentences(stem, shelf)
        try:
            self._folder = ClipFolder(shelf.folder / stem, made_of(stem, shelf))
            self._held = self._folder.held()
        except Unusable as error:
            raise BadContent([Problem(f"{SCRIPTS}/{stem}", 0, 0, "", str(error))]) from None
        self.order = sort_out(self.places, self._held, stem)

    def fitting(self, place: Place) -> Held | None:
        """The recording that says the words of this sentence, if there is one."""
        return self._held[self.order.fitting[place]] if place in self.order.fitting else None

    def has(self, place: Place) -> bool:
        """Whether a recording may be played for this sentence."""
        order = self.order
        return place in order.fitting or place in order.own or place in order.named

    def arrange(self) -> None:
        """Bring the recordings there are to their words, and tell what moved. Raises Busy."""
        moves = {new: file for file, new in self.order.moves.items()}
        with _resting(self._home):
            if moves or self.order.left:
                self._folder.arrange(self.order, self._held)
        for new, file in moves.items():
            self._tell(f"{new}: was {file}")
        for file in self.order.left:
            one = self._held[file]
            if one.made is None:
                self._tell(f"{file}: no sentence has this number; it stays as it is")
            else:
                gone = "taken away" if one.spoken else f"now in {UNUSED}"
                self._tell(f"{file}: no sentence says this any more; {gone}")

    def put(self, place: Place, data: bytes, voice: str | None, loudness: Loudness) -> None:
        """Make `data` the recording of a sentence, spoken by `voice` or a person. Raises Busy."""
        with _resting(self._home):
            self._folder.put(place.file, data, Made(place.say, voice, loudness))

    def told(self, place: Place, outcome: str, why: str) -> str:
        """Tell what became of a sentence; its outcome."""
        self._tell(f"{place.name}: {why}")
        return outcome


def finished(source: Path, place: Place, scratch: Path, tempo: float) -> tuple[bytes, Loudness]:
    """The recording made of what `source` says. Raises Unusable."""
    target = scratch / place.file
    told = apart("companion.spoken.recording", str(source), str(target), place.say, f"{tempo:g}")
    return target.read_bytes(), Loudness(**told)


@contextmanager
def at_work(home: Path) -> Iterator[None]:
    """One command at a time makes recordings in `home`, and ends as at Ctrl-C. Raises Busy."""
    for number in _ENDED_BY:
        signal.signal(number, signal.default_int_handler)
    with _alone(home / "companion.voice.lock", "Another `companion voice` works in this home."):
        yield


@contextmanager
def _resting(home: Path) -> Iterator[None]:
    """Companion does not run meanwhile: it might be about to play what changes. Raises Busy."""
    with _alone(home / "companion.lock", _RUNNING):
        yield


@contextmanager
def _alone(lock: Path, told: str) -> Iterator[None]:
    taken = locks.take(lock, _PATIENCE)
    if taken is None:
        raise Busy(told)
    try:
        yield
    finally:
        os.close(taken)
