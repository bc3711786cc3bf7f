"""What the nurse view tells of: the last few events that somebody who comes in wants to know."""

from companion.session import events as e

TOLD = (
    e.InfusionStarted,
    e.HoldBegan,
    e.HoldEnded,
    e.PhaseAdvanced,
    e.PeakChanged,
    e.InfusionEnded,
    e.CheckInAnswered,
    e.CheckInUnanswered,
    e.CheckInSkipped,
    e.LookedIn,
    e.Called,
    e.CallTakenBack,
    e.CallAnswered,
    e.CallNotSent,
    e.SoundSwitched,
    e.Softened,
    e.Unsoftened,
    e.PlaylistChanged,
    e.ScriptChanged,
    e.AnchorSaid,
    e.TrackFailed,
    e.SoundLost,
    e.SoundReturned,
    e.OutputMoved,
    e.OutputAllowed,
    e.OutputReturned,
    e.SystemMuted,
    e.SystemUnmuted,
    e.SystemVolumeChanged,
    e.BatteryLow,
    e.BatteryEmpty,
    e.MainsReturned,
    e.Noted,
    e.TakenOver,
    e.Resumed,
    e.ElapsedConfirmed,
    e.FaultNoted,
    e.EventLost,
)

_GOES_ON = (e.SystemVolumeChanged, e.BatteryLow)

_LAST = 6


def with_told(told: tuple[e.Event, ...], event: e.Event) -> tuple[e.Event, ...]:
    """`told` with `event`, if it is of a kind that is told, and without the oldest. Of a volume
    or a battery that goes on changing only the last is told."""
    last = told[-1] if told else None
    if isinstance(event, _GOES_ON) and type(event) is type(last):
        told = told[:-1]
    return (*told, event)[-_LAST:] if isinstance(event, TOLD) else told
