"""When each sentence is due: one timeline for the voice and for the words on the screen."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from companion.session.plan import Cue, Mode, Phase
from companion.session.state import Stage, State
from companion.session.times import moment_of, unheld

LEAD = 4.0
"""Seconds in which the music makes room before the first word."""

_FADE_IN = 15.0
"""The music is up before the settling voice begins."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence and its moments: noticed (the music makes room), first word, last word."""

    cue: Cue
    begins: float
    then: float | None = None
    """When the next sentence begins, if it is known."""

    @property
    def notice(self) -> float:
        return self.begins - LEAD

    @property
    def ends(self) -> float:
        return self.begins + self.cue.seconds

    @property
    def leaves(self) -> float:
        """When its words leave the screen: at the next sentence, or after its own pause."""
        return self.ends + self.cue.pause if self.then is None else self.then


def spoken(state: State) -> tuple[Spoken, ...]:
    """The sentences of the part that belongs to this stretch of the session, as far as their
    moments are known. They hang on programme time: in a hold no further one begins."""
    script = state.plan.script
    if script is None or state.mode is not Mode.VOICE or state.waiting:
        return ()
    if state.stage not in (Stage.SETTLING, Stage.INFUSING, Stage.RECOVERING):
        return ()
    began = dict(state.began)
    if Phase.RETURN in began:
        begins = list(_begins(state, script.back, began[Phase.RETURN]))
    else:
        last = _settling_until(state, began)
        begins = [b for b in _begins(state, script.settle, began[Phase.SETTLE]) if b[1] < last]
    thens = (*(begun for _, begun in begins[1:]), None)
    return tuple(
        Spoken(cue, begun, then) for (cue, begun), then in zip(begins, thens, strict=False)
    )


def line(state: State) -> Spoken | None:
    """The one line asked for last: that of a call while it shows, else an anchor line."""
    if state.call is not None:
        return Spoken(state.plan.call_line, state.call.at + LEAD)
    if state.anchor is not None:
        return Spoken(state.plan.anchors[state.anchor.index], state.anchor.at + LEAD)
    return None


def can_say(state: State, cue: Cue) -> bool:
    """Whether `cue` would be heard or read now."""
    return (cue.clip is not None and state.sound_on) or state.plan.words_on_screen


def shown(state: State, t: float) -> str | None:
    """The words on the screen at `t`, those of an anchor line before those of the script."""
    if not state.plan.words_on_screen or state.call is not None:
        return None
    anchor = line(state)
    standing = (*(() if anchor is None else (anchor,)), *spoken(state))
    return next((one.cue.say for one in standing if one.begins <= t < one.leaves), None)


def _settling_until(state: State, began: dict[Phase, float]) -> float:
    """The moment from which no sentence of the settling part begins: it belongs to settling and
    early onset. What has begun by then is said to its end."""
    bounds = [began[later] for later in (Phase.BUILD, Phase.PEAK, Phase.RECOVERY) if later in began]
    early = moment_of(state, state.plan.protocol.voice_until)
    if early is not None:
        bounds.append(max(early, began[Phase.ONSET]))
    return min(bounds, default=math.inf)


def _begins(state: State, cues: tuple[Cue, ...], since: float) -> Iterator[tuple[Cue, float]]:
    """Each cue with the moment of its first word, until a hold keeps one from coming. The part
    begins at `since`, or where the script or the mode was changed later."""
    lead = min(_FADE_IN, state.plan.protocol.settle / 4)
    if state.script_since + LEAD > since + lead:
        since, lead = state.script_since, LEAD
    for cue in cues:
        begins = unheld(state, since, lead)
        if begins is None:
            return
        yield cue, begins
        lead += cue.seconds + cue.pause
