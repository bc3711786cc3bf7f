"""`config.yaml` is taken whole, or every mistake in it is told at once."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from library_home import CONFIG, config_of, config_problems

from companion.config import Card, Spoken
from companion.config_loading import load_config
from companion.problems import BadContent


def change(old: str, new: str) -> str:
    assert CONFIG.count(old) == 1, old
    return CONFIG.replace(old, new)


def level(text: str) -> str:
    return CONFIG + f"level: {text}\n"


def short(text: str) -> str:
    return change("    infusion: 40m\n", f"    infusion: 40m\n    {text}\n")


def test_a_good_file_becomes_a_frozen_config(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    assert config.usual == Card("short", "calm", "words", "en", False, True)
    assert config.protocols["short"].peak == 1500
    assert config.protocols["short"].back == 900
    assert config.protocols["short"].look_in_every == 900
    assert config.demonstrations == {"quick"}
    assert [question.key for question in config.before] == ["mood"]
    assert config.call_line == Spoken("Your call is showing.", "spoken/call.wav")
    assert config.calls.reaches == "this screen only"
    assert (config.levels.start, config.levels.ceiling) == (-18, -12)
    assert not config.intention
    with pytest.raises(FrozenInstanceError):
        config.room = "Room 3"  # type: ignore[misc]


def test_channels_are_named_in_whom_a_call_reaches(tmp_path: Path) -> None:
    calls = (
        "calls:\n  button: f13\n  command: {run: [page, nurses], reaches: the pager}\n"
        "  webhook: {url: 'https://desk.example/call', reaches: the desk}\n"
    )
    found = config_of(tmp_path, CONFIG + calls).calls
    assert found.reaches == "this screen and the pager and the desk"
    assert (found.button, found.command) == ("f13", ("page", "nurses"))
    assert found.webhook == "https://desk.example/call"


def test_words_that_look_like_something_else_stay_words(tmp_path: Path) -> None:
    config = config_of(tmp_path, change("room: Room 2", "room: no").replace("A clinic", "12:30"))
    assert (config.room, config.clinic) == ("no", "12:30")


def test_text_is_cleaned_at_the_border(tmp_path: Path) -> None:
    config = config_of(tmp_path, change("Room 2", '"Room \\e[2J\\u202E2  [/b]"'))
    assert config.room == "Room [2J 2 [/b]"


@pytest.mark.parametrize(
    ("old", "new", "path", "message", "hint"),
    [
        ("room: Room 2", "rom: Room 2", "room", "is missing", ""),
        ("room: Room 2", "room: R\nrooms: 2", "rooms", "is not a key here", "did you mean 'room'?"),
        ("room: Room 2", "room: ''", "room", "is empty", ""),
        ("room: Room 2", "room:", "room", "expected text; found nothing", ""),
        ("room: Room 2", "room: [a]", "room", "expected text; found a list", ""),
        ("room: Room 2", f"room: {'x' * 81}", "room", "is longer than 80 characters", ""),
        ("language: en", "language: English", "language", "expected a language such as en", ""),
        ("peak: 25m", "peek: 25m", "protocols.short.phases.peak", "is missing", ""),
        (
            "peak: 25m",
            "peak: 25m, peek: 1m",
            "protocols.short.phases.peek",
            "is not a key here",
            "did you mean 'peak'?",
        ),
        ("infusion: 40m", "infusion: 40", "protocols.short.infusion", "a time", "write 40s for"),
        ("infusion: 40m", "infusion: soon", "protocols.short.infusion", "a time with its unit", ""),
        ("infusion: 40m", "infusion: 12:30", "protocols.short.infusion", "a time", ""),
        ("infusion: 40m", "infusion: 61m", "protocols.short.infusion", "end within the phases", ""),
        ("infusion: 40m", "infusion: 0", "protocols.short.infusion", "must be above 0", ""),
        ("onset: 10m", "onset: 0s", "protocols.short.phases.onset", "from 1s to 4h; found 0s", ""),
        ("onset: 10m", "onset: 241m", "protocols.short.phases.onset", "found 4h1m", ""),
        ("protocol: short,", "protocol: shrt,", "usual.protocol", "not the name", "'short'"),
        ("ask_after: [mood]", "ask_after: [mod]", "ask_after[0]", "not the key", "'mood'"),
        ("ask_after: [mood]", "ask_after: [mood, mood]", "ask_after[1]", "asked twice", "keep one"),
        ("ask_after: [mood]", "ask_after: mood", "ask_after", "expected a list", ""),
        ("high: high}", "hi: high}", "questions.mood.high", "is missing", ""),
        ("  mood: {", "  'My Mood': {", "questions.My Mood", "a name of small letters", ""),
        (
            "demonstration: yes",
            "demonstration: si",
            "protocols.quick.demonstration",
            "yes or no",
            "",
        ),
        ("keep_days: 30", "keep_days: 0", "keep_days", "from 1 to 36500 days; found 0 days", ""),
        ("keep_days: 30", "keep_days: 1.5", "keep_days", "a whole number; found '1.5'", ""),
        ("keep_days: 30", f"keep_days: {'9' * 5000}", "keep_days", "a whole number", ""),
        ("notes: [nausea]", f"notes: [{'a, ' * 13}]", "notes", "has more than 12", ""),
        ("keep_days: 30", "keep_days: 30\nkeep_days: 31", "keep_days", "is written twice", ""),
    ],
)
def test_a_mistake_is_told_with_its_path(
    tmp_path: Path, *, old: str, new: str, path: str, message: str, hint: str
) -> None:
    found = {problem.path: problem for problem in config_problems(tmp_path, change(old, new))}
    assert path in found
    assert message in found[path].message
    assert hint in found[path].hint
    assert found[path].file == "config.yaml" and found[path].line > 0


@pytest.mark.parametrize(
    ("line", "path", "message"),
    [
        ("look_in_every: 4m", "look_in_every", "must be from 5m to 30m; found 4m"),
        ("look_in_every: 31m", "look_in_every", "must be from 5m to 30m; found 31m"),
        ("check_in_shown: 10s", "check_in_shown", "must be from 20s to 5m; found 10s"),
        ("hold_large: 31m", "hold_large", "must be from 1m to 30m; found 31m"),
        ("peak_step: 30s", "peak_step", "must be from 1m to 15m; found 30s"),
        ("voice_until: 21m", "voice_until", "must be from 0s to 20m; found 21m"),
        ("bed: 5m", "bed", "must be from 10m to 12h; found 5m"),
        ("resume_within: 21m", "resume_within", "must be from 1m to 20m; found 21m"),
        ("set_back: 5h", "set_back", "must be from 0s to 4h; found 5h"),
        ("check_ins: [9m, 5m]", "check_ins[1]", "one after another"),
        ("check_ins: [60m]", "check_ins[0]", "before the end; found 1h"),
        ("check_ins: [20m]", "check_ins[0]", "20m lies at the peak, 20m to 45m"),
    ],
)
def test_hard_bounds_hold(tmp_path: Path, line: str, path: str, message: str) -> None:
    (problem,) = config_problems(tmp_path, short(line))
    assert problem.path == f"protocols.short.{path}"
    assert message in problem.message


def test_bounds_give_way_below_only_in_a_demonstration(tmp_path: Path) -> None:
    quick = "    infusion: 90s\n"
    config = config_of(tmp_path, change(quick, quick + "    look_in_every: 45s\n"))
    assert config.protocols["quick"].look_in_every == 45
    (problem,) = config_problems(tmp_path, change(quick, quick + "    look_in_every: 31m\n"))
    assert "found 31m" in problem.message


def test_check_ins_at_the_peak_only_where_the_protocol_says_so(tmp_path: Path) -> None:
    config = config_of(tmp_path, short("check_ins: [20m, 45m]\n    check_ins_at_peak: yes"))
    assert config.protocols["short"].check_ins == (1200, 2700)
    assert config_of(tmp_path, short("check_ins: [45m]")).protocols["short"].check_ins == (2700,)


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("{calibrated: -4}", "level.calibrated", "is not a key here"),
        ("{start: nan}", "level.start", "a number; found 'nan'"),
        ("{ceiling: -11}", "level.ceiling", "must be from -48 to -12 dB; found -11 dB"),
        ("{start: -10}", "level.start", "must not be above the ceiling, -12 dB"),
        ("{start: loud}", "level.start", "expected a number; found 'loud'"),
        ("{step: 4}", "level.step", "must be from 1 to 3 dB; found 4 dB"),
    ],
)
def test_the_level_never_goes_above_its_bounds(
    tmp_path: Path, text: str, path: str, message: str
) -> None:
    (problem,) = config_problems(tmp_path, level(text))
    assert problem.path == path
    assert message in problem.message


@pytest.mark.parametrize(
    ("calls", "path", "message"),
    [
        ("{button: a}", "calls.button", "a key that types nothing"),
        ("{command: {run: [], reaches: x}}", "calls.command.run", "needs at least 1"),
        ("{command: {run: page, reaches: x}}", "calls.command.run", "expected a list"),
        ("{command: {run: ['']}}", "calls.command.run[0]", "is empty"),
        ("{command: {run: [a]}}", "calls.command.reaches", "is missing"),
        ("{webhook: {url: 'ftp://x', reaches: x}}", "calls.webhook.url", "begins with https"),
        ("{webhook: {url: 'https://', reaches: x}}", "calls.webhook.url", "begins with https"),
        ("{webhok: {}}", "calls.webhok", "is not a key here"),
    ],
)
def test_channels_are_checked(tmp_path: Path, calls: str, path: str, message: str) -> None:
    found = {p.path: p for p in config_problems(tmp_path, CONFIG + f"calls: {calls}\n")}
    assert message in found[path].message


def test_all_problems_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        CONFIG.replace("room: Room 2", "rom: Room 2")
        .replace("onset: 10m", "onset: 10")
        .replace("keep_days: 30", "keep_days: never")
        .replace("high: high}", "high: high, colour: red}")
        .replace("ask_before: [mood]", "ask_before: [mod]")
        .replace("    infusion: 90s\n", "    infusion: 90s\n    hold_large: 40m\n    bed: 0\n")
    )
    problems = config_problems(tmp_path, text)
    assert {problem.path for problem in problems} == {
        "room",
        "rom",
        "protocols.short.phases.onset",
        "protocols.quick.hold_large",
        "protocols.quick.bed",
        "questions.mood.colour",
        "keep_days",
    }
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    (onset,) = (problem for problem in problems if problem.path.endswith("onset"))
    assert text.splitlines()[onset.line - 1][onset.column - 1 :].startswith("10,")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("config.yaml", None, "there is no such file"),
        ("config.yaml", b"", "is empty"),
        ("config.yaml", b"just words", "expected keys and values"),
        ("config.yaml", b"- a\n- b\n", "expected keys and values; found a list"),
        ("config.txt", b"a: 1", "must end in one of"),
    ],
)
def test_a_file_of_another_shape_gets_one_sentence(
    tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(BadContent) as bad:
        load_config(tmp_path / name)
    (problem,) = bad.value.problems
    assert message in problem.message
