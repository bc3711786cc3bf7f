"""What holds for every session, whatever people and time do, in whatever order."""

from dataclasses import replace
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from session_given import MK, OTHER_PLAYLIST, PLAYLIST, SCRIPT, STANDARD, TASTE, TILE, Session, plan
from test_session_stages import offers_hold

from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Refused, decide
from companion.session.due import due, next_change
from companion.session.plan import NO_MUSIC, PROGRAMME, Mode, Phase
from companion.session.state import Stage, State, evolve, replay
from companion.session.times import elapsed, phase, programme
from companion.session.view import Place, Word, view
from companion.session.wanted import quiet, wanted_sound

PLANS = (
    plan(),
    plan(protocol=replace(STANDARD, check_ins=(540.0, 1500.0, 1520.0, 3590.0))),
    plan(protocol=TASTE, playlist=OTHER_PLAYLIST, words_on_screen=False),
    plan(script=None, eyes_covered=True, intention=True, after=(), before=()),
    plan(playlist=NO_MUSIC, script=None),
)
WAITS = (0.0, 0.001, 1 / 3, 2.0, 5.0, 17.3, 59.9, 61.0, 300.0, 900.0, 1234.5, 4000.0)

who = st.sampled_from([MK, MK, MK, TILE])
ago = st.sampled_from([-1.0, 0.0, 59.0, 1300.0, 3600.0, 4000.0])
questions = st.sampled_from(["mood", "clear"])
outputs = st.sampled_from(["Headphones", "Speaker"])

COMMANDS: tuple[st.SearchStrategy[c.Command], ...] = (
    st.builds(c.AnswerHearing, st.just(True) | st.booleans()),
    st.builds(c.ChooseMode, st.sampled_from(Mode), st.none() | who),
    st.builds(c.LeaveIntention, st.just("rest")),
    st.builds(c.AnswerCheckIn, st.booleans()),
    st.builds(c.Rate, questions, st.integers(-1, 11)),
    st.builds(c.SkipQuestion, questions),
    st.builds(c.StepBack),
    st.builds(c.StopQuestions),
    st.builds(c.PostponeRating),
    st.builds(c.LeaveWords, st.just("words")),
    st.builds(c.Call, st.sampled_from(["screen", "key", "button"])),
    st.builds(c.TakeBackCall),
    st.builds(c.OpenRating, st.none() | who),
    st.builds(c.SwitchSound, st.booleans()),
    st.builds(c.Louder, st.none() | who),
    st.builds(c.Quieter),
    st.builds(c.Soften, st.none() | who),
    st.builds(c.StartInfusion, who, ago),
    st.builds(c.LookIn, who),
    st.builds(c.AnswerCall, who),
    st.builds(c.StopPump, who),
    st.builds(c.RunPump, who),
    st.builds(c.NextPhase, who),
    st.builds(c.GoToReturn, who),
    st.builds(c.ChangePeak, st.booleans(), who),
    st.builds(c.EndInfusion, who, ago),
    st.builds(c.Unsoften, who),
    st.builds(c.ChangePlaylist, st.sampled_from([PLAYLIST, OTHER_PLAYLIST]), who),
    st.builds(c.ChangeScript, st.sampled_from([None, SCRIPT]), who),
    st.builds(c.SayAnchor, st.integers(-1, 1), who),
    st.builds(c.Note, st.sampled_from(["nausea", "unknown"]), who),
    st.builds(c.TakeOver, who),
    st.builds(c.GoOn, who),
    st.builds(c.GoToRecovery, who),
    st.builds(c.ConfirmElapsed, st.sampled_from([-14500.0, -300.0, -60.0, 0.0, 60.0, 300.0]), who),
    st.builds(c.CloseSession, who),
    st.builds(c.PrepareSession, who, st.just("2"), st.sampled_from(PLANS), st.just("4172038")),
    st.builds(c.ReportTrack, st.sampled_from(["Shore", "Swell"])),
    st.builds(c.ReportTrackFailed, st.just("Shore"), st.just("torn")),
    st.builds(c.ReportSoundLost, st.just("unplugged")),
    st.builds(c.ReportSoundReturned, st.just("Headphones")),
    st.builds(c.ReportOutput, outputs),
    st.builds(c.AllowOutput, st.just("Speaker"), who),
    st.builds(c.ReportSystemVolume, st.sampled_from([0, 40, 100]), st.booleans()),
    st.builds(c.ReportPower, st.sampled_from([None, 4, 10, 29, 80]), st.booleans()),
    st.builds(c.ReportCallSent, st.sampled_from(["command", "webhook"])),
    st.builds(c.ReportCallNotSent, st.sampled_from(["command", "webhook"]), st.just("no route")),
    st.builds(c.ReportFault, st.just("ValueError")),
)
GAPS = st.sampled_from([0.5, 30.0, 700.0, 1300.0, 4000.0])

BENDING = st.one_of(
    st.builds(c.Call),
    st.builds(c.AnswerCall, who),
    st.builds(c.SayAnchor, st.just(0), who),
    st.builds(c.StopPump, who),
    st.builds(c.RunPump, who),
    st.builds(c.NextPhase, who),
    st.builds(c.ChangePeak, st.booleans(), who),
)
"""What bends time or speaks: drawn more often."""

