"""What happened in a session. Every event carries `at`, seconds since the session was prepared.

A field marked `private` holds the patient's own words or answers: the journal keeps it apart
from the event, where it can be sealed and, in time, deleted. After that it reads as None.
"""

from dataclasses import dataclass, field
from typing import Any, TypeVar, dataclass_transform, get_args

from companion.session.plan import Mode, Phase, Plan, Playlist, Script


def private() -> Any:
    """A field that is the patient's own."""
    return field(default=None, metadata={"private": True})


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, and whether her PIN confirmed it."""

    who: str
    confirmed: bool = False
    sealed: bool = False
    """Whether it was the PIN from the sealed envelope: who really gave it only the clinic knows."""


_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def happening(kind: type[_T]) -> type[_T]:
    """Make `kind` a frozen dataclass of named fields: something that happened."""
    return dataclass(frozen=True, kw_only=True, slots=True)(kind)


# --- preparing -----------------------------------------------------------------------------------


@happening
class SessionPrepared:
    """The tablet was given to the patient."""

    at: float
    by: By
    room: str
    plan: Plan
    code: str | None = private()


@happening
class HearingAnswered:
    at: float
    heard: bool


@happening
class ModeChosen:
    """`by` is None when the patient chose."""

    at: float
    mode: Mode
    by: By | None = None


@happening
class IntentionLeft:
    at: float
    words: str | None = private()


@happening
class SettlingBegan:
    at: float


# --- the infusion --------------------------------------------------------------------------------


@happening
class InfusionStarted:
    """`t0` is the moment it counts from, at most `at`; it may lie before the session."""

    at: float
    t0: float
    by: By


@happening
class HoldBegan:
    at: float
    by: By


@happening
class HoldEnded:
    at: float
    by: By


@happening
class PhaseAdvanced:
    """The nurse went on to `to` before its time."""

    at: float
    to: Phase
    by: By


@happening
class PeakChanged:
    """The peak became longer, or shorter, by `seconds`."""

    at: float
    seconds: float
    by: By


@happening
class PhaseBegan:
    at: float
    phase: Phase


@happening
class InfusionEnded:
    """`ended` is when it ended; a later event of this kind corrects an earlier one."""

    at: float
    ended: float
    by: By


@happening
class RecoveryBegan:
    """`by` is None when the programme came to its end by itself."""

    at: float
    by: By | None = None


# --- asking, looking in, calling -----------------------------------------------------------------


@happening
class CheckInAsked:
    at: float


@happening
class CheckInSkipped:
    at: float
    why: str


@happening
class CheckInAnswered:
    at: float
    comfortable: bool | None = private()


@happening
class CheckInUnanswered:
    at: float


@happening
class LookedIn:
    at: float
    by: By


@happening
class Called:
    """`source`: `screen`, `key` or `button`."""

    at: float
    source: str


@happening
class CallTakenBack:
    at: float


@happening
class CallAnswered:
    at: float
    by: By


@happening
class CallSent:
    at: float
    channel: str


@happening
class CallNotSent:
    at: float
    channel: str
    why: str


# --- the sound -----------------------------------------------------------------------------------


@happening
class SoundSwitched:
    at: float
    on: bool
    by: By | None = None


@happening
class LevelChanged:
    """The patient's own level, in dB."""

    at: float
    level: float
    by: By | None = None


@happening
class Softened:
    at: float
    by: By | None = None


@happening
class Unsoftened:
    at: float
    by: By


@happening
class PlaylistChanged:
    at: float
    playlist: Playlist
    by: By


@happening
class ScriptChanged:
    at: float
    script: Script | None
    by: By


@happening
class AnchorSaid:
    """The anchor line with this index in the plan was asked for."""

    at: float
    index: int
    by: By


@happening
class TrackStarted:
    at: float
    title: str


@happening
class TrackFailed:
    at: float
    title: str
    why: str


@happening
class SoundLost:
    at: float
    why: str


@happening
class SoundReturned:
    at: float
    output: str


@happening
class OutputNoted:
    """The sound leaves by this output, and whoever is asked whether she hears it agrees to it."""

    at: float
    output: str


@happening
class OutputMoved:
    """The sound came to leave by another output than the one agreed to: it is silent there."""

    at: float
    output: str


@happening
class OutputAllowed:
    """A nurse agreed to the output that the sound had moved to."""

    at: float
    output: str
    by: By


