"""Where the sound leaves the tablet, who agreed to that, and what the tablet does to it there."""

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding.refusal import NOT_NOW, Decision
from companion.session.state import Stage, State

_WORTH_TELLING = 5
"""Points of the system's volume."""

Attending = c.AllowOutput | c.ReportOutput | c.ReportSystemVolume


def attend(state: State, command: Attending, t: float) -> Decision:
    """The first output, and any until the patient has said that she hears it, is agreed to as it
    comes. From another the sound is kept until a nurse allows it, or the agreed one is back. A
    rating left for later has no sound."""
    if state.finished:
        return NOT_NOW if isinstance(command, c.AllowOutput) else ()
    match command:
        case c.AllowOutput(output=output, by=by):
            ok = output == state.moved_to
            return (e.OutputAllowed(at=t, output=output, by=by),) if ok else NOT_NOW
        case c.ReportOutput(output=output):
            return _leaves_by(state, output, t)
        case c.ReportSystemVolume(percent=percent, muted=muted):
            return _volume(state, percent, muted or percent <= 0, t)


def _leaves_by(state: State, output: str, t: float) -> Decision:
    if output in ("", state.moved_to or state.output):
        return ()
    if output == state.output:
        return (e.OutputReturned(at=t, output=output),)
    unheard = state.stage is Stage.PREPARING and state.asks_hearing
    if unheard or not state.output:
        return (e.OutputNoted(at=t, output=output),)
    return (e.OutputMoved(at=t, output=output),)


def _volume(state: State, percent: int, muted: bool, t: float) -> Decision:
    if muted:
        return () if state.muted else (e.SystemMuted(at=t),)
    unmuted = (e.SystemUnmuted(at=t),) if state.muted else ()
    told = abs(percent - state.volume) >= _WORTH_TELLING
    return (*unmuted, *((e.SystemVolumeChanged(at=t, percent=percent),) if told else ()))
