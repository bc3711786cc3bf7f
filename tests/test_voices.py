"""The voices of `config.yaml`: taken as written, or every mistake told."""

from pathlib import Path

import pytest
from library_home import CONFIG, config_of, config_problems

from companion.config_loading import load_config
from companion.library.voices import Voice, voice_for

ROOT = Path(__file__).parents[1]
GOOD = 'voices:\n  en: {command: [say, "{textfile}", -o, "{out}"], timeout: 2m, tempo: 0.85}\n'


def test_a_voice_is_taken_as_written(tmp_path: Path) -> None:
    voices = config_of(tmp_path, CONFIG + GOOD).voices
    assert voices == {"en": Voice(("say", "{textfile}", "-o", "{out}"), 120.0, 0.85)}
    for text in ("", "voices:\n"):
        assert config_of(tmp_path, CONFIG + text).voices == {}


@pytest.mark.parametrize(
    ("old", "new", "path", "message", "hint"),
    [
        ('"{out}"', "out.wav", "voices.en.command", "needs {out} where", ""),
        ("{textfile}", "{textfil}", "voices.en.command", "{textfil} is not filled", "'{textfile}'"),
        ("[say,", "[", "voices.en.command", "begins with no program", ""),
        ('[say, "{textfile}", -o, "{out}"]', "[]", "voices.en.command", "needs at least 1", ""),
        ('[say, "{textfile}", -o, "{out}"]', "say", "voices.en.command", "expected a list", ""),
        ("-o", '""', "voices.en.command[2]", "is empty", ""),
        ("2m", "2", "voices.en.timeout", "a time with its unit", "write 2s"),
        ("2m", "20m", "voices.en.timeout", "must be from 1s to 10m", ""),
        ("0.85", "1.2", "voices.en.tempo", "must be from 0.5 to 1", ""),
        ("tempo", "temp", "voices.en.temp", "is not a key here", "'tempo'"),
        ("  en:", "  english:", "voices.english", "expected a language", ""),
        ("command", "comand", "voices.en.command", "is missing", ""),
    ],
)
def test_mistakes_of_a_voice(
    tmp_path: Path, *, old: str, new: str, path: str, message: str, hint: str
) -> None:
    assert old in GOOD
    problems = config_problems(tmp_path, CONFIG + GOOD.replace(old, new))
    (problem,) = (problem for problem in problems if problem.path == path)
    assert message in problem.message and hint in problem.hint
    assert problem.line == len(CONFIG.splitlines()) + 2


def test_the_words_are_put_in_once_and_never_read_as_more(tmp_path: Path) -> None:
    voice = Voice(("say", "--text={text}", "{out}"), 60.0, 1.0)
    words = "{out} $(id) `id` {textfile} 'x'"
    assert voice.arguments(words, "/w", "/o") == ["say", f"--text={words}", "/o"]


def test_a_language_speaks_for_its_countries_and_not_the_other_way_round() -> None:
    plain, british = Voice(("a", "{out}"), 60.0, 1.0), Voice(("b", "{out}"), 60.0, 1.0)
    assert voice_for({"en": plain, "en-GB": british}, "en-GB") is british
    assert voice_for({"en": plain}, "en-GB") is plain
    assert voice_for({"en-GB": british}, "en") is None
    assert plain.digest != british.digest
    assert plain.digest == Voice(plain.command, 5.0, 1.0).digest
    assert plain.digest != Voice(plain.command, 60.0, 0.9).digest


def test_the_examples_that_are_shipped_work_as_they_stand(tmp_path: Path) -> None:
    text = (ROOT / "config.yaml").read_text()
    lines = text.splitlines()
    start = lines.index("voices:")
    examples = [line.removeprefix("# ") for line in lines[:start] if "{command:" in line]
    assert len(examples) == 3
    path = tmp_path / "config.yaml"
    path.write_text("\n".join([*lines[: start + 1], *examples, *lines[start + 1 :]]))
    assert set(load_config(path).voices) == {"en", "de", "es"}
