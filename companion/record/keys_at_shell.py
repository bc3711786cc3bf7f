"""`companion keys`: a key pair for the clinic, and the proof that somebody holds its paper.

The private key is shown or written once and never kept here. Nothing is sealed before somebody has
given it from the paper.
"""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from companion.access import Act
from companion.at_shell import FAULT, Refused, desk_on, journal_of, unlocked
from companion.journal.log import Log
from companion.journal.resting import NotSealed, empty_wal, seal_some
from companion.journal.sealing import (
    BadKey,
    key_in_use,
    key_to_prove,
    new_pair,
    opener,
    public_of,
)
from companion.journal.writer import Writer
from companion.moment import SystemClock
from companion.processes.terminal import harden
from companion.record import paper
from companion.session.book import SealingKeyMade, SealingKeyProved

_RUNNING = "Companion runs in this home. End the day there first."
_NO_TERMINAL = (
    "A key is shown on a terminal alone, never in a pipe or a file. To print it, name a new file "
    "on a stick: --sheet FILE.svg"
)
_ON_PAPER = "Copy it to paper, twice, for two safes. Press Enter once you have it: "
_NEXT = "Nothing is sealed yet. Prove what you have on paper: companion keys check"
_SHEET = (
    "{path} is the key itself: print it twice and destroy the file. Deleting alone does not: a "
    "stick keeps what was on it until it is written over whole."
)
_INSIDE = "{path} lies in the home. The private key must not stay on the tablet: name a stick."
_FITS_NONE = "This key fits nothing on this tablet."
_FITS = "It fits the key in use. {opened}"
_FITS_EARLIER = "It fits an earlier key, not the one in use. {opened}"
_STARTED = "It fits. From now on every session is sealed once it is closed. Sealed now: {count}."
_NOT_ALL = "Some sessions cannot be read and stay as they are."


@dataclass(frozen=True, slots=True)
class Asking:
    """How a person at the shell is asked and told. Each returns what she typed."""

    initials: Callable[[], str]
    pin: Callable[[], str]
    ready: Callable[[str], object]
    """Shows a sentence and waits for Enter."""
    echo: Callable[[str], None]
    warn: Callable[[str], None]


def make(home: Path, sheet: Path | None, asking: Asking) -> int:
    """Make a key pair with a lead; the exit code. The private key is shown, or written to the new
    file `sheet` to be printed. Raises OSError."""
    harden()
    try:
        if sheet is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise Refused(_NO_TERMINAL)
        if sheet is not None and sheet.resolve().is_relative_to(home.resolve()):
            raise Refused(_INSIDE.format(path=sheet))
        if sheet is not None and sheet.exists():
            raise Refused(f"{sheet} is there already: name a new file.")
        with journal_of(home, _RUNNING) as writer:
            asyncio.run(_make(home, writer, sheet, asking))
    except Refused as refused:
        asking.warn(str(refused))
        return refused.code
    asking.echo(_NEXT)
    return 0


async def _make(home: Path, writer: Writer, sheet: Path | None, asking: Asking) -> None:
    desk = desk_on(home, writer)
    by = await unlocked(desk, asking.initials(), asking.pin(), Act.KEEP_RECORD)
    pair = new_pair()
    await desk.write(SealingKeyMade(key=pair.public, by=by))
    if sheet is None:
        paper.shown(pair.private, _to_terminal, lambda: asking.ready(_ON_PAPER))
    else:
        paper.write_sheet(pair.private, pair.public, sheet)
        asking.echo(_SHEET.format(path=sheet))


def _to_terminal(text: str) -> None:
    print(text, end="", flush=True)


def check(home: Path, private: str, asking: Asking) -> int:
    """Tell whether `private`, from somebody's paper, fits this tablet; the first time a lead does
    so with a new key, sessions are sealed to it. The exit code. Raises OSError."""
    harden()
    try:
        public = public_of(private)
        with journal_of(home, _RUNNING) as writer:
            asking.echo(asyncio.run(_check(home, writer, public, private, asking)))
    except BadKey as error:
        asking.warn(str(error))
        return FAULT
    except Refused as refused:
        asking.warn(str(refused))
        return refused.code
    return 0


async def _check(home: Path, writer: Writer, public: str, private: str, asking: Asking) -> str:
    if public == await writer.ask(key_in_use):
        return _FITS.format(opened=await writer.ask(lambda log: _opened(log, private)))
    if public == await writer.ask(key_to_prove):
        desk = desk_on(home, writer)
        by = await unlocked(desk, asking.initials(), asking.pin(), Act.KEEP_RECORD)
        await desk.write(SealingKeyProved(key=public, by=by))
        return await writer.ask(_seal_what_rests)
    proved = await writer.ask(lambda log: log.of_kind(SealingKeyProved.__name__))
    if public in {one.event.key for one in proved}:
        return _FITS_EARLIER.format(opened=await writer.ask(lambda log: _opened(log, private)))
    raise Refused(_FITS_NONE)


def _opened(log: Log, private: str) -> str:
    """What the key opens of all that is sealed here, tried one by one."""
    open_sealed = opener(private)
    sealed = log.connection.execute("SELECT body FROM sealed").fetchall()
    opened = sum(open_sealed(body) is not None for (body,) in sealed)
    return f"It opens {opened} of {len(sealed)} sealed answers."


def _seal_what_rests(log: Log) -> str:
    before = _sealed_sessions(log)
    told = _STARTED
    try:
        while seal_some(log, SystemClock().now()):
            pass
    except NotSealed:
        told = f"{_STARTED} {_NOT_ALL}"
    empty_wal(log)
    return told.format(count=_sealed_sessions(log) - before)


def _sealed_sessions(log: Log) -> int:
    (count,) = log.connection.execute("SELECT count(DISTINCT stream) FROM sealed").fetchone()
    return int(count)
