"""Earlier sessions: which there were, what happened in one of them, and what counts no more."""

from collections.abc import Iterator
from datetime import datetime

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from companion.access import Refusal, Unlocked
from companion.record.event_told import session_event, void_target
from companion.record.past import Line, Record, on_paper
from companion.session.decide import Refused
from companion.session.events import SessionPrepared, Voided
from companion.session.view import View
from companion.session.voiding import VOIDABLE, Reason, Void, What, voids
from companion.ui.cut import cut
from companion.ui.screens.choice import ChoiceScreen
from companion.ui.screens.staff import StaffScreen, UnlockedScreen
from companion.ui.widgets.pages import Choice
from companion.ui.widgets.sentence import Sentence
from companion.ui.widgets.tile import Tile
from companion.words.record import RecordWords

_TITLE = 19
"""Columns for a name on the narrowest tile of a list."""
_AROUND = 12
"""Rows of the screen that no line of a session stands on."""


def show_history(screen: StaffScreen, unlocked: Unlocked) -> None:
    """Let `unlocked` choose one of the earlier sessions."""
    screen.companion.begin(_show_history(screen, unlocked))


async def _show_history(screen: StaffScreen, unlocked: Unlocked) -> None:
    companion, words = screen.companion, screen.record_words

    async def chosen(line: Line) -> None:
        await _show_session(screen, unlocked, line)

    lines = await companion.desk.past.sessions()
    choices = [_choice(line, words) for line in lines]
    question = words.ask_session if choices else words.no_session
    back = companion.leave_staff
    screen.go_to(ChoiceScreen(unlocked, question, choices, chosen, back, long=True))


async def _show_session(
    screen: StaffScreen, unlocked: Unlocked, line: Line, told: str = ""
) -> None:
    records = await screen.companion.desk.past.session(line.stream)
    screen.go_to(PastScreen(unlocked, line, records, told))


def _choice(line: Line, words: RecordWords) -> Choice:
    if line.void_by is not None:
        second = words.void.format(who=line.void_by)
    elif line.minutes is None:
        second = words.not_started.format(nurse=line.nurse)
    else:
        second = words.session_minutes.format(nurse=line.nurse, minutes=round(line.minutes))
    label = words.session_line.format(day=f"{_at(line.began):%Y-%m-%d}", time=_time(line.began))
    return Choice(label, line, cut(second, _TITLE))


