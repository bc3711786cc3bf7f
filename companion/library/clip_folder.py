"""The recordings of one script on disk: put there whole, moved after their words, never lost."""

import hashlib
from pathlib import Path

from companion.durable import replace_file, sync_folder
from companion.library.clips import (
    INDEX,
    UNUSED,
    Held,
    Made,
    Sorted,
    written_index,
)
from companion.library.files import content_hash

_CLIP = "*.opus"


class ClipFolder:
    """The folder of a script's recordings, which is made once something is put there.

    `made` is what is known of them. Every step is durable before the next: whenever it ends, each
    recording is where its words belong or in `unused`, and found there the next time.
    """

    def __init__(self, folder: Path, made: dict[str, Made]) -> None:
        self._folder = folder
        self._made = dict(made)

    def held(self) -> dict[str, Held]:
        """Every recording, by its path below the folder. Raises Unusable."""
        held = {}
        for path in (*self._folder.glob(_CLIP), *self._folder.glob(f"{UNUSED}/{_CLIP}")):
            if path.is_file() and not path.name.startswith("."):
                digest = content_hash(path)
                known = self._made.get(digest)
                held[path.relative_to(self._folder).as_posix()] = Held(digest, known)
        return held

    def arrange(self, order: Sorted, held: dict[str, Held]) -> None:
        """Bring every recording to its words; leave out what a voice said for none. Raises OSError.

        What a person recorded and no sentence has goes to `unused`.
        """
        moves = order.moves
        data = {file: (self._folder / file).read_bytes() for file in moves}
        aside = [self._aside(file, held[file].hash) for file in moves]
        for file, new in moves.items():
            there = held.get(new)
            if there and new not in moves and not there.spoken:
                self._aside(new, there.hash)
            replace_file(self._folder / new, data[file])
        gone = [file for file in (*moves, *aside) if file not in moves.values()]
        for file in order.left:
            one = held[file]
            if one.made and not one.spoken:
                self._aside(file, one.hash)
            if one.made:
                gone.append(file)
        for file in gone:
            (self._folder / file).unlink(missing_ok=True)
        self._tidy()

    def put(self, file: str, data: bytes, made: Made) -> None:
        """Make `data` the recording at `file`; a person's that was there goes to `unused`.

        Raises OSError.
        """
        _make(self._folder)
        there = self._folder / file
        if there.exists():
            digest = content_hash(there)
            if not Held(digest, self._made.get(digest)).spoken:
                self._aside(file, digest)
        self._made[hashlib.sha256(data).hexdigest()] = made
        replace_file(self._folder / INDEX, written_index(self._made))
        replace_file(there, data)

    def _aside(self, file: str, digest: str) -> str:
        """Have a copy of `file` in `unused`; its path."""
        if file.startswith(f"{UNUSED}/"):
            return file
        path = self._folder / file
        aside = self._folder / UNUSED / f"{path.stem}-{digest[:8]}.opus"
        if not aside.exists():
            _make(aside.parent)
            replace_file(aside, path.read_bytes())
        return aside.relative_to(self._folder).as_posix()

    def _tidy(self) -> None:
        """Forget what is no longer there."""
        if not self._folder.is_dir():
            return
        there = {one.hash for one in self.held().values()}
        known = {digest: one for digest, one in self._made.items() if digest in there}
        if known != self._made:
            self._made = known
            replace_file(self._folder / INDEX, written_index(known))
        unused = self._folder / UNUSED
        if unused.is_dir() and not any(unused.iterdir()):
            unused.rmdir()
        sync_folder(self._folder)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        sync_folder(folder.parent)
