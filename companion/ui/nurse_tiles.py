"""What a nurse is offered now: the first layer of six, and what lies behind *More*."""

from collections.abc import Iterator
from enum import StrEnum

from companion.session import commands as c
from companion.session.events import By
from companion.session.state import Stage
from companion.session.view import Offer, View
from companion.ui.output_name import output_name
from companion.ui.widgets.pages import Choice
from companion.words.staff import StaffWords

_NARROWEST = 11
"""Columns of the words on a tile of the first layer, on the smallest screen."""


class Door(StrEnum):
    """A tile that leads to another screen instead of doing something."""

    START = "start"
    NOTE = "note"
    PATIENT = "patient"
    END_INFUSION = "end infusion"
    ANCHOR = "anchor"
    MUSIC = "music"
    VOICE = "voice"
    MODE = "mode"
    WIPE = "wipe"
    ELAPSED = "elapsed"


def first_layer(view: View, by: By, words: StaffWords) -> tuple[Choice | None, ...]:
    """The six tiles, each always in its place; None where there is nothing to do now."""
    soft = (words.normal, c.Unsoften(by)) if view.soft else (words.softer, c.Soften(by))
    return (
        _looking(view, by, words),
        _pump(view, by, words),
        _goes_on_here(view, by, words) or _switch(view, by, words),
        Choice(*soft),
        Choice(words.note, Door.NOTE) if view.notes else None,
        Choice(words.back_to_patient, Door.PATIENT),
    )


def _looking(view: View, by: By, words: StaffWords) -> Choice | None:
    if Offer.GO_ON in view.offers:
        return Choice(words.go_on, c.GoOn(by))
    if Offer.LOOK_IN in view.offers:
        return Choice(words.looked_in, c.LookIn(by), _next_look(view, words))
    return Choice(words.start, Door.START) if Offer.START in view.offers else None


def _pump(view: View, by: By, words: StaffWords) -> Choice | None:
    if Offer.GO_ON in view.offers and Offer.RECOVERY in view.offers:
        return Choice(words.go_to_recovery, c.GoToRecovery(by))
    if Offer.RUN_PUMP in view.offers:
        return Choice(words.run_pump, c.RunPump(by))
    return Choice(words.stop_pump, c.StopPump(by)) if Offer.STOP_PUMP in view.offers else None


def _goes_on_here(view: View, by: By, words: StaffWords) -> Choice | None:
    """Where the sound moved, nothing is heard: to let it go on stands where it is switched off."""
    if Offer.ALLOW_OUTPUT not in view.offers or view.moved_to is None:
        return None
    where = output_name(view.moved_to, _NARROWEST)
    return Choice(words.allow_output, c.AllowOutput(view.moved_to, by), where, chosen=True)


def _switch(view: View, by: By, words: StaffWords) -> Choice:
    sound = words.sound_off if view.sound_on else words.sound_on
    return Choice(sound, c.SwitchSound(not view.sound_on, by))


def _next_look(view: View, words: StaffWords) -> str:
    if view.look_in is None:
        return ""
    return words.in_minutes.format(minutes=view.look_in) if view.look_in > 0 else words.due_now


def more_layer(view: View, by: By, words: StaffWords) -> Iterator[Choice]:
    """What else can be done now, the likeliest first."""
    if Offer.CONFIRM_ELAPSED in view.offers:
        yield Choice(words.confirm_elapsed, Door.ELAPSED)
    yield from _programme(view, by, words)
    yield from _sound(view, by, words)
    if view.nurse != by.who:
        yield Choice(words.take_over, c.TakeOver(by))
    if Offer.RECOVERY in view.offers:
        yield Choice(words.go_to_recovery, c.GoToRecovery(by))
    if Offer.RATE in view.offers:
        yield Choice(words.open_rating, c.OpenRating(by))
    yield Choice(words.wipe, Door.WIPE)


def _programme(view: View, by: By, words: StaffWords) -> Iterator[Choice]:
    if Offer.NEXT_PHASE in view.offers and view.next_phase is not None:
        yield Choice(words.next_phase, c.NextPhase(by), words.phases[view.next_phase])
    if Offer.RETURN in view.offers:
        yield Choice(words.go_to_return, c.GoToReturn(by))
    if Offer.PEAK in view.offers:
        yield Choice(words.peak_longer, c.ChangePeak(True, by))
        yield Choice(words.peak_shorter, c.ChangePeak(False, by))
    if Offer.END_INFUSION in view.offers:
        ended = view.infusion_ended
        told = "" if ended is None else words.minutes_ago.format(minutes=ended)
        yield Choice(words.end_infusion, Door.END_INFUSION, told)


def _sound(view: View, by: By, words: StaffWords) -> Iterator[Choice]:
    if Offer.ALLOW_OUTPUT in view.offers:
        yield _switch(view, by, words)
    yield Choice(words.quieter, c.Quieter(by))
    yield Choice(words.louder, c.Louder(by))
    if Offer.ANCHOR in view.offers:
        yield Choice(words.anchor, Door.ANCHOR)
    if view.stage is not Stage.CLOSED:
        yield Choice(words.change_music, Door.MUSIC, view.playlist)
        yield Choice(words.change_voice, Door.VOICE, view.script or words.no_voice)
    if Offer.MODE in view.offers and view.mode is not None:
        yield Choice(words.change_mode, Door.MODE, words.modes[view.mode])
