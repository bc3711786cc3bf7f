"""What a fault is called in the record, and that it is told nowhere else."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path


def name_of(error: BaseException) -> str:
    """What broke and where, never its message: that may hold a patient's words."""
    frames = traceback.extract_tb(error.__traceback__)[-1:]
    places = (f" in {Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return type(error).__name__ + "".join(places)


def keep_quiet(note: Callable[[str], None]) -> None:
    """From now on whatever nobody caught in this process, and whatever a library wants to log,
    gives its name and place to `note`, and not a word to the terminal."""

    def tell(error: BaseException | None) -> None:
        if error is not None:
            note(name_of(error))

    sys.excepthook = lambda kind, error, trace: tell(error)
    sys.unraisablehook = lambda raised: tell(raised.exc_value)
    threading.excepthook = lambda raised: tell(raised.exc_value)
    logging.root.handlers = [_Names(note)]


class _Names(logging.Handler):
    """Notes which logger said something, and what broke there; never what was said."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told = name_of(error) if error is not None else f"in {record.filename}:{record.lineno}"
        self._note(f"{record.name}: {told}")
