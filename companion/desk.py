"""The shell of staff work: what can be prepared, what waits, and is all well.

People live in the tablet's own book, content in the home's files. Slow work (reading the library)
happens in a thread, so that no screen waits for it.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from typing import Protocol as Structural

from companion import access, tablet_book
from companion.access import Act, People, Person, Refusal
from companion.calibration import calibration
from companion.calibration.calibration import Calibration
from companion.fitness import Fitness, free, power
from companion.moment import Clock, Instant
from companion.problems import BadContent, Problem
from companion.record.loss import RecordLoss
from companion.record.past import Line, Past
from companion.review.reviewing import Reviewing
from companion.session import book
from companion.session.events import By
from companion.session.patient_code import DIGITS, with_check_digit
from companion.session.plan import Levels, Plan, Playlist, Protocol
from companion.staffing import Staffing
from companion.tablet_book import TabletBook

if TYPE_CHECKING:
    from companion.config import Config
    from companion.journal.retention import Outlived
    from companion.library.check import Library
    from companion.library.resolve import Card


class Keeping(tablet_book.Keeping, Structural):
    """What keeps the tablet's book, and what it is asked."""

    def can_save(self, moment: Instant) -> Awaitable[bool]: ...


class Waiting(Structural):
    """A rating that was left for later."""

    @property
    def stream(self) -> str: ...
    @property
    def code(self) -> str | None: ...


class Reading(Structural):
    """What reads earlier sessions; it answers from a thread of its own."""

    def codes(self) -> Awaitable[Collection[str]]: ...
    def waiting_ratings(self, now: Instant) -> Awaitable[Sequence[Waiting]]: ...
    def read(self, stream: str) -> Awaitable[Sequence[Any]]: ...
    def sessions(self) -> Awaitable[Sequence[Line]]: ...
    def outlived(self, keep_days: int, now: Instant) -> Awaitable[Sequence["Outlived"]]: ...


@dataclass(frozen=True, slots=True)
class Content:
    """What staff wrote, as last read."""

    config: "Config"
    library: "Library"
    """What was accepted of it."""
    broken: Problem | None = None
    """Why `config.yaml` cannot be used, so that `config` is the last good one; None: it is."""


