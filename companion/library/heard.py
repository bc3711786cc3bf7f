"""What a sound file is like, and what a curator should know before it is played to anybody."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from companion.library.loudness import MOST_GAIN, MUSIC, Loudness

SHORTEST: Final = 20.0
"""Seconds."""
LONGEST: Final = 2 * 3600.0
"""Seconds."""
RULER: Final = 6.0
"""dB that music may rise above what was heard lately: the ruler's, for music alone."""
LONG_SILENCE: Final = 4.0
"""Seconds of it that a patient would notice."""
WIDE_RANGE: Final = 18.0
"""LU: in a room, what is so far under the loud passages is not heard."""
BEFORE_WORDS: Final = ("settle", "onset", "build", "peak")
"""Sections in which no words are sung."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a file from its beginning to its end, at the level at which it would be
    played. Moments and lengths in seconds."""

    loudness: Loudness
    range: float
    """Loudness range, in LU (EBU R128)."""
    rise: float
    """The highest value of the ruler after the first eleven seconds, in dB …"""
    rise_at: float
    """… and where."""
    silence: float
    """The longest silence between the first sound and the last …"""
    silence_at: float
    """… and where it begins."""
    silent_before: float
    """How long nothing sounds at the beginning …"""
    silent_after: float
    """… and at the end."""
    title: str
    """From its tags, cleaned; empty: there is none."""
    artist: str
    licence: str

    @property
    def gain(self) -> float:
        """dB by which it would be played louder."""
        return self.loudness.gain(MUSIC)


class Mark(StrEnum):
    """Whether a file can be taken."""

    GOOD = "good"
    FLAGGED = "flagged"
    """It can, and somebody should listen to it first."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one file."""

    file: str
    """Its path, as it was given."""
    mark: Mark
    told: str
    """Why, in one plain sentence."""
    hash: str = ""
    """SHA-256 of what was heard; empty where nothing was."""
    heard: Heard | None = None
    licence: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one line; the file's name is added by whoever shows it."""
        return f"{self.mark}: {self.told}"


def refused(file: str, why: str) -> Verdict:
    """The verdict on a file that cannot be taken."""
    return Verdict(file, Mark.REFUSED, why)


def judge(
    file: str, digest: str, heard: Heard, *, section: str, licence: str, words_sung: bool | None
) -> Verdict:
    """What is to be said of `file` for a section. `licence` is the person's, else the file's own
    counts; `words_sung` is None where nobody said."""
    licence = licence or heard.licence
    seconds = heard.loudness.seconds
    if seconds < SHORTEST:
        return refused(file, f"lasts {int(seconds)} s, and {SHORTEST:.0f} s is the least")
    if seconds > LONGEST:
        return refused(file, too_long(seconds))
    if not licence:
        return refused(file, "names no licence: say under which one it may be played here")
    flags = _flags(heard, section, words_sung is True)
    mark = Mark.FLAGGED if flags else Mark.GOOD
    return Verdict(file, mark, "; ".join(flags) or _good(heard), digest, heard, licence)


def too_long(seconds: float) -> str:
    """Why a file of this length cannot be taken."""
    return f"lasts {clock(seconds)} or more, and {clock(LONGEST)} is the most"


def _flags(heard: Heard, section: str, words_sung: bool) -> list[str]:
    found, asked = [], MUSIC - heard.loudness.loudness
    if heard.rise > RULER:
        found.append(
            f"may startle at {clock(heard.rise_at)}: it rises {heard.rise:.1f} dB above what was "
            f"heard before, and {RULER:.0f} is calm"
        )
    if heard.silence >= LONG_SILENCE:
        found.append(f"is silent for {heard.silence:.0f} s at {clock(heard.silence_at)}")
    if heard.silent_before >= LONG_SILENCE:
        found.append(f"begins with {heard.silent_before:.0f} s of silence")
    if heard.silent_after >= LONG_SILENCE:
        found.append(f"ends with {heard.silent_after:.0f} s of silence")
    if heard.range > WIDE_RANGE:
        found.append(
            f"is much louder in some passages than in others ({heard.range:.0f} LU): its quiet "
            "ones may not be heard"
        )
    if asked > MOST_GAIN:
        found.append(
            f"is very quiet: it would need {asked:.1f} dB more and gets {MOST_GAIN:.0f}, for more "
            "would bring up its noise"
        )
    if words_sung and section in BEFORE_WORDS:
        found.append(f"has words sung in it, which is not advised before the return ({section})")
    return found


def _good(heard: Heard) -> str:
    return (
        f"{clock(heard.loudness.seconds)}, {heard.loudness.loudness:.1f} LUFS, peak "
        f"{heard.loudness.peak:.1f} dBTP, range {heard.range:.0f} LU, steepest rise "
        f"{heard.rise:.1f} dB; played {abs(heard.gain):.1f} dB "
        f"{'louder' if heard.gain > 0 else 'softer'}"
    )


def clock(seconds: float) -> str:
    """A moment of a file: `3:07`, `1:02:05`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
