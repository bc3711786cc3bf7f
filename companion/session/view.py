"""All that a screen may know of a session: one frozen value, in whole minutes.

Times on a screen are minutes, so the value changes no faster than what a person should see.
"""

from dataclasses import dataclass
from enum import StrEnum

from companion.session.due import can_take_back, look_in_due
from companion.session.events import Event
from companion.session.plan import PROGRAMME, Cue, Mode, Phase, Question, Script
from companion.session.script import can_say, shown
from companion.session.state import Stage, State
from companion.session.times import infusion_end, minutes_until, phase, whole_minutes


class Place(StrEnum):
    """Which screen the patient is at."""

    READY = "ready"
    """No session is open: there is no view."""
    HEARING = "hearing"
    MODE = "mode"
    INTENTION = "intention"
    QUESTION = "question"
    SESSION = "session"
    RECOVERY = "recovery"
    CHECK_IN = "check-in"
    CALLED = "called"
    FAREWELL = "farewell"
    WAITING = "waiting"


class Word(StrEnum):
    """The one word that a nurse reads from two metres away; the first that applies."""

    CALL = "CALL"
    LOOK_IN = "LOOK IN"
    PUMP_STOPPED = "PUMP STOPPED"
    NO_SOUND = "NO SOUND"
    NOT_SAVED = "NOT SAVED"
    PLUG_IN = "PLUG IN"
    OK = "OK"


class Offer(StrEnum):
    """What a nurse may do now, beyond what she always may."""

    START = "start"
    STOP_PUMP = "stop pump"
    RUN_PUMP = "run pump"
    NEXT_PHASE = "next phase"
    RETURN = "return"
    PEAK = "peak"
    END_INFUSION = "end infusion"
    LOOK_IN = "look in"
    RECOVERY = "recovery"
    RATE = "rate"
    SOFTEN = "soften"
    UNSOFTEN = "unsoften"
    ANCHOR = "anchor"
    MODE = "mode"
    GO_ON = "go on"
    ALLOW_OUTPUT = "allow output"
    CONFIRM_ELAPSED = "confirm elapsed"


@dataclass(frozen=True, slots=True)
class View:
    """What a screen may know. Minutes are whole minutes, levels dB."""

    stage: Stage
    place: Place
    word: Word
    room: str
    language: str
    """What the patient's screens speak, a code such as `en`."""
    nurse: str
    minutes: int | None
    """Elapsed since T0."""
    planned: int
    """Minutes that the programme is planned to take by now."""
    phase: Phase
    next_phase: Phase | None
    holding: int | None
    """Minutes that the pump has stood still."""
    holding_large: bool
    look_in: int | None
    """Minutes until the next look-in; 0 or less: it is due."""
    calling: int | None
    """Minutes since the call that shows."""
    can_take_back: bool
    taken_back: bool
    """The last call was taken back."""
    sent: tuple[str, ...]
    not_sent: tuple[str, ...]
    reaches: str
    words: str | None
    """The sentence of the script that stands on the screen."""
    mode: Mode | None
    sound_on: bool
    soft: bool
    level: float
    loudest: float
    quietest: float
    uncomfortable: bool
    hearing_failed: bool
    question: Question | None
    question_number: int
    questions: int
    can_step_back: bool
    intention: str | None
    sound_lost: str | None
    moved_to: str | None
    """The output that the sound moved to, where it is silent until a nurse allows it."""
    muted: bool
    """The tablet's own volume lets nothing through."""
    battery: int | None
    """Per cent left where the tablet should be plugged in."""
    battery_empty: bool
    """The sound has ended before the battery does."""
    playing: str | None
    playlist: str
    script: str | None
    told: tuple[Event, ...]
    infusion_ended: int | None
    """Minutes since the infusion ended."""
    ended_assumed: bool
    postponed: bool
    finished: bool
    reminders: tuple[str, ...]
    notes: tuple[str, ...]
    anchors: tuple[str, ...]
    offers: frozenset[Offer]
    eyes_covered: bool
    saved: bool
    """The journal takes events."""
    damaged: bool
    """The journal was damaged, and no nurse has read so yet."""


