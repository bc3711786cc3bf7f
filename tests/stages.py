"""A home that stands at any stage of a session: its journal is written beforehand, by the rules
themselves, as if the program had run in it until a moment ago."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from session_given import Session
from short_home import NURSE

from companion.config_loading import load_config
from companion.journal.log import Log, Recorded
from companion.journal.schema import open_journal, read_journal
from companion.library.check import load_library
from companion.library.resolve import plan_for
from companion.moment import Instant, SystemClock
from companion.session import commands as c
from companion.session import events as e
from companion.session.plan import Mode, Plan

STREAM = "0f6d3c1e-5a2b-4c7d-8e9f-a0b1c2d3e4f5"
DN = e.By(NURSE, confirmed=True)


def preparing(plan: Plan) -> Session:
    return Session().do(c.PrepareSession(DN, "Room 2", plan, "4172038"))


def settling(plan: Plan) -> Session:
    prepared = preparing(plan).do(c.AnswerHearing(heard=True), c.ChooseMode(Mode.MUSIC))
    return prepared.do(c.Rate("mood", 6)).wait(minutes=2)


def check_in(plan: Plan) -> Session:
    return settling(plan).do(c.StartInfusion(DN)).wait(minutes=9, seconds=5)


def infusing(plan: Plan) -> Session:
    return check_in(plan).do(c.AnswerCheckIn(comfortable=True)).wait(minutes=3)


def hold(plan: Plan) -> Session:
    return infusing(plan).do(c.StopPump(DN)).wait(minutes=3)


def called(plan: Plan) -> Session:
    return infusing(plan).do(c.Call()).wait(minutes=2)


def recovering(plan: Plan) -> Session:
    return infusing(plan).wait(minutes=52)


def rating(plan: Plan) -> Session:
    return recovering(plan).do(c.OpenRating()).wait(seconds=5)


def farewell(plan: Plan) -> Session:
    return rating(plan).do(c.Rate("mood", 8)).wait(seconds=5)


def standing_at(home: Path, stage: Callable[[Plan], Session]) -> float:
    """Write a session that stands at `stage` now into the journal; its origin, in boot seconds."""
    session = stage(_plan(home))
    now = SystemClock().now()
    origin = now.boot - session.t
    opened = open_journal(home / "journal.db")
    log = Log(opened.connection)
    for seq, event in enumerate(session.events, start=1):
        moment = Instant(now.wall - session.t + event.at, origin + event.at, now.boot_id)
        log.append(STREAM, seq, moment, (event,))
    log.mark_alive(STREAM, now)
    opened.connection.close()
    return origin


def kept(home: Path) -> tuple[Recorded, ...]:
    """Every event of the session, as it lies in the journal now."""
    connection = read_journal(home / "journal.db")
    try:
        return Log(connection).read(STREAM)
    finally:
        connection.close()


def boot_seconds() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _plan(home: Path) -> Plan:
    """The clinic's usual plan, with a check-in that shows for long."""
    config = load_config(home / "config.yaml")
    plan = plan_for(config, load_library(home, config), config.usual)
    lasting = replace(plan.protocol, check_ins=(540.0,), check_in_shown=3600.0)
    return replace(plan, protocol=replace(lasting, look_in_every=1800.0))
