"""The code that stands for a patient: seven random digits, the last a check digit.

The check digit is Damm's (H. M. Damm, 2004): it finds every wrong digit and every swap of two
neighbours, which are the slips of a tired hand.
"""

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

DIGITS = 7


def with_check_digit(number: int) -> str:
    """The code for a random `number` below one million."""
    digits = f"{number % 10 ** (DIGITS - 1):0{DIGITS - 1}d}"
    return digits + str(_interim(digits))


def is_code(text: str) -> bool:
    """Whether `text` is a code without a slip of the hand."""
    return len(text) == DIGITS and text.isascii() and text.isdigit() and _interim(text) == 0


def spaced(code: str) -> str:
    """The code as people read it: `417 203 8`."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def _interim(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
