"""Text from files and people can only be shown."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.cleaning import clean


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[@click=app.quit]Tap[/]", "[@click=app.quit]Tap[/]"),
        ("[/b] [/] Song [Live] [$primary]x", "[/b] [/] Song [Live] [$primary]x"),
        ("a\x1b]0;T\x07b", "a ]0;T b"),
        ("a\x1b[2Jb", "a [2Jb"),
        ("a\x1b]52;c;eA==\x07", "a ]52;c;eA=="),
        ("a\x9b31mb", "a 31mb"),
        ("left\u202eright", "left right"),
        ("\u2066in\u2069", "in"),
        ("soft\u00adhyphen\u200bhere\ufeff", "soft hyphen here"),
        ("one\r\ntwo\tthree\x00", "one  two three"),
        ("e\u0301", "\u00e9"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("half\ud800", "half"),
        ("", ""),
    ],
)
def test_what_could_command_becomes_a_space(written: str, shown: str) -> None:
    assert clean(written) == shown


@given(st.text(), st.integers(1, 50))
@settings(derandomize=True, max_examples=300)
def test_all_that_is_left_is_visible(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert shown == shown.strip()
    for character in shown.replace("\u200d", ""):
        assert character.isprintable()
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
