"""`companion doctor`: the morning check at a shell, in plain lines or for a program to read."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from companion import joining
from companion.calibration.calibrating import output_found
from companion.desk import Desk
from companion.moment import SystemClock
from companion.morning.facts import Content, Facts, Seen
from companion.morning.findings import Finding, State, findings
from companion.morning.looking import Tone, look_from_desk, look_round
from companion.morning.system import colours
from companion.problems import BadContent
from companion.processes import locks
from companion.processes.terminal import harden
from companion.record import keeping
from companion.session.book import STREAM
from companion.session.state import Stage, replay
from companion.sound.client import SoundClient
from companion.sound_at_shell import sound_of
from companion.words.check import ENGLISH_CHECK

_FINE, _FOUND = 0, 1
_MARKS = {State.WRONG: "WRONG", State.LOOK: "look", State.WELL: "ok"}
"""What stands before a line: a word, so that it can be searched for."""

Ask = Callable[[], bool]


def run(home: Path, as_json: bool, ask_heard: Ask) -> int:
    """Look round in `home` and print what was found; the exit code, 1 where there is anything to
    look at. `ask_heard` is asked while a soft tone plays, where there is a person to ask. Raises
    OSError."""
    harden()
    person = not as_json and os.isatty(sys.stdin.fileno())
    found = findings(_facts(home, ask_heard if person else None), ENGLISH_CHECK)
    print(_json(found) if as_json else "\n".join(_line(one) for one in found))
    return _FINE if all(one.state is State.WELL for one in found) else _FOUND


def _facts(home: Path, ask_heard: Ask | None) -> Facts:
    """While Companion runs here, its sound and its record are left alone."""
    lock = locks.take(home / "companion.lock")
    if lock is None:
        return asyncio.run(_beside(home))
    try:
        with keeping.journal(home) as writer:
            stream = writer.latest_session()
            state = stream and replay(record.event for record in writer.read(stream))
            kept = keeping.Kept(writer)
            desk = Desk(
                home,
                SystemClock(),
                kept,
                kept,
                records=writer.read(STREAM),
                session_open=lambda: bool(state and state.stage is not Stage.READY),
            )
            return asyncio.run(_alone(desk, ask_heard))
    finally:
        os.close(lock)


async def _alone(desk: Desk, ask_heard: Ask | None) -> Facts:
    await desk.load()
    heard = None
    async with sound_of(desk.home, desk) as client:
        there = await output_found(desk)
        if not there and desk.sound_lost is None:
            desk.sound_lost = "no output was found"
        elif there and ask_heard is not None and not desk.muted:
            heard = await _hear(desk, client, ask_heard)
        channels = () if desk.content is None else joining.channels(desk.content.config)
        facts = await look_from_desk(desk, channels, _terminal(), SystemClock().now())
    assert facts.sound is not None
    return replace(facts, sound=replace(facts.sound, tone=heard))


async def _hear(desk: Desk, client: SoundClient, ask_heard: Ask) -> bool:
    """Play the tone until a person has said whether she hears it."""
    clock = SystemClock()

    def now() -> float:
        return clock.now().boot

    tone = Tone(desk.output_in_use, now())
    client.want(tone.heard(now()), now)
    try:
        return await asyncio.to_thread(ask_heard)
    finally:
        client.want(tone.silence(now()), now)


async def _beside(home: Path) -> Facts:
    """What can be looked at while the Companion that runs here has the record and the sound."""
    from companion.last_good import settings_of
    from companion.library.check import load_library

    config, problems, broken = None, 0, None
    try:
        settings = settings_of(home)
        config, problems = settings.config, len(settings.problems)
        broken = settings.problems[0].place if settings.problems else None
    except BadContent as error:
        problems = len(error.problems)
    problems += len(load_library(home, config).problems)
    channels = () if config is None else joining.channels(config)
    facts = await look_round(home, config, channels, _terminal(), SystemClock().now(), None)
    return replace(facts, content=Content(problems, None, None, 0, broken))


def _terminal() -> Seen | None:
    """The terminal that this is read on, if it is one."""
    fd = sys.stdout.fileno()
    if not os.isatty(fd):
        return None
    size = os.get_terminal_size(fd)
    return Seen(size.columns, size.lines, colours(), None)


def _line(finding: Finding) -> str:
    mark = f"{_MARKS[finding.state]:<5}"
    told = f"{mark}  {finding.name}: {finding.told}"
    return f"{told}\n       {finding.todo}" if finding.todo else told


def _json(found: tuple[Finding, ...]) -> str:
    return json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False)
