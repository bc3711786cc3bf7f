"""The staff's hands on the stage: a small clinic, its tiles, its PINs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from staff_home import clinic
from ui_stage import MK, PIN, USUAL, Stage, on_stage, plan

from companion.access import Unlocked
from companion.session import book
from companion.session.book import Role
from companion.session.view import Place
from companion.ui.place import GUARD
from companion.ui.screens.nurse import NurseScreen
from companion.words import record_words, staff_words

WORDS = staff_words("en")
RECORD = record_words("en")
HEEDED = GUARD + 0.1
"""Seconds after which a touch counts on a screen that has just appeared."""

LEAD = Unlocked(MK, Role.LEAD)


@asynccontextmanager
async def clinic_stage(
    home: Path,
    size: tuple[int, int] = USUAL,
    names: tuple[str, ...] = ("MK", "JS", "AR"),
    *,
    accepted: bool = True,
) -> AsyncIterator[Stage]:
    async with on_stage(clinic(home), size, names, accepted=accepted) as stage:
        await stage.desk.load()
        stage.app.tick()
        await stage.settle()
        stage.clock.advance(HEEDED)
        yield stage


async def tap(stage: Stage, *labels: str) -> int:
    """Touch tiles one after the other, each once its screen has stood for a while."""
    for label in labels:
        stage.clock.advance(HEEDED)
        await stage.touch(label)
    return len(labels)


async def enter(stage: Stage, digits: str = PIN) -> int:
    """Touch the digits of a PIN, and wait for what comes of it."""
    before, screen = len(stage.keeping.kept), stage.app.screen
    touches = await tap(stage, *digits)
    await stage.until(lambda: stage.app.screen is not screen or _decided(stage, before))
    await stage.settle()
    stage.clock.advance(HEEDED)
    return touches


def _decided(stage: Stage, before: int) -> bool:
    kinds = {type(event) for _, event in stage.keeping.kept[before:]}
    return bool(kinds & {book.PinRefused, book.PinAccepted})


async def in_nurse_view(stage: Stage, place: Place = Place.SESSION) -> None:
    await stage.go_to(place, replace(plan(), notes=("nausea", "toilet")))
    await nurse_view(stage)


async def nurse_view(stage: Stage, unlocked: Unlocked = LEAD) -> None:
    stage.app.open_staff(NurseScreen(unlocked))
    await stage.settle()
    stage.clock.advance(HEEDED)
