"""What the plain screen says, where the real one cannot run."""

from companion.plain import PlainWords

ENGLISH_PLAIN = PlainWords(
    press="To call your nurse, touch anywhere or press any key.",
    mended="The screen is being mended. The clinic's bell works.",
    call="CALL",
    showing="Your call is showing. If nobody comes, use the bell or call out.",
)
