"""What follows from the facts: one finding a subject, with what to do. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from companion.calibration.calibration import Known
from companion.fitness import LOW_DISK
from companion.morning.facts import Content, Facts, Heard, Reached, Seen, Timing
from companion.session.deciding.power import LOW
from companion.words.check import Said

_FIRST_YEAR = 2025
"""A clock that shows an earlier one was never set."""
_MOVED = 120.0
"""Seconds by which a clock may be corrected without a word."""
_COLUMNS, _ROWS, _COLOURS = 64, 20, 256
_MIB = 2**20


class State(StrEnum):
    """How a subject stands, the worst first."""

    WRONG = "wrong"
    """It must be mended before a session."""
    LOOK = "look"
    """Somebody should look at it."""
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Finding:
    """One subject: its name, how it stands, a plain sentence, and what to do (empty: nothing)."""

    name: str
    state: State
    told: str
    todo: str = ""


_Found = tuple[str, State, str, dict[str, object]]
"""Name, state, the sentence's key, and what fills it in."""


def findings(facts: Facts, words: Mapping[str, Said]) -> tuple[Finding, ...]:
    """Everything that was found, what is wrong first."""
    order = list(State)
    found = [
        Finding(
            name,
            state,
            words[key].told.format_map(filled),
            words[key].todo.format_map(filled),
        )
        for name, state, key, filled in _found(facts)
    ]
    return tuple(sorted(found, key=lambda finding: order.index(finding.state)))


def _found(facts: Facts) -> Iterator[_Found]:
    yield from _sound(facts.sound)
    yield from _saving(facts)
    yield _clock(facts.timing)
    yield _battery(facts)
    if facts.terminal is not None:
        yield from _terminal(facts.terminal)
    yield from _files(facts)
    if facts.content is not None:
        yield from _content(facts.content)
    yield from _call(facts.channels)
    yield _encryption(facts.encrypted)
    dumped = (State.LOOK, "dumps on") if facts.dumps else (State.WELL, "dumps off")
    yield "core dumps", *dumped, {}
    told = ", ".join(f"{name} {version}" for name, version in facts.versions)
    yield "versions", State.WELL, "versions", {"versions": told}


def _sound(sound: Heard | None) -> Iterator[_Found]:
    if sound is None:
        yield "sound", State.WELL, "sound elsewhere", {}
        return
    filled: dict[str, object] = {"output": sound.output, "why": sound.lost}
    if sound.lost is not None:
        yield "sound", State.WRONG, "sound lost", filled
        return
    if sound.muted:
        yield "sound", State.WRONG, "sound muted", filled
    elif sound.tone is False:
        yield "sound", State.WRONG, "sound unheard", filled
    elif sound.tone is None:
        yield "sound", State.LOOK, "sound unasked", filled
    else:
        yield "sound", State.WELL, "sound heard", filled
    match sound.calibrated:
        case Known.CALIBRATED:
            yield "calibration", State.WELL, "calibrated", filled
        case Known.OTHER_VOLUME:
            yield "calibration", State.LOOK, "other volume", filled
        case _:
            yield "calibration", State.LOOK, "not calibrated", filled


def _saving(facts: Facts) -> Iterator[_Found]:
    if facts.unwritten is None:
        yield "disk", State.WELL, "disk writes", {}
    else:
        yield "disk", State.WRONG, "disk fails", {"why": facts.unwritten}
    if facts.saved is not None:
        state = State.WELL if facts.saved else State.WRONG
        yield "journal", state, "journal saves" if facts.saved else "journal fails", {}
    low = facts.free < LOW_DISK
    space = (State.LOOK, "space low") if low else (State.WELL, "space")
    yield "space", *space, {"free": facts.free // _MIB, "needed": LOW_DISK // _MIB}


def _clock(timing: Timing) -> _Found:
    moved = timing.moved or 0.0
    filled: dict[str, object] = {"shown": timing.shown, "minutes": round(abs(moved) / 60)}
    if timing.year < _FIRST_YEAR:
        return "clock", State.WRONG, "clock never set", filled
    if moved <= -_MOVED:
        return "clock", State.LOOK, "clock went back", filled
    if moved >= _MOVED:
        return "clock", State.LOOK, "clock went on", filled
    if timing.synchronised:
        return "clock", State.WELL, "clock synchronised", filled
    if timing.synchronised is None:
        return "clock", State.WELL, "clock", filled
    return "clock", State.LOOK, "clock alone", filled


def _battery(facts: Facts) -> _Found:
    power = facts.power
    filled: dict[str, object] = {"percent": power.percent}
    if power.percent is None:
        return "battery", State.WELL, "mains alone", filled
    if power.on_mains:
        return "battery", State.WELL, "battery on mains", filled
    if power.percent < LOW:
        return "battery", State.WRONG, "battery low", filled
    return "battery", State.LOOK if power.low else State.WELL, "battery", filled


def _terminal(seen: Seen) -> Iterator[_Found]:
    filled: dict[str, object] = {
        "columns": seen.columns,
        "rows": seen.rows,
        "colours": seen.colours,
    }
    small = seen.columns < _COLUMNS or seen.rows < _ROWS
    size = (State.WRONG, "terminal small") if small else (State.WELL, "terminal")
    yield "terminal", *size, filled
    few = seen.colours < _COLOURS
    yield "colours", *((State.LOOK, "few colours") if few else (State.WELL, "colours")), filled
    if seen.touched is not None:
        felt = (State.WELL, "touch") if seen.touched else (State.LOOK, "no touch")
        yield "touch", *felt, filled


def _files(facts: Facts) -> Iterator[_Found]:
    for state, key, names in (
        (State.WRONG, "foreign files", facts.foreign_files),
        (State.LOOK, "open files", facts.open_files),
    ):
        if names:
            yield "files", state, key, {"files": ", ".join(names)}
    if not facts.foreign_files and not facts.open_files:
        yield "files", State.WELL, "private files", {}


def _content(content: Content) -> Iterator[_Found]:
    filled: dict[str, object] = {
        "problems": content.problems,
        "playlists": content.playlists,
        "scripts": content.scripts,
        "waiting": content.waiting,
        "broken": content.broken,
    }
    if content.broken is not None:
        yield "settings", State.LOOK, "last good settings", filled
    if content.problems:
        yield "content", State.LOOK, "content problems", filled
    if content.playlists == 0:
        yield "music", State.LOOK, "no music", filled
    elif content.playlists:
        yield "music", State.WELL, "music", filled
    if content.waiting:
        yield "review", State.LOOK, "waits to be read", filled


def _call(channels: tuple[Reached, ...] | None) -> Iterator[_Found]:
    if channels is None:
        yield "call", State.LOOK, "call unread", {}
        return
    if not channels:
        yield "call", State.WELL, "call here", {}
    for one in channels:
        filled: dict[str, object] = {"reaches": one.reaches, "why": one.why}
        state = State.WELL if one.why is None else State.WRONG
        yield (
            f"call by {one.channel}",
            state,
            "call went" if one.why is None else "call lost",
            filled,
        )


def _encryption(encrypted: bool | None) -> _Found:
    if encrypted is None:
        return "encryption", State.LOOK, "encryption unknown", {}
    if encrypted:
        return "encryption", State.WELL, "encrypted", {}
    return "encryption", State.LOOK, "not encrypted", {}
