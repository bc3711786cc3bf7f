"""A client that is never idle: new wishes all the time, from a process that is busy half a second
at a time. Started with the socket and the moment at which its session began."""

import asyncio
import sys
import time
from pathlib import Path

from sound_files import clicks, noise, tone, write

from companion.session.plan import Cue, Phase, Section, Track
from companion.session.wanted import Arc, Music, Voice, Wanted
from companion.sound.client import SoundClient

_PART = 7.0
"""Seconds after which another section is wanted: within a crossfade or between two."""
_SAYS, _FIRST = 9.0, 5.0
"""Seconds from one sentence to the next, and to the first."""
_LEVELS = (-6.0, -12.0, -8.0, -20.0, -7.0)
_CUE = Cue("You are in the chair.", seconds=2.0, pause=4.0, clip="line.opus")
_NOISE = Track("Noise", "noise.flac", seconds=5.0)
_TONE = Track("Tone", "tone.mp3", seconds=4.0)
_CLICKS = Track("Clicks", "clicks.ogg", seconds=6.0)
_GONE = Track("Gone", "gone.flac", seconds=9.0)
_SECTIONS = (
    Section(Phase.ONSET, (_NOISE, _TONE)),
    Section(Phase.PEAK, (_CLICKS,)),
    Section(Phase.RETURN, (_TONE, _GONE)),
)


def fill(home: Path) -> None:
    """The files that it wants to hear."""
    music, scripts = home / "playlists", home / "scripts_guided"
    write(music / "noise.flac", noise(5, level=-24.0))
    write(music / "tone.mp3", tone(4, level=-16.0))
    write(music / "clicks.ogg", clicks(6))
    write(scripts / "line.opus", tone(2, 300, level=-12.0))


def wanted_at(t: float) -> Wanted:
    """What this session wants at second `t`."""
    part, said, step = int(t // _PART), int(t // _SAYS), int(t // 1.3)
    began = part * _PART
    section = _SECTIONS[part % len(_SECTIONS)]
    return Wanted(
        Arc(section.phase, began, 0.0, 1 / _PART),
        Music(section, began, crossfade=2.0),
        Voice(_CUE, said * _SAYS + _FIRST, then=(said + 1) * _SAYS + _FIRST),
        on=step % 9 != 8,
        fade=2.0,
        lower=-6.0 * (step % 4 == 3),
        level=_LEVELS[step % len(_LEVELS)],
        until=1e6,
    )


async def _want(path: Path, began: float) -> None:
    def now() -> float:
        return time.monotonic() - began

    client = SoundClient(path, lambda notice: None)
    running = asyncio.create_task(client.run())
    wanted: Wanted | None = None
    while not running.done():
        if wanted_at(now()) != wanted:
            wanted = wanted_at(now())
            client.want(wanted, now)
        await asyncio.sleep(0.05)
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            pass


if __name__ == "__main__":
    asyncio.run(_want(Path(sys.argv[1]), float(sys.argv[2])))
