"""Sealing: what only the clinic's key on paper can open (age, X25519).

The public key lies in the tablet's book, the private one nowhere on the tablet. pyrage is loaded
where something is sealed or opened, and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from companion.journal.log import Log
from companion.session.book import STREAM, SealingKeyMade, SealingKeyProved

_STEP = 256
"""Bodies are filled up to a multiple of so many bytes: the length of what is sealed would tell a
10 from a 7, and a yes from a no."""

_PRIVATE = "AGE-SECRET-KEY-"


class BadKey(ValueError):  # noqa: N818 (it is what it says)
    """What was given is no private key; says so in plain words and never repeats it."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """What is sealed to `public` only `private` opens."""

    public: str
    """`age1…`, 62 characters."""
    private: str
    """`AGE-SECRET-KEY-1…`, 74 characters, its own check against slips of the hand in it."""


def new_pair() -> KeyPair:
    """A key pair that nobody has had before."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return KeyPair(str(identity.to_public()), str(identity))


def public_of(private: str) -> str:
    """The public key that belongs to a `private` one as somebody typed it, with spaces and in
    small letters if she likes. Raises `BadKey`."""
    return str(_identity(private).to_public())


def seal(body: str, public: str) -> bytes:
    """`body` so that only the private key to `public` opens it. It ends with no space."""
    import pyrage

    plain = body.encode()
    filled = plain.ljust(-(-len(plain) // _STEP) * _STEP)
    sealed: bytes = pyrage.encrypt(filled, [pyrage.x25519.Recipient.from_str(public)])
    return sealed


def opener(private: str) -> Callable[[bytes], str | None]:
    """What opens that which was sealed to any of the keys in `private`, one a line; lines that
    begin with `#` say nothing. Raises `BadKey` when one is no key, or there is none."""
    import pyrage

    lines = (line.strip() for line in private.splitlines())
    identities = [_identity(line) for line in lines if line and not line.startswith("#")]
    if not identities:
        raise BadKey("There is no key in what was given.")

    def open_sealed(sealed: bytes) -> str | None:
        try:
            return bytes(pyrage.decrypt(sealed, identities)).decode().rstrip(" ")
        except (pyrage.DecryptError, UnicodeDecodeError):
            return None

    return open_sealed


def key_in_use(log: Log) -> str | None:
    """The public key that sessions are sealed to; None: they are not sealed."""
    return _newest(log, SealingKeyProved)


def key_to_prove(log: Log) -> str | None:
    """The newest public key, if nobody has proved yet that she holds its paper."""
    newest = _newest(log, SealingKeyMade)
    return None if newest == key_in_use(log) else newest


def _newest(log: Log, kind: type[SealingKeyMade | SealingKeyProved]) -> str | None:
    """The key of the newest event of `kind`. It is asked for every minute, so that only the
    tablet's book is looked through and not every session."""
    query = """SELECT json_extract(body, '$.key') FROM event
        WHERE stream = ? AND kind = ? ORDER BY seq DESC LIMIT 1"""
    found = log.connection.execute(query, (STREAM, kind.__name__)).fetchone()
    return found[0] if found else None


def _identity(private: str) -> Any:
    from pyrage import IdentityError, x25519

    typed = "".join(private.split()).upper()
    if not typed.startswith(_PRIVATE):
        raise BadKey(f"This is no private key: one begins with {_PRIVATE}1.")
    try:
        return x25519.Identity.from_str(typed)
    except IdentityError:
        raise BadKey("This key has a slip in it: a letter is wrong, missing or too many.") from None
