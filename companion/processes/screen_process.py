"""The screen process: its parts, and what each tells the others."""

import gc
from collections.abc import Callable
from pathlib import Path

from companion.conductor import Conductor
from companion.desk import Desk
from companion.fitness import Power, watch
from companion.joining import channels
from companion.moment import SystemClock
from companion.notices import heard, tell_desk
from companion.processes.tables_child import make_while_resting
from companion.record.journal_care import JournalCare
from companion.record.keeping import JOURNAL, Kept, open_writer
from companion.record.proving import Proving
from companion.record.putting_away import PuttingAway
from companion.session.book import STREAM, FileSetAside, FlawFound
from companion.session.commands import ReportPower
from companion.sound.client import SoundClient
from companion.sound.wire import Notice
from companion.taking_up import take_up
from companion.ui.app import CompanionApp


class ScreenProcess:
    """Everything of it but its own hardening."""

    def __init__(
        self,
        home: Path,
        socket: Path,
        *,
        beat: Callable[[], None],
        note: Callable[[str], None],
        hint: str,
    ) -> None:
        """`socket` is where the sound answers, `beat` shows that the loop lives, `note` writes a
        line into the log."""
        self._home = home
        self._clock = clock = SystemClock()
        self._desk: Desk | None = None
        self._care = JournalCare(clock)
        self._begun, self._writer = open_writer(home, self._tell_saved, self._tell_mended)
        kept = Kept(self._writer)
        self._client = SoundClient(socket, self._hear)
        self._conductor = Conductor(clock, kept, self._client)
        self._merged = self._writer.merge_fallback()
        records = self._writer.read(STREAM)
        self._desk = desk = Desk(
            home, clock, kept, kept, records=records, session_open=self._session_open
        )
        desk.saved, desk.record_unreadable = self._writer.saved, self._begun.unreadable
        if desk.asks_nurse or self._begun.told is not None:
            self._conductor.record_damaged()
        self._proving = Proving(home / JOURNAL, records, self._tell_flaw, desk.write)
        self._away = PuttingAway(clock, self._writer, self._session_open, self._tell_sealed)
        self._conductor.listen(self._away.look)
        self._app = CompanionApp(
            self._conductor,
            desk,
            clock,
            begin=self._begin,
            tasks=(
                self._client.run,
                self._conductor.run,
                self._live,
                self._look_after_journal,
                self._proving.run,
                self._away.run,
                self._feed,
            ),
            beat=beat,
            note_fault=note,
            hint=hint,
        )

    def run(self) -> int:
        """Until it ends; 0 when a nurse ended the day."""
        day_ended = self._app.run()
        self._writer.close()
        return 0 if day_ended else self._app.return_code or 1

    def _session_open(self) -> bool:
        return self._conductor.view is not None

    # --- what the parts tell ---------------------------------------------------------------------

    def _tell_saved(self, saved: bool) -> None:
        self._conductor.saving(saved)
        if self._desk is not None:
            self._desk.saved = saved

    def _tell_mended(self, told: FileSetAside) -> None:
        self._conductor.record_damaged()
        self._care.mended(told)

    def _tell_flaw(self, flaw: FlawFound | None) -> None:
        assert self._desk is not None
        self._desk.flaw = flaw

    def _tell_sealed(self, sealed: bool) -> None:
        assert self._desk is not None
        self._desk.answers_sealed = sealed

    def _hear(self, notice: Notice) -> None:
        for report in heard(notice):
            self._conductor.hear(report)
        if self._desk is not None:
            tell_desk(self._desk, notice)

    # --- what is done beside the screen ----------------------------------------------------------

    async def _begin(self) -> None:
        stream = self._writer.latest_session()
        if stream is not None:
            alive = await self._writer.ask(lambda log: log.alive(stream))
            await take_up(self._conductor, stream, self._writer.read(stream), alive)

    async def _live(self) -> None:
        """What can wait until the first frame stands."""
        gc.freeze()
        gc.enable()
        desk = self._desk
        assert desk is not None
        if self._merged.set_aside is not None:
            await desk.set_aside(self._merged.set_aside.name)
        await desk.load()
        if desk.content is not None:
            self._conductor.reach_by(channels(desk.content.config))
        await make_while_resting(self._home, lambda: not self._session_open())

    async def _look_after_journal(self) -> None:
        assert self._desk is not None
        await self._care.run(self._writer, self._desk.write, self._session_open, self._back)

    def _back(self) -> None:
        """The journal can be written. Where nothing was read of it at the start, a fresh process
        reads all of it."""
        if self._begun.unreadable is not None:
            self._app.exit(return_code=1)

    async def _feed(self) -> None:
        """Tell the session how the tablet is fed."""

        def tell(power: Power) -> None:
            self._conductor.hear(ReportPower(power.percent, power.on_mains))

        await watch(tell)
