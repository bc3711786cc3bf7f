"""What a lead is told of a calibration, on the screen and at a shell."""

import time

from companion.calibration import calibration
from companion.calibration.calibration import Calibration
from companion.words.staff import StaffWords


def before_told(newest: Calibration | None, words: StaffWords) -> str:
    """When an output was last calibrated, by whom, and what came of it."""
    if newest is None:
        return words.calibration.never_calibrated
    day = time.strftime("%Y-%m-%d", time.localtime(newest.wall))
    return words.calibration.last_calibrated.format(
        day=day, who=newest.by, ceiling=_number(newest.ceiling)
    )


def reading_told(level: float, reading: float, words: StaffWords) -> str:
    """What a reading would mean, before it is kept, and whether another volume were better."""
    highest = calibration.ceiling(level, reading)
    loudest = calibration.loudest(level, reading)
    told = words.calibration.reading_means.format(
        reading=_number(reading), level=_number(level), ceiling=_number(highest)
    )
    if highest < calibration.LOW_CEILING:
        return f"{told} {words.calibration.volume_down}"
    if loudest < calibration.FULL:
        return f"{told} {words.calibration.volume_up.format(loudest=round(loudest))}"
    return told


def kept_told(kept: Calibration, words: StaffWords) -> str:
    """What holds from now on."""
    return words.calibration.full_level.format(loudest=round(kept.loudest), output=kept.output)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
