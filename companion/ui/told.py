"""What happened, as the nurse view tells it: one short line an event."""

from companion.session import events as e
from companion.ui.output_name import output_name
from companion.words.staff import StaffWords

_OUTPUT = 24
"""Columns for the name of an output."""


def told(event: e.Event, words: StaffWords) -> str:
    """`event` in a few words, and by whom; the fields of the event fill the sentence."""
    sentence = words.told[_key(event)]
    details = {
        "who": _who(event),
        "note": getattr(event, "note", ""),
        "why": getattr(event, "why", ""),
        "channel": getattr(event, "channel", ""),
        "title": getattr(event, "title", ""),
        "output": output_name(getattr(event, "output", ""), _OUTPUT),
        "percent": getattr(event, "percent", ""),
        "minutes": round(getattr(event, "gap", abs(getattr(event, "seconds", 0.0))) / 60),
        "phase": words.phases.get(getattr(event, "to", ""), ""),
        "music": event.playlist.title if isinstance(event, e.PlaylistChanged) else "",
        "voice": _voice(event, words),
    }
    return sentence.format(**details).strip()


def _key(event: e.Event) -> str:
    """The kind of the event, with what of it makes another sentence."""
    kind = type(event).__name__
    match event:
        case e.CheckInAnswered(comfortable=True):
            return f"{kind} yes"
        case e.CheckInAnswered(comfortable=False):
            return f"{kind} no"
        case e.SoundSwitched(on=on):
            return f"{kind} on" if on else f"{kind} off"
        case e.PeakChanged(seconds=seconds):
            return f"{kind} longer" if seconds > 0 else f"{kind} shorter"
        case e.ElapsedConfirmed(seconds=seconds) if seconds:
            return f"{kind} more" if seconds > 0 else f"{kind} less"
        case _:
            return kind


def _who(event: e.Event) -> str:
    by = getattr(event, "by", None)
    return f"({by.who})" if isinstance(by, e.By) else ""


def _voice(event: e.Event, words: StaffWords) -> str:
    if isinstance(event, e.ScriptChanged):
        return words.no_voice if event.script is None else event.script.title
    return ""
