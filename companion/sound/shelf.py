"""Opens what a session names: tracks and clips below the home, soundscapes by name.

Opening and reading may take as long as a disk takes, so they are given to an executor; whoever
asked goes on and looks at the future.
"""

from concurrent.futures import Executor, Future
from pathlib import Path
from threading import Thread
from typing import Any

from companion.session.plan import Cue, Track
from companion.sound.decode import FileSource
from companion.sound.read_ahead import ReadAhead
from companion.sound.source import Source, Unplayable
from companion.sound.synthesis import soundscape, tables_of


class AtOnce(Executor):
    """Does what it is given at once: where time is simulated, opening takes none."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        _do(future, fn, args, kwargs)
        return future


class Apart(Executor):
    """Does each thing in a thread of its own. A disk that never answers holds up neither the
    others, as it would in a pool, nor the end of the process."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        Thread(target=_do, args=(future, fn, args, kwargs), name="disk", daemon=True).start()
        return future


def _do(future: Future[Any], fn: Any, args: Any, kwargs: Any) -> None:
    try:
        future.set_result(fn(*args, **kwargs))
    except Exception as error:
        future.set_exception(error)


def close_opened(opening: Future[Source]) -> None:
    """Done with a future that nobody waits for any more: closes what it opened."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


class Shelf:
    """The sounds of one home."""

    def __init__(self, home: Path, executor: Executor) -> None:
        self._playlists = home / "playlists"
        self._scripts = home / "scripts_guided"
        self._cache = tables_of(home)
        self._executor = executor

    def track(self, track: Track, at: float) -> Future[Source]:
        """`track` from `at` seconds on, at its own level. The future may hold Unplayable."""
        return self._executor.submit(self._open_track, track, at)

    def clip(self, cue: Cue, at: float) -> Future[Source]:
        """The recording of `cue` from `at` seconds on. The future may hold Unplayable."""
        return self._executor.submit(self._open_clip, cue, at)

    def _open_track(self, track: Track, at: float) -> Source:
        if track.soundscape is not None:
            knobs = track.seed, track.brightness, track.density
            return soundscape(track.soundscape, *knobs, at, self._cache)
        if track.file is None:
            raise Unplayable("it names neither a file nor a soundscape")
        return self._read(_below(self._playlists, track.file), at)

    def _open_clip(self, cue: Cue, at: float) -> Source:
        if cue.clip is None:
            raise Unplayable("it has no recording")
        return self._read(_below(self._scripts, cue.clip), at)

    def _read(self, path: Path, at: float) -> Source:
        return ReadAhead(FileSource(path, at), self._executor)


def _below(folder: Path, name: str) -> Path:
    """The file `name` of `folder`, which nothing may lead out of."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Unplayable(f"{name} lies outside of the folder {folder.name}")
    return path
