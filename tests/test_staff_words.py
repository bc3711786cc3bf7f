"""Every sentence that the screens of staff look up by a value is there."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from string import Formatter

import pytest

from companion.access import Refusal
from companion.calibration import calibration
from companion.review import review
from companion.review.told import Stands
from companion.session import events as e
from companion.session.book import Kind, Role
from companion.session.decide import Why
from companion.session.plan import Mode, Phase
from companion.session.told import TOLD
from companion.session.view import Word
from companion.ui.told import told
from companion.words import staff_words

WORDS = staff_words("en")
MK = e.By("MK", confirmed=True)


@pytest.mark.parametrize(
    ("catalogue", "values"),
    [
        (WORDS.refused, Why),
        (WORDS.staff_refused, Refusal),
        (WORDS.calibration.reading_refused, calibration.Refusal),
        (WORDS.words, Word),
        (WORDS.phases, Phase),
        (WORDS.modes, Mode),
        (WORDS.roles, Role),
        (WORDS.kinds, Kind),
        (WORDS.review.refused, review.Refusal),
        (WORDS.review.stands, Stands),
    ],
)
def test_there_is_a_sentence_for_every_value(catalogue: dict[str, str], values: type) -> None:
    assert set(catalogue) == {str(value) for value in values}


def test_every_kind_that_is_told_of_has_its_words() -> None:
    kinds = {sentence.split()[0] for sentence in WORDS.told}
    assert kinds == {kind.__name__ for kind in TOLD}


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (e.LookedIn(at=0, by=MK), "nurse looked in (MK)"),
        (e.CheckInAnswered(at=0, comfortable=True), "asked the patient: comfortable"),
        (e.CheckInAnswered(at=0, comfortable=False), "asked the patient: not so comfortable"),
        (e.CheckInAnswered(at=0, comfortable=None), "asked the patient: answered"),
        (e.PeakChanged(at=0, seconds=-300, by=MK), "peak 5 min shorter (MK)"),
        (e.PhaseAdvanced(at=0, to=Phase.RETURN, by=MK), "went on to the return (MK)"),
        (e.SoundSwitched(at=0, on=False), "sound off"),
        (e.ScriptChanged(at=0, script=None, by=MK), "voice: no voice (MK)"),
        (e.Noted(at=0, note="{odd} note", by=MK), "{odd} note (MK)"),
        (
            e.OutputMoved(at=0, output="Built-in Audio · Speaker"),
            "sound moved to Built-in Audio · Speaker, silent there",
        ),
        (e.OutputAllowed(at=0, output="HDMI", by=MK), "sound goes on at HDMI (MK)"),
        (e.SystemVolumeChanged(at=0, percent=70), "the tablet's volume is 70 %"),
        (e.Resumed(at=0, gap=540, exact=True, waiting=False), "back after 9 min"),
    ],
)
def test_an_event_is_told_in_a_few_words(event: e.Event, line: str) -> None:
    assert told(event, WORDS) == line


def sentences_of(words: object) -> Iterator[str]:
    """Every sentence of a catalogue, those of its rooms included."""
    match words:
        case str():
            yield words
        case Mapping():
            yield from words.values()
        case _:
            for field in fields(words):  # type: ignore[arg-type]
                yield from sentences_of(getattr(words, field.name))


def test_no_sentence_is_empty_and_none_says_what_this_is_not() -> None:
    sentences = list(sentences_of(WORDS))
    assert WORDS.library.hear in sentences
    for sentence in sentences:
        assert sentence
        list(Formatter().parse(sentence))
        for word in ("monitor", "alarm", "treats", "safe"):
            assert word not in sentence.lower()
