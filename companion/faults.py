"""What a fault is called in the record."""

import traceback
from pathlib import Path


def name_of(error: BaseException) -> str:
    """What broke and where, never its message: that may hold a patient's words."""
    frames = traceback.extract_tb(error.__traceback__)[-1:]
    places = (f" in {Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return type(error).__name__ + "".join(places)
