"""What the patient's screens say, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from companion.session.plan import Mode
from companion.session.view import Word


@dataclass(frozen=True, slots=True)
class PatientWords:
    """One field for each sentence; `{…}` is filled in by the screen."""

    call: str
    call_shows: str
    staff: str
    back: str
    more: str
    skip: str

    can_you_hear: str
    louder: str
    quieter: str
    hear_well: str
    hear_nothing: str
    tell_nurse_no_sound: str

    what_to_hear: str
    modes: Mapping[Mode, str]

    intention: str
    intention_type: str
    no_intention: str
    that_is_all: str

    no_more_questions: str
    rate_later: str

    settling: str
    minute: str
    minutes: str
    sound_off: str
    sound_on: str
    softer: str
    infusion_started: str
    looked_in: str
    not_so_comfortable: str
    discomfort_told: str

    how_are_you: str
    comfortable: str

    call_word: str
    call_now: str
    call_minutes: str
    call_told: str
    call_reaches: str
    call_sent: str
    call_not_sent: str
    channels: Mapping[str, str]
    """The ways a call leaves by, by the name of the channel."""
    this_screen: str
    this_screen_only: str
    also_reaches: str
    """What stands between this screen and whom else a call reaches."""
    take_back: str
    here: str
    who_is_it: str

    recovering: str
    ready_to_answer: str

    farewell: str
    farewell_stay: str

    damaged: str
    lost_place: str
    waiting: str
    fault: str
    fault_again: str

    state: Mapping[Word, str]
