"""Where a session stands: a fold over its events. Moments are session seconds, counted from
`SessionPrepared`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate
from typing import assert_never

from companion.session import events as e
from companion.session.plan import PROGRAMME, Mode, Phase, Plan, Question
from companion.session.times import ends_after, programme
from companion.session.told import with_told


class Stage(StrEnum):
    """The stages of a session, in their order."""

    READY = "ready"
    PREPARING = "preparing"
    SETTLING = "settling"
    INFUSING = "infusing"
    RECOVERING = "recovering"
    RATING = "rating"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Hold:
    """The pump stood still from `began` to `ended`; None: it still does."""

    began: float
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that shows, with the channels that took it and those that did not, so far."""

    at: float
    source: str
    sent: tuple[str, ...] = ()
    not_sent: tuple[str, ...] = ()

    def told_by(self, channel: str, sent: bool) -> "OpenCall":
        """This call after `channel` took it, or did not."""
        took = tuple(name for name in self.sent if name != channel)
        failed = tuple(name for name in self.not_sent if name != channel)
        if sent:
            return replace(self, sent=(*took, channel), not_sent=failed)
        return replace(self, sent=took, not_sent=(*failed, channel))


@dataclass(frozen=True, slots=True)
class Anchor:
    index: int
    at: float


@dataclass(frozen=True, slots=True)
class State:
    """One session, as its events have left it."""

    plan: Plan
    room: str
    nurse: str
    code: str | None
    ends: tuple[float, ...]
    """Programme time at which onset, build, peak and return end."""
    level: float
    stage: Stage = Stage.PREPARING
    as_of: float = 0.0
    """Moment of the last event."""
    heard: bool | None = None
    mode: Mode | None = None
    intention: str | None = None
    question: int = 0
    """Index of the question being asked, before or after."""
    settled: float | None = None
    t0: float | None = None
    holds: tuple[Hold, ...] = ()
    began: tuple[tuple[Phase, float], ...] = ()
    """The phases that have begun, each with its moment, in order."""
    music_since: float = 0.0
    script_since: float = 0.0
    infusion_ended: float | None = None
    recovering: float | None = None
    check_ins_due: int = 0
    """How many of the planned check-ins have had their turn."""
    check_in: float | None = None
    """When the check-in now on screen was asked."""
    uncomfortable: bool = False
    looked_in: float | None = None
    call: OpenCall | None = None
    taken_back: float | None = None
    sound_on: bool = True
    soft: bool = False
    sound_lost: str | None = None
    output: str = ""
    """The output agreed to; empty: none is known yet."""
    moved_to: str | None = None
    """Where the sound would leave instead, until a nurse allows it."""
    muted: bool = False
    """The tablet's own volume lets nothing through."""
    volume: int = 100
    """The tablet's own volume in per cent, as it was told last."""
    battery: int | None = None
    """Per cent of a low battery, as told last; None: the tablet need not be plugged in."""
    battery_empty: bool = False
    """The sound has ended before the battery does."""
    playing: str | None = None
    anchor: Anchor | None = None
    waiting: bool = False
    unsure_since: float | None = None
    """When the tablet came back from a reboot, so that elapsed is in doubt; None: it is not."""
    rating: float | None = None
    postponed: bool = False
    finished: bool = False
    """A nurse has closed it; only a rating left for later may still open."""
    told: tuple[e.Event, ...] = ()
    """The last events that a nurse wants to read of."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of this stage: those before the infusion, or those after."""
        return self.plan.before if self.stage is Stage.PREPARING else self.plan.after

    @property
    def asks_hearing(self) -> bool:
        """Whether the patient has not said yet that she hears the music. Without any she is not
        asked."""
        return not self.heard and bool(self.plan.playlist.sections)

    @property
    def asked(self) -> Question | None:
        """The question being asked now, if any is left."""
        asking = self.stage in (Stage.PREPARING, Stage.RATING)
        left = asking and self.question < len(self.questions)
        return self.questions[self.question] if left else None

    @property
    def can_step_back(self) -> bool:
        """Whether there is a question before this one, or the recovery to go back to."""
        if self.stage is Stage.RATING:
            return self.question > 0 or not self.finished
        return self.asked is not None and self.question > 0

    @property
    def holding(self) -> Hold | None:
        """The hold that has not ended."""
        return self.holds[-1] if self.holds and self.holds[-1].ended is None else None

    @property
    def standing(self) -> bool:
        """Whether the programme waits for a person: for the infusion to start, or in a hold."""
        return self.recovering is None and (self.t0 is None or self.holding is not None)


