"""One change of the journal: it happens whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol


class Connection(Protocol):
    """All that the journal asks of a connection to SQLite, whoever made it."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Any: ...
    def close(self) -> None: ...
    def serialize(self) -> bytes: ...


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit what the block does, or roll it back when anything in it raises.

    A fault may also keep a rollback from happening. The next transaction then fails to begin,
    clears what was left open, and the one after it succeeds.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(Exception):  # SQLite may have rolled back by itself: then none is open
            connection.execute("ROLLBACK")
        raise
