"""Who works here. Only a lead comes this far; the desk asks for her role once more."""

from collections.abc import Iterator

from textual import on
from textual.containers import Grid, Horizontal
from textual.widget import Widget

from companion.access import Person, Refusal, Unlocked
from companion.record.old_answers import deleted_told, old_answers_told
from companion.session.book import Role
from companion.session.view import View
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.newcomer import InitialsScreen, PinScreen
from companion.ui.screens.seal import SealScreen, sealed_told
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.pages import Choice, Pages
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_SEALED = object()
"""The tile of the emergency PIN."""


class PeopleScreen(UnlockedScreen):
    """Everybody here with her role; a tile adds another."""

    def __init__(self, unlocked: Unlocked, told: str = "") -> None:
        """`told` is what has just been done."""
        super().__init__(unlocked)
        self._told = told

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        staff = self.companion.desk.staff
        people = [
            Choice(person.initials, person, words.roles[person.role])
            for person in staff
            if not person.sealed
        ]
        sealed = next((person for person in staff if person.sealed), None)
        people.append(Choice(words.emergency_pin, _SEALED, sealed_told(sealed, words)))
        yield Sentence(words.people, classes="question")
        yield self.saying()
        with Horizontal(classes="choices"):
            yield Pages(people, more=words.more)
            with Grid(id="duties"):
                yield Tile(words.add_person, id="add")
                yield Tile(words.calibration.calibrate, id="calibrate")
                yield Tile(words.old_answers, id="old-answers")
                yield Tile(words.back, weight="quiet", id="back")

    def show(self, view: View | None) -> None:
        self.say(self._told)

    def _again(self, told: str = "") -> None:
        self.go_to(PeopleScreen(self.unlocked, told))

    @on(Tile.Tapped, "#back")
    def _leave(self) -> None:
        self.leave("left")

    @on(Tile.Tapped, "#calibrate")
    def _calibrate(self) -> None:
        from companion.ui.screens.calibrate import CalibrateScreen

        self.go_to(CalibrateScreen(self.unlocked, self._again))

    @on(Tile.Tapped, "#old-answers")
    async def _old_answers(self) -> None:
        desk, words = self.companion.desk, self.staff_words
        sessions = await desk.outlived()
        told = old_answers_told(sessions, desk.keep_days, self.companion.clock.now(), words)
        if not sessions:
            self.say(told)
            return

        async def delete(_: object) -> str | None:
            refusal = await desk.delete_answers(sessions, self.unlocked.by)
            if refusal is None:
                self._again(deleted_told(sessions, words))
                return None
            return words.staff_refused[refusal]

        choices = (Choice(words.delete_for_good, True),)
        self.go_to(ChoiceScreen(self.unlocked, told, choices, delete, self._again))

    @on(Pages.Chosen)
    def _person(self, event: Pages.Chosen) -> None:
        if event.value is _SEALED:
            self.go_to(SealScreen(self.unlocked, self._again))
        if isinstance(event.value, Person):
            self.go_to(PersonScreen(self.unlocked, event.value))

    # --- another person --------------------------------------------------------------------------

    @on(Tile.Tapped, "#add")
    def _add(self) -> None:
        self.go_to(InitialsScreen(Role.NURSE, self._ask_role, self._again))

    def _ask_role(self, initials: str) -> None:
        words = self.staff_words

        async def chosen(role: Role) -> None:
            self._ask_pin(initials, role)

        roles = (Choice(words.roles[role], role) for role in Role)
        question = words.ask_role.format(initials=initials)
        self.go_to(ChoiceScreen(self.unlocked, question, roles, chosen, self._again))

    def _ask_pin(self, initials: str, role: Role) -> None:
        async def chosen(pin: str) -> Refusal | None:
            refusal = await self.companion.desk.staffing.add(initials, role, pin, self.unlocked.by)
            if refusal is None:
                self._again(self.staff_words.person_added.format(initials=initials))
            return refusal

        self.go_to(PinScreen(initials, chosen, self._again))


class PersonScreen(UnlockedScreen):
    """One person: another role, a new PIN, or her leave."""

    def __init__(self, unlocked: Unlocked, person: Person) -> None:
        super().__init__(unlocked)
        self._person = person
        self._sure = False

    def furnish(self) -> Iterator[Widget]:
        words, person = self.staff_words, self._person
        others = (role for role in Role if role is not person.role)
        role = words.roles[person.role]
        yield Sentence(words.person.format(initials=person.initials, role=role), classes="question")
        yield self.saying()
        with Horizontal(classes="tiles"):
            for other in others:
                yield Tile(words.new_role.format(role=words.roles[other]), other, classes="role")
            yield Tile(words.new_pin, id="pin")
        with Horizontal(classes="tiles"):
            yield Tile(words.remove, id="remove")
            yield Tile(words.back, weight="quiet", id="back")

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        self.go_to(PeopleScreen(self.unlocked))

    @on(Tile.Tapped, ".role")
    async def _role(self, event: Tile.Tapped) -> None:
        role = Role(str(event.tile.value))
        desk, initials = self.companion.desk, self._person.initials
        self._answer(await desk.staffing.change_role(initials, role, self.unlocked.by))

    @on(Tile.Tapped, "#remove")
    async def _remove(self, event: Tile.Tapped) -> None:
        initials = self._person.initials
        if not self._sure:
            self._sure = event.tile.chosen = True
            event.tile.label = self.staff_words.remove_sure.format(initials=initials)
            self.changed()
            return
        self._answer(await self.companion.desk.staffing.remove(initials, self.unlocked.by))

    @on(Tile.Tapped, "#pin")
    def _pin(self) -> None:
        initials = self._person.initials

        async def chosen(pin: str) -> Refusal | None:
            refusal = await self.companion.desk.staffing.change_pin(initials, pin, self.unlocked.by)
            if refusal is None:
                told = self.staff_words.pin_changed.format(initials=initials)
                self.go_to(PeopleScreen(self.unlocked, told))
            return refusal

        self.go_to(PinScreen(initials, chosen, self._back))

    def _answer(self, refusal: Refusal | None) -> None:
        if refusal is not None:
            self.say(self.staff_words.staff_refused[refusal])
        else:
            self._back()
