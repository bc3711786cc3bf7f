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
    },
    "es": {
        "falling": r"ca(e([ns]|mos|r\w*)?|ig(o|a[ns]?|amos)|í(a[ns]?|amos|d[ao]s?|mos|ste)?|yó)"
        r"|ca(y[eé]ndo|yer)\w*|desplom\w*|h[uú]nd\w*|abismos?|precipicios?",
        "drowning": r"ah[oó]g\w*|sofo(c|qu)\w*|asfixi\w*|atragant\w*",
        "dying": r"mor(ir\w*|i(mos|ste)|ía[ns]?|tal(es)?)|muer(e[ns]?|o|a[ns]?)|muri(ó|e\w+)"
        r"|muert(es?|[oa]s?)|fallec\w*|funeral(es)?|ataúd(es)?|sepult\w*|cementerios?"
        r"|(las?|unas?|sus?|tus?) tumbas?",
        "locked doors": r"enc(err|ierr|iérr)\w*|atrapa(r|d[oa]s?|n)?|cárcel(es)?|prisi(ón|ones)"
        r"|prisioner[oa]s?|candados?|cerrojos?|(bajo|con) llave",
        "parents": r"madres?|padres?|mam(ás?|ita|i)|pap(ás?|ito|i)|progenitor(as?|es)?",
        "religion": r"dios(es|as?)?|paraíso|infiernos?|rez(a[rns]?|amos|ando|ó|os?)|rece(n|mos)?"
        r"|oraci(ón|ones)|plegarias?|ángel(es)?|almas?|divin[oa]s?|sagrad[oa]s?|sant[oa]s?"
        r"|celestial(es)?",
        "counting down": r"cuentas? (atrás|regresiva)|tres,? dos,? uno|diez,? nueve"
        r"|(cont(ar|ando|[ae]mos|aré|aremos)|cuent[ae]n?) (hacia atrás|al revés)",
        "holding the breath": r"(aguant|cont[eéi]n|contien|ret[eéi]n|retien|sost[eéi]n|sostien)\w*"
        r" (la|su|tu|el) (respiración|aliento|aire)|(deja|deje|dejar) de respirar|sin respirar",
        "a cure": r"cur(a[ns]?|ar\w*|ad[oa]s?|aci(ón|ones)|ando|e[ns]?|ativ[oa]s?)"
        r"|san(ar\w*|aci(ón|ones)|ador\w*|ando|en?)"
        r"|(estará|(se )?(sentirá|pondrá|encontrará|quedará))s? (muy )?(bien|mejor|libre)"
        r"|vas? a (estar|sentir|poner|encontrar|quedar)\w* (muy )?(bien|mejor|libre)",
        "commands": r"(?<!no )(debes?|tienes? que|necesitas?|hay que|vas? a)"
        r" (relaj|solt|rend|entreg|obed)\w+"
        r"|(suelt|suélt|relaj|reláj|rind|rínd|entrég|obede)\w+ (ya|ahora)",
    },
}
"""What guided words leave out, by language: a theme and how it shows."""


def themes(say: str, language: str) -> Iterator[tuple[str, str]]:
    """Every theme that a sentence should leave out, with the words that show it."""
    for theme, pattern in _THEMES.get(language.partition("-")[0], {}).items():
        match = re.search(rf"\b({pattern})\b", say, re.IGNORECASE)
        if match:
            yield theme, match.group(0)
