"""`playlists/*.yaml`: music by phase."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from companion.library.fields import Paragraph, Seconds, Title, between, lasting, one_of
from companion.library.files import Unusable
from companion.library.forms import NO_LICENCE, Finding, Form, fill, several
from companion.library.loudness import MOST_GAIN, MUSIC
from companion.library.reading import Location, Source
from companion.library.shelf import Shelf
from companion.library.soundscapes import KNOBS, called, known_soundscapes, soundscape
from companion.problems import Problem
from companion.session.plan import Phase, Track

_KEYS = {phase: "back" if phase is Phase.RETURN else str(phase) for phase in Phase}


@dataclass(frozen=True, slots=True)
class Entry:
    """One track of a playlist, before a protocol says how long its phase is."""

    track: Track
    """A file with its measured length; a soundscape without end."""
    wanted: float | None
    """Seconds that staff gave a soundscape with `for`."""
    loudest: float
    """Loudness of its loudest three seconds as it plays, in LUFS …"""
    loudest_at: float
    """… and where they begin, in seconds."""
    loudness: float = MUSIC
    """Of all of it as it plays, in LUFS; a soundscape is made to lie at the music bus's."""
    level: float = 0.0
    """dB around other music that staff wrote."""
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class PlaylistContent:
    """A playlist as it stands in its file, with every sound file found and measured."""

    stem: str
    title: str
    about: str
    crossfade: float
    sections: Mapping[Phase, tuple[Entry, ...]]
    """In the order of the arc."""
    hash: str
    """Of the YAML and of everything that plays."""
    advice: tuple[Problem, ...] = ()
    """What is worth a look in it."""

    @property
    def stated(self) -> dict[str, float]:
        """dB around other music that staff wrote, by title; the lowest where tracks share one."""
        entries = [entry for section in self.sections.values() for entry in section]
        louder = sorted(entries, key=lambda entry: entry.level, reverse=True)
        return {entry.track.title: entry.level for entry in louder}


_WRITTEN: JsonDict = {"not": {"type": "null"}}
_ONE_KIND: JsonDict = {
    "oneOf": [
        {
            "required": ["file"],
            "properties": {
                "file": _WRITTEN,
                "soundscape": {"type": "null"},
                **dict.fromkeys((*KNOBS, "for"), False),
            },
        },
        {
            "required": ["soundscape"],
            "properties": {"soundscape": _WRITTEN, "file": {"type": "null"}},
        },
    ]
}
"""A track is either a file or a soundscape, told to an editor."""
_ONE_PHASE: JsonDict = {
    "anyOf": [{"required": [str(phase)], "properties": {str(phase): _WRITTEN}} for phase in Phase]
}


class TrackForm(Form):
    """One track as staff write it, before its sound is looked for."""

    model_config = ConfigDict(json_schema_extra=_ONE_KIND)

    file: str | None = None
    """A sound file below the folder of playlists, such as music/first-light.ogg."""
    soundscape: Annotated[str, one_of(known_soundscapes(), "soundscape")] | None = None
    """Endless sound that the program makes itself."""
    title: Title | None = None
    """The name that staff see; without it the file's or the soundscape's own."""
    artist: Title | None = None
    """Who made the file."""
    licence: Title | None = None
    """What allows the clinic to play the file, such as CC0-1.0 or a receipt's number."""
    seed: Annotated[int, between(0, 2**31 - 1)] = 0
    """Of a soundscape: the same number sounds the same, another is another piece."""
    brightness: Annotated[float, between(0, 1)] = 0.5
    """Of a soundscape: from dark to bright."""
    density: Annotated[float, between(0, 1)] = 0.5
    """Of a soundscape: how much happens in it."""
    level: Annotated[float, between(-24, 6, " dB")] = 0.0
    """Softer or louder than other music, in dB. A track far below says that it is meant so."""
    wanted: Annotated[Seconds, lasting(10, 4 * 3600)] | None = Field(None, alias="for")
    """How long a soundscape plays; without it its share of the phase."""

    @model_validator(mode="after")
    def _one_kind(self) -> "TrackForm":
        if (self.file is None) == (self.soundscape is None):
            raise several([((), "a track is either a file or a soundscape", "write one of them")])
        if self.file is not None:
            alone = [key for key in (*KNOBS, "wanted") if key in self.model_fields_set]
            told = "belongs to a soundscape, not to a file"
            findings: list[Finding] = [
                (("for" if key == "wanted" else key,), told, "") for key in alone
            ]
            if findings:
                raise several(findings)
        return self

    @property
    def name(self) -> str:
        """What it is called on screens."""
        if self.file is None:
            return self.title or called(self.soundscape or "")
        return self.title or self.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


_Tracks = Annotated[tuple[TrackForm, ...], Field(min_length=1, max_length=200)]


