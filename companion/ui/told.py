"""What happened, as the nurse view tells it: one short line an event."""

from companion.record.event_told import sentence
from companion.session import events as e
from companion.ui.output_name import output_name
from companion.words.staff import StaffWords

_OUTPUT = 24
"""Columns for the name of an output."""


def told(event: e.Event, words: StaffWords) -> str:
    """`event` in a few words, and by whom; the fields of the event fill the sentence."""
    line = sentence(event, words.told, words, lambda output: output_name(output, _OUTPUT))
    assert line is not None, f"there are no words for {type(event).__name__}"
    return line
