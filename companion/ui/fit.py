"""Whether the tablet is fit for a session, in one plain line."""

from companion.desk import Desk
from companion.fitness import Fitness
from companion.words.staff import StaffWords


def fitness_told(desk: Desk, words: StaffWords) -> str:
    """What is wrong first, under a word of warning; then what is well."""
    wrong, well = _clauses(desk.fitness(), words)
    content = desk.content
    if desk.problems:
        count = len(desk.problems)
        several = words.many_problems.format(count=count)
        wrong.append(words.one_problem if count == 1 else several)
    if content is not None:
        well.append(words.call_reaches.format(reaches=content.config.calls.reaches))
    elif not desk.problems:
        well.append(words.still_reading)
    clauses = " · ".join([*wrong, *well])
    return f"{words.look_first if wrong else words.ready} {clauses[:1].upper()}{clauses[1:]}"


def card_told(desk: Desk, words: StaffWords) -> str:
    """The same for the card, where whom a call reaches stands last."""
    wrong, well = _clauses(desk.fitness(), words)
    if desk.content is not None:
        well.append(words.card_calls.format(reaches=desk.content.config.calls.reaches))
    return " · ".join([*wrong, *well])


def _clauses(fitness: Fitness, words: StaffWords) -> tuple[list[str], list[str]]:
    """What is wrong with the tablet, and what is well."""
    wrong: list[str] = []
    well: list[str] = []
    if fitness.sound_lost is None:
        well.append(words.sound_ok)
    else:
        wrong.append(words.no_sound)
    if fitness.saved:
        well.append(words.saving_ok)
    else:
        wrong.append(words.not_saving)
    if fitness.disk_low:
        wrong.append(words.disk_low)
    (wrong if fitness.power.low else well).append(_power(fitness, words))
    return wrong, well


def _power(fitness: Fitness, words: StaffWords) -> str:
    power = fitness.power
    source = words.on_mains if power.on_mains else words.on_battery
    if power.percent is None:
        return source
    charge = words.battery_low if power.low else words.battery
    return f"{charge.format(percent=power.percent)}, {source}"
