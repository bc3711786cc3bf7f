"""What comes of a command: events, or the reason why not."""

from dataclasses import dataclass
from enum import StrEnum

from companion.session import events as e


class Why(StrEnum):
    """Why a command was refused; `words` says it in a sentence."""

    PIN = "pin"
    NO_SESSION = "no session"
    SESSION_OPEN = "session open"
    NOT_NOW = "not now"
    TOO_FAR_BACK = "too far back"
    LOUDEST = "loudest"
    QUIETEST = "quietest"
    PEAK_TOO_SHORT = "peak too short"
    TOO_LATE = "too late"
    NO_SUCH_THING = "no such thing"
    CALL_OPEN = "call open"
    NOT_SAVED = "not saved"


@dataclass(frozen=True, slots=True)
class Refused:
    why: Why


Decision = tuple[e.Event, ...] | Refused

NOT_NOW = Refused(Why.NOT_NOW)
NO_PIN = Refused(Why.PIN)


def lacks_pin(by: e.By | None) -> bool:
    """Whether `by` is a nurse whose PIN did not confirm it; the patient needs none."""
    return by is not None and not by.confirmed
