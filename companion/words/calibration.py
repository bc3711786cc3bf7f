"""What a lead reads who calibrates an output."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalibrationWords:
    """One field a sentence; what stands in braces is filled in."""

    calibrate: str
    calibrate_output: str
    never_calibrated: str
    last_calibrated: str
    calibrate_place: str
    calibrate_play: str
    calibrate_read: str
    no_output: str
    other_output: str
    play: str
    level_unit: str
    enter_reading: str
    ask_reading: str
    reading_means: str
    full_level: str
    volume_up: str
    volume_down: str
    reading_refused: Mapping[str, str]
    """Why a reading was refused, by the value of `calibration.calibration.Refusal`."""
