"""Opens what a session names: tracks and clips below the home, soundscapes by name.

Opening may take as long as a disk takes, so it is given to an executor; whoever asked goes on
and looks at the future.
"""

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from companion.session.plan import Cue, Track
from companion.sound.decode import FileSource
from companion.sound.source import ReadAhead, Source, Unplayable
from companion.sound.synthesis import soundscape

_AHEAD = 8.0
"""Seconds that a file is read before it is heard: one crossfade."""


class AtOnce(Executor):
    """Does what it is given at once: where time is simulated, opening takes none."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def close_opened(opening: Future[Source]) -> None:
    """Done with a future that nobody waits for any more: closes what it opened."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


class Shelf:
    """The sounds of one home."""

    def __init__(self, home: Path, executor: Executor) -> None:
        self._playlists = home / "playlists"
        self._scripts = home / "scripts_guided"
        self._executor = executor

    def track(self, track: Track, at: float) -> Future[Source]:
        """`track` from `at` seconds on, at its own level. The future may hold Unplayable."""
        return self._executor.submit(self._open_track, track, at)

    def clip(self, cue: Cue, at: float) -> Future[Source]:
        """The recording of `cue` from `at` seconds on. The future may hold Unplayable."""
        return self._executor.submit(self._open_clip, cue, at)

    def _open_track(self, track: Track, at: float) -> Source:
        if track.soundscape is not None:
            return soundscape(track.soundscape, track.seed, track.brightness, track.density, at)
        if track.file is None:
            raise Unplayable("it names neither a file nor a soundscape")
        return ReadAhead(FileSource(_below(self._playlists, track.file), at), _AHEAD)

    def _open_clip(self, cue: Cue, at: float) -> Source:
        if cue.clip is None:
            raise Unplayable("it has no recording")
        return ReadAhead(FileSource(_below(self._scripts, cue.clip), at), _AHEAD)


def _below(folder: Path, name: str) -> Path:
    """The file `name` of `folder`, which nothing may lead out of."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Unplayable(f"{name} lies outside of the folder {folder.name}")
    return path