KINDS_OF_STEP = {
    "any": st.one_of(*COMMANDS),
    "bend": BENDING,
    "wait": st.sampled_from(WAITS),
    "off": st.tuples(st.just("off"), GAPS, st.booleans()),
}
"""A command of any kind, one that bends, a while that passes, an absence of the tablet."""

# Drawn by kind first: a plain union would draw each of the many commands as often as a wait.
kinds = st.sampled_from(["any", "any", "bend", "bend", "wait", "wait", "wait", "off"])
steps = st.lists(kinds.flatmap(KINDS_OF_STEP.__getitem__), min_size=8, max_size=40)
PREPARED = (
    c.AnswerHearing(True),
    c.ChooseMode(Mode.VOICE),
    c.SkipQuestion("mood"),
    120.0,
    c.StartInfusion(TILE),
)
beginnings = st.sampled_from([PREPARED[:0], PREPARED[:3], PREPARED, PREPARED, (*PREPARED, 2800.0)])

LEADS_TO = {
    (Stage.PREPARING, Stage.SETTLING),
    (Stage.PREPARING, Stage.INFUSING),
    (Stage.SETTLING, Stage.INFUSING),
    (Stage.SETTLING, Stage.RECOVERING),
    (Stage.INFUSING, Stage.RECOVERING),
    (Stage.RECOVERING, Stage.RATING),
    (Stage.RECOVERING, Stage.CLOSED),
    (Stage.RATING, Stage.RECOVERING),
    (Stage.RATING, Stage.CLOSED),
    (Stage.CLOSED, Stage.RATING),
    (Stage.READY, Stage.RATING),
    (Stage.READY, Stage.PREPARING),
}


class Life:
    """A session lived step by step, each moment looked at."""

    def __init__(self, index: int, checked: bool = True) -> None:
        self.session = Session()
        self.checked = checked
        self.last: tuple[float | None, float, float] = (None, 0.0, 0.0)
        self.session.do(c.PrepareSession(MK, "2", PLANS[index], "4172038"))

    def live(self, steps: tuple[object, ...]) -> None:
        for step in steps:
            match step:
                case float():
                    self.wait(step)
                case ("off", float(gap), bool(exact)):
                    self.session.t += gap
                    self.command(c.ReportReturn(gap, exact=exact))
                case _:
                    self.command(step)  # type: ignore[arg-type]
            if self.checked:
                self.check()

    def command(self, command: c.Command) -> None:
        session = self.session
        decision = decide(session.state, command, session.t)
        if isinstance(decision, Refused):
            return
        if isinstance(command, c.PrepareSession):
            session.events.clear()
            session.t, self.last = 0.0, (None, 0.0, 0.0)
            decision = decide(session.state, command, 0.0)
            assert not isinstance(decision, Refused)
        by = getattr(command, "by", None)
        for event in decision:
            assert by is None or getattr(event, "by", by).who == by.who
            self.fold((event,))
        self.fold(due(session.state, session.t))

    def fold(self, events: tuple[e.Event, ...]) -> None:
        for event in events:
            before = self.session.state
            self.session.fold((event,))
            after = self.session.now
            if before is not None and before.stage is not after.stage:
                closes = isinstance(event, e.SessionClosed)
                assert closes or (before.stage, after.stage) in LEADS_TO, event
                assert (after.stage is Stage.READY) == closes
            if isinstance(event, e.SessionClosed):
                assert event.by.confirmed
                assert before is not None
                assert before.call is None

    def wait(self, seconds: float) -> None:
        session, end = self.session, self.session.t + seconds
        at_one_go = due(session.state, end)
        first = len(session.events)
        while session.t < end:
            change = next_change(session.state, session.t)
            following = end if change is None else min(change, end)
            if self.checked:
                nothing_between(session.now, session.t, following)
            session.t = following
            self.fold(due(session.state, session.t))
            if self.checked:
                self.check()
        assert tuple(session.events[first:]) == at_one_go

    def check(self) -> None:
        session = self.session
        state, t = session.now, session.t
        assert due(state, t) == ()
        call_shows(state, session.events, t)
        if state.stage is Stage.READY:
            assert view(state, t) is None
            assert wanted_sound(state, t) == quiet(state.as_of)
            return
        offers_hold(session)
        phases_add_up(state, t)
        sounds_only_where_agreed(state)
        something_plays(state, t)
        self.times_run_forward(state.t0, elapsed(state, t), programme(state, t))

    def times_run_forward(self, t0: float | None, now: float | None, run: float | None) -> None:
        assert (t0 is None) == (now is None) == (run is None)
        if now is not None and run is not None and self.last[0] == t0:
            assert now >= self.last[1]
            assert run >= self.last[2] - 1e-6
        self.last = (t0, now or 0.0, run or 0.0)


def nothing_between(state: State, t: float, following: float) -> None:
    """Neither the view nor the wanted sound changes between one change and the next."""
    seen, wanted = view(state, t), wanted_sound(state, t)
    for part in (0.001, 0.47, 0.999):
        between = t + (following - t) * part
        if between >= following - 1e-5:
            continue
        assert view(state, between) == seen
        assert wanted_sound(state, between) == wanted
        assert due(state, between) == ()


