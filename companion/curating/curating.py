"""The shell of a curator's work: a playlist is opened, changed, heard and saved, music added to it
from a stick, and the library carried.

What reads or writes files happens in a thread, so that no screen waits for it.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from companion import access
from companion.access import Act, Refusal
from companion.curating.adding_child import AddingChild, Wish
from companion.curating.carrying_child import CarryingChild, Outcome, Way
from companion.curating.sticks import OnStick, Stick, sound_files, sticks
from companion.desk import Desk
from companion.problems import BadContent, Problem
from companion.session.book import Kind
from companion.session.events import By
from companion.session.plan import Track

if TYPE_CHECKING:
    from companion.config import Config
    from companion.library.check import Library
    from companion.library.draft import Draft
    from companion.library.playlists import TrackForm
    from companion.rehearsal.rehearse import Rehearsal
    from companion.rehearsal.tracks import Playing


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A session as it would go with what lies here, whether or not that was accepted."""

    title: str
    rehearsal: "Rehearsal"
    playings: "tuple[Playing, ...]"


class Curating:
    """A curator's work on the library of one tablet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.find_sticks: Callable[[], tuple[Stick, ...]] = sticks

    @property
    def library(self) -> "Library | None":
        """All that lies here, whether or not it was accepted; None: it is not read yet."""
        return self._desk.review.found

    async def open(self, stem: str) -> "Draft":
        """The playlist of this stem, to be changed. Raises BadContent."""
        return await asyncio.to_thread(self._open, stem)

    def _open(self, stem: str) -> "Draft":
        from companion.library.check import PLAYLISTS
        from companion.library.draft import Draft
        from companion.library.edit import PlaylistEdit

        return Draft(stem, PlaylistEdit(self._desk.home / PLAYLISTS / f"{stem}.yaml"))

    async def save(self, draft: "Draft", by: By) -> Refusal | None:
        """Write a changed playlist and who wrote it, and read the library anew. Raises BadContent
        where it cannot be written."""
        refusal = access.refuse_act(self._desk.people, by, Act.CURATE)
        if refusal is None:
            await asyncio.to_thread(draft.save)
            await self._desk.review.authored(Kind.PLAYLIST, draft.stem, by)
        return refusal

    async def add(self, child: AddingChild, wish: Wish, by: By) -> bool | Refusal:
        """Let `child` add files as `by` wishes; what was taken makes her an author of the playlist.
        False where the child did not come to its own end; what it had taken stays."""
        refusal = access.refuse_act(self._desk.people, by, Act.CURATE)
        if refusal is not None:
            return refusal
        done = await child.run(wish)
        if child.took:
            await self._desk.review.authored(Kind.PLAYLIST, wish.playlist, by)
        return done

    async def carry(
        self, child: CarryingChild, way: Way, stick: Stick, by: By
    ) -> Outcome | Refusal:
        """Let `child` carry the library to or from `stick`; what was accepted on the tablet it
        comes from is taken in."""
        refusal = access.refuse_act(self._desk.people, by, Act.CURATE)
        if refusal is not None:
            return refusal
        outcome = await child.run(way, stick.path)
        if way is Way.FROM:
            outcome = replace(outcome, reviews=await self._take_in(stick, by))
            await self._desk.load()
        return outcome

    async def _take_in(self, stick: Stick, by: By) -> int | None:
        """How many reviews on `stick` were new here; None where nothing can be taken in."""
        from companion.review.travel import Unreadable

        with suppress(Unreadable):
            taken = await self._desk.review.take_in(stick.path, by)
            return None if isinstance(taken, Refusal) else taken
        return None

    async def sticks(self) -> tuple[Stick, ...]:
        """What is plugged in now."""
        return await asyncio.to_thread(self.find_sticks)

    async def sound_files(self, stick: Stick) -> OnStick:
        """The sound files on `stick`."""
        return await asyncio.to_thread(sound_files, stick.path)

    @property
    def config(self) -> "Config | None":
        """The clinic's configuration; None: it cannot be used."""
        return None if self._desk.content is None else self._desk.content.config

    async def rehearse(self, protocol: str, playlist: str, script: str | None) -> Rehearsed:
        """The session of these, by their names in the configuration and their stems. Raises
        BadContent."""
        return await asyncio.to_thread(self._rehearse, protocol, playlist, script)

    def _rehearse(self, protocol: str, playlist: str, script: str | None) -> Rehearsed:
        from companion.library.resolve import rehearsal_plan
        from companion.rehearsal.rehearse import rehearse
        from companion.rehearsal.tracks import playings

        config, library = self.config, self.library
        if config is None or library is None:
            raise BadContent(self._desk.problems)
        plan = rehearsal_plan(config, library, protocol, playlist, script)
        rehearsal = rehearse(plan, protocol in config.demonstrations)
        parts = (plan.playlist.title, plan.script.title if plan.script else "", plan.protocol.title)
        return Rehearsed(" · ".join(filter(None, parts)), rehearsal, playings(rehearsal))

    async def playable(self, form: "TrackForm") -> Track:
        """The track as it is played. Raises Unusable where its file cannot be."""
        return await asyncio.to_thread(self._playable, form)

    def _playable(self, form: "TrackForm") -> Track:
        from companion.library.check import playlist_shelf
        from companion.library.playlists import entry_of

        return entry_of(form, playlist_shelf(self._desk.home)).track


def problems_in(problems: Iterable[Problem], file: str) -> tuple[Problem, ...]:
    """Those of `problems` that are told of `file`."""
    return tuple(problem for problem in problems if problem.file == file)