def view(state: State | None, t: float, saved: bool = True, damaged: bool = False) -> View | None:
    """What the screens may know at `t`; None with no session, and of one that was closed.
    `saved`: the journal takes events; `damaged`: it was, and no nurse has read so yet."""
    if state is None or state.stage is Stage.READY:
        return None
    plan = state.plan
    end = infusion_end(state, t)
    now = phase(state, t)
    return View(
        stage=state.stage,
        place=_place(state),
        word=_word(state, t, saved and not damaged),
        room=state.room,
        language=plan.language,
        nurse=state.nurse,
        minutes=_minutes(state.t0, t),
        planned=round(state.ends[-1] / 60),
        phase=now,
        next_phase=_following(now),
        holding=_minutes(None if state.holding is None else state.holding.began, t),
        holding_large=state.holding is not None
        and t >= state.holding.began + plan.protocol.hold_large,
        look_in=_until_look_in(state, t),
        calling=_minutes(None if state.call is None else state.call.at, t),
        can_take_back=can_take_back(state, t),
        taken_back=state.taken_back is not None,
        sent=state.call.sent if state.call else (),
        not_sent=state.call.not_sent if state.call else (),
        reaches=plan.reaches,
        words=shown(state, t),
        mode=state.mode,
        sound_on=state.sound_on,
        soft=state.soft,
        level=state.level,
        loudest=plan.levels.highest(state.output),
        quietest=min(plan.levels.floor, plan.levels.highest(state.output)),
        uncomfortable=state.uncomfortable,
        hearing_failed=state.heard is False,
        question=state.asked if _place(state) is Place.QUESTION else None,
        question_number=state.question + 1,
        questions=len(state.questions),
        can_step_back=state.can_step_back,
        intention=state.intention or None,
        sound_lost=state.sound_lost,
        moved_to=state.moved_to,
        muted=state.muted,
        battery=state.battery,
        battery_empty=state.battery_empty,
        playing=state.playing,
        playlist=plan.playlist.title,
        script=_title(plan.script),
        told=state.told,
        infusion_ended=_minutes(None if end is None else end[0], t),
        ended_assumed=end is not None and end[1],
        postponed=state.postponed,
        finished=state.finished,
        reminders=plan.reminders,
        notes=plan.notes,
        anchors=_said(plan.anchors),
        offers=_offers(state, t),
        eyes_covered=plan.eyes_covered,
        saved=saved,
        damaged=damaged,
    )


def _minutes(since: float | None, t: float) -> int | None:
    return None if since is None else whole_minutes(since, t)


def _title(script: Script | None) -> str | None:
    return None if script is None else script.title


def _said(anchors: tuple[Cue, ...]) -> tuple[str, ...]:
    return tuple(cue.say for cue in anchors)


def _following(now: Phase) -> Phase | None:
    """The phase after `now`; None at the last."""
    if now is Phase.SETTLE:
        return PROGRAMME[0]
    if now not in PROGRAMME:
        return None
    return (*PROGRAMME, Phase.RECOVERY)[PROGRAMME.index(now) + 1]


def _until_look_in(state: State, t: float) -> int | None:
    due = look_in_due(state)
    if due is None:
        return None
    return minutes_until(due, t)


def _place(state: State) -> Place:
    if state.call is not None:
        return Place.CALLED
    if state.waiting:
        return Place.WAITING
    match state.stage:
        case Stage.PREPARING:
            return _preparing(state)
        case Stage.RATING:
            return Place.QUESTION
        case Stage.CLOSED:
            return Place.FAREWELL
        case Stage.RECOVERING:
            return Place.RECOVERY
        case _:
            return Place.SESSION if state.check_in is None else Place.CHECK_IN


def _preparing(state: State) -> Place:
    if state.asks_hearing:
        return Place.HEARING
    if state.mode is None:
        return Place.MODE
    if state.plan.intention and state.intention is None:
        return Place.INTENTION
    return Place.QUESTION


def _word(state: State, t: float, saved: bool) -> Word:
    due = look_in_due(state)
    applies = {
        Word.CALL: state.call is not None,
        Word.LOOK_IN: state.waiting or (due is not None and due <= t),
        Word.PUMP_STOPPED: state.holding is not None,
        Word.NO_SOUND: _soundless(state),
        Word.NOT_SAVED: not saved,
        Word.PLUG_IN: state.battery is not None,
    }
    return next((word for word, so in applies.items() if so), Word.OK)


def _soundless(state: State) -> bool:
    """Whether there is no sound although nobody wants it so."""
    lost = state.sound_lost is not None or state.moved_to is not None
    return lost or state.muted or state.battery_empty


def _offers(state: State, t: float) -> frozenset[Offer]:
    stage, infusing = state.stage, state.stage is Stage.INFUSING
    begun = stage in (Stage.SETTLING, Stage.INFUSING, Stage.RECOVERING)
    going_on = not state.waiting
    heard = not state.finished
    bending = infusing and going_on and phase(state, t) is not Phase.RETURN
    may = {
        Offer.START: stage in (Stage.PREPARING, Stage.SETTLING),
        Offer.STOP_PUMP: infusing and state.holding is None,
        Offer.RUN_PUMP: infusing and state.holding is not None,
        Offer.NEXT_PHASE: infusing and going_on,
        Offer.RETURN: bending,
        Offer.PEAK: bending,
        Offer.END_INFUSION: state.t0 is not None,
        Offer.LOOK_IN: state.t0 is not None and heard,
        Offer.RECOVERY: stage in (Stage.SETTLING, Stage.INFUSING),
        Offer.RATE: begun or stage is Stage.CLOSED,
        Offer.SOFTEN: heard and not state.soft,
        Offer.UNSOFTEN: heard and state.soft,
        Offer.ANCHOR: begun and going_on and _has_anchor(state),
        Offer.MODE: begun and going_on,
        Offer.GO_ON: state.waiting,
        Offer.ALLOW_OUTPUT: heard and state.moved_to is not None,
        Offer.CONFIRM_ELAPSED: state.unsure_since is not None,
    }
    return frozenset(offer for offer, so in may.items() if so)


def _has_anchor(state: State) -> bool:
    """Whether every anchor line would be heard or read now."""
    if state.mode is Mode.SILENCE or state.call is not None:
        return False
    anchors = state.plan.anchors
    return bool(anchors) and all(can_say(state, cue) for cue in anchors)
