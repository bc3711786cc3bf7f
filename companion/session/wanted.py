"""What should sound now, as a value.

The session says what it wants; the sound process makes it so. A `Wanted` is the whole desired
state, so either side may restart at any time and reconcile. Moments are session seconds.
"""

from dataclasses import dataclass

from companion.session.plan import PROGRAMME, Cue, Mode, Phase, Section
from companion.session.script import Spoken, line, spoken
from companion.session.state import Stage, State
from companion.session.times import moment_of, next_renewal, programme

_FADE_START = 15.0
_FADE_BACK = 10.0
_SOFTER = -6.0
_CALL = -12.0
_BED = -6.0


@dataclass(frozen=True, slots=True)
class Arc:
    """Where the session is in its arc: at moment t the phase is `position + (t - since) * pace`
    of its way through, between 0 and 1. A `pace` of 0 stands still, as in a hold."""

    phase: Phase
    since: float
    position: float
    pace: float


@dataclass(frozen=True, slots=True)
class Music:
    """A section of the playlist and the moment from which its tracks are counted."""

    section: Section
    began: float
    crossfade: float
    offset: float = 0.0
    """How far into the first track it starts, in seconds."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The recorded sentence that is spoken now, or the next one to come."""

    cue: Cue
    """Its `clip` is never None."""
    begins: float
    """When its first word is due; the music is down before."""
    then: float | None = None
    """When the next recorded sentence begins, if it is known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should sound from now on, until another value says otherwise."""

    arc: Arc
    music: Music | None = None
    voice: Voice | None = None
    on: bool = True
    """False: the sound was switched off; it goes within a second."""
    fade: float = 8.0
    """Seconds of a fade from or to silence that this value brings about."""
    lower: float = 0.0
    """dB (not above 0) that the music is lowered by: softer, a call, the bed of recovery."""
    level: float = -18.0
    """The patient's own level, in dB."""
    output: str = ""
    """The output that a person agreed to: on any other there is silence. Empty: any will do."""
    until: float = 0.0
    """With nobody to say otherwise, the sound fades out at this moment."""


def quiet(t: float) -> Wanted:
    """Nothing should sound: the tablet rests between patients."""
    return Wanted(arc=Arc(Phase.SETTLE, t, 0.0, 0.0), until=t)


def wanted_sound(state: State | None, t: float) -> Wanted:
    """What should sound at `t`. It changes only at events and at the moments of `next_change`."""
    if state is None or state.finished:
        return quiet(0.0 if state is None else state.as_of)
    return Wanted(
        arc=_arc(state),
        music=_music(state, t),
        voice=_voice(state, t),
        on=state.sound_on,
        fade=_FADE_START if state.stage is Stage.SETTLING else _FADE_BACK,
        lower=_lower(state),
        level=state.level,
        output=state.output,
        until=_until(state, t),
    )


def _arc(state: State) -> Arc:
    protocol = state.plan.protocol
    if state.recovering is not None:
        return Arc(Phase.RECOVERY, state.recovering, 0.0, 1.0 / protocol.bed)
    if state.settled is None:
        return Arc(Phase.SETTLE, 0.0, 0.0, 0.0)
    if state.t0 is None:
        return Arc(Phase.SETTLE, state.settled, 0.0, 1.0 / max(1.0, protocol.settle))
    now = state.began[-1][0]
    index = PROGRAMME.index(now)
    end, start = state.ends[index], state.ends[index - 1] if index else 0.0
    length = max(1.0, end - start)
    ends = moment_of(state, end)
    if state.holding is None and ends is not None:
        return Arc(now, ends - length, 0.0, 1.0 / length)
    stopped = state.holding.began if state.holding is not None else state.as_of
    position = ((programme(state, stopped) or 0.0) - start) / length
    return Arc(now, stopped, min(1.0, max(0.0, position)), 0.0)


def _music(state: State, t: float) -> Music | None:
    playlist = state.plan.playlist
    if state.waiting or state.battery_empty or state.mode is Mode.SILENCE:
        return None
    if state.stage is Stage.PREPARING:
        if state.heard:
            return None
        section = Section(Phase.SETTLE, (playlist.loudest,))
        return Music(section, 0.0, playlist.crossfade, playlist.loudest_at)
    if state.recovering is not None and t >= state.recovering + state.plan.protocol.bed:
        return None
    section, began = _section(state)
    return Music(section, max(began, state.music_since), playlist.crossfade)


def _section(state: State) -> tuple[Section, float]:
    """The section that plays, and when it began: that of the last phase begun that has one. The
    playlist's first section plays from the very beginning, whatever phase it is meant for."""
    first = state.plan.playlist.sections[0]
    own = {section.phase: section for section in state.plan.playlist.sections[1:]}
    for phase, began in reversed(state.began):
        if phase in own:
            return own[phase], began
    return first, state.began[0][1]


def _voice(state: State, t: float) -> Voice | None:
    """What is spoken: the line of a call before an anchor line, and that before the script."""
    if state.mode is Mode.SILENCE or state.waiting or state.battery_empty:
        return None
    asked = line(state)
    if asked is not None and asked.cue.clip and t < asked.ends:
        return Voice(asked.cue, asked.begins)
    return None if state.call is not None else _script(spoken(state), t)


def _script(sentences: tuple[Spoken, ...], t: float) -> Voice | None:
    """The recorded sentence said at `t`, or that the music already makes room for."""
    recorded = [one for one in sentences if one.cue.clip and t < one.ends]
    if not recorded or t < recorded[0].notice:
        return None
    now, *later = recorded
    return Voice(now.cue, now.begins, later[0].begins if later else None)


def _lower(state: State) -> float:
    bed = state.recovering is not None
    return _SOFTER * state.soft + _CALL * (state.call is not None) + _BED * bed


def _until(state: State, t: float) -> float:
    """The sound outlives its plan by the whole bed of recovery, should nobody renew it, and
    whatever is still to be said is said."""
    bed = state.plan.protocol.bed
    if state.recovering is not None:
        asked = line(state)
        said: list[Spoken] = [*spoken(state), *([] if asked is None else [asked])]
        return max([state.recovering + bed, *(one.ends + _FADE_BACK for one in said)])
    ends = moment_of(state, state.ends[-1])
    if not state.standing and ends is not None:
        return ends + bed
    stopped = t if state.holding is None else state.holding.began
    left = state.ends[-1] - (programme(state, stopped) or 0.0)
    return next_renewal(t) + max(0.0, left) + bed
