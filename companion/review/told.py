"""What staff are told of playlists and scripts: what stands in them, and who accepted them."""

import time
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING

from companion.review.review import Review, Reviews
from companion.session.plan import Phase, Script
from companion.words.staff import StaffWords

if TYPE_CHECKING:
    from companion.library.offer import Standing
    from companion.library.playlists import PlaylistContent
    from companion.review.reviewing import Read

Line = tuple[str, str]
"""What a person reads, and the hash of what sounds there; two are the same if both are."""


class Stands(StrEnum):
    """How a playlist or script stands."""

    ON_OFFER = "on offer"
    CHANGED = "changed"
    """What lies there is not read yet; an earlier version is offered."""
    NEW = "new"
    BROKEN_EARLIER = "broken, earlier on offer"
    BROKEN = "broken"
    WAIVED = "waived"


def stands(standing: "Standing", reviews: Reviews) -> Stands:
    """How it stands, in one word."""
    if standing.now is None:
        return Stands.BROKEN if standing.offered is None else Stands.BROKEN_EARLIER
    if standing.now == standing.offered:
        return Stands.ON_OFFER
    if reviews.waived:
        return Stands.WAIVED
    return Stands.NEW if standing.offered is None else Stands.CHANGED


def standing_told(standing: "Standing", reviews: Reviews, words: StaffWords) -> str:
    """How it stands, in a few plain words."""
    offered = standing.offered
    accepted = "" if offered is None else review_told(reviews.accepted[offered], words)
    return words.review.stands[stands(standing, reviews)].format(accepted=accepted)


def review_told(review: Review, words: StaffWords) -> str:
    """Who accepted it, and when."""
    day = time.strftime("%Y-%m-%d", time.localtime(review.wall))
    if review.elsewhere:
        return words.review.accepted_elsewhere.format(who=review.who, day=day)
    if review.reason:
        return words.review.accepted_alone.format(who=review.who, day=day, reason=review.reason)
    return words.review.accepted_by.format(who=review.who, day=day)


def to_be_read(before: "Read | None", now: "Read", words: StaffWords) -> tuple[str, ...]:
    """All that stands in a version, line by line; against an earlier one, what is new and what
    is gone is marked."""
    here = tuple(_lines(now, words))
    if before is None:
        return tuple(line for line, _ in here)
    earlier = tuple(_lines(before, words))
    unseen = (words.review.nothing_heard_changed,) if earlier == here else ()
    return (*unseen, *_marked(earlier, here, words))


def _marked(before: Sequence[Line], now: Sequence[Line], words: StaffWords) -> Iterator[str]:
    for how, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if how == "equal":
            yield from (line for line, _ in now[c:d])
        else:
            yield from (words.review.line_gone.format(line=line) for line, _ in before[a:b])
            yield from (words.review.line_new.format(line=line) for line, _ in now[c:d])


def _lines(content: "Read", words: StaffWords) -> Iterator[Line]:
    return _script(content, words) if isinstance(content, Script) else _playlist(content, words)


def _script(script: Script, words: StaffWords) -> Iterator[Line]:
    yield words.review.script_told.format(title=script.title, language=script.language), ""
    for phase, cues in ((Phase.SETTLE, script.settle), (Phase.RETURN, script.back)):
        if cues:
            yield words.phases[phase].upper(), ""
        for cue in cues:
            told = words.review.sentence_recorded if cue.clip else words.review.sentence_told
            yield told.format(say=cue.say, pause=_length(cue.pause)), cue.hash


def _playlist(content: "PlaylistContent", words: StaffWords) -> Iterator[Line]:
    crossfade = _length(content.crossfade)
    yield words.review.playlist_told.format(title=content.title, crossfade=crossfade), ""
    yield content.about, ""
    for phase, entries in content.sections.items():
        yield words.phases[phase].upper(), ""
        for entry in entries:
            track = entry.track
            if track.file is not None:
                length = _length(track.seconds or 0.0)
                told = words.review.file_told.format(
                    title=track.title, file=track.file, length=length
                )
            else:
                told = words.review.soundscape_told.format(
                    title=track.title,
                    name=track.soundscape,
                    seed=track.seed,
                    brightness=f"{track.brightness:g}",
                    density=f"{track.density:g}",
                    level=f"{track.gain:+g}",
                    length=words.review.without_end
                    if entry.wanted is None
                    else _length(entry.wanted),
                )
            yield told, track.hash


def _length(seconds: float) -> str:
    from companion.library.fields import in_words

    return in_words(round(seconds))
