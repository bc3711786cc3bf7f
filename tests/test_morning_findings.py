"""What follows from what was looked at: pure, so every case can be seen."""

from dataclasses import replace
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.calibration.calibration import Known
from companion.fitness import LOW_DISK, Power
from companion.morning.facts import Content, Facts, Heard, Reached, Seen, Timing
from companion.morning.findings import State, findings
from companion.words.check import ENGLISH_CHECK

FIT = Facts(
    sound=Heard(None, "Headphones", False, Known.CALIBRATED, True),
    unwritten=None,
    saved=True,
    free=LOW_DISK,
    timing=Timing(2026, "2026-11-27 08:12 (CET)", True, 0.0),
    power=Power(96, True),
    terminal=Seen(80, 24, 2**24, True),
    open_files=(),
    foreign_files=(),
    content=Content(0, 6, 10, 0),
    channels=(),
    encrypted=True,
    dumps=False,
    versions=(("Companion", "0.1.0"), ("SQLite", "3.40.1")),
)
ASKED: set[str] = set()


class Noting(dict[str, Any]):
    """The sentences, and which of them were asked for."""

    def __getitem__(self, key: str) -> Any:
        ASKED.add(key)
        return super().__getitem__(key)


WORDS = Noting(ENGLISH_CHECK)


def of(name: str, facts: Facts) -> tuple[State, str]:
    """The finding of this name."""
    (found,) = (one for one in findings(facts, WORDS) if one.name == name)
    return found.state, found.told


def test_a_fit_tablet_has_nothing_to_look_at() -> None:
    found = findings(FIT, WORDS)
    assert {one.state for one in found} == {State.WELL}
    assert [one.name for one in found if one.todo] == []
    assert "SQLite 3.40.1" in found[-1].told


CASES: list[tuple[dict[str, Any], str, State, str]] = [
    ({"sound": None}, "sound", State.WELL, "its own screen"),
    ({"sound": Heard("unplugged", "", False, None, None)}, "sound", State.WRONG, "unplugged"),
    ({"sound": replace(FIT.sound, muted=True)}, "sound", State.WRONG, "muted"),
    ({"sound": replace(FIT.sound, tone=False)}, "sound", State.WRONG, "nobody heard it"),
    ({"sound": replace(FIT.sound, tone=None)}, "sound", State.LOOK, "nobody was asked"),
    (
        {"sound": replace(FIT.sound, calibrated=Known.NOT_CALIBRATED)},
        "calibration",
        State.LOOK,
        "not calibrated",
    ),
    (
        {"sound": replace(FIT.sound, calibrated=Known.OTHER_VOLUME)},
        "calibration",
        State.LOOK,
        "another volume",
    ),
    ({"unwritten": "Read-only file system"}, "disk", State.WRONG, "Read-only file system"),
    ({"saved": False}, "journal", State.WRONG, "no session can begin"),
    ({"free": LOW_DISK - 1}, "space", State.LOOK, "200 MB should be"),
    ({"timing": replace(FIT.timing, year=1970)}, "clock", State.WRONG, "never set"),
    ({"timing": replace(FIT.timing, moved=-3600.0)}, "clock", State.LOOK, "set back by 60 min"),
    ({"timing": replace(FIT.timing, moved=7200.0)}, "clock", State.LOOK, "set on by 120 min"),
    ({"timing": replace(FIT.timing, synchronised=False)}, "clock", State.LOOK, "nothing keeps"),
    ({"timing": replace(FIT.timing, synchronised=None)}, "clock", State.WELL, "is not known"),
    ({"power": Power(None, True)}, "battery", State.WELL, "no battery"),
    ({"power": Power(80, False)}, "battery", State.WELL, "80 %, not on mains"),
    ({"power": Power(49, False)}, "battery", State.LOOK, "49 %"),
    ({"power": Power(29, False)}, "battery", State.WRONG, "29 %"),
    ({"terminal": Seen(63, 20, 256, True)}, "terminal", State.WRONG, "64 by 20"),
    ({"terminal": Seen(80, 24, 16, True)}, "colours", State.LOOK, "only 16"),
    ({"terminal": Seen(80, 24, 256, False)}, "touch", State.LOOK, "No finger"),
    ({"open_files": ("journal.db",)}, "files", State.LOOK, "journal.db"),
    ({"foreign_files": ("logs",)}, "files", State.WRONG, "logs"),
    ({"content": Content(3, 6, 10, 0)}, "content", State.LOOK, "files: 3"),
    (
        {"content": Content(1, 6, 10, 0, "config.yaml, line 4")},
        "settings",
        State.LOOK,
        "(config.yaml, line 4)",
    ),
    ({"content": Content(0, 0, 10, 0)}, "music", State.LOOK, "silent"),
    ({"content": Content(0, 1, 1, 2)}, "review", State.LOOK, "2 of"),
    ({"channels": None}, "call", State.LOOK, "not known"),
    (
        {"channels": (Reached("command", "the pager", None),)},
        "call by command",
        State.WELL,
        "reached the pager",
    ),
    (
        {"channels": (Reached("webhook", "the desk", "it answered 500"),)},
        "call by webhook",
        State.WRONG,
        "did not reach the desk: it answered 500",
    ),
    ({"encrypted": False}, "encryption", State.LOOK, "not encrypted"),
    ({"encrypted": None}, "encryption", State.LOOK, "cannot be told"),
    ({"dumps": True}, "core dumps", State.LOOK, "memory"),
]


@pytest.mark.parametrize(("changed", "name", "state", "part"), CASES)
def test_each_fault_is_told_and_mended(
    changed: dict[str, Any], name: str, state: State, part: str
) -> None:
    facts = replace(FIT, **changed)
    found, told = of(name, facts)
    assert (found, part in told) == (state, True), told
    everything = findings(facts, WORDS)
    assert all(one.todo for one in everything if one.state is not State.WELL)


def test_what_could_not_be_looked_at_is_not_told() -> None:
    names = {one.name for one in findings(replace(FIT, saved=None, terminal=None), WORDS)}
    assert {"journal", "terminal", "touch", "colours"} & names == set()


@given(st.lists(st.sampled_from(CASES), max_size=6))
def test_the_worst_comes_first_whatever_comes_together(
    cases: list[tuple[dict[str, Any], str, State, str]],
) -> None:
    facts = FIT
    for changed, *_ in cases:
        facts = replace(facts, **changed)
    order = list(State)
    states = [order.index(one.state) for one in findings(facts, WORDS)]
    assert states == sorted(states)


def test_every_sentence_is_said_somewhere_and_none_says_what_this_is_not() -> None:
    for changed, *_ in CASES:
        findings(replace(FIT, **changed), WORDS)
    findings(FIT, WORDS)
    assert set(ENGLISH_CHECK) == ASKED
    for said in ENGLISH_CHECK.values():
        for sentence in (said.told, said.todo):
            list(Formatter().parse(sentence))
            for word in ("monitor", "alarm", "treats", "safe"):
                assert word not in sentence.lower()
