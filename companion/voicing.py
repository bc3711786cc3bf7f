"""`companion voice`: a script is spoken, sentence by sentence, and only what has changed."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from companion import locks
from companion.config import load_config
from companion.home import fill_home
from companion.library.check import SCRIPTS
from companion.library.clip_folder import ClipFolder
from companion.library.clips import UNUSED, Made, Place, sort_out
from companion.library.files import Unusable
from companion.library.loudness import Loudness, apart
from companion.library.scripts import made_of, sentences
from companion.library.shelf import Shelf
from companion.library.voices import Voice, voice_for
from companion.problems import BadContent, Problem, nearest
from companion.speaking import Unspoken, speak

Tell = Callable[[str], None]
_DONE, _FAULT, _NOT_NOW = 0, 1, 2
_PATIENCE = 1.0
_ENDED_BY = (signal.SIGTERM, signal.SIGHUP)


class Busy(Exception):  # noqa: N818 (it is what it says)
    """Something else works in this home; says what to do."""


def run(home: Path, stem: str, again: bool, tell: Tell) -> int:
    """Have the script `stem` spoken and `tell` each sentence; the exit code.

    With `again` everything is spoken anew, also what a person recorded. Raises BadContent and
    OSError.
    """
    fill_home(home)
    config = load_config(home / "config.yaml")
    for number in _ENDED_BY:
        signal.signal(number, signal.default_int_handler)
    try:
        with _alone(home, "companion.voice.lock", "Another `companion voice` works here."):
            script = Recordings(home, stem, tell)
            voice = voice_for(config.voices, script.language)
            if voice is None:
                told = f"has no voice for the language {script.language!r} of {stem}"
                hint = "name a program that speaks it; the lines above say how"
                raise BadContent([config.problem(("voices",), told, hint)])
            return script.speak(voice, again)
    except Busy as busy:
        tell(str(busy))
        return _NOT_NOW


@contextmanager
def _alone(home: Path, lock: str, told: str) -> Iterator[None]:
    """While this lasts nobody else has the lock. Raises Busy."""
    taken = locks.take(home / lock, _PATIENCE)
    if taken is None:
        raise Busy(told)
    try:
        yield
    finally:
        os.close(taken)


class Recordings:
    """The recordings of one script, on their way."""

    def __init__(self, home: Path, stem: str, tell: Tell) -> None:
        shelf = Shelf(home / SCRIPTS, home / "cache" / "loudness")
        known = [name for name, problems in shelf.stems() if not problems]
        if stem not in known:
            hint = nearest(stem, known)
            raise BadContent([Problem(SCRIPTS, 0, 0, "", f"there is no script {stem!r}", hint)])
        self._home, self._stem, self._tell = home, stem, tell
        self.language, self._places = sentences(stem, shelf)
        try:
            self._folder = ClipFolder(shelf.folder / stem, made_of(stem, shelf))
            self._held = self._folder.held()
        except Unusable as error:
            raise BadContent([Problem(f"{SCRIPTS}/{stem}", 0, 0, "", str(error))]) from None
        self._order = sort_out(self._places, self._held, stem)

    def speak(self, voice: Voice, again: bool) -> int:
        """Speak what has no recording, or all; the exit code. Raises Busy."""
        self._arrange()
        outcomes = [self._one(place, voice, again) for place in self._places]
        count = {told: outcomes.count(told) for told in ("spoken", "kept", "failed")}
        self._tell(", ".join(f"{number} {told}" for told, number in count.items()) + ".")
        return _FAULT if count["failed"] else _DONE

    def _one(self, place: Place, voice: Voice, again: bool) -> str:
        """What became of one sentence: spoken, kept or failed."""
        order = self._order
        if place in order.named:
            return self._told(place, "kept", f"the script names its recording, {place.sound}")
        if not again:
            if place in order.own:
                return self._told(place, "kept", "a recording of your own")
            if place in order.other_words:
                says = order.other_words[place].say
                hint = "record it anew, or take --again to have it spoken"
                return self._told(place, "failed", f"your recording says {says!r}: {hint}")
            made = place in order.fitting and self._held[order.fitting[place]].made
            if made and made.voice in (None, voice.digest):
                return self._told(place, "kept", "says these words")
        try:
            with TemporaryDirectory(prefix="companion-") as scratch:
                found, data = self._spoken(place, voice, Path(scratch))
        except (Unspoken, Unusable) as error:
            return self._told(place, "failed", f"not spoken: {error}")
        with self._resting():
            self._folder.put(place.file, data, Made(place.say, voice.digest, found))
        return self._told(place, "spoken", f"spoken, {found.seconds:.1f} s")

    def _spoken(self, place: Place, voice: Voice, scratch: Path) -> tuple[Loudness, bytes]:
        """Loudness and bytes of the recording. Raises Unspoken and Unusable."""
        said = speak(voice, place.say, scratch, self._home)
        target = scratch / place.file
        told = apart("companion.recording", str(said), str(target), place.say, f"{voice.tempo:g}")
        return Loudness(**told), target.read_bytes()

    def _arrange(self) -> None:
        """Bring the recordings there are to their words, and tell what moved."""
        order = self._order
        moves = {new: file for file, new in order.moves.items()}
        if moves or order.left:
            with self._resting():
                self._folder.arrange(order, self._held)
        for new, file in moves.items():
            self._tell(f"{new}: was {file}")
        for file in order.left:
            one = self._held[file]
            if one.made is None:
                self._tell(f"{file}: no sentence has this number; it stays as it is")
            else:
                gone = "taken away" if one.spoken else f"now in {UNUSED}"
                self._tell(f"{file}: no sentence says this any more; {gone}")

    @contextmanager
    def _resting(self) -> Iterator[None]:
        """Companion does not run meanwhile: it may be about to play what changes. Raises Busy."""
        told = "Companion runs in this home. End the day there first; what was spoken stays."
        with _alone(self._home, "companion.lock", told):
            yield

    def _told(self, place: Place, outcome: str, why: str) -> str:
        self._tell(f"{place.name}: {why}")
        return outcome