class Desk:
    """Staff work on one tablet."""

    def __init__(
        self,
        home: Path,
        clock: Clock,
        keeping: Keeping,
        reading: Reading,
        *,
        records: Sequence[access.Kept],
        session_open: Callable[[], bool],
    ) -> None:
        self._home = home
        self._clock = clock
        self._keeping = keeping
        self._reading = reading
        self._session_open = session_open
        self._book = TabletBook(clock, keeping, records)
        self.staffing = Staffing(clock, self._book, session_open)
        """Who works here: their PINs and roles."""
        self.review = Reviewing(home, self._book, self)
        self.past = Past(clock, keeping, reading, lambda: self.people, session_open)
        self.content: Content | None = None
        self.problems: tuple[Problem, ...] = ()
        self.sound_lost: str | None = None
        """Why there is no sound, as its process last told; None: there is."""
        self.output = ""
        """The output in use, as the sound process last told; empty: it is not known yet."""
        self.volume: int | None = None
        """The system's volume in per cent, where it is known."""
        self.muted = False
        """Whether the system lets no sound through, as far as is known."""
        self.saved = True
        """Whether the journal takes events, as it last told."""
        self.flaw: book.FlawFound | None = None
        """The first event that is not as it was written, as the record was last proved."""
        self.answers_sealed = True
        """Whether all that rests is sealed, where the clinic has a key for it."""
        self.record_unreadable: str | None = None
        """Why nothing could be read of the record at the start; None: it could."""

    @property
    def home(self) -> Path:
        """The folder that holds what staff write."""
        return self._home

    @property
    def asks_nurse(self) -> bool:
        """Whether a session may be under way that the record no longer tells of."""
        loss = self._book.loss
        return self.record_unreadable is not None or (loss is not None and loss.asks_nurse)

    @property
    def record_loss(self) -> RecordLoss | None:
        """The journal that was set aside, until somebody has seen it and for a while after."""
        loss = self._book.loss
        return loss if loss is not None and loss.told_still(self._clock.now()) else None

    # --- the tablet's book -----------------------------------------------------------------------

    @property
    def people(self) -> People:
        """Everybody with the attempts that still count, for the rules of `access`."""
        return self._book.people

    @property
    def staff(self) -> tuple[Person, ...]:
        """Everybody here, in the order they were added."""
        return self.people.staff

    @property
    def last_before(self) -> Instant | None:
        """The moment of the newest event that an earlier run wrote into the book."""
        return self._book.last_before

    async def set_aside(self, name: str) -> None:
        """Write down that a file which could not be used was renamed to `name`."""
        await self.write(book.FileSetAside(name=name))

    async def called_lost(self) -> None:
        """Write down that somebody called while no session was known to be under way."""
        await self.write(book.CalledWithoutSession())

    async def write(self, *events: book.BookEvent) -> None:
        """Write these into the book."""
        await self._book.write(*events)

    # --- how loud the output is ------------------------------------------------------------------

    @property
    def output_in_use(self) -> str:
        """The output by which sound leaves now; empty: by none."""
        return self.output if self.sound_lost is None else ""

    @property
    def calibration_in_use(self) -> Calibration | None:
        """The newest calibration of the output in use, or of the one that was lost."""
        return self._book.calibrations.get(self.output)

    @property
    def checked_today(self) -> float | None:
        """When the last morning check was done (seconds since 1970 UTC); None: not today."""
        if self._book.checked is None:
            return None
        wall, now = self._book.checked.moment.wall, self._clock.now().wall
        return wall if date.fromtimestamp(wall) == date.fromtimestamp(now) else None

    @property
    def calibrated(self) -> calibration.Known | None:
        """What is known of the output in use; None while there is none."""
        if not self.output_in_use:
            return None
        return calibration.holds(self.calibration_in_use, self.volume)

    async def calibrate(
        self, output: str, level: float, reading: float, by: By
    ) -> Calibration | Refusal | calibration.Refusal:
        """Keep what a meter read, in dB(A), of the reference noise at `level` dB on `output`."""
        refusal = access.refuse_act(self.people, by, Act.CALIBRATE)
        if refused := refusal or calibration.refuse(output, reading):
            return refused
        await self.write(
            book.Calibrated(output=output, level=level, reading=reading, by=by, volume=self.volume)
        )
        return self._book.calibrations[output]

    # --- what can be prepared --------------------------------------------------------------------

    async def load(self) -> None:
        """Read the configuration and the library. What cannot be read leaves the last good one."""
        async with self.review.turn:
            await asyncio.to_thread(self._load)

    def _load(self) -> None:
        from companion.last_good import settings_of
        from companion.library.check import load_library

        before = None if self.content is None else self.content.config
        try:
            settings = settings_of(self._home, before)
        except BadContent as error:
            self.problems = error.problems
            return
        library = load_library(self._home, settings.config)
        offered = self.review.offer(library, clear=not self._session_open())
        self.problems = (*settings.problems, *library.problems)
        broken = settings.problems[0] if settings.problems else None
        self.content = Content(settings.config, offered, broken)

    def offer(self, library: "Library") -> None:
        """From now on this is what staff may choose from."""
        assert self.content is not None, "nothing is offered before it is read"
        self.content = replace(self.content, library=library)

    def levels(self, levels: Levels) -> Levels:
        """The clinic's `levels` as far as what is known of the output in use allows."""
        return calibration.within(levels, self._book.calibrations, self.output, self.volume)

    async def plan(self, card: "Card") -> Plan:
        """The whole resolved session for a card, its levels as calibrated. Raises BadContent."""
        from companion.library.resolve import plan_for

        assert self.content is not None, "a card is only offered once the content is read"
        work = partial(plan_for, self.content.config, self.content.library, card)
        plan = await asyncio.to_thread(work)
        return replace(plan, levels=self.levels(plan.levels))

    def playlist(self, stem: str, protocol: Protocol) -> Playlist:
        """A playlist of the library, cut to `protocol`, for a session that is under way."""
        from companion.library.resolve import resolve_playlist

        assert self.content is not None, "a playlist is only offered once the content is read"
        return resolve_playlist(self.content.library.playlists[stem], protocol)

    # --- patients, and what waits ----------------------------------------------------------------

    def new_code(self) -> str:
        """A patient code that nobody has had here, as far as chance allows."""
        return with_check_digit(secrets.randbelow(10 ** (DIGITS - 1)))

    def temporary_code(self) -> str:
        """A name for one session of somebody without a code; never mistaken for a code."""
        return f"T{secrets.randbelow(10**6):06d}"

    async def code_known(self, code: str) -> bool:
        """Whether a session with this code was ever prepared here."""
        return code in await self._reading.codes()

    async def waiting(self) -> tuple[Waiting, ...]:
        """The ratings that were left for later today."""
        return tuple(await self._reading.waiting_ratings(self._clock.now()))

    async def session(self, stream: str) -> Sequence[Any]:
        """All that was written down of one session, for `Conductor.open_late`."""
        return await self._reading.read(stream)

    async def outlived(self) -> "Sequence[Outlived]":
        """The sessions whose answers the clinic's rule no longer keeps; none without a rule."""
        if self.keep_days is None:
            return ()
        return await self._reading.outlived(self.keep_days, self._clock.now())

    @property
    def keep_days(self) -> int | None:
        """For how many days the clinic keeps a patient's answers; None: for ever."""
        return None if self.content is None else self.content.config.keep_days

    async def delete_answers(self, sessions: "Sequence[Outlived]", by: By) -> Refusal | None:
        """Delete the answers of these sessions, for the clinic's rule, for good."""
        from companion.journal.retention import tombstones

        refusal = access.refuse_act(self.people, by, Act.KEEP_RECORD)
        if refusal is None and self.keep_days is not None:
            await self.write(*tombstones(sessions, self.keep_days, by))
        return refusal

    async def try_saving(self) -> None:
        """Find out by a real commit whether the journal takes events now."""
        self.saved = await self._keeping.can_save(self._clock.now())

    def fitness(self) -> Fitness:
        """How the tablet stands now."""
        return Fitness(
            power(),
            free(self._home),
            self.sound_lost,
            self.saved,
            answers_sealed=self.answers_sealed,
            calibrated=self.calibrated,
            output=self.output,
            volume=self.volume,
            muted=self.muted,
        )
