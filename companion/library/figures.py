"""The figures of a playlist and of a script, as `companion check` tells them."""

from dataclasses import dataclass

from companion.library.pace import pace
from companion.library.playlists import Entry, PlaylistContent
from companion.library.scripts import PARTS, ScriptContent
from companion.session.plan import Phase


@dataclass(frozen=True, slots=True)
class Length:
    """How long the tracks of a phase play before they begin again."""

    seconds: float
    """Of the tracks whose length is known, the crossfades between them taken off."""
    endless: bool
    """Whether there is a soundscape that takes its share of the phase."""


@dataclass(frozen=True, slots=True)
class PlaylistFigures:
    """Loudness in LUFS, as it plays."""

    lengths: dict[Phase, Length]
    tracks: int
    lowest: float
    highest: float
    licences: tuple[str, ...]
    """Of its sound files, each once."""
    unlicensed: int
    """Files whose licence is not written down; a soundscape needs none."""


@dataclass(frozen=True, slots=True)
class PartFigures:
    """Lengths in seconds, rates in words a minute."""

    sentences: int
    words: int
    seconds: float
    overall: float
    speaking: float
    longest_pause: float


@dataclass(frozen=True, slots=True)
class ScriptFigures:
    """What is said, and how many of its sentences have a recording that can be used."""

    parts: dict[str, PartFigures]
    sentences: int
    synthetic: int
    """Sentences that the clinic's voice command spoke …"""
    personal: int
    """… and that a person did."""


def playlist_figures(content: PlaylistContent) -> PlaylistFigures:
    """The figures of a playlist."""
    entries = [entry for section in content.sections.values() for entry in section]
    files = [entry for entry in entries if entry.track.file is not None]
    return PlaylistFigures(
        lengths={
            phase: _length(section, content.crossfade)
            for phase, section in content.sections.items()
        },
        tracks=len(entries),
        lowest=min(entry.loudness for entry in entries),
        highest=max(entry.loudness for entry in entries),
        licences=tuple(dict.fromkeys(entry.licence for entry in files if entry.licence)),
        unlicensed=sum(entry.licence is None for entry in files),
    )


def _length(section: tuple[Entry, ...], crossfade: float) -> Length:
    known = [entry.track.seconds or entry.wanted for entry in section]
    seconds = [one for one in known if one is not None]
    overlaps = crossfade * max(0, len(seconds) - 1)
    return Length(max(0.0, sum(seconds) - overlaps), None in known)


def script_figures(content: ScriptContent) -> ScriptFigures:
    """The figures of a script."""
    parts = {name: content.part(name) for name in PARTS}
    cues = [cue for part in parts.values() for cue in part]
    recorded = sum(cue.clip is not None for cue in cues)
    told = {}
    for name, part in parts.items():
        if part:
            figures = pace(part)
            told[name] = PartFigures(
                len(part),
                figures.words,
                figures.seconds,
                figures.overall,
                figures.speaking,
                figures.longest_pause,
            )
    return ScriptFigures(told, len(cues), content.synthetic, recorded - content.synthetic)
