"""What the sound server says of our stream: where it goes, and what the system does to it.

SDL tells when its device goes away, but neither that a stream was moved to another output nor that
the system's volume is down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at the server."""

    output: str
    """The name of the output that our stream goes to; empty when the server has no stream of
    ours."""
    percent: int
    """The loudest that the system lets pass: 100 is the sound as it is."""
    muted: bool


class Probe(Protocol):
    """Looks from a thread of its own, so that a frozen server holds up nobody."""

    def start(self, tell: Callable[[Seen | None], None]) -> None:
        """Begin. `tell` is called in the probe's thread, whenever a look differs from the one told
        before. None comes only in answer to this or to `look`, and says that nobody can be asked:
        later failures are not told, for a server that hiccups is no reason to fall silent."""
        ...

    def look(self) -> None:
        """The output was opened anew: look soon, and tell even if nothing differs. What was seen
        before this call is not told after it. Returns at once."""
        ...

    def stop(self) -> None:
        """End the thread and whatever it started. Never waits for the server."""
        ...
