"""Every sentence that a nurse, a curator or a lead reads on the tablet."""

from collections.abc import Mapping
from dataclasses import dataclass

from companion.words.calibration import CalibrationWords
from companion.words.library import LibraryWords
from companion.words.review import ReviewWords


@dataclass(frozen=True, slots=True)
class StaffWords:
    """One field a sentence; what stands in braces is filled in."""

    # the rooms that have words of their own
    library: LibraryWords
    review: ReviewWords
    calibration: CalibrationWords

    # on many screens
    back: str
    cancel: str
    done: str
    more: str
    yes: str
    no: str
    refused: Mapping[str, str]
    """Why a command was refused, by the value of `session.decide.Why`."""
    staff_refused: Mapping[str, str]
    """Why a change of people was refused, by the value of `access.Refusal`."""
    not_for_role: str
    languages: Mapping[str, str]
    """Languages as they call themselves, by their code."""
    stop: str
    save: str
    earlier: str
    later: str
    next_page: str
    page_before: str
    no_stick: str
    ask_stick: str
    kinds: Mapping[str, str]
    """Kinds of content by the value of `session.book.Kind`."""

    # ready
    ready: str
    look_first: str
    sound_ok: str
    no_sound: str
    sound_at: str
    sound_at_volume: str
    system_muted: str
    sound_not_calibrated: str
    sound_other_volume: str
    saving_ok: str
    not_saving: str
    battery: str
    battery_low: str
    on_mains: str
    on_battery: str
    disk_low: str
    record_not_whole: str
    answers_not_sealed: str
    record_mended: str
    record_lost: str
    record_more_lost: str
    record_gone: str
    call_reaches: str
    still_reading: str
    no_content: str
    last_good_settings: str
    last_good_settings_at: str
    one_problem: str
    many_problems: str
    people: str
    rate_later: str
    end_day: str
    problems: str
    problems_title: str
    rate_later_title: str
    waits_to_be_read: str
    only_silence: str
    review_waived: str
    to_library: str
    to_review: str
    reviewing: str

    # set up
    what_it_is: str
    what_it_is_not: str
    nobody_yet: str
    staff_lost: str

    # nobody knows whether a session is under way
    lost_place: str
    record_unreadable: str
    begin: str
    first_is_here: str
    add_another: str
    read_first: str
    read_shipped: str

    # people
    ask_initials: str
    ask_role: str
    ask_pin: str
    ask_pin_again: str
    pins_differ: str
    delete: str
    add_person: str
    person_added: str
    person: str
    new_pin: str
    new_role: str
    remove: str
    remove_sure: str
    pin_changed: str
    emergency_pin: str
    not_sealed: str
    envelope_sealed: str
    envelope_open: str
    about_emergency_pin: str
    draw_pin: str
    write_down: str
    written_down: str
    emergency_pin_used: str

    # morning check
    morning_check: str
    about_check: str
    touch_here: str
    ask_heard: str
    heard_it: str
    heard_nothing: str
    still_checking: str
    found_nothing: str
    found_some: str
    checked_at: str
    not_checked: str
    lost_pin: str
    """Told to somebody who has tried too often."""
    roles: Mapping[str, str]
    """Roles by the value of `session.book.Role`."""

    # old answers
    old_answers: str
    all_answers_kept: str
    no_old_answers: str
    ask_delete_answers: str
    one_session: str
    many_sessions: str
    delete_for_good: str
    answers_deleted: str

    # unlock
    whose_pin: str
    pin_of: str
    pin_wrong: str
    later_soon: str
    later_minute: str
    later_minutes: str

    # card
    code_label: str
    music: str
    no_music: str
    no_voice: str
    voice: str
    language: str
    minutes: str
    eyes_covered: str
    words_on_screen: str
    other_code: str
    under_way: str
    under_way_since: str
    not_under_way: str
    card_calls: str
    card_not_calibrated: str
    give: str
    ask_code: str
    bad_code: str
    unknown_code: str
    use_it: str
    no_code: str
    new_code: str
    ask_under_way: str

    # the infusion has started
    ask_started: str
    started_now: str
    somebody_else: str
    who_is_it: str
    minutes_ago: str
    now: str

    # nurse
    words: Mapping[str, str]
    """The state in one word, by the value of `session.view.Word`."""
    phases: Mapping[str, str]
    """Phases by the value of `session.plan.Phase`."""
    of_planned: str
    not_started: str
    look_in_in: str
    look_in_due: str
    session_of: str
    in_minutes: str
    due_now: str
    stopped_for: str
    infusion_ended: str
    playing: str
    sound_is_off: str
    no_sound_since: str
    sound_moved: str
    sound_muted: str
    battery_empty: str
    plug_in: str
    emergency_pin_in_use: str
    """In the place of `session_of`."""
    call_for: str
    rating_waits: str
    record_damaged: str
    record_not_saved: str
    after_gap: str
    ask_elapsed: str
    """After a reboot: whether the minutes shown are right."""
    ask_elapsed_minute: str
    elapsed_is: str
    elapsed_more: str
    elapsed_less: str
    elapsed_not_sure: str
    confirm_elapsed: str
    looked_in: str
    stop_pump: str
    run_pump: str
    start: str
    sound_off: str
    sound_on: str
    allow_output: str
    softer: str
    normal: str
    note: str
    back_to_patient: str
    close: str
    close_sure: str
    here: str
    told: Mapping[str, str]
    """What happened, by the kind of the event, at times with what of it."""

    # more
    next_phase: str
    go_to_return: str
    peak_longer: str
    peak_shorter: str
    end_infusion: str
    anchor: str
    change_music: str
    change_voice: str
    change_mode: str
    modes: Mapping[str, str]
    """What the patient hears, by the value of `session.plan.Mode`."""
    go_to_recovery: str
    open_rating: str
    take_over: str
    go_on: str
    wipe: str
    louder: str
    quieter: str
    ask_ended: str
    ask_anchor: str
    ask_music: str
    ask_voice: str
    ask_mode: str
    ask_note: str
    wiping: str
    level_is: str

    # rate later
    ask_late: str
    nothing_waits: str
    no_code_kept: str