def replay(events: Iterable[e.Event]) -> State | None:
    """The state that `events` lead to; None when there is none."""
    state: State | None = None
    for event in events:
        state = evolve(state, event)
    return state


def evolve(state: State | None, event: e.Event) -> State | None:
    """The state after `event`. Anything before `SessionPrepared` leaves nothing."""
    if isinstance(event, e.SessionPrepared):
        return _prepared(event)
    if state is None:
        return None
    state = _after(state, event)
    return replace(
        state,
        as_of=max(state.as_of, event.at),
        told=with_told(state.told, event),
    )


def _prepared(event: e.SessionPrepared) -> State:
    protocol = event.plan.protocol
    return State(
        plan=event.plan,
        room=event.room,
        nurse=event.by.who,
        code=event.code,
        ends=tuple(accumulate(protocol.length(p) for p in PROGRAMME)),
        level=min(event.plan.levels.start, event.plan.levels.highest("")),
        as_of=event.at,
    )


def _after(state: State, event: e.Event) -> State:  # noqa: PLR0915 (one case an event)
    match event:
        case e.SessionPrepared():
            return state
        case e.HearingAnswered(heard=heard):
            return replace(state, heard=heard)
        case e.ModeChosen(mode=mode):
            return replace(state, mode=mode, script_since=event.at)
        case e.IntentionLeft(words=words):
            return replace(state, intention=words or "")
        case e.SettlingBegan(at=at):
            begun = (*state.began, (Phase.SETTLE, at))
            return replace(state, stage=Stage.SETTLING, settled=at, began=begun, question=0)
        case e.InfusionStarted(at=at, t0=t0):
            begun = (*state.began, (Phase.ONSET, at))
            return replace(state, stage=Stage.INFUSING, t0=t0, began=begun)
        case e.HoldBegan(at=at):
            return replace(state, holds=(*state.holds, Hold(at)))
        case e.HoldEnded(at=at):
            return _hold_ended(state, at)
        case e.PhaseAdvanced(at=at, to=to):
            return replace(state, ends=ends_after(state, at, to))
        case e.PeakChanged(seconds=seconds):
            onset, build, peak, back = state.ends
            return replace(state, ends=(onset, build, peak + seconds, back + seconds))
        case e.PhaseBegan(at=at, phase=begun_phase):
            return replace(state, began=(*state.began, (begun_phase, at)))
        case e.InfusionEnded(at=at, ended=ended):
            return replace(_hold_ended(state, at), infusion_ended=ended)
        case e.RecoveryBegan(at=at):
            return replace(
                _hold_ended(state, at),
                stage=Stage.RECOVERING,
                recovering=at,
                check_in=None,
                waiting=False,
                began=(*state.began, (Phase.RECOVERY, at)),
            )
        case e.CheckInAsked(at=at):
            return replace(state, check_in=at, check_ins_due=state.check_ins_due + 1)
        case e.CheckInSkipped():
            return replace(state, check_ins_due=state.check_ins_due + 1)
        case e.CheckInAnswered(comfortable=comfortable):
            return replace(state, check_in=None, uncomfortable=comfortable is False)
        case e.CheckInUnanswered():
            return replace(state, check_in=None)
        case e.LookedIn(at=at):
            return replace(state, looked_in=at, uncomfortable=False, taken_back=None)
        case e.Called(at=at, source=source):
            return replace(state, call=state.call or OpenCall(at, source), taken_back=None)
        case e.CallTakenBack(at=at):
            return replace(state, call=None, taken_back=at)
        case e.CallAnswered():
            return replace(state, call=None, uncomfortable=False)
        case e.CallSent(channel=channel):
            return replace(state, call=state.call and state.call.told_by(channel, sent=True))
        case e.CallNotSent(channel=channel):
            return replace(state, call=state.call and state.call.told_by(channel, sent=False))
        case e.SoundSwitched(on=on):
            return replace(state, sound_on=on)
        case e.LevelChanged(level=level):
            return replace(state, level=level)
        case e.Softened():
            return replace(state, soft=True)
        case e.Unsoftened():
            return replace(state, soft=False)
        case e.PlaylistChanged(at=at, playlist=playlist):
            return replace(state, plan=replace(state.plan, playlist=playlist), music_since=at)
        case e.ScriptChanged(at=at, script=script):
            return replace(state, plan=replace(state.plan, script=script), script_since=at)
        case e.AnchorSaid(at=at, index=index):
            return replace(state, anchor=Anchor(index, at))
        case e.TrackStarted(title=title):
            return replace(state, playing=title)
        case e.SoundLost(why=why):
            return replace(state, sound_lost=why)
        case e.SoundReturned():
            return replace(state, sound_lost=None)
        case e.OutputNoted(output=output) | e.OutputAllowed(output=output):
            level = min(state.level, state.plan.levels.highest(output))
            return replace(state, output=output, moved_to=None, level=level)
        case e.OutputMoved(output=output):
            return replace(state, moved_to=output)
        case e.OutputReturned():
            return replace(state, moved_to=None)
        case e.SystemMuted():
            return replace(state, muted=True)
        case e.SystemUnmuted():
            return replace(state, muted=False)
        case e.SystemVolumeChanged(percent=percent):
            return replace(state, volume=percent)
        case e.BatteryLow(percent=percent):
            return replace(state, battery=percent)
        case e.BatteryEmpty(percent=percent):
            return replace(state, battery=percent, battery_empty=True)
        case e.MainsReturned():
            return replace(state, battery=None, battery_empty=False)
        case e.TakenOver(by=by):
            return replace(state, nurse=by.who)
        case e.Resumed(at=at, exact=exact, waiting=waiting):
            doubted = at if state.unsure_since is None else state.unsure_since
            unsure = state.unsure_since if exact or state.t0 is None else doubted
            return replace(state, waiting=state.waiting or waiting, unsure_since=unsure)
        case e.ElapsedConfirmed(at=at, seconds=seconds):
            return _corrected(state, at, seconds)
        case e.WentOn():
            return replace(state, waiting=False)
        case e.RatingOpened(at=at):
            return replace(
                state, stage=Stage.RATING, rating=at, question=0, postponed=False, waiting=False
            )
        case e.Answered() | e.Skipped():
            return replace(state, question=state.question + 1)
        case e.SteppedBack():
            if state.question:
                return replace(state, question=state.question - 1)
            return replace(state, stage=Stage.RECOVERING, rating=None)
        case e.QuestionsEnded():
            if state.stage is Stage.RATING:
                return replace(state, stage=Stage.CLOSED)
            return replace(state, question=len(state.questions))
        case e.RatingPostponed():
            return replace(state, stage=Stage.CLOSED, postponed=True)
        case e.SessionClosed(at=at):
            return replace(
                _hold_ended(state, at),
                stage=Stage.READY,
                finished=True,
                call=None,
                check_in=None,
                waiting=False,
            )
        case (
            e.TrackFailed()
            | e.Noted()
            | e.FaultNoted()
            | e.WordsLeft()
            | e.Voided()
            | e.EventLost()
        ):
            return state
        case _:
            assert_never(event)


def _corrected(state: State, at: float, seconds: float) -> State:
    """What happened before the reboot lies `seconds` further back than was thought. A phase that
    has begun goes on all the same: with less elapsed it only lasts longer."""
    since = state.unsure_since or 0.0

    def earlier(moment: float) -> float:
        return moment - seconds if moment <= since else moment

    def if_any(moment: float | None) -> float | None:
        return None if moment is None else earlier(moment)

    after = replace(
        state,
        t0=if_any(state.t0),
        holds=tuple(Hold(earlier(one.began), if_any(one.ended)) for one in state.holds),
        infusion_ended=if_any(state.infusion_ended),
        looked_in=if_any(state.looked_in),
        unsure_since=None,
    )
    begun = state.began[-1][0]
    index = PROGRAMME.index(begun) if begun in PROGRAMME else 0
    now = programme(after, at) or 0.0
    before = tuple(min(end, now) for end in state.ends[:index])
    return replace(after, ends=(*before, *state.ends[index:]))


def _hold_ended(state: State, at: float) -> State:
    if (hold := state.holding) is None:
        return state
    return replace(state, holds=(*state.holds[:-1], Hold(hold.began, at)))