@happening
class OutputReturned:
    """The sound leaves by the output agreed to again, and comes back by itself."""

    at: float
    output: str


@happening
class SystemMuted:
    """The tablet's own volume lets nothing through."""

    at: float


@happening
class SystemUnmuted:
    at: float


@happening
class SystemVolumeChanged:
    """The tablet's own volume; 100 passes the sound on as it is."""

    at: float
    percent: int


# --- the battery ---------------------------------------------------------------------------------


@happening
class BatteryLow:
    """The tablet runs on its battery, of which `percent` are left: plug it in."""

    at: float
    percent: int


@happening
class BatteryEmpty:
    """So little is left that the sound ends softly before the tablet does."""

    at: float
    percent: int


@happening
class MainsReturned:
    """The tablet is plugged in again after its battery was low."""

    at: float


# --- staff ---------------------------------------------------------------------------------------


@happening
class Noted:
    at: float
    note: str
    by: By


@happening
class TakenOver:
    at: float
    by: By


@happening
class Resumed:
    """The tablet came back after `gap` seconds. `waiting`: a nurse must choose how to go on."""

    at: float
    gap: float
    exact: bool
    waiting: bool


@happening
class WentOn:
    """After a long gap the nurse chose to go on."""

    at: float
    by: By


@happening
class ElapsedConfirmed:
    """After a reboot `by` said how long it has been since T0. `seconds` is by how much elapsed was
    wrong, positive where more had passed than it showed; 0: it was right."""

    at: float
    seconds: float
    by: By


@happening
class FaultNoted:
    at: float
    what: str


# --- the end -------------------------------------------------------------------------------------


@happening
class RatingOpened:
    """`by` is None when the patient said she was ready."""

    at: float
    by: By | None = None


@happening
class Answered:
    """An answer, 0 to 10, `before` or `after`; `minutes` count from the infusion's end."""

    at: float
    when: str
    question: str
    minutes: float | None = None
    early: bool = False
    assumed: bool = False
    """Whether the infusion's end was assumed from the protocol."""
    value: int | None = private()


@happening
class Skipped:
    at: float
    when: str
    question: str


@happening
class SteppedBack:
    """The patient went back to the question before."""

    at: float


@happening
class QuestionsEnded:
    """No question is left, or the patient wanted no more of them."""

    at: float
    wanted: bool


@happening
class RatingPostponed:
    at: float


@happening
class WordsLeft:
    at: float
    words: str | None = private()


@happening
class SessionClosed:
    at: float
    by: By


@happening
class Voided:
    """After the close: `what` (`event`, `rating` or `session`) counts no more, for `reason`.

    `seq` is the place of the event, where it is one.
    """

    at: float
    what: str
    reason: str
    by: By
    seq: int | None = None


# --- what a damaged file no longer tells ---------------------------------------------------------


@happening
class EventLost:
    """Here stood an event that could not be read again when the journal was damaged."""

    at: float


Event = (
    SessionPrepared
    | HearingAnswered
    | ModeChosen
    | IntentionLeft
    | SettlingBegan
    | InfusionStarted
    | HoldBegan
    | HoldEnded
    | PhaseAdvanced
    | PeakChanged
    | PhaseBegan
    | InfusionEnded
    | RecoveryBegan
    | CheckInAsked
    | CheckInSkipped
    | CheckInAnswered
    | CheckInUnanswered
    | LookedIn
    | Called
    | CallTakenBack
    | CallAnswered
    | CallSent
    | CallNotSent
    | SoundSwitched
    | LevelChanged
    | Softened
    | Unsoftened
    | PlaylistChanged
    | ScriptChanged
    | AnchorSaid
    | TrackStarted
    | TrackFailed
    | SoundLost
    | SoundReturned
    | OutputNoted
    | OutputMoved
    | OutputAllowed
    | OutputReturned
    | SystemMuted
    | SystemUnmuted
    | SystemVolumeChanged
    | BatteryLow
    | BatteryEmpty
    | MainsReturned
    | Noted
    | TakenOver
    | Resumed
    | WentOn
    | ElapsedConfirmed
    | FaultNoted
    | RatingOpened
    | Answered
    | Skipped
    | SteppedBack
    | QuestionsEnded
    | RatingPostponed
    | WordsLeft
    | SessionClosed
    | Voided
    | EventLost
)

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}
"""Every kind of session event by the name that the journal keeps. A name, once used, stays."""
