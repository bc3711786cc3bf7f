"""Sessions of the real core in which people do anything at any time, and how they sound."""

from pathlib import Path
from random import Random

from hostile_sources import HOSTILE, track
from session_given import MK, SCRIPT, TILE, infusing, plan
from sound_storm import STEP, Hearing, Judged

from companion.session import commands as c
from companion.session.decide import Refused, decide
from companion.session.plan import Mode, Phase, Playlist, Section

_PHASES = (Phase.SETTLE, Phase.ONSET, Phase.BUILD, Phase.PEAK, Phase.RETURN)
_EVERY = 45.0
"""Seconds between two commands, on average."""


def wild_session(seed: int, seconds: float, home: Path) -> Judged:
    """`seconds` of a session from the infusion's start on, with music and voice."""
    chance = Random(seed)
    playlists = (_playlist(chance), _playlist(chance))
    session = infusing(Mode.VOICE, playlist=playlists[0])
    commands = _commands(chance, playlists)
    hearing = Hearing(seed, home, calm=False)
    hearing.want(session.wanted, session.t)
    wanted, began = session.wanted, session.t
    while session.t < began + seconds:
        if chance.random() < STEP / _EVERY:
            command = chance.choice(commands)
            decision = decide(session.state, command, session.t)
            if not isinstance(decision, Refused):
                session.fold(decision)
        if session.wanted != wanted:
            wanted = session.wanted
            hearing.want(wanted, session.t)
        hearing.step(session.t)
        session.wait(STEP)
    return hearing.close()


def _playlist(chance: Random) -> Playlist:
    usual = plan().playlist
    sections = tuple(
        Section(of, tuple(track(chance.choice(HOSTILE), chance) for _ in range(3)))
        for of in _PHASES
    )
    return Playlist(f"{chance.random()}", "Wild", "", 8.0, sections, usual.loudest)


def _commands(chance: Random, playlists: tuple[Playlist, Playlist]) -> list[c.Command]:
    often: list[c.Command] = [
        c.Call("screen"),
        c.AnswerCall(TILE),
        c.AnswerCall(TILE),
        c.SayAnchor(0, MK),
        c.Soften(MK),
        c.Unsoften(MK),
        c.StopPump(MK),
        c.RunPump(MK),
        c.ChangePlaylist(playlists[0], MK),
        c.ChangePlaylist(playlists[1], MK),
        c.ChangeScript(SCRIPT, MK),
        c.ChooseMode(Mode.MUSIC, MK),
        c.ChooseMode(Mode.SILENCE, MK),
        c.ChooseMode(Mode.VOICE, MK),
        c.ChooseMode(Mode.VOICE, MK),
    ]
    seldom: list[c.Command] = [
        c.NextPhase(MK),
        c.ChangePeak(True, MK),
        c.ChangePeak(False, MK),
        c.TakeBackCall(),
        c.EndInfusion(MK, 0.0),
        c.GoToReturn(MK),
    ]
    return often * 3 + chance.sample(seldom, 4)
