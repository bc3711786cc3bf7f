"""The resolved session: all that one session needs, with nothing left to look up.

`SessionPrepared` carries a whole `Plan`, so a restart reads the journal alone and a later reader
sees the wording and the content of that very day. All times are seconds, all levels dB.
"""

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """A stretch of the arc that music follows."""

    SETTLE = "settle"
    ONSET = "onset"
    BUILD = "build"
    PEAK = "peak"
    RETURN = "return"
    RECOVERY = "recovery"


PROGRAMME = (Phase.ONSET, Phase.BUILD, Phase.PEAK, Phase.RETURN)
"""The phases that programme time runs through, in order."""


class Mode(StrEnum):
    """What the patient chose to hear. Three equal choices."""

    VOICE = "music and voice"
    MUSIC = "music"
    SILENCE = "silence"


def same_language(one: str, other: str) -> bool:
    """Whether two codes name one language; a region (`es-MX`) makes no other of it."""
    return one.partition("-")[0] == other.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Track:
    """One thing that sounds: a file of the library or a soundscape, never both."""

    title: str
    file: str | None = None
    """Path below the home's `playlists` folder."""
    soundscape: str | None = None
    seed: int = 0
    brightness: float = 0.5
    density: float = 0.5
    gain: float = 0.0
    """dB that bring the track to the music bus's level, the staff's own `level` included."""
    seconds: float | None = None
    """How long it plays before the next one; None: without end."""
    hash: str = ""
    """SHA-256 of the file's bytes, or of a soundscape's name and knobs."""


@dataclass(frozen=True, slots=True)
class Section:
    """The tracks that a playlist has for one phase."""

    phase: Phase
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist with every file found and measured."""

    stem: str
    title: str
    about: str
    crossfade: float
    sections: tuple[Section, ...]
    """In the order of the arc. A phase without one goes on with the one before."""
    loudest: Track
    """What the hearing question plays: the track with the loudest passage …"""
    loudest_at: float = 0.0
    """… and where in it that passage begins, in seconds."""
    hash: str = ""


NO_MUSIC = Playlist("", "", "", 8.0, (), Track(""))
"""Where there is no music to choose from: the session is one of silence. Every other playlist has
at least one section."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One sentence of a script and the quiet after it."""

    say: str
    seconds: float
    """How long speaking it takes: the clip's length, or reckoned at 100 words a minute."""
    pause: float
    clip: str | None = None
    """Path of its recording below the home's `scripts_guided` folder; None: words only."""
    gain: float = 0.0
    """dB that bring the clip to the voice bus's level."""
    hash: str = ""
    """SHA-256 of the clip's bytes."""


@dataclass(frozen=True, slots=True)
class Script:
    """A guided script: one part while settling, one on the return."""

    stem: str
    title: str
    language: str
    settle: tuple[Cue, ...]
    back: tuple[Cue, ...]
    """The part called `return` in YAML."""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A 0–10 question with words at both ends."""

    key: str
    text: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """The lengths of a session, in seconds. Programme time starts at T0."""

    name: str
    title: str
    settle: float
    onset: float
    build: float
    peak: float
    back: float
    """The phase called `return` in YAML."""
    infusion: float
    """Planned length of the infusion, counted in programme time."""
    check_ins: tuple[float, ...] = ()
    """Programme times at which the patient is asked how she is."""
    check_ins_at_peak: bool = False
    look_in_every: float = 900.0
    """Elapsed seconds between two look-ins."""
    check_in_shown: float = 60.0
    """A check-in that nobody answers goes after this long."""
    hold_large: float = 300.0
    """A hold longer than this shows large."""
    peak_step: float = 300.0
    """By how much the nurse makes the peak longer or shorter."""
    voice_until: float = 480.0
    """The settling part speaks until this programme time at most."""
    early_before: float = 1200.0
    """An answer given sooner than this after the infusion's end is marked early."""
    bed: float = 10800.0
    """How long sound goes on in recovery before it fades out."""
    resume_within: float = 1200.0
    """A fault shorter than this resumes by itself."""
    set_back: float = 3600.0
    """How far back T0 or the infusion's end may be set."""

    def length(self, phase: Phase) -> float:
        """Planned seconds of `phase`; recovery has none and counts as 0."""
        return {
            Phase.SETTLE: self.settle,
            Phase.ONSET: self.onset,
            Phase.BUILD: self.build,
            Phase.PEAK: self.peak,
            Phase.RETURN: self.back,
        }.get(phase, 0.0)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The loudest level on an output that was calibrated, in dB."""

    output: str
    level: float


@dataclass(frozen=True, slots=True)
class Levels:
    """The patient's own level, in dB after everything else."""

    start: float = -18.0
    ceiling: float = -12.0
    """The loudest on every output that was not calibrated."""
    floor: float = -48.0
    step: float = 2.0
    calibrated: tuple[Ceiling, ...] = ()

    def highest(self, output: str) -> float:
        """The loudest on `output`; never above 0."""
        own = (one.level for one in self.calibrated if one.output == output)
        return min(next(own, self.ceiling), 0.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one session was prepared with."""

    protocol: Protocol
    playlist: Playlist
    script: Script | None
    language: str
    eyes_covered: bool
    words_on_screen: bool
    before: tuple[Question, ...]
    after: tuple[Question, ...]
    anchors: tuple[Cue, ...]
    call_line: Cue
    """Spoken once when the patient calls."""
    notes: tuple[str, ...]
    reminders: tuple[str, ...]
    """The clinic's sentences on the farewell screen."""
    reaches: str
    """Whom a call reaches, truthfully, in words."""
    levels: Levels = Levels()
    intention: bool = False
    """Whether the patient is offered a sentence of intention; off by default."""
