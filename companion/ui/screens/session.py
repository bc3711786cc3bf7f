"""The session: a still glow, the minutes, and the few things a hand may want."""

from collections.abc import Iterator

from textual import on
from textual.containers import Container, Horizontal, Vertical
from textual.widget import Widget

from companion.session.commands import LookIn, Louder, Quieter, Soften, SwitchSound
from companion.session.events import By
from companion.session.plan import Mode
from companion.session.view import Offer, View, Word
from companion.ui.naming import NamingPlace
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.glow import Glow
from companion.ui.widgets.name_tiles import NameTiles
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile


class SessionScreen(NamingPlace):
    """From settling to the return. After a while untouched only minutes and call bar are left."""

    RESTS = True

    def furnish(self) -> Iterator[Widget]:
        words = self.words
        with Horizontal(classes="head"):
            yield Tile(words.staff, weight="quiet", id="staff")
            yield BigLetters(id="state")
            yield Tile(words.looked_in, id="looked-in")
            yield Tile(words.infusion_started, id="start")
        with Horizontal(id="heart"):
            yield Glow()
            yield Sentence(id="spoken")
            with Vertical(id="time"):
                yield BigLetters(rows=5, id="minutes")
                yield Sentence(id="unit")
                yield Sentence(f"◆ {words.not_so_comfortable}", id="discomfort")
                yield Sentence(words.damaged, id="damaged")
        with Horizontal(classes="tiles"):
            yield from self.tiles()
        yield Container(id="names")

    def tiles(self) -> Iterator[Widget]:
        """What the patient may do here."""
        words = self.words
        yield Tile(words.quieter, Quieter(), classes="sounding")
        yield Tile(words.softer, Soften(), id="softer")
        yield Tile(words.louder, Louder(), classes="sounding")
        yield Tile(words.sound_off, id="sound")

    def show(self, view: View | None) -> None:
        if view is None:
            return
        self._show_staff(view)
        self._show_time(view)
        self._show_sound(view)
        said = view.words or (self.words.discomfort_told if view.uncomfortable else "")
        self.query_one("#spoken", Sentence).say(said)
        self.reveal("#spoken", bool(said))
        self.reveal("Glow", not said)
        self.reveal("#discomfort", view.uncomfortable)
        self.set_class(view.uncomfortable, "-uncomfortable")
        self.reveal("#damaged", view.damaged)
        self.set_class(view.damaged, "-damaged")

    def _show_staff(self, view: View) -> None:
        state = self.query_one("#state", BigLetters)
        state.text = "" if view.word is Word.OK else self.words.state[view.word]
        self.reveal("#looked-in", view.word is Word.LOOK_IN)
        self.reveal("#start", Offer.START in view.offers)

    def _show_time(self, view: View) -> None:
        begun = view.minutes is not None
        self.query_one("#minutes", BigLetters).text = str(view.minutes) if begun else ""
        self.reveal("#minutes", begun)
        self.query_one("#unit", Sentence).say(self._unit(view))

    def _unit(self, view: View) -> str:
        if view.minutes is None:
            return "" if view.words else self.words.settling
        return self.words.minute if view.minutes == 1 else self.words.minutes

    def _show_sound(self, view: View) -> None:
        silence = view.mode is Mode.SILENCE
        sounds = view.sound_on and not silence
        self.reveal(".sounding", sounds)
        softens = view.uncomfortable and Offer.SOFTEN in view.offers
        self.reveal("#softer", sounds and softens)
        self.reveal("#sound", not silence)
        sound = self.query_one("#sound", Tile)
        sound.value = SwitchSound(not view.sound_on)
        sound.label = self.words.sound_off if view.sound_on else self.words.sound_on

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        match event.tile.value:
            case Quieter() | Louder() | Soften() | SwitchSound() as command:
                self.carry_out(command)

    @on(Tile.Tapped, "#start")
    def _start(self) -> None:
        from companion.ui.screens.start import StartScreen

        self.companion.open_staff(StartScreen())

    # --- a nurse looks in: her name, no PIN ------------------------------------------------------

    @on(Tile.Tapped, "#looked-in")
    def _looked_in(self) -> None:
        self.ask_name()

    @on(NameTiles.Named)
    def _named(self, event: NameTiles.Named) -> None:
        self.carry_out(LookIn(By(event.initials)))
        self.leave_names()
