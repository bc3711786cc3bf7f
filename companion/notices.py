"""What the notices of the sound mean to a session and to the tablet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from companion.session import commands as c
from companion.sound import wire

if TYPE_CHECKING:
    from companion.desk import Desk


def heard(notice: wire.Notice) -> Sequence[c.Command]:
    """What a notice of the sound means to a session."""
    match notice:
        case wire.TrackStarted(title=title):
            return (c.ReportTrack(title),)
        case wire.TrackFailed(title=title, why=why):
            return (c.ReportTrackFailed(title, why),)
        case wire.SoundLost(why=why):
            return (c.ReportSoundLost(why),)
        case wire.SoundFound(output=output):
            return (c.ReportSoundReturned(output), c.ReportOutput(output))
        case wire.OutputChanged(output=output):
            return (c.ReportOutput(output),)
        case wire.SystemVolume(percent=percent, muted=muted):
            return (c.ReportSystemVolume(percent, muted),)
        case wire.Refused(kind=kind):
            return (c.ReportFault(f"the sound refused {kind}"),)
        case wire.Status() | wire.Adopted():
            return ()


def tell_desk(desk: "Desk", notice: wire.Notice) -> None:
    """Tell the desk what a notice of the sound means to the tablet."""
    match notice:
        case wire.SoundLost(why=why):
            desk.sound_lost = why
        case wire.SoundFound(output=output):
            desk.sound_lost, desk.output = None, output
        case wire.OutputChanged(output=output):
            desk.output = output
        case wire.SystemVolume(percent=percent, muted=muted):
            desk.volume, desk.muted = percent, muted or percent <= 0
