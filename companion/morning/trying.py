"""Each channel of a call tried for real, with a message that says it is a test."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from companion.calling import Channel, Unsent
from companion.morning.facts import Reached


async def try_channels(
    channels: Sequence[Channel], room: str, at: datetime, reaches: Mapping[str, str]
) -> tuple[Reached, ...]:
    """Try all of them at once; `reaches` names whom each reaches."""

    async def one(channel: Channel) -> Reached:
        whom = reaches.get(channel.name, channel.name)
        try:
            await channel.send(room, at, test=True)
        except Unsent as error:
            return Reached(channel.name, whom, str(error))
        return Reached(channel.name, whom, None)

    return tuple(await asyncio.gather(*(one(channel) for channel in channels)))
