"""Bytes that a terminal could send and bytes that none would: chunks, drawn from a seed."""

from collections.abc import Iterator
from random import Random

from test_driver import RAW

_NUMBERS = (b"0", b"-1", b"1", b"255", b"65535", b"1114112", b"4294967296", b"9" * 40)
_VALID = (
    b"\x1b[<0;{};{}M\x1b[<0;{};{}m",
    b"\x1b[<35;{};{}M",
    b"\x1b[<64;{};{}M",
    b"\x1b[<{};40;12M",
    b"\x1b[{};{}u",
    b"\x1b[97;{};{}u",
    b"\x1b[{}~",
    b"\x1b[1;{}A",
    b"\x1b[48;{};{};1;1t",
    b"\x1b[{};{}R",
    b"\x1b[?{};{}$y",
    b"\x1b[200~{}\x1b[201~",
    b"\x1bO{}",
    b"\x1b]0;{}\x07",
    b"\x1bP{}\x1b\\",
    b"\x1b[M {}",
    b"abcdefgh",
    b"\r\r\t\x7f\x1b",
    b"0123456789",
    "\u00e9\u4e2d\U0001f600".encode(),
)
"""What one may send, with `{}` where a number stands."""


def chunks(seed: int) -> Iterator[bytes]:
    """Without end; the same for the same seed."""
    chance = Random(seed)
    while True:
        chunk = b"".join(_sequence(chance) for _ in range(chance.randint(1, 6)))
        for _ in range(chance.choice((0, 0, 1, 1, 2, 5))):
            chunk = _mutated(chunk, chance)
        yield chunk


def _sequence(chance: Random) -> bytes:
    if chance.random() < 0.3:
        return chance.choice(tuple(RAW.values()))
    sequence = chance.choice(_VALID)
    while b"{}" in sequence:
        number = b"%d" % chance.randint(1, 90)
        sequence = sequence.replace(b"{}", chance.choice((number, number, *_NUMBERS)), 1)
    return sequence


def _mutated(chunk: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(chunk) + 1)
    some = chance.randint(1, 8)
    match chance.randrange(6):
        case 0:
            return chunk[:at] + chance.randbytes(some) + chunk[at:]
        case 1:
            return chunk[:at] + chunk[at + some :]
        case 2:
            return chunk[:at] + chunk[at : at + some] * chance.randint(2, 40) + chunk[at:]
        case 3:
            return chunk[:at]
        case 4:
            return chunk[:at] + bytes(byte ^ 1 << chance.randrange(8) for byte in chunk[at:])
        case _:
            return chunk[:at] + chance.choice((b"\x1b", b"\x1b[", b"\xff", b"\x00")) + chunk[at:]
