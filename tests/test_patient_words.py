"""The patient's sentences: one catalogue a language, and each whole in its own."""

import re
from collections.abc import Mapping
from dataclasses import fields
from string import Formatter

import pytest

from companion.session.plan import Mode
from companion.session.view import Word
from companion.words import has_patient_words, patient_words
from companion.words.plain import plain_words

ENGLISH, SPANISH = patient_words("en"), patient_words("es")

SAME = {"call_minutes", "state OK"}
"""What is written alike in both languages: "2 min" and "OK"."""
NEVER = re.compile(r"\b(monitor\w*|alarm\w*|treat\w*|safe\w*|segur\w*|trata\w*)\b", re.IGNORECASE)


def sentences(words: object) -> dict[str, str]:
    """Every sentence of a catalogue by its name."""
    found: dict[str, str] = {}
    for field in fields(words):  # type: ignore[arg-type]
        value = getattr(words, field.name)
        if isinstance(value, Mapping):
            found |= {f"{field.name} {key}": said for key, said in value.items()}
        else:
            found[field.name] = value
    return found


def test_every_sentence_is_in_both_languages_and_none_is_left_in_english() -> None:
    english, spanish = sentences(ENGLISH), sentences(SPANISH)
    assert english.keys() == spanish.keys()
    assert {name for name in english if english[name] == spanish[name]} == SAME
    plain = sentences(plain_words("en")), sentences(plain_words("es"))
    assert all(plain[0][name] != plain[1][name] for name in plain[0])


def test_what_is_filled_in_is_the_same_in_both() -> None:
    english, spanish = sentences(ENGLISH), sentences(SPANISH)
    for name in english:
        assert _filled(english[name]) == _filled(spanish[name]), name


def _filled(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_there_is_a_word_for_every_mode_and_every_state() -> None:
    for words in (ENGLISH, SPANISH):
        assert set(words.modes) == set(Mode) and set(words.state) == set(Word)
        assert set(words.channels) == {"command", "webhook"}


def test_every_sentence_speaks_to_the_patient_as_usted_and_promises_nothing() -> None:
    familiar = re.compile(r"\b(tú|tu|tus|ti|te|contigo|puedes|quieres|tienes)\b", re.IGNORECASE)
    for said in (*sentences(SPANISH).values(), *sentences(plain_words("es")).values()):
        assert said.strip() and not familiar.search(said), said
        assert not NEVER.search(said), said
        assert said.count("¿") == said.count("?") and said.count("¡") == said.count("!"), said


@pytest.mark.parametrize(
    ("code", "words"), [("es", SPANISH), ("es-MX", SPANISH), ("en-GB", ENGLISH), ("de", ENGLISH)]
)
def test_a_region_speaks_its_language_and_an_unknown_language_english(
    code: str, words: object
) -> None:
    assert patient_words(code) is words
    assert has_patient_words(code) == (code != "de")
    assert plain_words(code) is plain_words(code[:2])
