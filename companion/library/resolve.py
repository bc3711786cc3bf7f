"""From a card to a Plan: every length known, every file found, nothing left to look up."""

from collections.abc import Mapping
from dataclasses import replace

from companion.config import Card, Config
from companion.library.check import Library
from companion.library.playlists import Entry, PlaylistContent
from companion.problems import BadContent, Problem, nearest
from companion.session.plan import (
    NO_MUSIC,
    Phase,
    Plan,
    Playlist,
    Protocol,
    Script,
    Section,
    Track,
    same_language,
)
from companion.words import patient_words

__all__ = ["Card", "plan_for", "rehearsal_plan", "resolve_playlist"]


def plan_for(config: Config, library: Library, card: Card) -> Plan:
    """The plan of a session by this card. Raises BadContent where it names what is not there."""
    problems = [
        *_missing("protocol", card.protocol, config.protocols),
        *(_missing("playlist", card.playlist, library.playlists) if card.playlist else ()),
        *(_missing("script", card.script, library.scripts) if card.script else ()),
        *_other_language(library.scripts.get(card.script or ""), card.language),
    ]
    if problems:
        raise BadContent(problems)
    protocol, said = config.protocols[card.protocol], config.worded(card.language)
    playlist = NO_MUSIC
    if card.playlist:
        playlist = resolve_playlist(library.playlists[card.playlist], protocol)
    return Plan(
        protocol=protocol,
        playlist=playlist,
        script=library.scripts[card.script] if card.script else None,
        language=card.language,
        eyes_covered=card.eyes_covered,
        words_on_screen=card.words_on_screen,
        before=said.before,
        after=said.after,
        anchors=tuple(library.lines[line] for line in said.anchors),
        call_line=library.lines[said.call_line],
        notes=config.notes,
        reminders=said.reminders,
        reaches=_reaches(said.calls.named, card.language),
        levels=config.levels,
        intention=config.intention,
    )


def rehearsal_plan(
    config: Config, library: Library, protocol: str, playlist: str, script: str | None
) -> Plan:
    """The plan of a session to be rehearsed, in the language of its script. Raises BadContent."""
    spoken = library.scripts.get(script or "")
    language = config.usual.language if spoken is None else spoken.language
    return plan_for(config, library, Card(protocol, playlist, script, language))


def _other_language(script: Script | None, language: str) -> list[Problem]:
    if script is None or same_language(script.language, language):
        return []
    told = f"{script.stem!r} speaks {script.language}, and the session {language}"
    return [Problem("the card", 0, 0, "script", told, "choose a script of its language, or none")]


def _reaches(named: Mapping[str, str], language: str) -> str:
    """Whom a call reaches, for the patient: this screen, and whom the clinic named."""
    words = patient_words(language)
    if not named:
        return words.this_screen_only
    return words.also_reaches.join([words.this_screen, *named.values()])


def _missing(key: str, name: str, valid: Mapping[str, object]) -> list[Problem]:
    if name in valid:
        return []
    return [Problem("the card", 0, 0, key, f"there is no {key} {name!r}", nearest(name, valid))]


def resolve_playlist(content: PlaylistContent, protocol: Protocol) -> Playlist:
    """The playlist with the length of every track in this protocol."""
    entries = [entry for section in content.sections.values() for entry in section]
    loudest = max(entries, key=lambda entry: entry.loudest)
    sections = tuple(
        Section(phase, _tracks(section, _span(phase, content, protocol)))
        for phase, section in content.sections.items()
    )
    return Playlist(
        stem=content.stem,
        title=content.title,
        about=content.about,
        crossfade=content.crossfade,
        sections=sections,
        loudest=loudest.track,
        loudest_at=loudest.loudest_at,
        hash=content.hash,
    )


def _span(phase: Phase, content: PlaylistContent, protocol: Protocol) -> float:
    """Planned seconds of a phase and of those after it that go on with its section."""
    phases = list(Phase)
    span = _planned(phase, protocol)
    for later in phases[phases.index(phase) + 1 :]:
        if later in content.sections or later is Phase.RECOVERY:
            break
        span += _planned(later, protocol)
    return span


def _planned(phase: Phase, protocol: Protocol) -> float:
    return protocol.bed if phase is Phase.RECOVERY else protocol.length(phase)


def _tracks(section: tuple[Entry, ...], span: float) -> tuple[Track, ...]:
    """Files last as long as they are; a soundscape as staff say, or an equal share of `span`.

    A share is at least a minute, or a third of a span that is shorter than three. The last
    soundscape of a section goes on without end unless staff gave it a length.
    """
    share = max(span / len(section), min(60.0, span / 3))
    alone = (share,) * (len(section) - 1) + (None,)
    return tuple(
        entry.track
        if entry.track.file is not None
        else replace(entry.track, seconds=entry.wanted or equal)
        for entry, equal in zip(section, alone, strict=True)
    )