class PastScreen(UnlockedScreen):
    """One session, event by event. What can be read here is never what a patient said."""

    def __init__(
        self, unlocked: Unlocked, line: Line, records: tuple[Record, ...], told: str = ""
    ) -> None:
        """`told` is what has just been done."""
        super().__init__(unlocked)
        self._line = line
        self._records = records
        self._told = told
        self._first = 0

    def furnish(self) -> Iterator[Widget]:
        words = self.record_words
        yield Sentence(self._title(), classes="question")
        yield self.saying()
        yield Sentence(id="lines-told")
        with Horizontal(classes="tiles"):
            yield Tile(words.earlier, id="earlier")
            yield Tile(words.later, id="later")
            yield Tile(words.mark_void, id="void")
            yield Tile(self.staff_words.back, weight="quiet", id="back")

    def show(self, view: View | None) -> None:
        self.say(self._told or self._flaw())
        self._write()

    def on_resize(self) -> None:
        self._write()

    def _write(self) -> None:
        if not self.is_attached:
            return
        lines, fit = self._lines(), self._fit()
        self._first = max(0, min(self._first, len(lines) - fit))
        shown = lines[self._first : self._first + fit]
        self.query_one("#lines-told", Sentence).say("\n".join(shown))
        self.query_one("#earlier").visible = self._first > 0
        self.query_one("#later").visible = self._first + fit < len(lines)

    def _flaw(self) -> str:
        """What is wrong with this record, as far as it was proved."""
        found, words = self.companion.desk.flaw, self.record_words
        if found is None or found.stream != self._line.stream:
            return ""
        return words.not_whole.format(seq=found.seq, flaw=words.flaws[found.flaw])

    def _fit(self) -> int:
        return max(1, self.size.height - _AROUND)

    def _title(self) -> str:
        words, line = self.record_words, self._line
        day, time = f"{_at(line.began):%Y-%m-%d}", _time(line.began)
        first = self._records[0].event
        room = first.room if isinstance(first, SessionPrepared) else ""
        title = words.session_title.format(day=day, time=time, room=room, nurse=line.nurse)
        void = "" if line.void_by is None else " · " + words.void.format(who=line.void_by)
        return f"{title}{void}\n{words.head.format(head=on_paper(line.head))}"

    def _lines(self) -> list[str]:
        words, marks = self.record_words, self._marks()
        told = []
        for record in self._records:
            fields = {
                "seq": f"{record.seq:<3}",
                "time": _time(record.moment.wall),
                "told": session_event(record.event, self.staff_words, words),
            }
            mark = marks.get(record.seq)
            line = (
                words.event_line.format(**fields)
                if mark is None
                else words.event_line_void.format(**fields, who=mark.by.who)
            )
            told.append(cut(line, max(20, self.size.width - 6)))
        return told

    def _marks(self) -> dict[int, Voided]:
        return voids([record.event for record in self._records])

    @on(Tile.Tapped, "#earlier")
    def _earlier(self) -> None:
        self._first -= self._fit()
        self._write()

    @on(Tile.Tapped, "#later")
    def _later(self) -> None:
        self._first += self._fit()
        self._write()

    @on(Tile.Tapped, "#back")
    def _back(self) -> None:
        show_history(self, self.unlocked)

    # --- what counts no more ---------------------------------------------------------------------

    @on(Tile.Tapped, "#void")
    def _void(self) -> None:
        choices = list(self._can_be_void())
        if not choices:
            self.say(self.record_words.nothing_to_void)
            return

        async def chosen(value: tuple[What, int | None, str]) -> None:
            self._ask_why(*value)

        question = self.record_words.ask_void
        self.go_to(ChoiceScreen(self.unlocked, question, choices, chosen, self._again, long=True))

    def _can_be_void(self) -> Iterator[Choice]:
        words, marks = self.record_words, self._marks()
        if self._line.void_by is None:
            label = words.whole_session
            yield Choice(label, (What.SESSION, None, label))
        left = [one for one in self._records if one.seq not in marks]
        if any(getattr(one.event, "when", "") == "after" for one in left):
            label = words.whole_rating
            yield Choice(label, (What.RATING, None, label))
        for one in left:
            if isinstance(one.event, VOIDABLE):
                label = void_target(one.event, self.staff_words, words)
                time = _time(one.moment.wall)
                yield Choice(cut(label, _TITLE), (What.EVENT, one.seq, label), time)

    def _ask_why(self, what: What, seq: int | None, label: str) -> None:
        words = self.record_words

        async def chosen(reason: Reason) -> str | None:
            command = Void(what, reason, self.unlocked.by, seq)
            refused = await self.companion.desk.past.void(self._line.stream, command)
            if isinstance(refused, Refusal):
                return self.staff_words.staff_refused[refused]
            if isinstance(refused, Refused):
                return self.staff_words.refused[refused.why]
            await self._renewed(words.is_void.format(what=label))
            return None

        choices = [Choice(words.reasons[reason], reason) for reason in Reason]
        question = words.ask_why.format(what=label)
        self.go_to(ChoiceScreen(self.unlocked, question, choices, chosen, self._again))

    async def _renewed(self, told: str) -> None:
        lines = await self.companion.desk.past.sessions()
        line = next(one for one in lines if one.stream == self._line.stream)
        await _show_session(self, self.unlocked, line, told)

    def _again(self) -> None:
        self.go_to(PastScreen(self.unlocked, self._line, self._records))


def _at(wall: float) -> datetime:
    return datetime.fromtimestamp(wall).astimezone()


def _time(wall: float) -> str:
    return f"{_at(wall):%H:%M}"
