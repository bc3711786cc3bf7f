"""How fast a guided part is, and what its words should leave out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from companion.session.plan import Cue

SPEAKING = 100.0
"""Words a minute while speaking, where no recording says otherwise."""
CALM = (40.0, 60.0)
"""Words a minute over all, pauses included, that a part keeps to."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The figures of one part; lengths in seconds, rates in words a minute."""

    words: int
    seconds: float
    overall: float
    speaking: float
    longest_pause: float


def words_in(say: str) -> int:
    """How many words are spoken."""
    return len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", say))


def speaking_time(say: str) -> float:
    """Seconds that speaking takes at 100 words a minute."""
    return round(words_in(say) * 60.0 / SPEAKING, 2)


def length(cues: Iterable[Cue]) -> float:
    """Seconds from the first word to the last, the quiet after the last one left out."""
    cues = tuple(cues)
    return sum(cue.seconds + cue.pause for cue in cues) - cues[-1].pause if cues else 0.0


def pace(cues: tuple[Cue, ...]) -> Pace:
    """The figures of a part that has at least one cue."""
    words = sum(words_in(cue.say) for cue in cues)
    speaking = sum(cue.seconds for cue in cues)
    whole = length(cues)
    return Pace(
        words=words,
        seconds=whole,
        overall=words * 60 / whole if whole else 0.0,
        speaking=words * 60 / speaking if speaking else 0.0,
        longest_pause=max(cue.pause for cue in cues),
    )


_THEMES = {
    "en": {
        "falling": r"fall(s|en|ing)?|fell|plung\w*|sink(s|ing)?|dropp?ing",
        "drowning": r"drown\w*|suffocat\w*|chok(e|es|ed|ing)",
        "dying": r"die[sd]?|dying|death|dead|graves?|funeral",
        "locked doors": r"lock(s|ed|ing)?|trapped|prison",
        "parents": r"mothers?|fathers?|mum(my)?|mom(my)?|dad(dy)?|parents?",
        "religion": r"gods?|heaven\w*|hell|pray\w*|angels?|souls?|divine|sacred|holy",
        "counting down": r"count(ing)? (down|back\w*)|three,? two,? one|ten,? nine",
        "holding the breath": r"(hold|holds|holding|hold in) (your|the|a) breath",
        "a cure": r"cur(e|es|ed|ing)|heal(s|ed|ing)?|you will (be|get|feel) (well|better|free)",
        "commands": r"you (must|have to|need to|will) (relax|let go|surrender|obey)|let go now",
    }
}
"""What guided words leave out, by language: a theme and how it shows."""


def themes(say: str, language: str) -> Iterator[tuple[str, str]]:
    """Every theme that a sentence should leave out, with the words that show it."""
    for theme, pattern in _THEMES.get(language.split("-", maxsplit=1)[0], {}).items():
        match = re.search(rf"\b({pattern})\b", say, re.IGNORECASE)
        if match:
            yield theme, match.group(0)
