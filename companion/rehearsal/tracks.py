"""Which track plays when in a rehearsed session, by its schedule alone."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from companion.rehearsal.rehearse import Rehearsal
from companion.session.plan import Track
from companion.session.wanted import Music, Wanted
from companion.sound.schedule import Slot, schedule


@dataclass(frozen=True, slots=True)
class Playing:
    """One playing of one track. Moments are session seconds."""

    track: Track
    begins: float
    fades_in: float
    """Seconds in which it comes in over the one before, or out of silence."""
    ends: float
    """When it is gone."""
    fades_out: float = 0.0
    """Seconds in which the next one comes in over it."""


def playings(rehearsal: Rehearsal) -> tuple[Playing, ...]:
    """Every playing in the order of their beginnings; no file is opened for it."""
    changes = [next(group) for _, group in itertools.groupby(rehearsal.orders, key=_music)]
    bounds = [*(at for at, _ in changes[1:]), rehearsal.seconds]
    found: list[Playing] = []
    for (at, wanted), until in zip(changes, bounds, strict=True):
        music = wanted.music
        if music is not None and at < until:
            found += _section(music, at, until, music.crossfade if found else wanted.fade)
    ended = [replace(one, ends=min(one.ends, rehearsal.seconds)) for one in found]
    return tuple(itertools.starmap(_over, itertools.zip_longest(ended, ended[1:])))


def _music(order: tuple[float, Wanted]) -> Music | None:
    return order[1].music


def _section(music: Music, at: float, until: float, fades_in: float) -> Iterator[Playing]:
    """The playings of a section that begins at `at` and gives way to the next at `until`."""
    plan = schedule(music)
    slot: Slot | None = plan.at(at)
    while slot is not None and slot.begins < until:
        first = slot.begins <= at
        ends = min(slot.ends, until + music.crossfade)
        yield Playing(slot.track, max(slot.begins, at), fades_in if first else slot.overlap, ends)
        slot = plan.after(slot)


def _over(playing: Playing, following: Playing | None) -> Playing:
    """`playing` as it gives way to the one after it."""
    if following is None:
        return playing
    ends = min(playing.ends, following.begins + following.fades_in)
    return replace(playing, ends=ends, fades_out=max(0.0, ends - following.begins))
