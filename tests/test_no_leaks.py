"""Nothing of the patient's leaves the places that are made for it.

Markers are planted as her code and her words, and a PIN, and the real program lives through a
session with faults of every kind and kills. What may hold a marker: the journal's table `private`
while the session is open, and the screen while it is shown. Nothing else, at no time; and after
the close, with a clinic that seals, nothing at all.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from at_rest import files_with
from hands import Taps
from real_program import Program, until
from short_home import NURSE, PIN, staffed_home

from companion.journal.log import Log
from companion.journal.schema import open_journal
from companion.journal.sealing import new_pair
from companion.moment import SystemClock
from companion.session import book
from companion.session.events import By
from companion.session.patient_code import with_check_digit

CODE = with_check_digit(862904)
SPACED = f"{CODE[:3]} {CODE[3:6]} {CODE[6:]}"
WORDS = "ultramarine heron"
MARKERS = (CODE, SPACED, WORDS, PIN)
JOURNAL = {"journal.db", "journal.db-wal"}

FAULTY = """
import sys

if "screen" in sys.orig_argv:
    import asyncio, gc, logging, os, threading
    from pathlib import Path
    from companion.ui.app import CompanionApp

    here, tick = Path(__file__).parent, CompanionApp.tick
    code, words, pin = (here / "markers").read_text().splitlines()

    def boom(*held):
        local_code, local_words, local_pin = code, words, pin
        raise RuntimeError(f"{code} {words} {pin}")

    class Boom:
        def __init__(self, held):
            self.held = held
        def __del__(self):
            boom(self.held)

    async def boom_later(held):
        boom(held)

    async def forgotten():
        task = asyncio.ensure_future(boom_later(words))
        await asyncio.sleep(0)
        del task
        gc.collect()

    def faulty_tick(app):
        tick(app)
        try:
            kind = (here / "fault").read_text()
        except OSError:
            return
        if kind == "start":
            return
        if kind == "fatal" and len(app._faults) < 2:
            boom(words)
        (here / "fault").unlink()
        match kind:
            case "callback":
                asyncio.get_running_loop().call_soon(boom, code, words)
            case "task":
                app._kept_for_the_test = asyncio.ensure_future(forgotten())
            case "thread":
                threading.Thread(target=boom, args=(code, words), name=words).start()
            case "unraisable":
                Boom(words)
            case "log":
                logging.getLogger("somebody").error("%s and %s", code, words)
            case "screen" | "fatal":
                boom(words)
            case "abort":
                held = (code, words, pin)
                os.abort()

    CompanionApp.tick = faulty_tick
    if (here / "fault").exists() and (here / "fault").read_text() == "start":
        from companion.journal.writer import Writer

        (here / "fault").unlink()
        Writer.merge_fallback = boom
