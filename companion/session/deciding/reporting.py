"""What the tablet itself reports: tracks, sound, channels of a call, faults, its own return."""

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding.refusal import Decision
from companion.session.state import Stage, State
from companion.session.times import programme

_A_MOMENT = 60.0
"""Seconds past the programme's end in which a session still resumes by itself."""

Report = (
    c.ReportTrack
    | c.ReportTrackFailed
    | c.ReportSoundLost
    | c.ReportSoundReturned
    | c.ReportCallSent
    | c.ReportCallNotSent
    | c.ReportFault
    | c.ReportReturn
)


def report(state: State, command: Report, t: float) -> Decision:
    """Written down, unless it is known already."""
    match command:
        case c.ReportTrack(title=title):
            return () if title == state.playing else (e.TrackStarted(at=t, title=title),)
        case c.ReportTrackFailed(title=title, why=why):
            return (e.TrackFailed(at=t, title=title, why=why),)
        case c.ReportSoundLost(why=why):
            return (e.SoundLost(at=t, why=why),) if state.sound_lost is None else ()
        case c.ReportSoundReturned(output=output):
            return () if state.sound_lost is None else (e.SoundReturned(at=t, output=output),)
        case c.ReportCallSent(channel=channel):
            return (e.CallSent(at=t, channel=channel),)
        case c.ReportCallNotSent(channel=channel, why=why):
            known = state.call is not None and channel in state.call.not_sent
            return () if known else (e.CallNotSent(at=t, channel=channel, why=why),)
        case c.ReportFault(what=what):
            return (e.FaultNoted(at=t, what=what),)
        case c.ReportReturn(gap=gap, exact=exact):
            waiting = gap >= state.plan.protocol.resume_within or _past_end(state, t)
            return (e.Resumed(at=t, gap=gap, exact=exact, waiting=waiting),)


def _past_end(state: State, t: float) -> bool:
    """Whether the programme came to its end, and more than a moment ago, while nobody looked."""
    now = programme(state, t) or 0.0
    return state.stage is Stage.INFUSING and now > state.ends[-1] + _A_MOMENT
