"""Given, when, then for a session: a plan to start from, and a session that goes by.

session = infusing()                  given
session.do(c.StopPump(MK))            when
session.wait(minutes=6)
assert session.view.holding_large     then
"""

from dataclasses import replace
from typing import Any

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Refused, Why, decide
from companion.session.due import due, next_change
from companion.session.plan import (
    Cue,
    Mode,
    Phase,
    Plan,
    Playlist,
    Protocol,
    Question,
    Script,
    Section,
    Track,
)
from companion.session.state import State, evolve
from companion.session.times import elapsed, phase, programme
from companion.session.view import View, view
from companion.session.wanted import Wanted, wanted_sound

MK = e.By("MK", confirmed=True)
TILE = e.By("JS")
"""A nurse who tapped her name and no PIN."""

STANDARD = Protocol(
    name="standard-40",
    title="Standard, 40 minutes",
    settle=300.0,
    onset=600.0,
    build=600.0,
    peak=1500.0,
    back=900.0,
    infusion=2400.0,
    check_ins=(540.0, 1500.0, 2880.0),
)
TASTE = Protocol(
    name="taste",
    title="Taste",
    settle=20.0,
    onset=30.0,
    build=30.0,
    peak=40.0,
    back=40.0,
    infusion=90.0,
    check_ins=(32.0, 115.0),
    check_in_shown=15.0,
    look_in_every=45.0,
    hold_large=15.0,
    peak_step=20.0,
    voice_until=24.0,
    early_before=45.0,
    bed=20.0,
    resume_within=60.0,
    set_back=60.0,
)


def section(of: Phase) -> Section:
    return Section(of, (Track(f"Music for {of}", file=f"music/{of}.ogg", seconds=400.0),))


PLAYLIST = Playlist(
    stem="tidewater",
    title="Tidewater",
    about="Slow surf.",
    crossfade=8.0,
    sections=tuple(section(of) for of in (Phase.SETTLE, Phase.ONSET, Phase.PEAK, Phase.RETURN)),
    loudest=Track("Long Swell", file="music/long-swell.ogg", seconds=400.0),
    loudest_at=72.0,
)
OTHER_PLAYLIST = replace(PLAYLIST, stem="hearth", title="Hearth", sections=(section(Phase.PEAK),))

SCRIPT = Script(
    stem="the-quiet-shore",
    title="The Quiet Shore",
    language="en",
    settle=tuple(Cue(f"Settle {n}.", 5.0, 55.0, clip=f"shore/{n}.opus") for n in range(20)),
    back=(
        Cue("Return 0.", 4.0, 8.0, clip="shore/return-0.opus"),
        Cue("Return 1, only written.", 4.0, 8.0),
        Cue("Return 2.", 4.0, 2.0, clip="shore/return-2.opus"),
        Cue("Return 3.", 4.0, 30.0, clip="shore/return-3.opus"),
    ),
)
MOOD = Question("mood", "How is your mood right now?", "very low", "very good")
CLEAR = Question("clear", "How clear does your head feel?", "not clear at all", "very clear")


def plan(**changes: Any) -> Plan:
    """A plan like the clinic's usual one, with `changes`."""
    usual = Plan(
        protocol=STANDARD,
        playlist=PLAYLIST,
        script=SCRIPT,
        language="en",
        eyes_covered=False,
        words_on_screen=True,
        before=(MOOD,),
        after=(MOOD, CLEAR),
        anchors=(Cue("You are in the chair.", 4.0, 4.0, clip="anchors/chair.opus"),),
        call_line=Cue("Your call is showing.", 6.0, 0.0, clip="call.opus"),
        notes=("nausea", "toilet"),
        reminders=("Do not drive today.",),
        reaches="this screen only",
    )
    return replace(usual, **changes)


class Session:
    """A session that goes by: commands are done or refused, and time brings what is due."""

    def __init__(self, t: float = 0.0) -> None:
        self.t = t
        self.state: State | None = None
        self.events: list[e.Event] = []

    # --- when ------------------------------------------------------------------------------------

    def do(self, *commands: c.Command) -> "Session":
        """Do each of them; none may be refused."""
        for command in commands:
            decision = decide(self.state, command, self.t)
            assert not isinstance(decision, Refused), (command, decision)
            self.fold(decision)
            self.fold(due(self.state, self.t))
        return self

    def refusal(self, command: c.Command) -> Why | None:
        """Why `command` would be refused now."""
        decision = decide(self.state, command, self.t)
        return decision.why if isinstance(decision, Refused) else None

    def wait(self, seconds: float = 0.0, minutes: float = 0.0) -> "Session":
        """Let time pass as the shell does: from one change to the next."""
        end = self.t + seconds + 60.0 * minutes
        while self.t < end:
            change = next_change(self.state, self.t)
            self.t = end if change is None else min(change, end)
            self.fold(due(self.state, self.t))
        return self

    def asleep(self, seconds: float = 0.0, minutes: float = 0.0) -> "Session":
        """The tablet is off for that long, and comes back."""
        gap = seconds + 60.0 * minutes
        self.t += gap
        return self.do(c.ReportReturn(gap, exact=True))

    def fold(self, events: tuple[e.Event, ...]) -> None:
        for event in events:
            self.state = evolve(self.state, event)
            self.events.append(event)

    # --- then ------------------------------------------------------------------------------------

    @property
    def now(self) -> State:
        assert self.state is not None
        return self.state

    @property
    def view(self) -> View:
        seen = view(self.state, self.t)
        assert seen is not None
        return seen

    @property
    def wanted(self) -> Wanted:
        return wanted_sound(self.state, self.t)

    @property
    def phase(self) -> Phase:
        return phase(self.now, self.t)

    @property
    def elapsed(self) -> float | None:
        return elapsed(self.now, self.t)

    @property
    def programme(self) -> float | None:
        return programme(self.now, self.t)

    def of(self, kind: type[Any]) -> list[Any]:
        """Every event of `kind`, in order."""
        return [event for event in self.events if isinstance(event, kind)]


def prepared(**changes: Any) -> Session:
    """The patient has the tablet in her hands."""
    return Session().do(c.PrepareSession(MK, "2", plan(**changes), "4172038"))


def settling(mode: Mode = Mode.VOICE, **changes: Any) -> Session:
    """She hears well, has chosen, has answered, and the music fades in."""
    session = prepared(**changes).do(c.AnswerHearing(heard=True), c.ChooseMode(mode))
    return session.do(*(c.SkipQuestion(question.key) for question in session.now.plan.before))


def infusing(mode: Mode = Mode.VOICE, **changes: Any) -> Session:
    """The infusion starts after five minutes of settling."""
    return settling(mode, **changes).wait(minutes=5).do(c.StartInfusion(TILE))


def recovering(**changes: Any) -> Session:
    """The programme has come to its end by itself."""
    return infusing(**changes).wait(minutes=60)
