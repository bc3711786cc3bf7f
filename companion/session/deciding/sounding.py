"""What people want of the sound."""

from companion.session import commands as c
from companion.session import events as e
from companion.session.deciding.refusal import NO_PIN, NOT_NOW, Decision, Refused, Why, lacks_pin
from companion.session.plan import Mode
from companion.session.script import can_say
from companion.session.state import Stage, State

Sounding = (
    c.SwitchSound
    | c.Louder
    | c.Quieter
    | c.Soften
    | c.Unsoften
    | c.ChangePlaylist
    | c.ChangeScript
    | c.SayAnchor
)


def sound(state: State, command: Sounding, t: float) -> Decision:
    """Level, softness, music, script. A rating left for later has no sound."""
    if state.finished:
        return NOT_NOW
    match command:
        case c.SwitchSound(on=on, by=by):
            return () if on == state.sound_on else (e.SoundSwitched(at=t, on=on, by=by),)
        case c.Louder(by=by) | c.Soften(by=by) if lacks_pin(by):
            return NO_PIN
        case c.Louder() | c.Quieter():
            return _level(state, command, t)
        case c.Soften(by=by):
            return () if state.soft else (e.Softened(at=t, by=by),)
        case c.Unsoften(by=by):
            return (e.Unsoftened(at=t, by=by),) if state.soft else ()
        case c.ChangePlaylist(playlist=playlist, by=by):
            same = playlist == state.plan.playlist
            return () if same else (e.PlaylistChanged(at=t, playlist=playlist, by=by),)
        case c.ChangeScript(script=script, by=by):
            same = script == state.plan.script
            return () if same else (e.ScriptChanged(at=t, script=script, by=by),)
        case c.SayAnchor(index=index, by=by):
            return _anchor(state, index, by, t)


def _level(state: State, command: c.Louder | c.Quieter, t: float) -> Decision:
    """One step up or down, between the floor and the ceiling; never above 0 dB."""
    levels = state.plan.levels
    if isinstance(command, c.Louder):
        level = min(state.level + levels.step, levels.highest(state.output))
        ok, end = level > state.level, Why.LOUDEST
    else:
        level = max(state.level - levels.step, levels.floor)
        ok, end = level < state.level, Why.QUIETEST
    return (e.LevelChanged(at=t, level=level, by=command.by),) if ok else Refused(end)


def _anchor(state: State, index: int, by: e.By, t: float) -> Decision:
    """Refused where nobody would hear or read it: the record must not say that it was said."""
    if state.stage is Stage.PREPARING or state.mode is Mode.SILENCE or state.call is not None:
        return NOT_NOW
    if not 0 <= index < len(state.plan.anchors):
        return Refused(Why.NO_SUCH_THING)
    ok = can_say(state, state.plan.anchors[index])
    return (e.AnchorSaid(at=t, index=index, by=by),) if ok else NOT_NOW
