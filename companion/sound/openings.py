"""A shelf on which things are opened at known frames."""

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from pathlib import Path

from companion.session.plan import Cue, Track
from companion.sound.order_log import Note, Opened
from companion.sound.shelf import AtOnce, Shelf
from companion.sound.source import Source


class Openings(Shelf):
    """How long a disk takes is chance. Here it counts only between two blocks, and is noted, so
    that the same can be rendered again."""

    def __init__(self, home: Path, executor: Executor, note: Note) -> None:
        super().__init__(home, executor)
        self._note = note
        self._number = 0
        self._pending: dict[int, tuple[Future[Source], Future[Source]]] = {}
        """What is being opened, and what was given out for it."""

    def track(self, track: Track, at: float) -> Future[Source]:
        return self._give_out(super().track(track, at))

    def clip(self, cue: Cue, at: float) -> Future[Source]:
        return self._give_out(super().clip(cue, at))

    def settle(self, frame: int) -> None:
        """`frame` is rendered next: what has been opened by now is open from here on."""
        for number, (opening, _) in tuple(self._pending.items()):
            if opening.done():
                self._note(frame, Opened(number))
                self._open(number)

    def _give_out(self, opening: Future[Source]) -> Future[Source]:
        given: Future[Source] = Future()
        self._pending[self._number] = (opening, given)
        self._number += 1
        return given

    def _open(self, number: int) -> None:
        opening, given = self._pending.pop(number)
        error = opening.exception()
        if error is None:
            given.set_result(opening.result())
        else:
            given.set_exception(error)


class OpeningsAgain(Openings):
    """Opens each thing, by its number, at the frame at which it was open before."""

    def __init__(self, home: Path, frames: Mapping[int, int]) -> None:
        super().__init__(home, AtOnce(), lambda frame, order: None)
        self._frames = frames

    def settle(self, frame: int) -> None:
        for number in tuple(self._pending):
            if self._frames.get(number, frame + 1) <= frame:
                self._open(number)
