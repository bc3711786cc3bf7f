"""A script as plain text: the same words and pauses come out, and every mistake names its line."""

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from library_home import make_home

from companion.cli import main
from companion.library.plain_script import as_yaml, read_plain
from companion.library.reading import read
from companion.library.scripts import ScriptContent, script_of
from companion.library.shelf import Shelf
from companion.problems import BadContent

USUAL = {"title": "Slow river", "language": "en", "author": "A clinic"}
TEXT = """\
title: Slow River
author: MK

You may rest here.

The water moves slowly,
in its own time.
[pause 30]

# return

The room comes back.
"""


def loaded(text: str | bytes) -> ScriptContent:
    """The script as it is read from the YAML that `text` becomes. Raises BadContent."""
    data = text if isinstance(text, bytes) else text.encode()
    source = read_plain(data, "river.txt", USUAL)
    with TemporaryDirectory() as nothing:
        shelf = Shelf(Path(nothing), Path(nothing))
        direct, _ = script_of("river", source, shelf)
        again, _ = script_of("river", read(as_yaml(source).encode(), "river.yaml"), shelf)
    assert again.part("settle") == direct.part("settle")
    assert again.part("return") == direct.part("return")
    assert (again.script.title, again.script.language) == (
        direct.script.title,
        direct.script.language,
    )
    return again


def said(content: ScriptContent, part: str) -> list[tuple[str, float]]:
    return [(cue.say, cue.pause) for cue in content.part(part)]


def test_paragraphs_are_sentences_and_blank_lines_their_pauses() -> None:
    content = loaded(TEXT)

    assert said(content, "settle") == [
        ("You may rest here.", 6.0),
        ("The water moves slowly, in its own time.", 30.0),
    ]
    assert said(content, "return") == [("The room comes back.", 6.0)]
    assert content.script.title == "Slow River"


def test_what_the_head_leaves_out_is_as_usual() -> None:
    content = loaded("Remember: nothing needs doing.\n")
    assert said(content, "settle") == [("Remember: nothing needs doing.", 6.0)]
    assert (content.script.title, content.script.language) == ("Slow river", "en")


WORDS = st.text(
    st.characters(categories=("L", "N", "P", "S"), exclude_characters="[#"),
    min_size=1,
    max_size=8,
)
TRICKY = st.sampled_from(
    ["no", "~", "null", "12:30", "- a", "'", '"', "> b", "%Y", "@x", "&a *a", "!t", "? :", "---"]
)
LINES = st.lists(WORDS | TRICKY, min_size=1, max_size=4).map(" ".join)
PAUSES = st.none() | st.integers(0, 180).map(float) | st.sampled_from([0.5, 7.25])
CUES = st.lists(st.tuples(st.lists(LINES, min_size=1, max_size=2), PAUSES), max_size=4)
WAYS = st.sampled_from(["[pause {}]", "  [ Pause: {}s ]", "[PAUSE {} s]"])
GAPS = st.sampled_from(["\n", "\n\n", "\n \t\n"])


def written(cues: list[tuple[list[str], float | None]], way: str, gap: str) -> str:
    pieces = []
    for lines, pause in cues:
        pieces += ["\n".join(lines), gap]
        pieces += [way.format(f"{pause:g}"), gap] if pause is not None else ["\n"]
    return "".join(pieces)


