"""A clinic for the benchmarks: a home whose content has a known length, and a session in it."""

import subprocess
import uuid
from pathlib import Path

from terminal import PYTHON

from companion.config import Card
from companion.config_loading import load_config
from companion.home import fill_home
from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.library.check import load_library
from companion.library.resolve import plan_for
from companion.moment import Instant, SystemClock
from companion.record import record
from companion.session import commands as c
from companion.session import events as e
from companion.session.decide import Refused, decide
from companion.session.due import due
from companion.session.plan import Mode, Plan
from companion.session.state import State, evolve

NURSE, PIN = "MK", "274916"
PROTOCOL = "quarter"
"""A quarter of an hour in all, so that every phase and crossfade comes in a short rehearsal."""
SOUNDSCAPES, ONE_FILE = "tidewater", "one-file"
SCRIPT = "the-quiet-shore"

_QUARTER = """protocols:
  quarter:
    title: A quarter of an hour
    phases: {settle: 2m, onset: 3m, build: 3m, peak: 3m, return: 4m}
    infusion: 9m
"""
_PLAYLIST = """title: One file
about: A quarter of an hour of surf and chords from one file.
sections: {settle: [{file: music/quarter.flac}]}
"""
_SETTLED, _STARTED = 30.0, 150.0
"""Seconds after which the infusion started, and that it has run when the program is started."""


def new_home(home: Path) -> Path:
    """Fill `home`, add a nurse, and have the program itself play a file of music for a playlist."""
    fill_home(home)
    config = home / "config.yaml"
    config.write_text(config.read_text().replace("protocols:\n", _QUARTER, 1))
    refused = record.change_staff(home, "add", NURSE, role="lead", pin=PIN)
    assert refused is None, refused
    record.waive_review(home)
    music = home / "playlists" / "music" / "quarter.flac"
    subprocess.run(rehearsal(home, SOUNDSCAPES, music), check=False, stdout=subprocess.DEVNULL)
    (home / "playlists" / f"{ONE_FILE}.yaml").write_text(_PLAYLIST)
    load_library(home, load_config(config))
    return home


def music_file(home: Path) -> Path:
    """The one file of the playlist `one-file`: 16 minutes of FLAC, 48 kHz, stereo."""
    return home / "playlists" / "music" / "quarter.flac"


def rehearsal(home: Path, playlist: str, sound: Path | None, script: str = "") -> tuple[str, ...]:
    """The command that rehearses the quarter of an hour."""
    named = ("--protocol", PROTOCOL, "--playlist", playlist)
    spoken = ("--script", script) if script else ()
    written = ("--sound", str(sound)) if sound else ()
    return (*PYTHON, "-m", "companion", "--home", str(home), "rehearse", *named, *spoken, *written)


def under_way(home: Path, playlist: str) -> None:
    """Write a session into the journal whose infusion started a few minutes ago.

    Eyes are covered, so that no check-in comes, and the protocol is the long one, so that nothing
    ends while it is measured.
    """
    config = load_config(home / "config.yaml")
    card = Card("long-60", playlist, None, "en", eyes_covered=True)
    plan = plan_for(config, load_library(home, config), card)
    opened = open_journal(home / "journal.db")
    log, stream, now = Log(opened.connection), str(uuid.uuid4()), SystemClock().now()
    begun = _ago(now, _SETTLED + _STARTED)
    for seq, event in enumerate(_lived(plan), start=1):
        log.append(stream, seq, _ago(begun, -event.at), [event])
    log.mark_alive(stream, now)
    opened.connection.close()


def _ago(moment: Instant, seconds: float) -> Instant:
    return Instant(moment.wall - seconds, moment.boot - seconds, moment.boot_id)


def _lived(plan: Plan) -> list[e.Event]:
    """Everything that happens from the card to now, decided as it would be."""
    by = e.By(NURSE, confirmed=True)
    commands: list[tuple[float, c.Command]] = [
        (0.0, c.PrepareSession(by, "1", plan, "4172038")),
        (5.0, c.AnswerHearing(heard=True)),
        (6.0, c.ChooseMode(Mode.MUSIC)),
        *((7.0, c.SkipQuestion(question.key)) for question in plan.before),
        (_SETTLED, c.StartInfusion(by)),
    ]
    state: State | None = None
    events: list[e.Event] = []
    for at, command in commands:
        decision = decide(state, command, at)
        assert not isinstance(decision, Refused), decision
        for event in (*due(state, at), *decision):
            state = evolve(state, event)
            events.append(event)
    return events
