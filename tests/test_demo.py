"""A person lives through a whole session with the real program on a real terminal."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hands import Hand, Keys, Taps
from pty_screen import PtyScreen
from real_program import MODES
from short_home import NURSE, PIN, short_home

from companion.config_loading import load_config
from companion.demo import _preset
from companion.home import fill_home
from companion.processes.terminal import is_sane

COMPANION = [sys.executable, "-P", "-m", "companion"]
SILENT = {"SDL_AUDIODRIVER": "dummy"}


# --- what people do ------------------------------------------------------------------------------


def prepare(hand: Hand, pin: str) -> None:
    """The nurse unlocks, and gives the card as it is to the patient."""
    hand.choose(NURSE)
    hand.enter(pin)
    hand.choose("Give to patient")


def choose(hand: Hand) -> None:
    """The patient hears it well, chooses, and says how her mood is."""
    hand.see("Can you hear this?")
    hand.choose("Louder")
    hand.choose("Good")
    hand.choose("music and voice")
    hand.see("How is your mood")
    hand.choose("6")


def start(hand: Hand) -> None:
    """The pump runs: two taps, no PIN."""
    hand.choose("Infusion started")
    hand.choose("Infusion started now")


def answer_check_in(hand: Hand) -> None:
    hand.choose("comfortable")
    hand.see("Sound off")


def unlock(hand: Hand, pin: str) -> None:
    """The nurse comes back to her view."""
    hand.choose("staff")
    hand.see("your PIN")
    hand.enter(pin)
    hand.see("Back to patient")


def stop_and_run_the_pump(hand: Hand, pin: str) -> None:
    unlock(hand, pin)
    hand.choose("Pump stopped")
    hand.choose("Pump running")
    hand.see("pump running")
    hand.choose("Back to patient")
    hand.see("minutes")


def call_and_be_answered(hand: Hand) -> None:
    hand.call()
    hand.see("Your call is showing.")
    hand.choose("I'm here")
    hand.choose(NURSE)
    hand.see("Sound off")


def go_to_the_return(hand: Hand, pin: str) -> None:
    unlock(hand, pin)
    hand.choose("More")
    hand.choose("Go to the return now")
    hand.choose("Back to patient")


def rate(hand: Hand, *questions: str) -> None:
    """In recovery she says when she is ready."""
    hand.choose("I'm ready to answer", deadline=180.0)
    for question in questions:
        hand.see(question)
        hand.choose("8")


def close(hand: Hand, pin: str) -> None:
    unlock(hand, pin)
    hand.choose("Close session")
    hand.see("Ready.")


def end_the_day(hand: Hand, pin: str) -> None:
    hand.choose("End the day")
    hand.see("Who is it?")
    hand.choose(NURSE)
    hand.enter(pin)
    assert hand.term.wait_end() == 0
    assert is_sane(hand.term.settings())
    assert not [mode for mode in MODES if hand.term.mode(mode)]


# --- what is kept of it --------------------------------------------------------------------------


def told(home: Path, *words: str) -> str:
    """What a command at the shell prints about `home`."""
    command = [*COMPANION, "--home", str(home), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def kept(home: Path) -> list[dict[str, Any]]:
    """Every event of the one session in `home`, as it is exported."""
    (session,) = json.loads(told(home, "export", "--format", "json"))["sessions"]
    return [{"kind": each["kind"], **each["event"]} for each in session["events"]]


IN_ORDER = (
    *("SessionPrepared", "LevelChanged", "HearingAnswered", "ModeChosen", "Answered"),
    *("SettlingBegan", "InfusionStarted", "CheckInAsked", "CheckInAnswered", "HoldBegan"),
    *("HoldEnded", "Called", "CallAnswered", "PhaseAdvanced", "RecoveryBegan", "RatingOpened"),
    *("Answered", "QuestionsEnded", "SessionClosed"),
)


@pytest.mark.parametrize("kind", [Keys, Taps])
def test_a_whole_session(tmp_path: Path, kind: type[Hand]) -> None:
    home = short_home(tmp_path / "clinic")
    with PtyScreen([*COMPANION, "--home", str(home), "run"], env=SILENT) as term:
        hand = kind(term)
        prepare(hand, PIN)
        choose(hand)
        hand.see("Let the chair carry you.")
        start(hand)
        answer_check_in(hand)
        stop_and_run_the_pump(hand, PIN)
        call_and_be_answered(hand)
        go_to_the_return(hand, PIN)
        hand.see("The room comes back slowly.")
        rate(hand, "How is your mood")
        hand.see("Do not drive today.")
        close(hand, PIN)
        end_the_day(hand, PIN)

    line = r"Room 2  DN  .*  1 call  2 answered, 0 skipped  closed"
    assert re.search(line, told(home, "sessions"))
    events = kept(home)
    walked = iter(each["kind"] for each in events)
    assert [kind for kind in IN_ORDER if kind not in walked] == []
    moods = [
        (each["when"], each["question"], each["value"])
        for each in events
        if each["kind"] == "Answered"
    ]
    assert moods == [("before", "mood", 6), ("after", "mood", 8)]
    assert not [each for each in events if each["kind"] == "FaultNoted"]
    assert not (home / "logs" / "screen.log").exists()


# --- the demonstration ---------------------------------------------------------------------------


def begun(term: PtyScreen) -> str:
    """Begin the demonstration; the PIN that it tells."""
    lines = term.wait_for("Press Enter to begin.")
    assert "nobody has reviewed" in " ".join(lines)
    pin = re.search(r"PIN is (\d{3}) (\d{3})", "\n".join(lines))
    assert pin is not None
    term.press("enter")
    return pin[1] + pin[2]


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Where the demonstration makes its home; its name is short enough for a socket's."""
    with TemporaryDirectory(prefix="c-") as folder:
        yield Path(folder)


