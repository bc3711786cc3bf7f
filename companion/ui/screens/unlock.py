"""A name and its PIN open what only staff may do."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Container, Horizontal
from textual.widget import Widget

from companion.access import Act, TryLater, Unlocked, Wrong
from companion.session.view import Offer, View
from companion.ui.screens.staff import StaffScreen
from companion.ui.widgets.key_pad import KeyPad
from companion.ui.widgets.name_tiles import NameTiles
from companion.ui.widgets.tile import Tile

_BESIDE = 4
"""How many other names stand above the key pad, where there is room for them."""


class UnlockScreen(StaffScreen):
    """Who is it? Then her PIN. In a session its nurse is taken for granted."""

    def __init__(
        self,
        who: str | None = None,
        then: Callable[[Unlocked], None] | None = None,
        *,
        act: Act = Act.RUN_SESSION,
        purpose: str = "",
    ) -> None:
        """`then` shows what is open now, without it the nurse view; `purpose` names it."""
        super().__init__()
        self._who = who
        self._then = then or self._nurse
        self._act = act
        self._purpose = purpose

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield self.saying()
        yield Horizontal(id="beside")
        with Container(id="pad"):
            yield KeyPad(delete=words.delete, cancel=words.cancel)
        with Container(id="names"):
            names = [person.initials for person in self.companion.desk.staff]
            yield NameTiles(names, back=words.back, more=words.more)

    def show(self, view: View | None) -> None:
        if not self.has_class("-shown"):
            self.add_class("-shown")
            self.set_class(not self.CALL_BAR, "-between")
            self._ask(self._who or (view.nurse if view is not None else None))

    def _ask(self, who: str | None) -> None:
        """Ask for the PIN of `who`; with None, who it is."""
        words = self.staff_words
        staff = [person.initials for person in self.companion.desk.staff]
        self._who = who if who in staff else None
        self.set_class(self._who is None, "-naming")
        self.query_one(KeyPad).clear()
        self.changed()
        if self._who is None:
            self.say(": ".join(filter(None, [self._purpose, words.whose_pin])))
            return
        self.say(": ".join(filter(None, [self._purpose, words.pin_of.format(initials=self._who)])))
        others = [name for name in staff if name != self._who]
        beside = self.query_one("#beside")
        beside.remove_children()
        beside.mount_all(Tile(name, name, classes="name") for name in others[:_BESIDE])
        if len(others) > _BESIDE:
            beside.mount(Tile(words.more, classes="name"))

    @on(Tile.Tapped, ".name")
    def _other(self, event: Tile.Tapped) -> None:
        self._ask(event.tile.value if isinstance(event.tile.value, str) else None)

    @on(NameTiles.Named)
    def _named(self, event: NameTiles.Named) -> None:
        self._ask(event.initials)

    @on(NameTiles.Left)
    def _left(self) -> None:
        self.companion.leave_staff()

    @on(KeyPad.Cancelled)
    def _cancelled(self) -> None:
        """Back to where she came from; with no names beside the pad, to the names first."""
        others = len(self.companion.desk.staff) > 1
        if others and not self.query_one("#beside").display:
            self._ask(None)
        else:
            self.companion.leave_staff()

    @on(KeyPad.Entered)
    async def _entered(self, event: KeyPad.Entered) -> None:
        event.pad.clear()
        words, who = self.staff_words, self._who or ""
        match await self.companion.desk.staffing.unlock(who, event.digits):
            case Unlocked() as unlocked if unlocked.may(self._act):
                self._then(unlocked)
            case Unlocked():
                self.say(words.not_for_role.format(initials=who))
            case Wrong():
                self.say(words.pin_wrong.format(initials=who))
            case TryLater(seconds=seconds):
                self.say(f"{self._later(who, seconds)} {self._lost()}".strip())

    def _lost(self) -> str:
        """What to do about a lost PIN, where there is room for it."""
        room = self.has_class("-between") and not self.has_class("-low")
        return self.staff_words.lost_pin if room else ""

    def _later(self, who: str, seconds: float) -> str:
        """When she can try again, in words that need no counting down."""
        words = self.staff_words
        if seconds <= 20:
            return words.later_soon.format(initials=who)
        if seconds <= 60:
            return words.later_minute.format(initials=who)
        return words.later_minutes.format(initials=who, minutes=round(seconds / 60 + 0.49))

    def _nurse(self, unlocked: Unlocked) -> None:
        """The nurse view; before it, what only she can answer."""
        from companion.ui.screens.elapsed import ElapsedScreen
        from companion.ui.screens.nurse import NurseScreen

        view = self.view
        asks = view is not None and view.calling is None and Offer.CONFIRM_ELAPSED in view.offers
        self.go_to(ElapsedScreen(unlocked) if asks else NurseScreen(unlocked))