class _SectionsForm(Form):
    model_config = ConfigDict(json_schema_extra=_ONE_PHASE)

    settle: _Tracks | None = None
    """From the fading in until the infusion starts."""
    onset: _Tracks | None = None
    """The first minutes of the infusion. A phase without tracks goes on with those before it."""
    build: _Tracks | None = None
    """On the way to the peak."""
    peak: _Tracks | None = None
    """The widest stretch, without any voice."""
    back: _Tracks | None = Field(None, alias="return")
    """The way back to the room."""
    recovery: _Tracks | None = None
    """The quiet bed of sound afterwards."""

    @model_validator(mode="after")
    def _not_empty(self) -> "_SectionsForm":
        if not any(getattr(self, key) for key in _KEYS.values()):
            raise several([((), "needs the tracks of at least one phase", "begin with settle")])
        return self


class PlaylistForm(Form):
    title: Title
    """The name that staff and patients see."""
    about: Paragraph
    """What it sounds like, in a sentence or two."""
    crossfade: Annotated[Seconds, lasting(1, 20)] = 8.0
    """How long one track goes over into the next."""
    sections: _SectionsForm
    """The tracks of each phase, played one after another and then again."""


def load_playlist(stem: str, shelf: Shelf) -> tuple[PlaylistContent | None, list[Problem]]:
    """The playlist of this stem and what is wrong with its tracks.

    A track that cannot be played is left out and told; with no track left there is no playlist.
    Raises BadContent where the file itself cannot be used.
    """
    source, problems = shelf.source(stem), list[Problem]()
    form, written = tracks_of(source)
    sections: dict[Phase, tuple[Entry, ...]] = {}
    advice = []
    for phase, tracks in written.items():
        advice += [
            source.problem(("sections", phase, index), *NO_LICENCE)
            for index, track in enumerate(tracks)
            if track.file is not None and track.licence is None
        ]
        entries = tuple(
            entry
            for index, track in enumerate(tracks)
            if (entry := _entry(track, shelf, source, (phase, index), problems))
        )
        if entries:
            sections[phase] = entries
    if not sections:
        return None, problems
    digest = _digest(source.hash, sections)
    content = PlaylistContent(
        stem, form.title, form.about, form.crossfade, sections, digest, tuple(advice)
    )
    return content, problems


def tracks_of(source: Source) -> tuple[PlaylistForm, Mapping[Phase, tuple[TrackForm, ...]]]:
    """A playlist as it is written, and its tracks in the order of the arc, whether or not they can
    be played. Raises BadContent where the file itself cannot be used."""
    form = fill(PlaylistForm, source).form
    written = {phase: getattr(form.sections, key) or () for phase, key in _KEYS.items()}
    return form, {phase: tracks for phase, tracks in written.items() if tracks}


def files_of(content: PlaylistContent) -> tuple[str, ...]:
    """The sound files of a playlist, as paths below its folder."""
    files = (entry.track.file for section in content.sections.values() for entry in section)
    return tuple(dict.fromkeys(file for file in files if file is not None))


def playlist_from(content: PlaylistContent, folder: str) -> PlaylistContent:
    """The playlist with its files in `folder`, a path below that of all playlists."""

    def moved(entry: Entry) -> Entry:
        file = entry.track.file
        if file is None:
            return entry
        return replace(entry, track=replace(entry.track, file=f"{folder}/{file}"))

    sections = {phase: tuple(map(moved, entries)) for phase, entries in content.sections.items()}
    return replace(content, sections=sections)


def _entry(
    form: TrackForm, shelf: Shelf, source: Source, place: Location, problems: list[Problem]
) -> Entry | None:
    try:
        return entry_of(form, shelf)
    except Unusable as error:
        problems.append(source.problem(("sections", *place, "file"), str(error)))
        return None


def entry_of(form: TrackForm, shelf: Shelf) -> Entry:
    """The track with its sound found and measured. Raises Unusable."""
    if form.file is None:
        track = soundscape(
            form.soundscape or "",
            form.title,
            seed=form.seed,
            brightness=form.brightness,
            density=form.density,
            level=form.level,
        )
        loudness = MUSIC + form.level
        return Entry(track, form.wanted, loudness, 0.0, loudness, form.level, form.licence)
    sound = shelf.sound(form.file)
    measured = sound.loudness
    gain = round(min(MOST_GAIN, measured.gain(MUSIC) + form.level), 2)
    seconds, digest = measured.seconds, sound.hash
    track = Track(title=form.name, file=form.file, gain=gain, seconds=seconds, hash=digest)
    return Entry(
        track,
        None,
        measured.loudest + gain,
        measured.loudest_at,
        measured.loudness + gain,
        form.level,
        form.licence,
    )


def _digest(source: str, sections: Mapping[Phase, tuple[Entry, ...]]) -> str:
    hashes = [entry.track.hash for entries in sections.values() for entry in entries]
    return hashlib.sha256("\n".join([source, *hashes]).encode()).hexdigest()
