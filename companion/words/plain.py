"""What the plain screen says, where the real one cannot run."""

from companion.processes.plain import PlainWords
from companion.session.plan import same_language

_ENGLISH = PlainWords(
    press="To call your nurse, touch anywhere or press any key.",
    mended="The screen is being mended. The clinic's bell works.",
    call="CALL",
    showing="Your call is showing. If nobody comes, use the bell or call out.",
)
_SPANISH = PlainWords(
    press="Para llamar a enfermería, toque la pantalla o pulse cualquier tecla.",
    mended="La pantalla se está reparando. El timbre de la clínica funciona.",
    call="LLAMADA",
    showing="Su llamada está en pantalla. Si no viene nadie, use el timbre o llame en voz alta.",
)


def plain_words(language: str) -> PlainWords:
    """The sentences in `language` (a code such as `en` or `es-MX`), or in English."""
    return _SPANISH if same_language(language, "es") else _ENGLISH