def call_shows(state: State, events: list[e.Event], t: float) -> None:
    """A call shows until it is taken back or a nurse answers it; nothing else ends it."""
    kinds = (e.Called, e.CallTakenBack, e.CallAnswered)
    last = next((event for event in reversed(events) if isinstance(event, kinds)), None)
    assert (state.call is not None) == isinstance(last, e.Called)
    if isinstance(last, e.Called):
        seen = view(state, t)
        assert seen is not None
        assert (seen.place, seen.word) == (Place.CALLED, Word.CALL)
        assert seen.calling is not None


def phases_add_up(state: State, t: float) -> None:
    """The phases follow each other, and their parts up to now are programme time."""
    assert list(state.ends) == sorted(state.ends)
    assert [at for _, at in state.began] == sorted(at for _, at in state.began)
    order = [list(Phase).index(of) for of, _ in state.began]
    assert order == sorted(set(order))
    now = programme(state, t)
    if now is None:
        return
    assert 0.0 <= now <= (elapsed(state, t) or 0.0) + 1e-6
    parts = [min(max(now - start, 0.0), end - start) for start, end in pairwise((0.0, *state.ends))]
    assert abs(sum(parts) - min(now, state.ends[-1])) < 1e-6
    if state.stage is Stage.INFUSING and not state.waiting:
        index = PROGRAMME.index(phase(state, t))
        start = state.ends[index - 1] if index else 0.0
        assert start - 1e-6 <= now <= state.ends[index] + 1e-6


def sounds_only_where_agreed(state: State) -> None:
    """An output is named once one is known, and it is never the one that nobody allowed."""
    assert wanted_sound(state, state.as_of).output == state.output != state.moved_to
    assert state.moved_to is None or state.output


def something_plays(state: State, t: float) -> None:
    """No moment without a section until the bed of recovery is over, unless silence is wanted."""
    wanted = wanted_sound(state, t)
    over = state.recovering is not None and t >= state.recovering + state.plan.protocol.bed
    chosen = state.mode is Mode.SILENCE or state.waiting or state.finished or state.battery_empty
    if state.stage is not Stage.PREPARING:
        assert (wanted.music is None) == (over or chosen)
    if wanted.music is not None:
        assert wanted.music.section.tracks
        assert wanted.music.began <= t
    if wanted.music is not None or wanted.voice is not None:
        assert wanted.until > t
    if wanted.voice is not None:
        assert wanted.voice.cue.clip
        assert t < wanted.voice.begins + wanted.voice.cue.seconds
    assert state.plan.levels.floor <= wanted.level <= min(0.0, state.plan.levels.ceiling)
    assert wanted.lower <= 0.0


@settings(max_examples=200)
@given(st.integers(0, len(PLANS) - 1), beginnings, steps)
def test_every_session(index: int, beginning: tuple[object, ...], steps: list[object]) -> None:
    Life(index).live((*beginning, *steps))


@settings(max_examples=100)
@given(st.integers(0, len(PLANS) - 1), beginnings, steps)
def test_the_record_alone_brings_everything_back(
    index: int, beginning: tuple[object, ...], steps: list[object]
) -> None:
    life = Life(index, checked=False)
    life.live((*beginning, *steps))
    state, t = life.session.state, life.session.t
    texts = [(type(event).__name__, msgspec.json.encode(event)) for event in life.session.events]
    read = [msgspec.json.decode(text, type=e.KINDS[kind]) for kind, text in texts]
    assert read == life.session.events
    again = replay(read)
    assert again == state
    assert view(again, t) == view(state, t)
    assert wanted_sound(again, t) == wanted_sound(state, t)
    assert next_change(again, t) == next_change(state, t)


@settings(max_examples=60)
@given(st.integers(0, len(PLANS) - 1), beginnings, steps)
def test_what_a_patient_said_can_be_deleted_and_the_record_still_reads(
    index: int, beginning: tuple[object, ...], steps: list[object]
) -> None:
    life = Life(index, checked=False)
    life.live((*beginning, *steps))
    state = replay(_without_private(event) for event in life.session.events)
    assert state is not None
    assert (state.stage, state.began) == (life.session.now.stage, life.session.now.began)
    assert state.code is None


def _without_private(event: e.Event) -> e.Event:
    fields = type(event).__dataclass_fields__
    return replace(
        event, **{name: None for name, of in fields.items() if of.metadata.get("private")}
    )


def test_before_it_is_prepared_nothing_happens() -> None:
    assert evolve(None, e.SettlingBegan(at=0.0)) is None
    assert replay([]) is None
    assert due(None, 10.0) == ()
    assert next_change(None, 0.0) is None


def test_every_command_is_drawn() -> None:
    """A new command must take part in the properties above."""
    drawn = {str(strategy).split("(")[1].split(",")[0].rstrip(")") for strategy in COMMANDS}
    known = {kind.__name__ for kind in c.Command.__args__}
    assert known - drawn == {"ReportReturn"}
