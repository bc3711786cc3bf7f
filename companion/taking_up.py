"""A session that is still open is taken up again after a start."""

from collections.abc import Sequence

from companion.conductor import Conductor
from companion.moment import Instant
from companion.session.state import Stage, replay
from companion.stream import Record


async def take_up(
    conductor: Conductor, stream: str, records: Sequence[Record], alive: Instant | None
) -> None:
    """Resume the newest session, if it is still open."""
    state = replay(record.event for record in records)
    if state is not None and state.stage is not Stage.READY:
        await conductor.resume(stream, records, alive)
