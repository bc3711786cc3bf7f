"""The kill table: whoever is killed at whatever stage of a session, all of it comes back.

One program lives through all the victims of a stage, in a loop of `sh`, as a clinic runs it. What
is in the journal before a kill stands there after it, each event once; the right screen comes
back with the right minutes; no process is left over and none is doubled.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pytest
import stages
from hands import Taps
from numpy.typing import NDArray
from pty_screen import PtyScreen
from real_program import Program, until
from session_given import Session
from short_home import NURSE, PIN, staffed_home

from companion.journal.log import Recorded
from companion.session import events as e
from companion.session.plan import Plan
from companion.session.state import replay
from companion.ui.widgets.big_letters import letters

VICTIMS = (
    ("sound",),
    ("screen",),
    ("screen", "sound"),
    ("run",),
    ("run", "screen"),
    ("run", "sound"),
    ("run", "screen", "sound"),
)
"""The supervisor is `run`. Three screens in a row that die without it bring the plain screen."""
EACH = (("screen",), ("sound",), ("run",), ("run", "screen", "sound"))
"""The victims of the long form."""


class Stage(NamedTuple):
    """What a session stands at, and how a person knows it on the screen."""

    name: str
    session: Callable[[Plan], Session] | None
    words: str
    large: str = ""
    """In letters three or five rows high; `{minutes}` are the elapsed ones."""
    rows: int = 5


TABLE = (
    Stage("ready", None, "End the day"),
    Stage("card", None, "Give to patient"),
    Stage("preparing-hearing", stages.preparing, "Can you hear this?"),
    Stage("settling", stages.settling, "Settling in."),
    Stage("infusing", stages.infusing, "minutes", "{minutes}"),
    Stage("hold", stages.hold, "minutes", "PUMP STOPPED", 3),
    Stage("check-in", stages.check_in, "How are you?"),
    Stage("called", stages.called, "Your call is showing.", "{calling} min", 3),
    Stage("recovering", stages.recovering, "I'm ready to answer", "{minutes}"),
    Stage("rating", stages.rating, "How is your mood"),
    Stage("farewell", stages.farewell, "Do not drive today."),
)
ROW = {stage.name: stage for stage in TABLE}
BEGINS = b"\x1b[?1049h"
"""What a screen writes first."""
OF_ITS_OWN = (
    *(e.Resumed, e.PhaseBegan, e.TrackStarted),
    *(e.SoundLost, e.SoundReturned, e.OutputNoted),
)
"""What the program writes down by itself, when it is back."""


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="c-") as folder:
        yield staffed_home(Path(folder) / "h")


@pytest.fixture
def program(home: Path) -> Iterator[Program]:
    running = Program(home)
    yield running
    running.close()


def reach(program: Program, stage: Stage) -> float:
    """The program stands at `stage`, and shows it; the session's origin in boot seconds."""
    origin = stages.standing_at(program.home, stage.session) if stage.session else 0.0
    program.start()
    if stage.name == "card":
        unlock(program)
    program.term.wait_for(stage.words)
    return origin


def unlock(program: Program) -> None:
    hand = Taps(program.term)
    hand.choose(NURSE)
    hand.enter(PIN)
    hand.see("Give to patient")


def shows(program: Program, stage: Stage, words: str, origin: float) -> Callable[[list[str]], bool]:
    """Whether the lines of a screen are those of `stage`, with the times of now."""

    def told(lines: list[str]) -> bool:
        large = letters(_large(program, stage, origin), stage.rows, 80)
        rows = "\n".join(lines)
        return words in rows and all(row.strip() in rows for row in large)

    return told


def _large(program: Program, stage: Stage, origin: float) -> str:
    state = replay(record.event for record in stages.kept(program.home))
    now = stages.boot_seconds() - origin
    minutes = 0 if state is None or state.t0 is None else int((now - state.t0) / 60)
    calling = 0 if state is None or state.call is None else int((now - state.call.at) / 60)
    return stage.large.format(minutes=minutes, calling=calling)


def back(term: PtyScreen, since: int, words: str) -> bool:
    """Whether a screen that began after the byte `since` has written `words`."""
    began = term.output.find(BEGINS, since)
    return began >= 0 and words.encode() in term.output[began:]


def kill_and_judge(program: Program, stage: Stage, victims: tuple[str, ...], origin: float) -> None:
    kept, before = stages.kept(program.home), program.trio()
    since = len(program.term.output)
    program.kill(victims)
    screen_too = victims != ("sound",)
    words = "End the day" if stage.name == "card" and screen_too else stage.words
    if screen_too:
        until(lambda: back(program.term, since, words))
    replaced = {*victims, *({"screen"} if screen_too else {})}
    until(lambda: program.replaced(before) == replaced)
    program.term.wait_for(shows(program, stage, words, origin))
    assert program.term.mouse_on()
    journal_stands(program.home, kept)
    if stage.name == "card" and screen_too:
        unlock(program)


