"""`companion voice SCRIPT --from FOLDER`: a person's own recordings become those of a script.

All are checked, trimmed and levelled before the first is put in its place.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from companion.cleaning import clean
from companion.home import fill_home
from companion.library.clips import Place
from companion.library.files import SOUND, SOUND_BYTES, Unusable, find
from companion.library.loudness import Loudness
from companion.library.takes import Takes, Unclear, match
from companion.spoken.recordings import Busy, Recordings, Tell, at_work, finished

_DONE, _FAULT, _NOT_NOW = 0, 1, 2
_Finished = dict[Place, tuple[bytes, Loudness]]


def run(home: Path, stem: str, folder: Path, again: bool, tell: Tell) -> int:
    """Take the recordings in `folder` for the script `stem` and `tell` all; the exit code.

    Without `again` a recording that a person made before stays. Raises BadContent and OSError.
    """
    fill_home(home)
    try:
        with at_work(home):
            return _Taking(Recordings(home, stem, tell), folder, again, tell).run()
    except Unclear as unclear:
        tell(f"{folder}: {unclear}.")
        return _FAULT
    except Busy as busy:
        tell(str(busy))
        return _NOT_NOW


class _Taking:
    """One folder on its way into the recordings of a script."""

    def __init__(self, recordings: Recordings, folder: Path, again: bool, tell: Tell) -> None:
        self._recordings, self._folder, self._again = recordings, folder, again
        self._tell = tell

    def run(self) -> int:
        names = [p.name for p in self._folder.iterdir() if not p.name.startswith(".")]
        takes = match(names, self._recordings.places)
        with TemporaryDirectory(prefix="companion-") as scratch:
            done = self._finished(takes, Path(scratch))
        for name, why in takes.unused.items():
            self._tell(f"{clean(name, 80)}: not used: {why}")
        if done is None:
            self._tell("Nothing was changed.")
            return _FAULT
        self._recordings.arrange()
        outcomes = [self._put(place, takes.files[place], *one) for place, one in done.items()]
        missing = [place for place in takes.missing if not self._recordings.has(place)]
        for place in missing:
            self._tell(f"{place.name}: has no recording, here or in the folder")
        counts = ", ".join(f"{outcomes.count(what)} {what}" for what in ("taken", "kept"))
        self._tell(f"{counts}, {len(missing)} missing, {len(takes.unused)} files not used.")
        return _DONE

    def _finished(self, takes: Takes, scratch: Path) -> _Finished | None:
        """Every recording made ready; None where one of them cannot be used."""
        done: _Finished = {}
        for place, name in takes.files.items():
            try:
                source = find(self._folder, name, SOUND, SOUND_BYTES)
                done[place] = finished(source, place, scratch, 1.0)
            except Unusable as error:
                self._tell(f"{clean(name, 80)}: {error}")
        return done if len(done) == len(takes.files) else None

    def _put(self, place: Place, name: str, data: bytes, loudness: Loudness) -> str:
        """What became of one recording: taken or kept. Raises Busy."""
        told = self._recordings.told
        why = next(self._reasons(place, hashlib.sha256(data).hexdigest()), "")
        if why:
            return told(place, "kept", f"{clean(name, 80)} is not used: {why}")
        self._recordings.put(place, data, None, loudness)
        return told(place, "taken", f"{clean(name, 80)}, {loudness.seconds:.1f} s")

    def _reasons(self, place: Place, digest: str) -> Iterator[str]:
        order, fitting = self._recordings.order, self._recordings.fitting(place)
        if place in order.named:
            yield f"the script names its recording itself: {place.sound or place.file}"
        if fitting and fitting.hash == digest:
            yield "it is there already"
        if not self._again and (place in order.own or (fitting and not fitting.spoken)):
            yield "a recording of your own is there; --again takes this one instead"
