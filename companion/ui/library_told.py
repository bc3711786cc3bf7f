"""What the screens of the library say about each thing, in one plain line."""

from typing import TYPE_CHECKING

from companion.library.pace import length, pace
from companion.library.playlists import PlaylistContent, TrackForm
from companion.session.plan import Cue, Script
from companion.words.staff import StaffWords

if TYPE_CHECKING:
    from companion.library.check import Library

_APART = " · "


def playlist_told(content: PlaylistContent, problems: int, words: StaffWords) -> str:
    """How many tracks, how long the files among them are, and how much is wrong."""
    tracks = [entry.track for entries in content.sections.values() for entry in entries]
    seconds = sum(track.seconds or 0.0 for track in tracks if track.file is not None)
    files = (
        words.library.minutes_of_files.format(minutes=_minutes(seconds))
        if seconds
        else words.library.no_files
    )
    return _joined(count_told(len(tracks), words), files, problems_told(problems, words))


def script_told(script: Script, problems: int, words: StaffWords) -> str:
    """How long it is, how fast, and how much is wrong."""
    parts = [cues for cues in (script.settle, script.back) if cues]
    seconds = sum(map(length, parts))
    spoken = sum(pace(cues).words for cues in parts)
    rate = round(spoken * 60 / seconds) if seconds else 0
    minutes = words.minutes.format(minutes=_minutes(seconds))
    speed = words.library.words_a_minute.format(rate=rate)
    return _joined(minutes, speed, problems_told(problems, words))


def soundscape_told(name: str, library: "Library | None", words: StaffWords) -> str:
    """In how many playlists it plays."""
    playlists = () if library is None else library.playlists.values()
    count = sum(name in _soundscapes(content) for content in playlists)
    if not count:
        return words.library.in_no_playlist
    return (
        words.library.in_one_playlist
        if count == 1
        else words.library.in_playlists.format(count=count)
    )


def track_told(track: TrackForm, seconds: float | None, words: StaffWords) -> str:
    """What sounds, how long a file is, and its level."""
    kind = track.soundscape or (_length(seconds) if seconds else (track.file or ""))
    level = words.library.level_of.format(level=f"{track.level:+g}") if track.level else ""
    return _joined(kind, level)


def knobs_told(track: TrackForm, words: StaffWords) -> str:
    """Where the knobs of a soundscape stand."""
    return words.library.knobs_of.format(
        brightness=f"{track.brightness:g}", density=f"{track.density:g}", seed=track.seed
    )


def lengths_in(library: "Library | None") -> dict[str, float]:
    """Seconds of every sound file that a playlist of the library plays."""
    playlists = () if library is None else library.playlists.values()
    tracks = (
        entry.track
        for playlist in playlists
        for entries in playlist.sections.values()
        for entry in entries
    )
    return {track.file: track.seconds for track in tracks if track.file and track.seconds}


def cue_told(cue: Cue, words: StaffWords) -> str:
    """Whether a sentence can be heard, and the quiet after it."""
    return _joined(
        words.library.words_only if cue.clip is None else words.library.recorded,
        words.library.pause_of.format(seconds=f"{cue.pause:g}"),
    )


def count_told(tracks: int, words: StaffWords) -> str:
    """How many tracks there are."""
    if not tracks:
        return words.library.no_track
    return (
        words.library.one_track if tracks == 1 else words.library.many_tracks.format(count=tracks)
    )


def problems_told(count: int, words: StaffWords) -> str:
    """How many problems there are; nothing where there is none."""
    if not count:
        return ""
    return (
        words.library.one_problem_here
        if count == 1
        else words.library.many_problems_here.format(count=count)
    )


def _soundscapes(content: PlaylistContent) -> set[str | None]:
    return {e.track.soundscape for entries in content.sections.values() for e in entries}


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _joined(*parts: str) -> str:
    return _APART.join(filter(None, parts))
