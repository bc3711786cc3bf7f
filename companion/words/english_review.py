"""What is read where somebody reads and accepts what patients would get, in English."""

from companion.words.review import ReviewWords

ENGLISH_REVIEW = ReviewWords(
    title="To be read, and accepted if patients may hear it",
    nothing_to_review="Nothing waits to be read.",
    not_read_yet="new",
    changed="changed",
    accept="Accept",
    accept_all="Accept all",
    accept_all_sure="All are read: accept",
    accepted="{title} is accepted.",
    accepted_all="{count} accepted.",
    not_accepted="{count} accepted. {title}: {why}",
    page_of="page {page} of {pages}",
    line_new="new: {line}",
    line_gone="gone: {line}",
    sentence_told="{say} ({pause} of quiet)",
    sentence_recorded="{say} (recorded; {pause} of quiet)",
    nothing_heard_changed="Only what is neither heard nor read here has changed.",
    script_told="{title}, language {language}",
    playlist_told="{title}, crossfade {crossfade}",
    file_told="{title} (file {file}, {length})",
    soundscape_told=(
        "{title} (soundscape {name}, seed {seed}, brightness {brightness}, density {density}, "
        "level {level} dB, {length})"
    ),
    without_end="as long as its phase",
    ask_reason="You wrote this, and nobody else here may review it. Why do you accept it?",
    reasons={
        "alone": "Nobody else is here to review it",
        "read together": "A colleague read it with me",
        "mistake": "It only mends a mistake",
    },
    refused={
        "author": "You wrote this. Somebody else reads and accepts it.",
        "reason": "You wrote this, and nobody else here may review it: a reason is needed.",
        "changed": "It has changed since it was read. Read it again.",
        "accepted": "It is accepted already.",
        "not kept": "The disk does not take a copy of it. Make room and try again.",
    },
    accepted_by="accepted by {who} on {day}",
    accepted_elsewhere="accepted by {who} on {day}, on another tablet",
    accepted_alone="accepted by {who} on {day}, who wrote it ({reason})",
    stands={
        "on offer": "{accepted}",
        "changed": "changed and to be read; what was {accepted} stays on offer",
        "new": "to be read, and not on offer until then",
        "broken, earlier on offer": "cannot be used now; what was {accepted} stays on offer",
        "broken": "cannot be used, and not on offer",
        "waived": "on offer unread: this is a demonstration",
    },
)
