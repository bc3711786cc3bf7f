"""A clinic's home with something for its curator: a playlist with her comments, a file, a script
with a recording, and a playlist that cannot be used."""

from pathlib import Path

from library_home import sine, write
from staff_home import clinic

CALM = """\
# What Ana wanted for the mornings.
title: Calm
about: Slow water, and a low tone.
sections:
  settle:
    - {soundscape: shore, seed: 7}   # the quiet one
  peak:
    # The tone comes first, always.
    - file: music/low.wav
      title: Low
    - {soundscape: bowls, title: Ringing, brightness: 0.9, density: 0.5, seed: 3}
    - {soundscape: warm-pads, title: Warm, level: 5}
"""
SCRIPT = """\
title: Arriving
language: en
author: the clinic
parts:
  settle:
    - {say: You may rest here for a while., pause: 4s, sound: spoken/rest.wav}
    - {say: There is nothing to do., pause: 6s}
  return:
    - {say: The room comes back slowly., pause: 3s}
"""
BROKEN = """\
title: Broken
about: It names a section that is not there.
sections:
  peek: [{soundscape: shore}]
"""


def curator_home(home: Path) -> Path:
    """The files of a small clinic and its curator below `home`."""
    clinic(home)
    write(home / "playlists/calm.yaml", CALM)
    write(home / "playlists/broken.yaml", BROKEN)
    write(home / "scripts_guided/arriving.yaml", SCRIPT)
    sine(home / "playlists/music/low.wav", 8.0, -30.0)
    sine(home / "scripts_guided/spoken/rest.wav", 2.0)
    return home
