"""What is read where somebody reads and accepts what patients would get."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReviewWords:
    """One field a sentence; what stands in braces is filled in."""

    title: str
    nothing_to_review: str
    not_read_yet: str
    changed: str
    accept: str
    accept_all: str
    accept_all_sure: str
    accepted: str
    accepted_all: str
    not_accepted: str
    page_of: str
    line_new: str
    line_gone: str
    sentence_told: str
    sentence_recorded: str
    nothing_heard_changed: str
    script_told: str
    playlist_told: str
    file_told: str
    soundscape_told: str
    without_end: str
    ask_reason: str
    reasons: Mapping[str, str]
    """Why a lead who is alone accepts what she wrote herself."""
    refused: Mapping[str, str]
    """Why a version was not accepted, by the value of `review.review.Refusal`."""
    accepted_by: str
    accepted_elsewhere: str
    accepted_alone: str
    stands: Mapping[str, str]
    """How a playlist or script stands, by the value of `review.told.Stands`."""
