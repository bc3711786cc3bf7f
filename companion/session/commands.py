"""What somebody wants of a session. `decide` says whether it happens.

`by` is who wants it; None is the patient, where that is allowed.
"""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform, get_args

from companion.session.events import By
from companion.session.plan import Mode, Plan, Playlist, Script

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def _command(kind: type[_T]) -> type[_T]:
    return dataclass(frozen=True, slots=True)(kind)


# --- the patient ---------------------------------------------------------------------------------


@_command
class AnswerHearing:
    heard: bool


@_command
class LeaveIntention:
    """An empty sentence says that she wants none."""

    words: str


@_command
class AnswerCheckIn:
    comfortable: bool


@_command
class Rate:
    """`value` from 0 to 10. The question is named so that a late tap cannot answer the next one."""

    question: str
    value: int


@_command
class SkipQuestion:
    question: str


@_command
class StepBack:
    pass


@_command
class StopQuestions:
    pass


@_command
class PostponeRating:
    pass


@_command
class LeaveWords:
    words: str


@_command
class Call:
    """`source`: `screen`, `key` or `button`."""

    source: str = "screen"


@_command
class TakeBackCall:
    pass


# --- the patient or a nurse ----------------------------------------------------------------------


@_command
class ChooseMode:
    """In preparing the patient chooses; later only a nurse changes it."""

    mode: Mode
    by: By | None = None


@_command
class OpenRating:
    by: By | None = None


@_command
class SwitchSound:
    on: bool
    by: By | None = None


@_command
class Louder:
    by: By | None = None


@_command
class Quieter:
    by: By | None = None


@_command
class Soften:
    by: By | None = None


# --- a nurse, without her PIN --------------------------------------------------------------------


@_command
class StartInfusion:
    """`ago`: how many seconds ago it started."""

    by: By
    ago: float = 0.0


@_command
class LookIn:
    by: By


@_command
class AnswerCall:
    by: By


# --- a nurse, with her PIN -----------------------------------------------------------------------


@_command
class PrepareSession:
    """`under_way`: for a spare tablet, how many seconds ago the infusion started."""

    by: By
    room: str
    plan: Plan
    code: str
    under_way: float | None = None


@_command
class StopPump:
    by: By


@_command
class RunPump:
    by: By


@_command
class NextPhase:
    by: By


@_command
class GoToReturn:
    by: By


@_command
class ChangePeak:
    longer: bool
    by: By


@_command
class EndInfusion:
    """`ago`: how many seconds ago it ended."""

    by: By
    ago: float = 0.0


@_command
class Unsoften:
    by: By


@_command
class ChangePlaylist:
    playlist: Playlist
    by: By


@_command
class ChangeScript:
    script: Script | None
    by: By


@_command
class SayAnchor:
    index: int
    by: By


@_command
class Note:
    note: str
    by: By


@_command
class AllowOutput:
    """Let the sound go on at `output`, which is named so that a late tap allows no other."""

    output: str
    by: By


@_command
class TakeOver:
    by: By


@_command
class GoOn:
    """After a long gap: go on where the time now stands."""

    by: By


@_command
class ConfirmElapsed:
    """After a reboot: elapsed is right once `seconds` are added to it; they may be negative."""

    seconds: float
    by: By


@_command
class GoToRecovery:
    by: By


@_command
class CloseSession:
    by: By


Confirmed = (
    PrepareSession
    | StopPump
    | RunPump
    | NextPhase
    | GoToReturn
    | ChangePeak
    | EndInfusion
    | Unsoften
    | ChangePlaylist
    | ChangeScript
    | SayAnchor
    | Note
    | AllowOutput
    | TakeOver
    | GoOn
    | ConfirmElapsed
    | GoToRecovery
    | CloseSession
)
"""The commands that only a PIN allows."""

NEEDS_PIN: tuple[type, ...] = get_args(Confirmed)

# --- the tablet itself ---------------------------------------------------------------------------


@_command
class ReportTrack:
    title: str


@_command
class ReportTrackFailed:
    title: str
    why: str


@_command
class ReportSoundLost:
    why: str


@_command
class ReportSoundReturned:
    output: str


@_command
class ReportOutput:
    """The sound leaves by `output`, as far as that is known."""

    output: str


@_command
class ReportSystemVolume:
    """What the tablet itself does to the sound; 100 per cent passes it on as it is."""

    percent: int
    muted: bool


@_command
class ReportPower:
    """How the tablet is fed; `percent` of its battery, None where it has none."""

    percent: int | None
    on_mains: bool


@_command
class ReportCallSent:
    channel: str


@_command
class ReportCallNotSent:
    channel: str
    why: str


@_command
class ReportFault:
    what: str


@_command
class ReportReturn:
    """The tablet is back after `gap` seconds; not `exact` across a reboot."""

    gap: float
    exact: bool


Command = (
    AnswerHearing
    | LeaveIntention
    | AnswerCheckIn
    | Rate
    | SkipQuestion
    | StepBack
    | StopQuestions
    | PostponeRating
    | LeaveWords
    | Call
    | TakeBackCall
    | ChooseMode
    | OpenRating
    | SwitchSound
    | Louder
    | Quieter
    | Soften
    | StartInfusion
    | LookIn
    | AnswerCall
    | Confirmed
    | ReportTrack
    | ReportTrackFailed
    | ReportSoundLost
    | ReportSoundReturned
    | ReportOutput
    | ReportSystemVolume
    | ReportPower
    | ReportCallSent
    | ReportCallNotSent
    | ReportFault
    | ReportReturn
)

IMMEDIATE = (Call, TakeBackCall, SwitchSound, Quieter)
"""These act and show at once and are committed alongside. `SwitchSound` only to switch off."""


def acts_at_once(command: Command) -> bool:
    """Whether `command` is shown first and committed alongside."""
    return isinstance(command, IMMEDIATE) and not (isinstance(command, SwitchSound) and command.on)
