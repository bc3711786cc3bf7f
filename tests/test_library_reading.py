"""YAML is read within bounds, and every mistake has its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.library.reading import BYTES, Source, read
from companion.problems import BadContent, Problem


def refused(text: str | bytes) -> Problem:
    """The last problem of a file that cannot be read."""
    with pytest.raises(BadContent) as bad:
        read(text if isinstance(text, bytes) else text.encode(), "x.yaml")
    return bad.value.problems[-1]


def good(text: str) -> Source:
    return read(text.encode(), "x.yaml")


def test_every_value_stays_the_text_that_was_written() -> None:
    source = good(
        "a: no\nb: 12:30:45\nc: 2026-13-45\nd: 0x1F\nno: 1\ne: 1_000\nf: .inf\ng: '~'\nh: ~\ni:\n"
    )
    assert source.data == {
        "a": "no",
        "b": "12:30:45",
        "c": "2026-13-45",
        "d": "0x1F",
        "no": "1",
        "e": "1_000",
        "f": ".inf",
        "g": "~",
        "h": None,
        "i": None,
    }


def test_a_number_of_five_thousand_digits_is_only_text() -> None:
    assert good("a: " + "7" * 5000).data == {"a": "7" * 5000}


def test_values_and_keys_have_their_places() -> None:
    source = good("a: 1\nb:\n  - c: é\n    d: 2\n")
    assert source.place(("b", 0, "d")) == (4, 8)
    assert source.keys[("b", 0, "d")] == (4, 5)
    assert source.place(("b", 0, "nowhere", 3)) == (3, 5)
    assert str(source.problem(("b", 0, "d"), "is odd", "mend it")) == (
        "x.yaml:4:8: b[0].d: is odd (mend it)"
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: &x [1, 1]\nb: [*x, *x]\n", 2, 5, "repeats another value"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, 7, "repeats another value"),
        ("[" * 3000, 1, 22, "nested more than 20 deep"),
        ("{a: " * 30, 1, 85, "nested more than 20 deep"),
        ("a: [" + "1," * 20_001 + "]", 1, 40_001, "more than 20000 values"),
        ("a:\n\tb: 1\n", 2, 1, "cannot be read as YAML"),
        ("a: 'open\n", 2, 1, "cannot be read as YAML"),
        ("a: b: c\n", 1, 5, "cannot be read as YAML"),
        ("", 1, 1, "is empty"),
        ("# only a remark\n", 1, 1, "is empty"),
        ("? [a, b]\n: 1\n", 1, 3, "a key that is not one word"),
        ("a: 1\nb: x\x1b[2J\n", 2, 5, "control character here (U+001B)"),
        ("a: x\x9bm\n", 1, 5, "control character here (U+009B)"),
        ("a\x00b: 1\n", 1, 2, "control character here (U+0000)"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    text: str, line: int, column: int, message: str
) -> None:
    problem = refused(text)
    assert message in problem.message
    assert (problem.line, problem.column) == (line, column)


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    problem = refused(b"a: 1\n" + b"#" * BYTES)
    assert problem.message == "is too large: 256 kB, and 256 kB is the most"


def test_other_encodings_are_told_by_line() -> None:
    problem = refused("a: fine\nb: caf\xe9\n".encode("latin-1"))
    assert (problem.line, problem.column) == (2, 7)
    assert problem.hint == "save the file as UTF-8"
    assert "UTF-8" in refused("a: 1".encode("utf-16")).message


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "is written twice; first in line 1"),
        ("a: !!python/object:os.system x\n", 1, 4, "has a tag"),
        ("a: !!binary aGk=\n", 1, 4, "has a tag"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document begins here"),
    ],
)
def test_lesser_mistakes_do_not_stop_the_reading(
    text: str, line: int, column: int, message: str
) -> None:
    source = good(text)
    (problem,) = source.problems
    assert message in problem.message
    assert (problem.line, problem.column) == (line, column)
    assert isinstance(source.data, dict) and "a" in source.data


def test_the_first_of_two_equal_keys_counts() -> None:
    assert good("a: 1\na: {b: 2}\n").data == {"a": "1"}


@given(st.binary(max_size=300))
@settings(derandomize=True, max_examples=300)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data, "x.yaml")
    except BadContent as bad:
        assert bad.problems
