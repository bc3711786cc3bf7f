"""Each event is tied to the one before it in its stream by a digest, so that damage shows.

Whoever can write the file can also tie a changed chain anew: that shows only where a head, the
digest of a stream's last event, was written down elsewhere.
"""

import hashlib
import json

from companion.moment import Instant

BEGINNING = ""
"""What stands for the digest before the first event of a stream."""

_SHORT = 12


def digest(
    before: str, stream: str, seq: int, moment: Instant, kind: str, version: int, body: str
) -> str:
    """SHA-256, in hex, of an event and of `before`, the digest of the one before it.

    It is taken of a JSON list without spaces, in UTF-8: `before`, stream, seq, kind, version,
    the moment's wall, boot and boot id, and the public body. What is the patient's own enters by
    its digest in the body alone, so that deleting it leaves the chain whole.
    """
    instant = (float(moment.wall), float(moment.boot), moment.boot_id)
    text = [before, stream, seq, kind, version, *instant, body]
    canonical = json.dumps(text, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def short(head: str) -> str:
    """`head` as a person writes it on paper: its first twelve digits in groups of four."""
    return " ".join(head[n : min(n + 4, _SHORT)] for n in range(0, min(len(head), _SHORT), 4))
