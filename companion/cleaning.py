"""Text from files and people, cleaned once, at the border."""

import unicodedata

_JOINER = "\u200d"


def clean(text: str, limit: int = 200) -> str:
    """`text` as one line of at most `limit` characters that a terminal only shows and never obeys.

    Control, format and unassigned characters become spaces, so nothing can move the cursor, turn
    the reading direction or hide; composed letters are brought to one form (NFC). The zero-width
    joiner stays: some scripts cannot be written without it. Markup such as `[b]` stays too, for
    it is only text: a widget must be told to read none.
    """
    composed = unicodedata.normalize("NFC", text[: limit * 4])
    shown = "".join(character if _visible(character) else " " for character in composed)
    return shown[:limit].strip()


def _visible(character: str) -> bool:
    if character == _JOINER:
        return True
    return character.isprintable() and unicodedata.category(character) != "Cf"