def demonstration(scratch: Path) -> PtyScreen:
    return PtyScreen([*COMPANION, "demo"], env={**SILENT, "TMPDIR": str(scratch)})


def test_the_demonstration_tells_its_nurse_and_forgets_all(scratch: Path) -> None:
    with demonstration(scratch) as term:
        pin = begun(term)
        hand = Taps(term)
        hand.see(f"{NURSE} has the PIN {pin}")
        hand.see("reviewed what this demonstration plays")
        end_the_day(hand, pin)
        assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(("language", "usual"), [(None, "en"), ("en", "en"), ("es", "es")])
def test_the_demonstration_is_short_and_in_the_language_asked_for(
    tmp_path: Path, language: str | None, usual: str
) -> None:
    fill_home(tmp_path)
    _preset(tmp_path / "config.yaml", language)
    config = load_config(tmp_path / "config.yaml")
    assert (config.usual.protocol, config.usual.language) == ("taste", usual)
    assert config.language == "en", "only the patient's language is another"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_demonstration_that_is_ended_forgets_all(scratch: Path, number: signal.Signals) -> None:
    with demonstration(scratch) as term:
        begun(term)
        term.wait_for("Ready.")
        term.kill(number)
        assert term.wait_end() == 128 + number
        assert list(scratch.iterdir()) == []


@pytest.mark.torture
@pytest.mark.parametrize("kind", [Keys, Taps])
def test_the_whole_demonstration(scratch: Path, kind: type[Hand]) -> None:
    with demonstration(scratch) as term:
        pin = begun(term)
        hand = kind(term)
        prepare(hand, pin)
        choose(hand)
        start(hand)
        answer_check_in(hand)
        stop_and_run_the_pump(hand, pin)
        call_and_be_answered(hand)
        rate(hand, "How is your mood", "How clear", "How well did the music")
        hand.see("No alcohol today")
        close(hand, pin)
        end_the_day(hand, pin)
        assert list(scratch.iterdir()) == []
