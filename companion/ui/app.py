"""The screens as one app: it shows the place that the View names, and nothing decides here."""

import asyncio
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from textual.app import App
from textual.message import Message

from companion.conductor import Conductor
from companion.curating.curating import Curating
from companion.desk import Desk
from companion.moment import Clock
from companion.session.commands import Command, ReportFault
from companion.session.decide import Refused
from companion.session.view import Place, View
from companion.ui.driver import SafeDriver
from companion.ui.place import PlaceScreen
from companion.ui.places import place_screen
from companion.ui.screens.fault import FaultScreen
from companion.ui.screens.lost import LostScreen
from companion.ui.theme import DUSK
from companion.words import patient_words, record_words, staff_words

_TWICE_WITHIN = 2.0
"""Seconds within which the same key, pressed again, calls."""

_FAULTS, _WITHIN = 3, 10.0
"""So many faults in so many seconds end the process: a fresh one is better than a broken one."""

_AFRESH = 1.0
"""Seconds before work that failed is started again."""

Work = Callable[[], Coroutine[Any, Any, None]]
_Then = Callable[[Refused | None], None] | None


class CompanionApp(App[bool], inherit_bindings=False):
    """Shows one screen at a time: the patient's place, or one of staff instead of it.

    Its result is True where staff ended the day, and None at any other end.
    """

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    CSS_PATH = ["companion.tcss", "staff.tcss"]

    def __init__(
        self,
        conductor: Conductor,
        desk: Desk,
        clock: Clock,
        *,
        begin: Work | None = None,
        tasks: Sequence[Work] = (),
        beat: Callable[[], None] | None = None,
        note_fault: Callable[[str], None] | None = None,
        hint: str = "",
        language: str = "en",
    ) -> None:
        """`begin` takes up an open session before the first frame; `tasks` run after it.

        `beat` tells every second that the loop lives, `note_fault` takes a line for the log, and
        `hint` stands on the screens before a session.
        """
        super().__init__(driver_class=SafeDriver)
        self.conductor = conductor
        self.desk = desk
        self.curating = Curating(desk)
        self.clock = clock
        self.hint = hint
        self.words = patient_words(language)
        self.staff_words = staff_words(language)
        self.record_words = record_words(language)
        self._take_up, self._work = begin, tasks
        self._beat = beat
        self._note_fault = note_fault
        self._place: Place | None = None
        self.called_lost = False
        """Whether somebody called while no session was known to be under way."""
        self._staff_open = False
        self._last_key = ("", 0.0)
        self._faults: deque[float] = deque(maxlen=_FAULTS)
        self._tasks: set[asyncio.Task[None]] = set()
        self.animation_level = "none"
        self.register_theme(DUSK)
        self.theme = DUSK.name
        self.stylesheet.set_variables(self.get_css_variables())

    # --- the life of the app ---------------------------------------------------------------------

    async def on_load(self) -> None:
        """Before the first frame, so that it shows where an open session stands."""
        if self._take_up is not None:
            await self._watched(self._take_up())

    async def on_mount(self) -> None:
        view = self.conductor.view
        self._place = Place.READY if view is None else view.place
        await self.push_screen(self._place_screen(view))
        self.conductor.listen(self._changed)
        self.set_interval(1.0, self.tick)
        self.call_after_refresh(self._begin)

    def _changed(self, view: View | None) -> None:
        """Whoever brought it about does not wait for the screens."""
        self.call_later(self.follow)

    def _begin(self) -> None:
        """What can wait until the first frame stands."""
        for work in self._work:
            self.begin(self._again_and_again(work))
        self.follow()

    async def _again_and_again(self, work: Work) -> None:
        """Do `work` to its end; a fault only makes it start afresh."""
        while True:
            try:
                return await work()
            except Exception as error:
                self.report(error)
                await asyncio.sleep(_AFRESH)

    def tick(self) -> None:
        """Once a second: the loop lives, and a screen that nobody touches rests."""
        if self._beat is not None:
            self._beat()
        self.conductor.keep_up()
        if isinstance(self.screen, PlaceScreen) and self.screen.is_mounted:
            self.screen.tend()

    def end_day(self) -> None:
        """Staff ended the day: the program ends."""
        self.exit(result=True, return_code=0)

    def refresh_css(self, animate: bool = True) -> None:
        """The theme never changes: what was parsed stands, and the first frame need not wait for
        everything to be parsed once more."""
        self.stylesheet.update(self, animate=animate)

    # --- which screen ----------------------------------------------------------------------------

    def follow(self) -> None:
        """Show the View of now: on the screen that stands, or on that of the place it names."""
        view = self.conductor.view
        place = Place.READY if view is None else view.place
        if not self._staff_open and place is not self._place:
            self._place = place
            self.switch_screen(self._place_screen(view))
        elif isinstance(self.screen, PlaceScreen):
            self.screen.view = view

    def _place_screen(self, view: View | None) -> PlaceScreen:
        """The screen of the place; the tablet at rest only where no session can be under way."""
        if view is None and self.desk.asks_nurse:
            return LostScreen()
        self.called_lost = False
        return place_screen(view)

    def call_lost(self) -> None:
        """Call where no session is known: it shows, and goes out by the clinic's channels."""
        if self.called_lost and not self._staff_open:
            return
        if not self.called_lost:
            self.called_lost = True
            content = self.desk.content
            room = "" if content is None else content.config.room
            self.conductor.call_out(room, still_open=lambda: self.desk.asks_nurse)
            self.begin(self.desk.called_lost())
        self.leave_staff()

    def open_staff(self, screen: PlaceScreen) -> None:
        """Show a screen of staff instead of the patient's, or of the staff's one before."""
        self._staff_open = True
        screen.set_reactive(PlaceScreen.view, self.conductor.view)
        self.switch_screen(screen)

    def ask_staff(self) -> None:
        """Somebody of staff wants in: her name and her PIN."""
        from companion.ui.screens.unlock import UnlockScreen

        self.open_staff(UnlockScreen())

    def leave_staff(self) -> None:
        """Show the patient's screen again, as the View now names it."""
        self._staff_open, self._place = False, None
        self.call_later(self.follow)

    # --- what the screens ask for ----------------------------------------------------------------

    def carry_out(self, command: Command, then: _Then = None) -> None:
        """Hand `command` to the conductor; no screen waits for it. `then` takes the answer."""
        self.begin(self._carry_out(command, then))

    async def _carry_out(self, command: Command, then: _Then) -> None:
        refused = await self.conductor.handle(command)
        if then is not None:
            then(refused)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` beside the screens; a fault in it is reported and ends nothing."""
        task = asyncio.ensure_future(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watched(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            self.report(error)

    @property
    def call_button(self) -> str | None:
        """The key that calls at one press, where the clinic has named one."""
        content = self.desk.content
        return None if content is None else content.config.calls.button

    def twice(self, key: str) -> bool:
        """Whether `key` is pressed for the second time within two seconds."""
        now = self.clock.now().boot
        before, at = self._last_key
        again = key == before and now - at <= _TWICE_WITHIN
        self._last_key = ("", now) if again else (key, now)
        return again

    # --- faults ----------------------------------------------------------------------------------

    def report(self, error: BaseException) -> None:
        """Write down that something of ours failed: its kind and its place, never its words."""
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "companion" in Path(frame.filename).parts] or frames
        place = f" {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
        what = type(error).__name__ + place
        if self._note_fault is not None:
            self._note_fault(what)
        if self.conductor.view is not None:
            self.carry_out(ReportFault(what))

    async def _dispatch_message(self, message: Message) -> None:
        """Keep the app's own loop alive, whatever a message brings about."""
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """Where Textual would end: report it, and put a calm screen in place of the broken one."""
        self.report(error)
        now = self.clock.now().boot
        self._faults.append(now)
        many = len(self._faults) == _FAULTS and now - self._faults[0] <= _WITHIN
        if many or not self.screen_stack or isinstance(self.screen, FaultScreen):
            self._fatal_error()
        else:
            self.call_later(self._show_fault)

    def _show_fault(self) -> None:
        self._staff_open = False
        if not isinstance(self.screen, FaultScreen):
            self.switch_screen(FaultScreen(self.conductor.view))

    def _fatal_error(self) -> None:
        """End without a word on the terminal; the supervisor starts a fresh screen."""
        self._return_code = 1
        self._close_messages_no_wait()