@given(CUES, CUES, WAYS, GAPS, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_the_words_and_pauses_of_a_text_are_those_of_the_script(
    settle: list[tuple[list[str], float | None]],
    back: list[tuple[list[str], float | None]],
    way: str,
    gap: str,
    end: str,
    marked: bool,
) -> None:
    text = "title: T\n\n# settle\n" * bool(settle) + written(settle, way, gap)
    text += "# Return\n" * bool(back) + written(back, way, gap)
    data = ("\ufeff" * marked + text.replace("\n", end)).encode()
    if not settle and not back:
        with pytest.raises(BadContent, match="has no sentence"):
            loaded(data)
        return

    content = loaded(data)

    for part, cues in (("settle", settle), ("return", back)):
        expected = [(clean_words(lines), 6.0 if p is None else p) for lines, p in cues]
        assert said(content, part) == expected


def clean_words(lines: list[str]) -> str:
    return " ".join(unicodedata.normalize("NFC", " ".join(lines)).split())


LINES_OF_ANY_KIND = [
    *("title: a", "title:", "language: e", "titel: x", "# return", "# settle", "# x", "#", "["),
    *(
        "[pause 30]",
        "[pause]",
        "[pause x]",
        "[pause 400]",
        "a [pause 3] b",
        "Words.",
        "",
        "w " * 150,
    ),
    *("\ufeff", "\u202e", "\x07", "\u2028", "\ud7ff", "\U0001f30a"),
]
ANYTHING = st.binary(max_size=60) | st.lists(
    st.sampled_from(LINES_OF_ANY_KIND) | st.text(max_size=5), max_size=12
).map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass"))


@given(ANYTHING)
def test_no_text_at_all_breaks_it(data: bytes) -> None:
    try:
        content = loaded(data)
    except BadContent as bad:
        assert bad.problems
        for problem in bad.problems:
            assert problem.file == "river.txt" and problem.line >= 1 and problem.message
            assert str(problem).isprintable()
    else:
        assert content.part("settle") or content.part("return")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[pause 30]", "[pause 300]", "8:1: pause: must be from 0s to 3m; found 5m"),
        ("[pause 30]", "[pause soon]", "8:1: pause: expected a time with its unit"),
        ("[pause 30]", "[music]", "8:1: expected a pause such as [pause 30]; found '[music]'"),
        ("[pause 30]", "[pause 30]\n[pause 5]", "9:1: a second pause after the same sentence"),
        ("slowly,", "slowly [pause 3],", "6:1: '[pause 3]' stands in a sentence"),
        ("# return", "# return\n[pause 5]", "11:1: a pause stands before the first sentence"),
        ("# return", "# retrun", "10:1: 'retrun' is no part of a script"),
        ("# return", "# settle", "10:1: # settle begins twice; first in line 4"),
        ("The room comes back.", "", "10:1: this part has no sentence"),
        ("slowly,", "slow " * 60, "6:1: sentence: is longer than 240 characters"),
        ("author: MK", "title: B", "2:1: title is written twice; first in line 1"),
        ("author: MK", "autor: MK", "2:1: 'autor' is no line of the head (did you mean 'author'?)"),
        ("author: MK", "language: English", "2:1: language: expected a language such as en"),
        ("author: MK", "author:", "2:1: author: expected text; found nothing"),
        ("You may", "You\u200b may", "4:4: has an invisible character here (U+200B)"),
        ("You may", "\ufeffYou may", "4:1: has an invisible character here (U+FEFF)"),
        ("You may", "You\x07 may", "4:4: has a control character here (U+0007)"),
        ("You may rest", "You may fall", "4:1: sentence: speaks of falling ('fall')"),
        ("The room comes back.", "A room.\n\n" * 201, "10:1: return: has more than 200"),
        ("The room comes back.", "A room.\n[pause 180]\n" * 9, "10:1: return: takes 24m"),
    ],
)
def test_mistakes_name_their_line_and_nothing_is_written(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    home, file = make_home(tmp_path / "h"), tmp_path / "river.txt"
    assert old in TEXT
    file.write_text(TEXT.replace(old, new))

    done = CliRunner().invoke(main, ["--home", str(home), "script", str(file)])

    assert done.exit_code == 2
    assert any(line.startswith(f"river.txt:{told}") for line in done.output.splitlines()), (
        done.output
    )
    assert not (home / "scripts_guided/river.yaml").exists()


def test_a_text_becomes_a_script_that_check_finds_good_and_stays_until_again(
    tmp_path: Path,
) -> None:
    home, file = make_home(tmp_path / "h"), tmp_path / "Slow River.txt"
    file.write_text(TEXT)

    def ask(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--home", str(home), "script", *words])
        return done.exit_code, done.output

    code, told = ask(str(file))
    assert code == 0
    assert told.splitlines()[-1] == (
        "Written to scripts_guided/slow-river.yaml: 2 sentences to settle, 1 for the return."
    )
    assert "worth a look: Slow River.txt:10:1: return:" in told
    target = home / "scripts_guided/slow-river.yaml"
    first = target.read_text()
    assert CliRunner().invoke(main, ["--home", str(home), "check"]).exit_code == 0

    file.write_text(TEXT.replace("comes", "came"))
    code, told = ask(str(file))
    assert (code, target.read_text()) == (1, first)
    assert "--again writes over it" in told
    assert ask(str(file), "--again")[0] == 0
    assert "The room came back." in target.read_text()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("river.txt", "über".encode("utf-16"), "river.txt:1:1: is not UTF-8 text here"),
        ("river.txt", b"a\n\nb\xff", "river.txt:3:2: is not UTF-8 text here"),
        ("river.txt", b"", "river.txt:1:1: has no sentence"),
        ("river.txt", b"a" * 300_000, "river.txt: is too large"),
        ("fluß.txt", b"Words.", "fluß.txt: has a name that no script can have"),
        ("river.doc", b"Words.", "river.doc: must end in one of .txt"),
        ("none.txt", None, "none.txt: there is no such file"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, name: str, data: bytes | None, told: str) -> None:
    home = make_home(tmp_path / "h")
    if data is not None:
        (tmp_path / name).write_bytes(data)

    done = CliRunner().invoke(main, ["--home", str(home), "script", str(tmp_path / name)])

    assert done.exit_code == 2
    assert done.output.startswith(told)
