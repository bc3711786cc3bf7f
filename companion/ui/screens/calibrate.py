"""How loud is this output? A noise, a meter, and its reading. Only a lead comes this far."""

from collections.abc import Callable, Iterator

from textual import on
from textual.containers import Container, Horizontal, Vertical
from textual.widget import Widget

from companion import access
from companion.access import Unlocked
from companion.calibration import calibration
from companion.calibration.told import before_told, kept_told, reading_told
from companion.session.view import View
from companion.ui.output_name import output_name
from companion.ui.screens.staff import UnlockedScreen
from companion.ui.widgets.big_letters import BigLetters
from companion.ui.widgets.key_pad import KeyPad
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile

_DIGITS = 2
"""Whole dB(A): a meter is no better than that."""
_NAME = 44
"""Columns for the name of an output."""


class CalibrateScreen(UnlockedScreen):
    """The noise plays only once it is asked for, and goes with this screen."""

    LOCKS_AFTER = calibration.LASTS

    def __init__(self, unlocked: Unlocked, back: Callable[[], None]) -> None:
        super().__init__(unlocked)
        self._back = back
        self._output = ""
        """The output that is calibrated; empty while there is none."""
        self._level = calibration.FIRST_LEVEL
        self._began: float | None = None
        """Session second at which the noise began; None: it does not play."""
        self._until = 0.0
        self._reading: float | None = None
        """What was entered and is not saved yet."""

    def furnish(self) -> Iterator[Widget]:
        words = self.staff_words
        yield Sentence(id="which", classes="question")
        with Vertical(id="how"):
            yield Sentence(id="before")
            with Vertical(id="steps"):
                yield Sentence(f"1  {words.calibration.calibrate_place}")
                yield Sentence(f"2  {words.calibration.calibrate_play}")
                yield Sentence(f"3  {words.calibration.calibrate_read}")
            yield self.saying()
        with Horizontal(id="loudness"):
            yield BigLetters(id="loud")
            yield Sentence(words.calibration.level_unit)
        with Horizontal(classes="tiles"):
            yield Tile("", weight="strong", id="play")
            yield Tile(words.quieter, -calibration.STEP, classes="step")
            yield Tile(words.louder, calibration.STEP, classes="step")
        with Horizontal(classes="tiles"):
            yield Tile(words.calibration.enter_reading, id="enter")
            yield Tile(words.save, weight="strong", id="save")
            yield Tile(words.back, weight="quiet", id="back")
        with Container(id="pad"):
            yield KeyPad(_DIGITS, delete=words.delete, cancel=words.back, secret=False)

    def show(self, view: View | None) -> None:
        self._begin()

    def tend(self) -> None:
        super().tend()
        if not self.is_attached:
            return
        before = self._output
        if self.companion.desk.output_in_use != before:
            self._begin()
            self.say(self.staff_words.calibration.other_output if before and self._output else "")
        elif self._began is not None and self.companion.conductor.seconds() >= self._until:
            self._stop()

    def on_unmount(self) -> None:
        """However this screen is left, the noise goes with it."""
        self._silence()

    # --- how it stands ---------------------------------------------------------------------------

    def _begin(self) -> None:
        """Begin with the output in use; nothing of another one is carried over."""
        self._silence()
        self._output = self.companion.desk.output_in_use
        self._level, self._reading = calibration.FIRST_LEVEL, None
        self._write()

    def _write(self) -> None:
        words, output, desk = self.staff_words, self._output, self.companion.desk
        self.remove_class("-asking")
        named = words.calibration.calibrate_output.format(output=output_name(output, _NAME))
        self.query_one("#which", Sentence).say(named if output else words.calibration.no_output)
        before = before_told(desk.calibration_in_use, words) if output else ""
        self.query_one("#before", Sentence).say(before)
        self.query_one("#loud", BigLetters).text = f"{self._level:g}"
        play = self.query_one("#play", Tile)
        play.visible = bool(output)
        play.label = words.calibration.play if self._began is None else words.stop
        self.query_one("#enter").visible = self._began is not None
        self.query_one("#save").visible = self._reading is not None

    # --- the noise -------------------------------------------------------------------------------

    @on(Tile.Tapped, "#play")
    def _toggle(self) -> None:
        if self._began is not None:
            self._stop()
            return
        self._began = self.companion.conductor.seconds()
        self._play()
        self._write()

    @on(Tile.Tapped, ".step")
    def _step(self, event: Tile.Tapped) -> None:
        """A reading belongs to the level at which it was taken."""
        assert isinstance(event.tile.value, float)
        level = self._level + event.tile.value
        refused = self.staff_words.refused
        if level > calibration.HIGHEST_LEVEL:
            self.say(refused["loudest"])
        elif level < calibration.LOWEST_LEVEL:
            self.say(refused["quietest"])
        else:
            self._level, self._reading = level, None
            self.say("")
            self._play()
            self._write()

    def _play(self) -> None:
        if self._began is None:
            return
        conductor = self.companion.conductor
        now = conductor.seconds()
        self._until = now + calibration.LASTS
        conductor.try_out(calibration.reference(self._output, self._level, self._began, now))

    def _stop(self) -> None:
        self._silence()
        self._write()

    def _silence(self) -> None:
        if self._began is not None:
            self._began = None
            conductor = self.companion.conductor
            conductor.try_out(calibration.silence(self._level, conductor.seconds()))

    # --- the reading -----------------------------------------------------------------------------

    @on(Tile.Tapped, "#enter")
    def _ask(self) -> None:
        self._play()
        self.query_one(KeyPad).clear()
        self.query_one("#which", Sentence).say(self.staff_words.calibration.ask_reading)
        self.add_class("-asking")
        self.changed()

    @on(KeyPad.Cancelled)
    def _asked_no_more(self) -> None:
        self._write()
        self.changed()

    @on(KeyPad.Entered)
    def _entered(self, event: KeyPad.Entered) -> None:
        words, reading = self.staff_words, float(event.digits)
        refusal = calibration.refuse(self._output, reading)
        if refusal is not None:
            self._reading = None
            self.say(words.calibration.reading_refused[refusal])
        else:
            self._reading = reading
            self.say(reading_told(self._level, reading, words))
        self._write()
        self.changed()

    @on(Tile.Tapped, "#save")
    async def _save(self) -> None:
        if self._reading is None:
            return
        desk, words = self.companion.desk, self.staff_words
        by = self.unlocked.by
        outcome = await desk.calibrate(self._output, self._level, self._reading, by)
        match outcome:
            case access.Refusal():
                self.say(words.staff_refused[outcome])
            case calibration.Refusal():
                self.say(words.calibration.reading_refused[outcome])
            case kept:
                self._reading = None
                self._stop()
                self.say(kept_told(kept, words))

    @on(Tile.Tapped, "#back")
    def _leave(self) -> None:
        self._back()
