"""Homes for the real program: a small clinic with one nurse, and one whose session is short."""

from pathlib import Path
from shutil import rmtree

from accepted import accept_all
from staff_home import clinic

from companion.home import fill_home
from companion.record import record

NURSE, PIN = "DN", "274916"
_SHORT = """protocols:
  short:
    title: A minute, for showing only
    demonstration: yes
    phases: {settle: 4s, onset: 5s, build: 5s, peak: 1m, return: 6s}
    infusion: 1m
    check_ins: [3s]
    check_in_shown: 20s
    look_in_every: 5m
    voice_until: 5s
    early_before: 5s
    bed: 30s
    resume_within: 60s
    set_back: 60s
usual: {protocol: short, playlist: tidewater, script: the-quiet-shore}
questions:"""
_RETURN = "\n  return: [{say: The room comes back slowly., pause: 3s}]\n"


def staffed_home(home: Path) -> Path:
    """Fill `home` as a first run does, and put a small clinic in the place of what was shipped."""
    fill_home(home)
    for folder in ("playlists", "scripts_guided"):
        rmtree(home / folder)
    clinic(home)
    assert record.change_staff(home, "add", NURSE, role="lead", pin=PIN) is None
    return accept_all(home, NURSE)


def short_home(home: Path) -> Path:
    """The same with a protocol that takes a minute, or as long as a nurse makes of it."""
    staffed_home(home)
    config = home / "config.yaml"
    before, rest = config.read_text().split("protocols:")
    config.write_text(before + _SHORT + rest.split("\nquestions:")[1])
    with (home / "scripts_guided" / "the-quiet-shore.yaml").open("a") as script:
        script.write(_RETURN)
    return accept_all(home, NURSE)