"""
"""A `sitecustomize` with which a screen fails in the way that the file `fault` beside it names."""


class Room:
    """A home and all that the program could write to, with what makes it fail apart from both."""

    def __init__(self, folder: Path) -> None:
        self.all = folder / "a"
        self.faulty = folder / "f"
        for place in (self.all, *(self.all / name for name in "trku"), self.faulty):
            place.mkdir(mode=0o700)
        self.home = staffed_home(self.all / "h")
        config = self.home / "config.yaml"
        report = self.all / "called"
        run = f'[sh, -c, \'printf "%s|" "$@" > {report}\', call]'
        calls = f"intention: yes\ncalls: {{command: {{run: {run}, reaches: the desk}}}}\n"
        config.write_text(config.read_text() + calls)
        (self.faulty / "sitecustomize.py").write_text(FAULTY)
        (self.faulty / "markers").write_text(f"{CODE}\n{WORDS}\n{PIN}\n")
        self.program = Program(
            self.home,
            PYTHONPATH=str(self.faulty),
            PYTHONDONTWRITEBYTECODE="1",
            TMPDIR=str(self.all / "t"),
            XDG_RUNTIME_DIR=str(self.all / "r"),
            XDG_CACHE_HOME=str(self.all / "k"),
            HOME=str(self.all / "u"),
        )
        self.hand = Taps(self.program.term)

    @property
    def log(self) -> str:
        file = self.home / "logs" / "screen.log"
        return file.read_text() if file.exists() else ""

    def holding(self) -> set[str]:
        """The files that hold a marker, by their names."""
        return {Path(file).name for file in files_with(self.all, MARKERS)}

    def fail(self, kind: str, then: Callable[[], None] = lambda: None) -> None:
        """Have the screen fail, do `then`, and wait until it was noted."""
        before = self.log.count("\n")
        (self.faulty / "fault").write_text(kind)
        then()
        until(lambda: not (self.faulty / "fault").exists(), 30.0)
        if kind != "abort":
            until(lambda: self.log.count("\n") > before, 30.0)


@pytest.fixture
def room() -> Iterator[Room]:
    with TemporaryDirectory(prefix="c-") as folder:
        made = Room(Path(folder))
        yield made
        made.program.close()


def seal(home: Path) -> str:
    """The clinic of `home` seals from now on; its private key."""
    pair, by = new_pair(), By(NURSE, confirmed=True)
    opened = open_journal(home / "journal.db")
    log = Log(opened.connection)
    seq = log.last_seq(book.STREAM) + 1
    log.append(
        book.STREAM, seq, SystemClock().now(), [book.SealingKeyProved(key=pair.public, by=by)]
    )
    opened.connection.close()
    return pair.private


def begin(hand: Taps) -> None:
    """A nurse types the code, and the patient her sentence."""
    hand.choose(NURSE, 30.0)
    hand.enter(PIN)
    hand.choose("Another code", 60.0)
    for digit in CODE:
        hand.choose(digit)
    hand.choose("Use ")
    hand.choose("Give to patient")
    hand.choose("Good")
    hand.choose("music")
    hand.see("With a keyboard")
    for letter in WORDS:
        hand.term.keys(letter)
    hand.term.wait_for(WORDS)
    hand.choose("Done")
    hand.see("How is your mood")
    hand.choose("6")
    hand.choose("Infusion started")
    hand.choose("Infusion started now")
    hand.see("minute")


def unlock(hand: Taps) -> None:
    hand.choose("staff")
    hand.see("your PIN")
    hand.enter(PIN)
    hand.see("Back to patient")


def test_nothing_leaves_its_place(room: Room) -> None:
    private, program, hand, term = seal(room.home), room.program, room.hand, room.program.term
    program.start()
    begin(hand)
    assert room.holding() <= JOURNAL and room.holding()

    for kind in ("callback", "task", "thread", "unraisable", "log"):
        room.fail(kind)
        assert room.holding() <= JOURNAL, kind
    room.fail("screen")
    hand.choose("Go on")
    hand.see("minute")
    _processes_are_closed(program)

    for kind in ("fatal", "abort"):
        before = program.trio()
        room.fail(kind)
        until(lambda before=before: program.replaced(before) == {"screen"}, 30.0)
        hand.see("minute", 30.0)
        assert room.holding() <= JOURNAL, kind
    program.kill(["run", "screen", "sound"])
    program.trio()
    hand.see("minute", 30.0)
    room.fail("start", lambda: program.kill(["screen"]))
    hand.see("minute", 30.0)

    hand.call()
    hand.see("Your call is showing.")
    until((room.all / "called").exists)
    hand.choose("I'm here")
    hand.choose(NURSE)
    unlock(hand)
    assert room.holding() <= JOURNAL
    hand.choose("Close session")
    hand.choose("Close now?")
    hand.see("End the day", 30.0)
    until(lambda: not room.holding(), 30.0)
    hand.choose("End the day")
    hand.see("Who is it?")
    hand.choose(NURSE)
    hand.enter(PIN)
    assert term.wait_end() == 0

    assert files_with(room.all, MARKERS) == {}
    assert not [file for file in room.all.rglob("core*") if file.is_file()]
    _terminal_is_clean(bytes(term.output), "\n".join(term.screen()))
    rang, at, end = (room.all / "called").read_text().split("|")
    assert (rang, end) == ("Room 2", "") and len(at) == len("2027-01-15T12:00:00+00:00")
    _the_paper_opens_it(room.home, private)


def _processes_are_closed(program: Program) -> None:
    """Nothing in what others may see of a process, and no memory that is dumped or read."""
    for part, pid in program.trio().items():
        seen = Path("/proc", str(pid))
        limits = [line.split() for line in (seen / "limits").read_text().splitlines()]
        assert ["Max", "core", "file", "size", "0", "0", "bytes"] in limits
        for name in ("cmdline", "environ"):
            try:
                text = (seen / name).read_bytes().decode(errors="replace")
            except PermissionError:
                continue
            assert not [marker for marker in MARKERS if marker in text], (part, name)
        assert not _sockets(seen) & _of_the_network(seen), part


def _sockets(process: Path) -> set[str]:
    """The numbers of the sockets that a process has open; none where nobody may look."""
    found: set[str] = set()
    with suppress(PermissionError):
        for file in (process / "fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(str(file.readlink()))
    return {name[8:-1] for name in found if name.startswith("socket:[")}


def _of_the_network(process: Path) -> set[str]:
    """The numbers of all sockets that reach beyond this machine."""
    tables = [process / "net" / name for name in ("tcp", "tcp6", "udp", "udp6")]
    lines = [line for table in tables if table.exists() for line in table.open()]
    return {line.split()[9] for line in lines}


def _terminal_is_clean(output: bytes, left: str) -> None:
    """What was shown stood on the alternate screen, which is never scrolled back to; no title, no
    clipboard, no PIN."""
    assert b"Traceback" not in output and b"RuntimeError" not in output
    assert set(re.findall(rb"\x1b\](\d*)", output)) <= {b"22"}  # the pointer's shape
    assert PIN.encode() not in output
    assert WORDS.encode() in output
    first, *rest = output.split(b"\x1b[?1049h")
    on_main = [first, *(piece.partition(b"\x1b[?1049l")[2] for piece in rest)]
    for marker in MARKERS:
        assert not [piece for piece in on_main if marker.encode() in piece]
        assert marker not in left


def _the_paper_opens_it(home: Path, private: str) -> None:
    sealed = _exported(home, "")
    assert "sealed" in sealed
    assert not [marker for marker in MARKERS if marker in sealed]
    opened = _exported(home, private, "--key", "-")
    assert f'"{CODE}"' in opened and f'"{WORDS}"' in opened
    assert files_with(home, [*MARKERS, private]) == {}


def _exported(home: Path, typed: str, *options: str) -> str:
    command = [sys.executable, "-P", "-m", "companion", "--home", str(home), "export", *options]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=True).stdout


def test_no_other_process_may_read_the_memory_of_a_hardened_one() -> None:
    code = (
        "import ctypes, resource; from companion.processes.terminal import harden; harden();"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 (0, 0)\n"


def test_an_error_that_nobody_caught_gives_its_name_and_place_alone(tmp_path: Path) -> None:
    """At the end of a process, where no screen stands between it and the terminal any more."""
    code = (
        "import logging, sys, threading;"
        "from companion.faults import keep_quiet;"
        "keep_quiet(lambda line: print(line));"
        "words = sys.argv[1];"
        "thread = threading.Thread(target=lambda: 1 / len(words[99:]), name=words);"
        "thread.start(); thread.join();"
        "logging.getLogger('somebody').error('%s', words);"
        "raise KeyError(words)"
    )
    command = [sys.executable, "-c", code, WORDS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert set(done.stdout.splitlines()) == {
        "ZeroDivisionError in <string>:1",
        "somebody: in <string>:1",
        "KeyError in <string>:1",
    }
