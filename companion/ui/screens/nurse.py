"""The nurse's view of a session: one word to be read from afar, and what she does most."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.session.commands import AnswerCall, CloseSession
from companion.session.events import By, Event
from companion.session.plan import Mode
from companion.session.state import Stage
from companion.session.view import Offer, View, Word
from companion.ui.nurse_tiles import Door, first_layer
from companion.ui.output_name import output_name
from companion.ui.screens.choices import ask_note, ask_who_is_here
from companion.ui.screens.more import MoreScreen
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.screens.start import StartScreen
from companion.ui.told import told
from companion.ui.widgets.big_letters import BigLetters, letters
from companion.ui.widgets.last_lines import LastLines
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_SURE = (Stage.RECOVERING, Stage.RATING, Stage.CLOSED)
"""The stages in which closing the session is not asked twice."""

_RIM = 4
"""Columns to both sides of a line that nothing is written in."""


class NurseScreen(UnlockedScreen):
    """Four columns: six tiles for each day, and two apart. A call takes the upper half."""

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        with Horizontal(id="head"):
            yield BigLetters(id="word")
            yield Sentence(id="facts")
        yield self.saying()
        yield LastLines(id="lines")
        with Horizontal(id="answer"):
            yield Tile(words.here.format(initials=self._by.who), weight="strong", id="here")
            yield Tile(words.somebody_else, id="other")
        with Horizontal(classes="tiles upper"):
            for index in range(3):
                yield Tile("", id=f"first-{index}", classes="first")
            yield Tile(words.more, weight="quiet", id="more")
        with Horizontal(classes="tiles"):
            for index in range(3, 6):
                yield Tile("", id=f"first-{index}", classes="first")
            yield Tile(words.close, weight="quiet", id="close")

    @property
    def _by(self) -> By:
        return self.unlocked.by

    def show(self, view: View | None) -> None:
        if view is None:
            return
        self.set_class(view.calling is not None, "-calling")
        self._show_state(view)
        for index, choice in enumerate(first_layer(view, self._by, self.staff_words)):
            tile = self.query_one(f"#first-{index}", Tile)
            tile.visible = choice is not None
            if choice is not None:
                tile.label, tile.second, tile.value = choice.label, choice.second, choice.value
                if tile.chosen != choice.chosen:
                    self.changed()
                tile.chosen = choice.chosen

    def on_resize(self) -> None:
        if self.view is not None:
            self._show_state(self.view)

    def _show_state(self, view: View) -> None:
        """The word, beside it the facts where they fit, and below what happened last."""
        minutes = _beside(view)
        state = self.staff_words.words[view.word]
        state = state if minutes is None else f"{state} {minutes}"
        facts = list(self._facts(view))
        word = self.query_one("#word", BigLetters)
        word.text, word.styles.width = state, len(letters(state, 3, self.size.width)[0])
        beside = len(letters(state, 3, 1000)[0]) + max(map(len, facts)) + 6 <= self.size.width
        self.query_one("#facts", Sentence).say("\n".join(facts) if beside else "")
        now, known = self._now_told(view), " · ".join(facts)
        holding = view.holding is not None
        unkept = view.damaged or not view.saved
        urgent = holding or unkept or _soundless(view) or Offer.GO_ON in view.offers
        so = [now] if beside else [now, known] if urgent else [known, now]
        self.query_one(LastLines).tell(so, [self._line(event) for event in view.told])

    def _facts(self, view: View) -> Iterator[str]:
        words = self.staff_words
        phase = words.phases[view.phase]
        if view.minutes is None:
            yield words.not_started
        elif Offer.CONFIRM_ELAPSED in view.offers:
            yield words.elapsed_not_sure
        elif view.infusion_ended is not None:
            yield words.infusion_ended.format(minutes=view.infusion_ended)
        else:
            yield words.of_planned.format(planned=view.planned, phase=phase)
        if view.look_in is not None:
            due = view.look_in <= 0
            yield words.look_in_due if due else words.look_in_in.format(minutes=view.look_in)
        told = words.emergency_pin_in_use if self._by.sealed else words.session_of
        yield told.format(nurse=view.nurse, unlocked=self._by.who)

    def _now_told(self, view: View) -> str:
        """What sounds, or why nothing does; before all that, what a nurse must choose."""
        words = self.staff_words
        if view.calling is not None:
            return words.call_for.format(room=view.room)
        if Offer.GO_ON in view.offers:
            return words.after_gap
        if view.postponed:
            return words.rating_waits
        if view.damaged:
            return words.record_damaged
        if not view.saved:
            return words.record_not_saved
        if view.sound_lost is not None:
            return words.no_sound_since.format(why=view.sound_lost)
        if view.moved_to is not None:
            room = self.size.width - _RIM - len(words.sound_moved.format(output=""))
            return words.sound_moved.format(output=output_name(view.moved_to, room))
        if view.muted:
            return words.sound_muted
        if view.battery_empty:
            return words.battery_empty.format(percent=view.battery)
        if view.holding is not None:
            return words.stopped_for.format(minutes=view.holding)
        if view.battery is not None:
            return words.plug_in.format(percent=view.battery)
        if not view.sound_on:
            return words.sound_is_off
        if view.mode is Mode.SILENCE:
            return words.modes[view.mode]
        return words.playing.format(playlist=view.playlist, track=view.playing or "…")

    def _line(self, event: Event) -> str:
        at = self.companion.conductor.wall(event.at)
        return f"{at:%H:%M} {told(event, self.staff_words)}"

    def leave(self, why: str) -> None:
        if self.view is not None and self.view.damaged and self.view.calling is None:
            self.companion.conductor.record_damaged(False)
        super().leave(why)

    # --- what is tapped --------------------------------------------------------------------------

    @on(Tile.Tapped)
    def _tapped(self, event: Tile.Tapped) -> None:
        self.say("")
        if event.tile.id != "close":
            self._close(False)

    @on(Tile.Tapped, ".first")
    def _first(self, event: Tile.Tapped) -> None:
        match event.tile.value:
            case Door.PATIENT:
                self.leave("back to patient")
            case Door.NOTE:
                ask_note(self)
            case Door.START:
                self.go_to(StartScreen(self._by))
            case command:
                self.do(command)  # type: ignore[arg-type]

    @on(Tile.Tapped, "#here")
    def _here(self) -> None:
        self.do(AnswerCall(By(self._by.who)))

    @on(Tile.Tapped, "#other")
    def _somebody_else(self) -> None:
        ask_who_is_here(self)

    @on(Tile.Tapped, "#more")
    def _more(self) -> None:
        self.go_to(MoreScreen(self.unlocked))

    @on(Tile.Tapped, "#close")
    def _close_tapped(self, event: Tile.Tapped) -> None:
        if event.tile.chosen or (self.view is not None and self.view.stage in _SURE):
            self.do(CloseSession(self._by), lambda: self.leave("session closed"))
        else:
            self._close(True)

    def _close(self, asking: bool) -> None:
        """Ask once more in the tile's own place, or no longer."""
        words, tile = self.staff_words, self.query_one("#close", Tile)
        tile.chosen = asking
        tile.label = words.close_sure if asking else words.close


def _soundless(view: View) -> bool:
    """Whether there is no sound although nobody wants it so, or soon will be none."""
    lost = view.sound_lost is not None or view.moved_to is not None
    return lost or view.muted or view.battery is not None


def _beside(view: View) -> int | None:
    """The minutes beside the word: of a call, of a hold that has grown long, or elapsed."""
    if view.calling is not None:
        return view.calling or None
    if view.word is Word.PUMP_STOPPED and view.holding_large:
        return view.holding
    return view.minutes
