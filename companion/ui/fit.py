"""Whether the tablet is fit for a session, in one plain line."""

import time

from companion.calibration.calibration import Known
from companion.desk import Desk
from companion.fitness import Fitness
from companion.problems import Problem
from companion.session.book import FileSetAside
from companion.ui.output_name import output_name
from companion.words.staff import StaffWords

_OUTPUT = 18
"""Columns for the name of an output."""
_AS_IT_IS = 100
"""Per cent of a volume that passes the sound on as it is."""


def fitness_told(desk: Desk, words: StaffWords) -> str:
    """What is wrong first, under a word of warning; then what is well."""
    wrong, well = _clauses(desk.fitness(), words, words.sound_not_calibrated)
    content = desk.content
    if any(person.opened for person in desk.staff):
        wrong.append(words.emergency_pin_used)
    if (loss := desk.record_loss) is not None:
        wrong.append(_loss_told(loss.told, words))
    if content is not None and content.broken is not None:
        wrong.append(last_good_told(content.broken, words))
    elif desk.problems:
        count = len(desk.problems)
        several = words.many_problems.format(count=count)
        wrong.append(words.one_problem if count == 1 else several)
    if desk.flaw is not None:
        wrong.append(words.record_not_whole)
    if content is not None and not content.library.playlists:
        wrong.append(words.only_silence)
    if desk.review.waiting:
        well.append(words.waits_to_be_read.format(count=len(desk.review.waiting)))
    well.append(check_told(desk, words))
    if desk.review.reviews.waived:
        well.append(words.review_waived)
    if content is not None:
        well.append(words.call_reaches.format(reaches=content.config.calls.reaches))
    elif not desk.problems:
        well.append(words.still_reading)
    clauses = " · ".join([*wrong, *well])
    return f"{words.look_first if wrong else words.ready} {clauses[:1].upper()}{clauses[1:]}"


def _loss_told(told: FileSetAside, words: StaffWords) -> str:
    """What became of a journal that was set aside, or that is gone."""
    if not told.name:
        return words.record_gone
    missing = words.record_more_lost if told.more_lost else words.record_lost
    sentence = missing if told.lost or told.more_lost else words.record_mended
    return sentence.format(count=told.recovered, lost=told.lost)


def last_good_told(broken: Problem, words: StaffWords) -> str:
    """Where the settings are `broken`, and that the last good ones are in use."""
    told = words.last_good_settings_at if broken.line else words.last_good_settings
    return told.format(file=broken.file, line=broken.line)


def check_told(desk: Desk, words: StaffWords) -> str:
    """Whether the morning check was done today, and when."""
    wall = desk.checked_today
    if wall is None:
        return words.not_checked
    return words.checked_at.format(time=time.strftime("%H:%M", time.localtime(wall)))


def card_told(desk: Desk, words: StaffWords) -> str:
    """The same for the card, shorter, where whom a call reaches stands last."""
    wrong, well = _clauses(desk.fitness(), words, words.card_not_calibrated)
    if desk.content is not None:
        well.append(words.card_calls.format(reaches=desk.content.config.calls.reaches))
    return " · ".join([*wrong, *well])


def _clauses(
    fitness: Fitness, words: StaffWords, not_calibrated: str
) -> tuple[list[str], list[str]]:
    """What is wrong with the tablet, and what is well."""
    wrong: list[str] = []
    well: list[str] = []
    if fitness.sound_lost is not None:
        wrong.append(words.no_sound)
    elif fitness.muted:
        wrong.append(words.system_muted)
    elif fitness.calibrated is Known.OTHER_VOLUME:
        wrong.append(words.sound_other_volume)
    elif fitness.calibrated is Known.NOT_CALIBRATED:
        well.append(not_calibrated.format(sound=_sound(fitness, words)))
    else:
        well.append(_sound(fitness, words))
    if fitness.saved:
        well.append(words.saving_ok)
    else:
        wrong.append(words.not_saving)
    if not fitness.answers_sealed:
        wrong.append(words.answers_not_sealed)
    if fitness.disk_low:
        wrong.append(words.disk_low)
    (wrong if fitness.power.low else well).append(_power(fitness, words))
    return wrong, well


def _sound(fitness: Fitness, words: StaffWords) -> str:
    """Where it leaves the tablet, and how loud that is if it is not passed on as it is."""
    if not fitness.output:
        return words.sound_ok
    output, percent = output_name(fitness.output, _OUTPUT), fitness.volume
    if percent in (None, _AS_IT_IS):
        return words.sound_at.format(output=output)
    return words.sound_at_volume.format(output=output, percent=percent)


def _power(fitness: Fitness, words: StaffWords) -> str:
    power = fitness.power
    source = words.on_mains if power.on_mains else words.on_battery
    if power.percent is None:
        return source
    charge = words.battery_low if power.low else words.battery
    return f"{charge.format(percent=power.percent)}, {source}"
