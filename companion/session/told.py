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
    e.Noted,
    e.TakenOver,
    e.Resumed,
    e.FaultNoted,
    e.EventLost,
)

_LAST = 6


def with_told(told: tuple[e.Event, ...], event: e.Event) -> tuple[e.Event, ...]:
    """`told` with `event`, if it is of a kind that is told, and without the oldest. Of a volume
    that goes on changing only the last is told."""
    last = told[-1] if told else None
    if isinstance(event, e.SystemVolumeChanged) and isinstance(last, e.SystemVolumeChanged):
        told = told[:-1]
    return (*told, event)[-_LAST:] if isinstance(event, TOLD) else told
