"""What a curator reads in the library, on its lists, its playlists and its stick."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LibraryWords:
    """One field a sentence; what stands in braces is filled in."""

    playlists: str
    scripts: str
    soundscapes: str
    on_shelf: str
    ask_playlist: str
    ask_script: str
    ask_soundscape: str
    one_track: str
    many_tracks: str
    no_track: str
    minutes_of_files: str
    no_files: str
    words_a_minute: str
    one_problem_here: str
    many_problems_here: str
    in_playlists: str
    in_one_playlist: str
    in_no_playlist: str
    problems_of: str
    worth_a_look: str
    to_look_at: str
    hear: str
    hear_hour: str
    ask_hour_protocol: str
    ask_hour_voice: str
    without_voice: str
    ten_back: str
    one_back: str
    one_on: str
    ten_on: str
    second_of: str
    """Takes `at`, `length` and `phase`."""
    says_at: str
    """Takes `at` and `words`."""
    findings: str
    one_finding: str
    not_heard: str
    muted_not_heard: str
    heard_elsewhere: str
    not_playable: str
    other_section: str
    ask_section: str
    darker: str
    brighter: str
    sparser: str
    fuller: str
    another_seed: str
    add_soundscape: str
    ask_add: str
    of_tracks: str
    level_of: str
    knobs_of: str
    as_it_goes: str
    not_curator: str
    not_saved: str
    leave_unsaved: str
    saved: str
    sentence_of: str
    recorded: str
    words_only: str
    pause_of: str
    sentence_before: str
    sentence_after: str
    other_part: str
    from_stick: str
    nothing_on_stick: str
    ask_files: str
    not_all_files: str
    ask_into: str
    ask_into_section: str
    ask_licence: str
    licence_bought: str
    licence_own: str
    licence_named: str
    licence_other: str
    ask_for_licence: str
    ask_words_sung: str
    not_known: str
    hearing_file: str
    about_file: str
    taking_file: str
    take: str
    leave_out: str
    take_good: str
    files_added: str
    adding_broke: str
    library_to_stick: str
    library_from_stick: str
    carrying_to: str
    carrying_from: str
    carrying_broke: str
    carried: str
    not_all_carried: str
    reviews_taken_in: str
    marks: Mapping[str, str]
    """What was found of a file of a stick, in a word, by its mark."""
