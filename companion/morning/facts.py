"""What is looked at before a tablet is used: plain values. None: it could not be looked at."""

from dataclasses import dataclass

from companion.calibration.calibration import Known
from companion.fitness import Power


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound of the tablet, and whether a person heard it."""

    lost: str | None
    """Why there is none; None: there is."""
    output: str
    muted: bool
    calibrated: Known | None
    tone: bool | None
    """Whether a person heard the tone; None: nobody was asked."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The tablet's clock."""

    year: int
    shown: str
    """Date, time and zone as a person reads them."""
    synchronised: bool | None
    moved: float | None
    """Seconds by which it has been set since the last event that was written; negative: back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The terminal: columns, rows, colours, and whether a finger was felt on it."""

    columns: int
    rows: int
    colours: int
    touched: bool | None


@dataclass(frozen=True, slots=True)
class Content:
    """What the clinic wrote: problems, what is offered (None: not known), what waits to be read."""

    problems: int
    playlists: int | None
    scripts: int | None
    waiting: int
    broken: str | None = None
    """Where the settings cannot be used, so that the last good ones are; None: they can."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One channel of the call that was tried with a test message; why it did not go, if not."""

    channel: str
    reaches: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was looked at."""

    sound: Heard | None
    unwritten: str | None
    """Why a file could not be written, synced and read back in the home; None: it could."""
    saved: bool | None
    """Whether a real commit to the journal worked."""
    free: int
    """Bytes."""
    timing: Timing
    power: Power
    terminal: Seen | None
    open_files: tuple[str, ...]
    """What others on this computer can read or change."""
    foreign_files: tuple[str, ...]
    """What belongs to another user."""
    content: Content | None
    channels: tuple[Reached, ...] | None
    encrypted: bool | None
    dumps: bool
    """Whether a crash would leave memory in a file."""
    versions: tuple[tuple[str, str], ...]
