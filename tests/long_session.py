"""What a sound process gets to do in hours: files of every kind and some that are broken, sections
that change, sentences, levels, calls, silence, sound off and on."""

from dataclasses import replace
from pathlib import Path

from sound_files import noise, tone, write

from companion.session.plan import Cue, Phase, Section, Track
from companion.session.wanted import Arc, Music, Voice, Wanted

_SECTION = 200.0
"""Seconds of a section."""
_WORDS = 40.0
"""Seconds from one sentence to the next."""
_FILES = ("calm.flac", "hiss.mp3", "chord.opus", "bell.m4a")
_LENGTH = 55.0
_CUES = tuple(Cue(f"{n}", 3.0 + n, 6.0, clip=f"{n}.opus", gain=-2.0) for n in range(3))


def fill(home: Path) -> None:
    """The files of such a session."""
    music = home / "playlists"
    write(music / "calm.flac", tone(_LENGTH, 220, -18))
    write(music / "hiss.mp3", noise(_LENGTH, -24), 44_100)
    write(music / "chord.opus", tone(_LENGTH, 131, -20) + tone(_LENGTH, 196, -24))
    write(music / "bell.m4a", tone(_LENGTH, 523, -22))
    whole = (music / "calm.flac").read_bytes()
    (music / "torn.flac").write_bytes(whole[: len(whole) // 3])
    (music / "none.mp3").write_bytes(bytes(10_000))
    for cue in _CUES:
        write(home / "scripts_guided" / (cue.clip or ""), tone(cue.seconds, 180, -18))


def wanted_at(t: float) -> Wanted:
    """What should sound at second `t`. It changes at whole seconds only."""
    minute = t // 60
    return Wanted(
        Arc(tuple(Phase)[int(t // 600) % 6], t // 600 * 600, 0.0, 1 / 600),
        None if t % 1260 >= 1230 else _music(t),
        _voice(t),
        on=t % 1500 < 1490,
        fade=8.0,
        lower=-12.0 if t % 900 >= 840 else -6.0 * (minute % 7 == 5),
        level=-18.0 + 2.0 * (t // 30 % 3),
        until=(minute + 3) * 60,
    )


def _music(t: float) -> Music:
    number = int(t // _SECTION)
    tracks = [
        Track(name, file=name, gain=2.0 * (number % 3), seconds=_LENGTH)
        for name in (_FILES[number % 4], _FILES[(number + 1) % 4])
    ]
    spoiled = {3: "torn.flac", 5: "none.mp3", 7: "missing.ogg"}.get(number % 9)
    if spoiled is not None:
        tracks.insert(1, replace(tracks[0], title=spoiled, file=spoiled))
    if number % 9 in (2, 6):
        tracks.append(Track("Shore", soundscape="shore", seed=number % 2, seconds=60.0))
    return Music(Section(tuple(Phase)[number % 6], tuple(tracks)), number * _SECTION, 8.0)


def _voice(t: float) -> Voice | None:
    number = int(t // _WORDS)
    begins, cue = number * _WORDS + 15.0, _CUES[number % 3]
    if not begins - 8.0 <= t < begins + cue.seconds:
        return None
    return Voice(cue, begins, begins + _WORDS if number % 2 else None)
