"""What happened, in plain words: one short line an event, without a patient's words or code."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from companion.session import book
from companion.session import events as e
from companion.words.record import RecordWords
from companion.words.staff import StaffWords

Name = Callable[[str], str]


def sentence(
    event: Any, sentences: Mapping[str, str], words: StaffWords, name: Name = str
) -> str | None:
    """The one of `sentences` that tells `event`, filled in; None: none does. `name` shortens what
    an output is called."""
    found = sentences.get(_key(event))
    if found is None:
        return None
    return found.format_map(_details(event, words, name)).strip()


def session_event(event: e.Event, words: StaffWords, record: RecordWords) -> str:
    """An event of a session as staff read it afterwards. How the patient felt is not told."""
    event = _without_how(event)
    sentences = {**words.told, **record.happened}
    if isinstance(event, e.Voided):
        what = record.whats.get(event.what, "{seq}").format(seq=event.seq)
        why = record.reasons.get(event.reason, event.reason)
        return sentences["Voided"].format(what=what, reason=why, who=_who(event))
    return sentence(event, sentences, words) or plainly(event)


def book_event(event: Any, words: StaffWords, record: RecordWords) -> str:
    """An event of the tablet's own book."""
    return sentence(event, record.booked, words) or plainly(event)


def void_target(event: e.Event, words: StaffWords, record: RecordWords) -> str:
    """What an event is called that can be marked as void."""
    return sentence(_without_how(event), record.voidable, words) or plainly(event)


def _without_how(event: e.Event) -> e.Event:
    """Without how the patient felt."""
    return e.CheckInAnswered(at=event.at) if isinstance(event, e.CheckInAnswered) else event


def plainly(event: Any) -> str:
    """The kind of an event for which there is no sentence."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(event).__name__).lower()


def _key(event: Any) -> str:
    """The kind of the event, with what of it makes another sentence."""
    kind = type(event).__name__
    match event:
        case e.CheckInAnswered(comfortable=True) | e.HearingAnswered(heard=True):
            return f"{kind} yes"
        case e.CheckInAnswered(comfortable=False) | e.HearingAnswered(heard=False):
            return f"{kind} no"
        case e.SoundSwitched(on=on):
            return f"{kind} on" if on else f"{kind} off"
        case e.PeakChanged(seconds=seconds):
            return f"{kind} longer" if seconds > 0 else f"{kind} shorter"
        case book.PinAccepted(sealed=True) | book.StaffAdded(sealed=True):
            return f"{kind} sealed"
        case book.FileSetAside(name=""):
            return f"{kind} gone"
        case book.FileSetAside(recovered=int()):
            return f"{kind} recovered"
        case book.Checked(found=found) if found:
            return f"{kind} found"
        case e.ElapsedConfirmed(seconds=seconds) if seconds:
            return f"{kind} more" if seconds > 0 else f"{kind} less"
        case _:
            return kind


_PLAIN = (
    *("note", "why", "channel", "title", "percent", "question", "when", "initials"),
    *("name", "stream", "seq", "place", "day"),
    *("recovered", "lost", "count", "session", "keep_days"),
)
"""Fields that stand in a sentence as they are."""


def _details(event: Any, words: StaffWords, name: Name) -> dict[str, object]:
    version = getattr(event, "version", None)
    place = str(getattr(event, "to", "") or getattr(event, "phase", ""))
    return {
        **{field: getattr(event, field, "") for field in _PLAIN},
        "who": _who(event),
        "level": f"{getattr(event, 'level', 0.0):g}",
        "output": name(getattr(event, "output", "")),
        "found": ", ".join(getattr(event, "found", ())),
        "minutes": round(getattr(event, "gap", abs(getattr(event, "seconds", 0.0))) / 60),
        "phase": words.phases.get(place, ""),
        "mode": words.modes.get(getattr(event, "mode", ""), ""),
        "role": words.roles.get(getattr(event, "role", ""), ""),
        "music": event.playlist.title if isinstance(event, e.PlaylistChanged) else "",
        "voice": _voice(event, words),
        "kind": words.kinds.get(getattr(version, "kind", ""), ""),
        "stem": getattr(version, "stem", ""),
        "reviewer": getattr(event, "who", ""),
    }


def _who(event: Any) -> str:
    by = getattr(event, "by", None)
    return f"({by.who})" if isinstance(by, e.By) else ""


def _voice(event: Any, words: StaffWords) -> str:
    if isinstance(event, e.ScriptChanged):
        return words.no_voice if event.script is None else event.script.title
    return ""
