"""A clinic's files, as small as they may be, for the screens of staff."""

from pathlib import Path

_CONFIG = """
clinic: Our clinic
room: Room 2
language: en
protocols:
  standard-40:
    title: Standard, 40 minutes
    phases: {settle: 5m, onset: 10m, build: 10m, peak: 25m, return: 15m}
    infusion: 40m
  long-60:
    title: Long, 60 minutes
    phases: {settle: 5m, onset: 12m, build: 13m, peak: 40m, return: 20m}
    infusion: 60m
usual: {protocol: standard-40, playlist: tidewater, script: the-quiet-shore}
questions:
  mood: {text: How is your mood right now?, low: very low, high: very good}
ask_before: [mood]
ask_after: [mood]
notes: [nausea, vomited, toilet, line, anxious, moved, asleep]
anchors: [{say: You are in the chair and all is well.}]
call_line: {say: Your call is showing.}
reminders: [Do not drive today.]
keep_days: 365
"""

_PLAYLIST = """
title: {title}
about: {about}
sections: {{settle: [{{soundscape: {soundscape}}}]}}
"""

_SCRIPT = """
title: The Quiet Shore
language: en
author: the clinic
parts:
  settle: [{say: Let the chair carry you. There is nothing to hold up., pause: 8s}]
"""


def clinic(home: Path) -> Path:
    """Write the files of a small clinic below `home`."""
    from companion.library.soundscapes import known_soundscapes

    soundscape = sorted(known_soundscapes())[0]
    (home / "config.yaml").write_text(_CONFIG)
    for folder in ("playlists", "scripts_guided"):
        (home / folder).mkdir()
    for stem, title, about in (
        ("tidewater", "Tidewater", "Slow surf under long, warm chords."),
        ("ember", "Ember", "Low strings and a quiet fire."),
    ):
        text = _PLAYLIST.format(title=title, about=about, soundscape=soundscape)
        (home / "playlists" / f"{stem}.yaml").write_text(text)
    (home / "scripts_guided" / "the-quiet-shore.yaml").write_text(_SCRIPT)
    return home
