"""Everything that can be looked at from a desk, gathered in threads so that no screen waits."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from companion.calling import Channel
from companion.curating import audition
from companion.desk import Desk
from companion.fitness import free, power
from companion.moment import Instant
from companion.morning import facts, system
from companion.morning.trying import try_channels
from companion.session.plan import Phase, Track
from companion.session.wanted import Wanted

if TYPE_CHECKING:
    from companion.config import Config

_TONE = Track("A soft tone", soundscape="warm-pads")
_LEVEL = -24.0
"""dB: quieter than any session begins."""


@dataclass(frozen=True, slots=True)
class Tone:
    """The soft tone of a check, playing since session second `began`."""

    output: str
    began: float

    def heard(self, t: float) -> Wanted:
        """It plays, faded in; asked for at `t`."""
        return audition.heard(self._alone(), self.output, _LEVEL, t, t + audition.LASTS)

    def silence(self, t: float) -> Wanted:
        """It goes."""
        return audition.silence(self._alone(), _LEVEL, t)

    def _alone(self) -> audition.Alone:
        return audition.Alone(_TONE, Phase.SETTLE, self.began)


async def look_round(
    home: Path,
    config: "Config | None",
    channels: Sequence[Channel],
    seen: facts.Seen | None,
    now: Instant,
    last: Instant | None,
) -> facts.Facts:
    """What the system tells, and what becomes of a test by each of `channels`. Nothing yet of
    sound, record and content."""
    tried = None
    if config is not None:
        at = datetime.fromtimestamp(now.wall).astimezone()
        tried = await try_channels(channels, config.room, at, config.calls.named)
    open_files, foreign = await asyncio.to_thread(system.exposed, home)
    return facts.Facts(
        sound=None,
        unwritten=await asyncio.to_thread(system.why_unwritten, home),
        saved=None,
        free=free(home),
        timing=system.timing(now, last),
        power=power(),
        terminal=seen,
        open_files=open_files,
        foreign_files=foreign,
        content=None,
        channels=tried,
        encrypted=await asyncio.to_thread(system.encrypted, home),
        dumps=system.dumps(),
        versions=await asyncio.to_thread(system.versions),
    )


async def look_from_desk(
    desk: Desk, channels: Sequence[Channel], seen: facts.Seen | None, now: Instant
) -> facts.Facts:
    """All of it, a real commit to the journal included. Whether the tone was heard is still to be
    said."""
    config = None if desk.content is None else desk.content.config
    system_told = await look_round(desk.home, config, channels, seen, now, desk.last_before)
    await desk.try_saving()
    return replace(
        system_told,
        sound=facts.Heard(desk.sound_lost, desk.output, desk.muted, desk.calibrated, None),
        saved=desk.saved,
        content=_content(desk),
    )


def _content(desk: Desk) -> facts.Content:
    if desk.content is None:
        return facts.Content(len(desk.problems), None, None, 0)
    library = desk.content.library
    return facts.Content(
        problems=len(desk.problems),
        playlists=len(library.playlists),
        scripts=len(library.scripts),
        waiting=len(desk.review.waiting),
        broken=None if desk.content.broken is None else desk.content.broken.place,
    )
