"""`companion voice` with a real voice command and the real decoder."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from library_home import sine
from patience import PATIENCE
from real_program import until
from voice_home import RETURN, SETTLE, VoiceHome

from companion.config_loading import load_config
from companion.library.check import Library, load_library
from companion.library.clips import read_index
from companion.library.files import content_hash
from companion.library.loudness import Loudness, measure
from companion.processes import locks

FILES = [*(f"return-{n:02}.opus" for n in (1, 2)), *(f"settle-{n:02}.opus" for n in (1, 2, 3))]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VoiceHome:
    return VoiceHome(tmp_path / "h", monkeypatch)


def library_of(given: VoiceHome) -> Library:
    return load_library(given.home, load_config(given.home / "config.yaml"))


def test_a_script_is_spoken_once_and_then_only_what_changed(given: VoiceHome) -> None:
    code, told = given.ask("voice", "words")

    assert code == 0, told
    assert told[-1] == "5 spoken, 0 kept, 0 failed."
    assert given.said() == [*SETTLE, *RETURN]
    first = given.bytes_of()
    assert sorted(first) == FILES
    for file in first:
        found = measure(given.clips / file)
        assert found.loudness == pytest.approx(-20.0, abs=1.0), file
        assert found.peak <= -3.0
    # four words: 0.8 s of tone, its silence trimmed but for a breath
    assert measure(given.clips / "settle-01.opus").seconds == pytest.approx(0.95, abs=0.06)
    library = library_of(given)
    assert library.problems == ()
    for file, loudness in told_of(given):
        cache = given.home / "cache/loudness" / f"{content_hash(file)}.json"
        assert Loudness(**json.loads(cache.read_text())) == loudness, "also of use to its copies"
    assert [cue.clip for cue in library.scripts["words"].back] == [
        "words/return-01.opus",
        "words/return-02.opus",
    ]

    given.script((SETTLE[0], "The chair may hold you.", SETTLE[2]))
    code, told = given.ask("voice", "words")

    assert (code, told[-1]) == (0, "1 spoken, 4 kept, 0 failed.")
    assert given.said() == ["The chair may hold you."]
    second = given.bytes_of()
    assert {file for file in FILES if first[file] != second[file]} == {"settle-02.opus"}
    assert library_of(given).problems == ()


def told_of(given: VoiceHome) -> list[tuple[Path, Loudness]]:
    """Every recording, and what is told of it beside it."""
    made = read_index((given.clips / "clips.json").read_bytes())
    return [(path, made[content_hash(path)].loudness) for path in given.clips.glob("*.opus")]


def test_another_voice_or_tempo_speaks_everything_anew_and_slower(given: VoiceHome) -> None:
    given.ask("voice", "words")
    before = measure(given.clips / "settle-01.opus").seconds
    given.said()

    given.voice(textfile="-", more=", tempo: 0.5, timeout: 30s")
    code, told = given.ask("voice", "words")

    assert (code, told[-1]) == (0, "5 spoken, 0 kept, 0 failed.")
    assert given.said() == [*SETTLE, *RETURN], "the words came on the standard input"
    assert measure(given.clips / "settle-01.opus").seconds == pytest.approx(2 * before, rel=0.15)
    given.voice(textfile="-", more=", tempo: 0.5, timeout: 40s")
    assert given.ask("voice", "words")[1][-1] == "0 spoken, 5 kept, 0 failed."


def test_recordings_follow_their_words_when_numbers_shift(given: VoiceHome) -> None:
    given.ask("voice", "words")
    given.said()
    was = given.bytes_of()

    given.script(("Welcome.", SETTLE[1], SETTLE[0], SETTLE[2]), RETURN[1:])
    code, told = given.ask("voice", "words")

    assert code == 0
    assert given.said() == ["Welcome."]
    now = given.bytes_of()
    assert now["settle-02.opus"] == was["settle-02.opus"]
    assert now["settle-03.opus"] == was["settle-01.opus"]
    assert now["settle-04.opus"] == was["settle-03.opus"]
    assert now["return-01.opus"] == was["return-02.opus"]
    assert len(now) == 5, "what a voice said for a sentence that is gone is taken away"
    assert "settle-04.opus: was settle-03.opus" in told
    assert library_of(given).problems == ()


def test_until_it_is_spoken_anew_a_changed_sentence_is_only_shown(given: VoiceHome) -> None:
    given.ask("voice", "words")
    given.script((SETTLE[0], "The chair may hold you.", SETTLE[2]))

    library = library_of(given)

    (problem,) = library.problems
    assert (problem.path, problem.line) == ("parts.settle[1].sound", 7)
    assert "says other words: 'The chair holds you.'" in problem.message
    clips = [cue.clip for cue in library.scripts["words"].settle]
    assert clips == ["words/settle-01.opus", None, "words/settle-03.opus"]


def test_a_recording_of_ones_own_is_left_alone_and_with_again_put_aside(given: VoiceHome) -> None:
    sine(given.clips / "own.wav", 1.0).rename(given.clips / "settle-02.opus")
    mine = (given.clips / "settle-02.opus").read_bytes()
    given.script(SETTLE, (RETURN[0], "The end., sound: spoken/call.wav"))
    text = (given.home / "scripts_guided/words.yaml").read_text()
    text = text.replace("The end., sound:", "The end.\n      sound:")
    (given.home / "scripts_guided/words.yaml").write_text(text)

    code, told = given.ask("voice", "words")

    assert (code, told[-1]) == (0, "3 spoken, 2 kept, 0 failed.")
    assert "settle-02: a recording of your own" in told
    assert "return-02: the script names this recording itself: spoken/call.wav" in told
    assert given.bytes_of()["settle-02.opus"] == mine

    code, told = given.ask("voice", "words", "--again")

    assert (code, told[-1]) == (0, "4 spoken, 1 kept, 0 failed.")
    assert given.bytes_of()["settle-02.opus"] != mine
    assert mine in given.bytes_of().values(), "it lies in unused"


FAILURES = {
    "hang": "took longer than 1 s",
    "crash": "ended with code -6",
    "nothing": "its sound file: there is no such file",
    "silence": "is silent",
    "short": "is shorter than 0.2 s",
    "long": "is longer than 60 s",
    "garbage": "cannot be decoded",
    "huge": "wrote more than 100 MB",
    "folder": "is not a plain file",
    "pipe": "is not a plain file",
    "fail on": "ended with code 3: cannot say this",
}


def test_every_failure_is_one_plain_line_and_leaves_the_earlier_recording(given: VoiceHome) -> None:
    given.script(SETTLE[:1], ())
    text = (given.home / "scripts_guided/words.yaml").read_text().replace("  return:\n", "")
    (given.home / "scripts_guided/words.yaml").write_text(text)
    assert given.ask("voice", "words")[0] == 0
    before = given.bytes_of()
    for how, message in FAILURES.items():
        given.voice(how, more=f", timeout: {'1s' if how == 'hang' else '60s'}")

        code, told = given.ask("voice", "words")

        assert code == 1, how
        assert told[-1] == "0 spoken, 0 kept, 1 failed.", how
        (line,) = told[:-1]
        assert line.startswith("settle-01: not spoken: ") and message in line, how
        assert given.bytes_of() == before, how
    given.voice("well")
    (given.home / "config.yaml").write_text(
        (given.home / "config.yaml").read_text().replace(sys.executable, "/no/such/program")
    )
    code, told = given.ask("voice", "words")
    assert code == 1 and "/no/such/program cannot be run: No such file" in told[0]


def test_one_failure_does_not_keep_the_others_from_being_spoken(given: VoiceHome) -> None:
    given.voice("fail on chair")

    code, told = given.ask("voice", "words")

    assert (code, told[-1]) == (1, "4 spoken, 0 kept, 1 failed.")
    assert sorted(given.bytes_of()) == [file for file in FILES if file != "settle-02.opus"]


@pytest.mark.parametrize("how", ["hang", "child"])
def test_whatever_the_command_started_ends_with_it(given: VoiceHome, how: str) -> None:
    given.script(SETTLE[:1], RETURN[:1])
    given.voice(how, more=", timeout: 1s" if how == "hang" else "")

    given.ask("voice", "words")

    until(lambda: not _lives(int(given.child.read_text())))


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM])
def test_ended_halfway_it_keeps_what_it_has_and_leaves_nothing_running(
    given: VoiceHome, number: signal.Signals
) -> None:
    given.ask("voice", "words")
    given.said()
    given.script((*SETTLE, "One more."))
    given.voice("hang")
    command = [sys.executable, "-P", "-m", "companion", "--home", str(given.home), "voice", "words"]

    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    until(given.child.exists)
    until(lambda: given.child.read_text() != "")
    running.send_signal(number)
    told, _ = running.communicate(timeout=PATIENCE)

    assert running.returncode == 1 and b"Traceback" not in told
    until(lambda: not _lives(int(given.child.read_text())))
    assert sorted(given.bytes_of()) == FILES
    given.voice()
    assert given.ask("voice", "words")[1][-1] == "1 spoken, 5 kept, 0 failed."


def test_nothing_changes_while_companion_runs(given: VoiceHome) -> None:
    running = locks.take(given.home / "companion.lock")
    assert running is not None

    code, told = given.ask("voice", "words")
    os.close(running)

    assert code == 2
    assert told == [
        "Companion runs in this home. End the day there first; what was made so far stays."
    ]
    assert given.bytes_of() == {}


def test_what_cannot_be_begun_is_told_with_its_place(given: VoiceHome) -> None:
    assert given.ask("voice", "word") == (
        2,
        ["scripts_guided: there is no script 'word' (did you mean 'words'?)"],
    )
    text = (given.home / "scripts_guided/words.yaml").read_text()
    (given.home / "scripts_guided/words.yaml").write_text(text.replace(": en", ": de-AT"))
    code, told = given.ask("voice", "words")
    assert code == 2
    assert told[0].startswith("config.yaml:25:3: voices: has no voice for the language 'de-AT'")
    given.clips.mkdir()
    (given.clips / "clips.json").write_text('{"abc": []}')
    code, told = given.ask("voice", "words")
    assert code == 2 and "does not say which recording says what" in told[0]
    (problem,) = library_of(given).problems
    assert problem.file == "scripts_guided/words/clips.json"
