"""A whole session on a simulated clock: its timeline, what it wants to sound, and its findings.

It drives the same core and the same `programme.py` as a real session, with no process, thread or
device, so what it tells is what a patient would get.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Refused, decide
from companion.session.due import due, next_change
from companion.session.plan import PROGRAMME, Mode, Phase, Plan, Section
from companion.session.script import Spoken, spoken
from companion.session.state import State, evolve
from companion.session.times import phase
from companion.session.wanted import Wanted, wanted_sound

_TAIL = 60.0
"""Seconds of recovery that are rehearsed, unless its sound ends sooner."""

_BY = e.By("rehearsal", confirmed=True)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happens, or that a curator should know, at a session second."""

    at: float
    what: str

    def __str__(self) -> str:
        return f"{clock(self.at)} {self.what}"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsed session: what happens, what should sound when, and what a curator must know."""

    seconds: float
    lines: tuple[Line, ...]
    events: tuple[e.Event, ...]
    sentences: tuple[Spoken, ...]
    """What is said, recorded or as words on the screen."""
    orders: tuple[tuple[float, Wanted], ...]
    """Each `Wanted` with the second from which it holds."""
    findings: tuple[Line, ...]

    @property
    def phases(self) -> Iterator[tuple[float, Phase]]:
        """Every phase that begins, with its second."""
        for event in self.events:
            match event:
                case e.SettlingBegan(at=at):
                    yield at, Phase.SETTLE
                case e.InfusionStarted(at=at):
                    yield at, Phase.ONSET
                case e.PhaseBegan(at=at, phase=begun):
                    yield at, begun
                case e.RecoveryBegan(at=at):
                    yield at, Phase.RECOVERY


def rehearse(plan: Plan, demonstration: bool = False) -> Rehearsal:
    """Live through `plan` as planned: nobody calls, no pump stops, no check-in is answered.

    In a `demonstration` a part of the script may be longer than its phase.
    """
    run = _Run()
    run.do(c.PrepareSession(_BY, "rehearsal", plan, ""))
    run.do(c.AnswerHearing(heard=True))
    run.do(c.ChooseMode(Mode.VOICE if plan.script else Mode.MUSIC))
    if plan.intention:
        run.do(c.LeaveIntention(""))
    for question in plan.before:
        run.do(c.SkipQuestion(question.key))
    run.until(plan.protocol.settle)
    run.do(c.StartInfusion(_BY))
    run.until(run.t + sum(map(plan.protocol.length, Phase)) - plan.protocol.settle)
    run.until(run.t + min(_TAIL, plan.protocol.bed))
    return run.rehearsal(() if demonstration else _too_long(plan))


class _Run:
    """A session going by."""

    def __init__(self) -> None:
        self.t = 0.0
        self._state: State | None = None
        self._events: list[e.Event] = []
        self._orders: list[tuple[float, Wanted]] = []
        self._said: dict[tuple[float, str], tuple[Spoken, Phase]] = {}

    def do(self, command: c.Command) -> None:
        decision = decide(self._state, command, self.t)
        assert not isinstance(decision, Refused), (command, decision)
        self._fold(decision)

    def until(self, t: float) -> None:
        while self.t < t:
            change = next_change(self._state, self.t)
            self.t = t if change is None else min(change, t)
            self._fold(due(self._state, self.t))

    def _fold(self, events: tuple[e.Event, ...]) -> None:
        for event in events:
            self._state = evolve(self._state, event)
            self._events.append(event)
        wanted = wanted_sound(self._state, self.t)
        if not self._orders or self._orders[-1][1] != wanted:
            self._orders.append((self.t, wanted))
        assert self._state is not None
        for sentence in spoken(self._state):
            if sentence.begins <= self.t:
                key = (sentence.begins, sentence.cue.say)
                self._said.setdefault(key, (sentence, phase(self._state, sentence.begins)))

    def rehearsal(self, too_long: Iterable[Line]) -> Rehearsal:
        lines = sorted((*_told(self._events), *self._music(), *self._words()), key=_at)
        return Rehearsal(
            seconds=self.t,
            lines=tuple(lines),
            events=tuple(self._events),
            sentences=tuple(sentence for sentence, _ in self._said.values()),
            orders=tuple(self._orders),
            findings=tuple(sorted((*self._voice_at_the_peak(), *too_long), key=_at)),
        )

    def _music(self) -> Iterator[Line]:
        sounding: Section | None = None
        for at, wanted in self._orders:
            section = wanted.music and wanted.music.section
            if section and section != sounding:
                titles = ", ".join(track.title for track in section.tracks)
                yield Line(at, f"music: {titles}")
            sounding = section or sounding

    def _words(self) -> Iterator[Line]:
        for at, say in self._said:
            yield Line(at, f"words: {say}")

    def _voice_at_the_peak(self) -> Iterator[Line]:
        for (at, say), (_, during) in self._said.items():
            if during is Phase.PEAK:
                yield Line(at, f"a voice at the peak: {say}")


def _at(line: Line) -> float:
    return line.at


def _told(events: list[e.Event]) -> Iterator[Line]:
    for event in events:
        match event:
            case e.SettlingBegan(at=at):
                yield Line(at, "settling")
            case e.InfusionStarted(at=at):
                yield Line(at, "infusion started, T0; onset")
            case e.PhaseBegan(at=at, phase=begun):
                yield Line(at, f"{begun}")
            case e.RecoveryBegan(at=at):
                yield Line(at, "recovering")
            case e.CheckInAsked(at=at):
                yield Line(at, "check-in asked")
            case e.CheckInSkipped(at=at, why=why):
                yield Line(at, f"check-in left out: {why}")


def _too_long(plan: Plan) -> Iterator[Line]:
    """Parts of the script that do not fit into their phases, at the moment these end."""
    if plan.script is None:
        return
    protocol = plan.protocol
    end = protocol.settle + sum(map(protocol.length, PROGRAMME))
    parts = (
        ("settle", plan.script.settle, 0.0, protocol.settle + protocol.voice_until),
        ("return", plan.script.back, end - protocol.back, end),
    )
    for name, cues, begins, ends in parts:
        needed = sum(cue.seconds + cue.pause for cue in cues) - (cues[-1].pause if cues else 0.0)
        if needed > ends - begins:
            told = f"the {name} part of {plan.script.stem} takes {clock(needed)}"
            yield Line(ends, f"{told}, and there is room for {clock(ends - begins)}")


def clock(seconds: float) -> str:
    """Minutes and seconds: `12:05`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:d}:{rest:02d}"
