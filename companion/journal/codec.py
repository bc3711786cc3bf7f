"""Events as text and back. What is the patient's own is parted from the rest.

The public body carries a digest of the private one. The private body carries a random salt, so
that an answer between 0 and 10 cannot be found by trying all eleven. After the private body is
deleted its fields read as None and the rest stays as it was.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import msgspec

from companion.session import book, events

VERSION = 1
"""The version of every kind that is written. A change that only adds fields does not raise it."""

_DIGEST = "private_digest"
_SALT = "salt"


class UnknownKind(Exception):  # noqa: N818 (it is what it says)
    """An event of a kind or version that this program does not know."""

    def __init__(self, kind: str, version: int = VERSION) -> None:
        super().__init__(f"unknown kind of event: {kind}, version {version}")


class Unreadable(Exception):  # noqa: N818 (it is what it says)
    """An event of a known kind whose content does not fit it. Never names the content."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"the content of an event of the kind {kind} cannot be read")


@dataclass(frozen=True, slots=True)
class Written:
    """One event as text. `private` is None for a kind without anything private, or if deleted."""

    kind: str
    version: int
    body: str
    private: str | None


class Codec:
    """Writes and reads the events of `kinds`, dataclasses by the name that the journal keeps."""

    def __init__(self, kinds: Mapping[str, type[Any]]) -> None:
        self._kinds = kinds
        self._private = {
            kind: frozenset(f.name for f in fields(of) if f.metadata.get("private"))
            for kind, of in kinds.items()
        }

    def private_fields(self, kind: str) -> frozenset[str]:
        """The fields of `kind` that are the patient's own."""
        return self._private.get(kind, frozenset())

    def write(self, event: Any) -> Written:
        """`event` as text; what comes back can be read again.

        Raises `UnknownKind`, and `Unreadable` for content that would not survive.
        """
        kind = type(event).__name__
        if self._kinds.get(kind) is not type(event):
            raise UnknownKind(kind)
        public = msgspec.to_builtins(event)
        private = None
        if names := self._private[kind]:
            own = {name: public.pop(name) for name in sorted(names)}
            private = _text({**own, _SALT: secrets.token_hex(16)})
            public[_DIGEST] = digest(private)
        written = Written(kind, VERSION, _text(public), private)
        self.read(written)
        return written

    def read(self, written: Written) -> Any:
        """The event as it was, without what has been deleted.

        Raises `UnknownKind`, and `Unreadable` for content that does not fit, or for a private
        body that is not the one whose digest the event holds.
        """
        kind = self._kinds.get(written.kind)
        if kind is None or written.version != VERSION:
            raise UnknownKind(written.kind, written.version)
        try:
            content = msgspec.json.decode(written.body)
            kept = content.pop(_DIGEST, None)
            if written.private is not None:
                if digest(written.private) != kept:
                    raise Unreadable(written.kind)
                content |= msgspec.json.decode(written.private)
            return msgspec.convert(content, kind)
        except (msgspec.MsgspecError, AttributeError, TypeError) as error:
            raise Unreadable(written.kind) from error


def digest(private: str) -> str:
    """SHA-256 of a private body, hexadecimal."""
    return hashlib.sha256(private.encode()).hexdigest()


def _text(content: Any) -> str:
    return msgspec.json.encode(content).decode()


CODEC = Codec({**events.KINDS, **book.KINDS})
"""For everything that the journal keeps."""
