"""Between patients: the room, the time, whether the tablet is fit, and who works here."""

import time
from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Grid, Horizontal
from textual.widget import Widget

from companion.access import Act, Unlocked
from companion.session.patient_code import is_code, spaced
from companion.session.view import View
from companion.ui.fit import fitness_told
from companion.ui.place import PlaceScreen
from companion.ui.screens.staff import StaffScreen
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.pages import Choice, Pages
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class ReadyScreen(StaffScreen):
    """Nothing of an earlier patient is on it."""

    def __init__(self, view: View | None = None) -> None:
        super().__init__()
        self.set_reactive(PlaceScreen.view, view)
        self._minute = ""
        self._seen: object = None

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        names = (
            Choice(one.initials, one.initials, words.emergency_pin if one.sealed else "")
            for one in self.companion.desk.staff
        )
        with Horizontal(id="sign"):
            yield BigLetters(id="room")
            yield BigLetters(id="clock")
        yield Sentence(id="fit")
        yield self.saying()
        with Horizontal(classes="choices"):
            yield Pages(names, more=words.more)
            with Grid(id="doors"):
                yield Tile("", id="late", classes="-away")
                yield Tile("", id="problems", classes="-away")
                yield Tile(words.to_library, weight="quiet", id="library")
                yield Tile(self.record_words.tablet, weight="quiet", id="tablet")
                yield Tile(words.end_day, weight="quiet", id="end-day")

    def show(self, view: View | None) -> None:
        self.say(self.companion.hint)
        self._look()
        self.companion.begin(self._count_waiting())
        if not self.companion.desk.staff:
            from companion.ui.screens.set_up import SetUpScreen

            self.call_later(self.go_to, SetUpScreen())

    def tend(self) -> None:
        super().tend()
        self._look()

    def _look(self) -> None:
        """Tell anew how the tablet stands, when the minute or what was read has changed."""
        desk = self.companion.desk
        minute = time.strftime("%H:%M", time.localtime(self.companion.clock.now().wall))
        sound = (desk.sound_lost, desk.output, desk.volume, desk.muted, desk.calibrated)
        read = (desk.content, desk.problems, desk.review.waiting)
        kept = (desk.saved, desk.flaw, desk.staff, desk.checked_today, desk.record_loss)
        seen = (minute, *read, *kept, *sound)
        if seen == self._seen:
            return
        self._seen = seen
        room = "" if desk.content is None else desk.content.config.room
        self.query_one("#room", BigLetters).text = room
        self.query_one("#clock", BigLetters).text = minute
        self.query_one("#fit", Sentence).say(fitness_told(desk, self.staff_words))
        waiting = desk.review.waiting
        self.reveal("#problems", bool(desk.problems or waiting))
        self.query_one("#problems", Tile).label = (
            self.staff_words.problems.format(count=len(desk.problems))
            if desk.problems
            else self.staff_words.to_review.format(count=len(waiting))
        )

    async def _count_waiting(self) -> None:
        waiting = await self.companion.desk.waiting()
        if self.is_attached:
            self.reveal("#late", bool(waiting))
            self.set_class(bool(waiting), "-waiting")
            told = self.staff_words.rate_later.format(count=len(waiting))
            self.query_one("#late", Tile).label = told

    # --- doors -----------------------------------------------------------------------------------

    @on(Pages.Chosen)
    def _named(self, event: Pages.Chosen) -> None:
        from companion.ui.screens.card import CardScreen
        from companion.ui.screens.unlock import UnlockScreen

        who = str(event.value)
        self.go_to(UnlockScreen(who, lambda unlocked: self.go_to(CardScreen(unlocked))))

    @on(Tile.Tapped, "#tablet")
    def _tablet(self) -> None:
        from companion.ui.screens.tablet import TabletScreen

        self.go_to(TabletScreen())

    @on(Tile.Tapped, "#library")
    def _library(self) -> None:
        from companion.ui.screens.library.lists import LibraryScreen

        self._behind_pin(
            self.staff_words.to_library,
            Act.CURATE,
            lambda unlocked: self.go_to(LibraryScreen(unlocked, self.companion.leave_staff)),
        )

    @on(Tile.Tapped, "#late")
    def _late(self) -> None:
        self._behind_pin(
            self.staff_words.rate_later_title,
            Act.RUN_SESSION,
            lambda unlocked: self.companion.begin(self._list_waiting(unlocked)),
        )

    @on(Tile.Tapped, "#end-day")
    def _end_day(self) -> None:
        self._behind_pin(
            self.staff_words.end_day, Act.END_DAY, lambda unlocked: self.companion.end_day()
        )

    @on(Tile.Tapped, "#problems")
    def _problems(self) -> None:
        """Problems first; what waits to be read is behind them."""
        from companion.ui.screens.problems import ProblemsScreen, ask_reviewer

        if self.companion.desk.problems:
            self.go_to(ProblemsScreen())
        else:
            ask_reviewer(self)

    def _behind_pin(self, purpose: str, act: Act, then: Callable[[Unlocked], None]) -> None:
        from companion.ui.screens.unlock import UnlockScreen

        self.go_to(UnlockScreen(None, then, act=act, purpose=purpose))

    async def _list_waiting(self, unlocked: Unlocked) -> None:
        from companion.ui.screens.choice import ChoiceScreen

        words, companion = self.staff_words, self.companion

        async def open_rating(stream: str) -> str | None:
            records = await companion.desk.session(stream)
            refused = await companion.conductor.open_late(stream, records, unlocked.by)
            if refused is not None:
                return words.refused[refused.why]
            companion.leave_staff()
            return None

        waiting = await companion.desk.waiting()
        choices = (Choice(_told(one.code) or words.no_code_kept, one.stream) for one in waiting)
        question = words.ask_late if waiting else words.nothing_waits
        self.go_to(ChoiceScreen(unlocked, question, choices, open_rating, companion.leave_staff))


def _told(code: str | None) -> str:
    return spaced(code) if code is not None and is_code(code) else code or ""