def journal_stands(home: Path, before: tuple[Recorded, ...]) -> None:
    """Nothing was lost, nothing doubled, nothing came in but what the program notes itself."""
    after = stages.kept(home)
    assert after[: len(before)] == before
    assert [record.seq for record in after] == list(range(1, len(after) + 1))
    news = [record.event for record in after[len(before) :]]
    assert not [event for event in news if not isinstance(event, OF_ITS_OWN)]


def gone(program: Program) -> None:
    """The window is closed: nothing of it is left."""
    program.term.hang_up()
    until(lambda: not program.processes())


@pytest.mark.parametrize("stage", TABLE, ids=lambda stage: stage.name)
def test_the_table(program: Program, stage: Stage) -> None:
    origin = reach(program, stage)
    for victims in VICTIMS:
        kill_and_judge(program, stage, victims, origin)
    gone(program)


@pytest.mark.torture
@pytest.mark.parametrize("stage", TABLE, ids=lambda stage: stage.name)
def test_the_table_again_and_again(program: Program, stage: Stage) -> None:
    """One program lives through all of it, `COMPANION_KILLS` times each (25)."""
    times = int(os.environ.get("COMPANION_KILLS", "25"))
    origin = reach(program, stage)
    for _ in range(times):
        for victims in EACH:
            kill_and_judge(program, stage, victims, origin)
    print(f"\n{stage.name}: {len(EACH)} kinds of death, {times} times each")
    gone(program)


# --- what one seen on the screen is kept ---------------------------------------------------------


@pytest.mark.parametrize("victims", [("screen",), ("run",), ("run", "screen", "sound")])
def test_what_was_seen_is_kept_once(program: Program, victims: tuple[str, ...]) -> None:
    """An answer, a call and who came for it."""
    reach(program, ROW["rating"])
    hand = Taps(program.term)
    hand.choose("7")
    hand.see("Do not drive today.")
    since = len(program.term.output)
    program.kill(victims)
    until(lambda: back(program.term, since, "Do not drive today."))
    hand.call()
    hand.see("Your call is showing.")
    hand.choose("I'm here")
    hand.choose(NURSE)
    hand.see("Do not drive today.")
    program.kill(victims)
    program.trio()
    events = [record.event for record in stages.kept(program.home)]
    answers = [event for event in events if isinstance(event, e.Answered) and event.when == "after"]
    assert [event.value for event in answers] == [7]
    assert [event.by.who for event in events if isinstance(event, e.CallAnswered)] == [NURSE]


# --- as the leader of its session ----------------------------------------------------------------


@pytest.mark.parametrize("victims", [victims for victims in VICTIMS if "run" in victims])
def test_started_again_by_hand(program: Program, victims: tuple[str, ...]) -> None:
    """Without a loop, the next start on the same terminal goes on where the first one stood."""
    stages.standing_at(program.home, stages.called)
    program.start(loop=False)
    program.term.wait_for("Your call is showing.")
    kept = stages.kept(program.home)
    program.kill(victims)
    program.term.wait_end()
    since = len(program.term.output)
    program.start(loop=False)
    until(lambda: back(program.term, since, "Your call is showing."))
    program.trio()
    journal_stands(program.home, kept)


# --- the music -----------------------------------------------------------------------------------


def test_the_music_goes_on_without_the_screen(home: Path) -> None:
    """SDL writes to a file what a device would play; nothing is missing in it."""
    played = home.parent / "played"
    program = Program(home, SDL_AUDIODRIVER="disk", SDL_DISKAUDIOFILE=str(played))
    try:
        reach(program, ROW["infusing"])
        before = program.trio()
        until(lambda: played.exists() and loud(played, played.stat().st_size - SECOND))
        begins = played.stat().st_size
        for _ in range(2):
            since = len(program.term.output)
            program.kill(["screen"])
            until(partial(back, program.term, since, "minutes"))
        until(lambda: played.stat().st_size > begins + 2 * SECOND)
        assert program.replaced(before) == {"screen"}
        assert longest_silence(played, begins - SECOND) < 0.01
    finally:
        program.close()


SECOND = 48_000 * 4
"""Bytes of a second of 16-bit stereo."""


def loud(played: Path, since: int) -> bool:
    samples = samples_of(played, since)
    return len(samples) > 10_000 and bool(np.abs(samples).max() > 200)


def longest_silence(played: Path, since: int) -> float:
    """Seconds of the longest run of frames that are nothing at all."""
    sounding = np.flatnonzero(np.abs(samples_of(played, since)).max(axis=1))
    return float(np.diff(sounding).max()) / 48_000


def samples_of(played: Path, since: int) -> NDArray[np.int16]:
    raw = np.fromfile(played, np.int16, offset=max(0, since // 4 * 4))
    return raw[: len(raw) // 2 * 2].reshape(-1, 2)
